"""Every sentence the bot says, through gettext; English is written in the code itself."""

import gettext
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "bot"


class Texts:
    """The texts of one language: `t("{n} seats", n=3)`, `t.plural("{n} seat", "{n} seats", 3)`."""

    def __init__(self, locale: str, translations: gettext.NullTranslations) -> None:
        self.locale = locale
        self._translations = translations

    def __call__(self, message: str, /, **values: object) -> str:
        """Translate, then fill in; values are never read as a format themselves."""
        return self._translations.gettext(message).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Translate with the language's own plural rule; `{n}` is the number."""
        return self._translations.ngettext(one, many, n).format(n=n, **values)


@cache
def texts(locale: str, folder: Path = LOCALES) -> Texts:
    """The texts for a Discord locale such as `pt-BR`; English where there is no catalogue."""
    language = locale.replace("-", "_")
    wanted = [language, language.split("_")[0]]
    return Texts(locale, gettext.translation(DOMAIN, folder, wanted, fallback=True))


ENGLISH = texts("en-US")
