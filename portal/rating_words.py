"""Words and fields about ratings that several doors say alike: five levels, what they are about, and what was said."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from services.cases.queries.ratings import RatingView
from services.core.ratings import MOST_WORDS, Said

LONGEST_LEVEL = 1


def level_words() -> dict[int, str]:
    """Return the five levels, the best first."""
    return {
        5: gettext("Very satisfied"),
        4: gettext("Satisfied"),
        3: gettext("Fairly satisfied"),
        2: gettext("Dissatisfied"),
        1: gettext("Very dissatisfied"),
    }


def aspect_words(touchpoint: str) -> dict[str, str]:
    """Return what may be said to have been good or bad: on site of the people, online of the portal (R9.10)."""
    if touchpoint == "visit":
        return {
            "speed": gettext("How long it took"),
            "competence": gettext("Whether they knew their work"),
            "attitude": gettext("How I was treated"),
        }
    return {
        "speed": gettext("How long it took"),
        "guide": gettext("Whether it was as announced"),
        "ease": gettext("How easy it was"),
        "platform": gettext("How the portal worked"),
    }


def said_in(typed: QueryDict) -> Said:
    """Return the rating as it was typed; no level is chosen for anybody."""
    level = typed.get("level", "")
    return Said(
        level=int(level) if level.isdecimal() and len(level) == LONGEST_LEVEL else None,
        aspects=typed.getlist("aspects"),
        words=typed.get("words", ""),
        named="named" in typed,
    )


def rating_form(touchpoint: str, typed: QueryDict, wrong: dict[str, str]) -> dict[str, Any]:
    """Return the fields of the form; what was typed stays, and nothing is preselected (R9.3)."""
    return {
        "level": {
            "name": "level", "type": "choice", "ask": gettext("How content are you?"), "hint": "",
            "value": typed.get("level", ""), "error": wrong.get("level", ""),
            "choices": [(str(code), words) for code, words in level_words().items()],
        },
        "aspects": [
            (code, words, code in typed.getlist("aspects")) for code, words in aspect_words(touchpoint).items()
        ],
        "words": {
            "name": "words", "type": "text", "ask": gettext("What would you like to say?"),
            "hint": gettext("In any language. Those whose work it is about read it, and not who you are."),
            "value": typed.get("words", ""), "error": wrong.get("words", ""), "optional": True,
            "max_length": MOST_WORDS,
        },
        "named": "named" in typed,
    }  # fmt: skip


def rating_lines(one: RatingView) -> dict[str, Any]:
    """Return a rating as pages show it."""
    aspects = aspect_words(one.touchpoint)
    return {
        "view": one,
        "level": level_words()[one.level],
        "tone": "bad" if one.level < 3 else "good" if one.level > 3 else "",
        "aspects": [aspects[code] for code in one.aspects if code in aspects],
    }
