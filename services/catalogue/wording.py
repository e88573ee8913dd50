"""Texts in the reader's language, or in the next one they are likely to read."""

from collections.abc import Mapping

# Whoever reads Uyghur here more often reads Chinese than English; names of laws and offices have both.
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "zh"),
    "zh": ("zh", "en"),
    "ug": ("ug", "zh", "en"),
}


def short_code(language: str) -> str:
    """Return the catalogue's code of a language: `zh` for `zh-hans`, `en` for one nobody wrote in."""
    code = language.lower().replace("_", "-").partition("-")[0]
    return code if code in FALLBACKS else "en"


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, or in the best other one there is; nothing where there is none."""
    for code in FALLBACKS[short_code(language)]:
        if texts.get(code):
            return texts[code]
    return ""
