"""Languages as people call them."""

import re

# What Discord itself speaks: those whose own names are looked for.
SPOKEN = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hr", "hu", "hy", "id", "it"),
    *("ja", "ka", "ko", "lt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "th", "tr", "uk"),
    *("vi", "zh"),
)


def language_code(text: str, locale: str) -> str | None:
    """The code of a language that goes by its code, or its name in English, in itself or in the reader's language."""
    from babel import Locale, UnknownLocaleError

    typed = " ".join(text.casefold().split())
    if re.fullmatch(r"[a-z]{2,3}([-_][a-z]{2,4})?", typed):
        try:
            return str(Locale.parse(typed.replace("-", "_"))).replace("_", "-")
        except (UnknownLocaleError, ValueError):
            pass
    for reader in ("en", locale.split("-")[0]):
        try:
            names = Locale.parse(reader).languages
        except (UnknownLocaleError, ValueError):
            continue
        for code, name in names.items():
            if name.casefold() == typed:
                return str(code).replace("_", "-")
    for code in SPOKEN:
        if str(Locale.parse(code).get_display_name()).casefold() == typed:
            return code
    return None
