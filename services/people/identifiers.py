"""Identity numbers as people type them: put into one form, checked for slips of the hand, and masked.

Nothing is derived from a number: no place, no age, no sex (R12.9). No refusal repeats the number.

Check digits are python-stdnum's, and they alone: its `ric.validate` looks up a place of birth, its `uscc.validate`
knows neither letters in front nor the inner code. The core, which rests on Python alone, has its own for typed answers.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from enum import StrEnum

from stdnum.cn import ric, uscc

from services.core.check_digits import CREDIT_CODE, RESIDENT_NUMBER, has_a_day_until, is_organisation_code
from services.core.refusal import Refusal

SEPARATORS = re.compile(r"[\s\-‐-―−·.]+")
PASSPORT = re.compile(r"[A-Z0-9]{5,20}")
RESIDENCE_CARD = re.compile(r"[A-Z]{3}[0-9]{12}")
SHOWN_FIRST, SHOWN_LAST = 1, 2


class IdentifierKind(StrEnum):
    """The numbers people and businesses are known by; all of them equally good (R12.10)."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"  # of a foreign permanent resident
    USCC = "uscc"
    ORGANISATION_CODE = "organisation_code"


class IdentifierMistyped(Refusal):
    """The number cannot be one of its kind: a digit was mistyped, swapped or left out."""

    code = "identifier_mistyped"
    sentence = "This number is not a valid one of the kind {kind}. Compare it with the card, digit by digit."


def normalized(typed: str) -> str:
    """Return the number in its one form: no spaces or hyphens, half-width digits, capital letters."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()


def checked(typed: str, kind: IdentifierKind, *, today: date) -> str:
    """Return the number in its one form, if it can be one of that kind.

    `today` is the legal day: the date inside a resident's number cannot lie after it (R12.8).

    :raises IdentifierMistyped: if its length, its letters, its check digit or its date are wrong.
    """
    number = normalized(typed)
    if not CHECKS[kind](number, today):
        raise IdentifierMistyped(kind=kind)
    return number


def masked(number: str) -> str:
    """Return the number as it may be shown: the first and the last two characters only (R12.10)."""
    hidden = len(number) - SHOWN_FIRST - SHOWN_LAST
    if hidden < 1:
        return "*" * len(number)
    return number[:SHOWN_FIRST] + "*" * hidden + number[-SHOWN_LAST:]


def _is_resident_id(number: str, today: date) -> bool:
    if not RESIDENT_NUMBER.fullmatch(number) or ric.calc_check_digit(number) != number[-1]:
        return False
    return has_a_day_until(number, today)


def _is_passport(number: str, _: date) -> bool:
    return bool(PASSPORT.fullmatch(number))


def _is_residence_card(number: str, today: date) -> bool:
    is_new_form = number.startswith("9") and _is_resident_id(number, today)
    return is_new_form or bool(RESIDENCE_CARD.fullmatch(number))


def _is_uscc(number: str, _: date) -> bool:
    if not CREDIT_CODE.fullmatch(number) or not is_organisation_code(number[8:17]):
        return False
    return bool(uscc.calc_check_digit(number[:17]) == number[17])


def _is_organisation_code(number: str, _: date) -> bool:
    return is_organisation_code(number)


CHECKS: dict[IdentifierKind, Callable[[str, date], bool]] = {
    IdentifierKind.RESIDENT_ID: _is_resident_id,
    IdentifierKind.PASSPORT: _is_passport,
    IdentifierKind.RESIDENCE_CARD: _is_residence_card,
    IdentifierKind.USCC: _is_uscc,
    IdentifierKind.ORGANISATION_CODE: _is_organisation_code,
}
