"""Every sentence the bot says, through gettext; English is written in the code itself."""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

LOCALES = Path(__file__).parent / "locales"
DOMAIN = "bot"
SOURCE_LANGUAGE = "en"


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
    for name in (language, language.split("_")[0]):
        catalogue = folder / name / "LC_MESSAGES" / f"{DOMAIN}.po"
        if not name.startswith(SOURCE_LANGUAGE) and catalogue.exists():
            return Texts(locale, _compiled(catalogue))
    return Texts(locale, gettext.NullTranslations())


def _compiled(catalogue: Path) -> gettext.GNUTranslations:
    """Translators' files are read as they are: there is nothing to build, and nothing to forget."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


ENGLISH = texts("en-US")
