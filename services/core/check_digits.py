"""Check digits: whether an identity number can be right as it was typed (R12.7, R12.8).

They find a digit that was mistyped, swapped or left out. Nothing is derived from a number: no place, no age, no sex
(R12.9); the day inside it is only looked at for being a day.
"""

import re
from datetime import date

# The letters that cannot be mistaken for digits, as GB 32100 has them.
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
RESIDENT_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def is_credit_code(number: str) -> bool:
    """Return whether this can be a unified social credit code: its own check digit and its inner code's (R12.7)."""
    if not CREDIT_CODE.fullmatch(number) or not is_organisation_code(number[8:17]):
        return False
    return credit_code_check(number[:17]) == number[17]


def credit_code_check(start: str) -> str:
    """Return the check digit after the first seventeen signs of a unified social credit code (GB 32100)."""
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(start))
    return CREDIT_SIGNS[-total % 31]


def is_organisation_code(number: str) -> bool:
    """Return whether this can be the code of an organisation, nine signs with the last one to check the others."""
    return bool(_ORGANISATION_CODE.fullmatch(number)) and organisation_code_check(number[:8]) == number[8]


def organisation_code_check(start: str) -> str:
    """Return the check digit after the first eight signs of an organisation's code (GB 11714)."""
    total = sum(weight * int(sign, 36) for weight, sign in zip(_ORGANISATION_WEIGHTS, start, strict=True))
    return "0123456789X"[-total % 11]


def is_resident_number(number: str, *, on: date) -> bool:
    """Return whether this can be a resident's number: its check digit, and a real day not after `on` (R12.8)."""
    if not RESIDENT_NUMBER.fullmatch(number) or resident_number_check(number[:17]) != number[17]:
        return False
    return has_a_day_until(number, on)


def has_a_day_until(number: str, on: date) -> bool:
    """Return whether what stands in the place of the day is a day, not after `on`; which one is nobody's business."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])) <= on
    except ValueError:
        return False


def resident_number_check(start: str) -> str:
    """Return the check digit after the first seventeen digits of a resident's number (GB 11643)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(start))
    return "10X98765432"[total % 11]
