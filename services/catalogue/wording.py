"""Texts in the reader's language, or in the next one they are likely to read; and as they are searched."""

import re
import unicodedata
from collections.abc import Mapping

from services.core.facts import Fact, FactType, Value

# Whoever reads Uyghur here more often reads Chinese than English; names of laws and offices have both.
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "zh"),
    "zh": ("zh", "en"),
    "ug": ("ug", "zh", "en"),
}

NOT_A_WORD = re.compile(r"[^\w]+")

YES_NO: Mapping[bool, Mapping[str, str]] = {
    True: {"en": "Yes", "zh": "是", "ug": "ھەئە"},
    False: {"en": "No", "zh": "否", "ug": "ياق"},
}


def short_code(language: str) -> str:
    """Return the catalogue's code of a language: `zh` for `zh-hans`, `en` for one nobody wrote in."""
    code = language.lower().replace("_", "-").partition("-")[0]
    return code if code in FALLBACKS else "en"


def normalized(text: str) -> str:
    """Return the text as it is searched: small letters, half-width, one space between words."""
    return NOT_A_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def in_language(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, or in the best other one there is; nothing where there is none."""
    for code in FALLBACKS[short_code(language)]:
        if texts.get(code):
            return texts[code]
    return ""


def in_words(fact: Fact, value: Value, language: str) -> str:
    """Return an answer as people read it: the words of a choice, yes or no, a line for each row."""
    match fact.type:
        case FactType.CHOICE:
            texts = next((one.texts for one in fact.choices if one.code == value), {})
            return in_language(texts, language) or str(value)
        case FactType.YES_NO:
            return in_language(YES_NO[bool(value)], language)
        case FactType.ROWS:
            return "\n".join(_row_in_words(fact, row, language) for row in value)
    return str(value)


def _row_in_words(fact: Fact, row: Mapping[str, Value], language: str) -> str:
    cells = ((column, row.get(column.code)) for column in fact.columns)
    return ", ".join(in_words(column, cell, language) for column, cell in cells if cell is not None)
