"""How people write text, numbers and dates, read tolerantly but never into something they did not mean."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from services.core.check_digits import RESIDENT_NUMBER, is_credit_code, is_resident_number

# Fixed shapes, so that no definition brings a pattern of its own (and none can hang a worker).
FORMATS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "phone": (re.compile(r"\+?[0-9]{5,15}"), "Write a phone number with digits only, such as 0000-1234567."),
    "email": (
        re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"),
        "Write an e-mail address, such as name@example.org.",
    ),
    "uscc": (
        re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}"),
        "Write the 18 characters of the unified social credit code.",
    ),
    "identity_number": (
        re.compile(r"[0-9A-Z]{5,20}"),
        "Write the number as it stands on the identity document.",
    ),
    "vin": (
        re.compile(r"[0-9A-HJ-NPR-Z]{17}"),
        "Write the 17 characters of the vehicle identification number.",
    ),
    "plate": (re.compile(r"\w{5,9}"), "Write the number plate without spaces."),
    "hs_code": (re.compile(r"[0-9]{4,10}"), "Write the customs goods code, 4 to 10 digits."),
    "postcode": (re.compile(r"[0-9]{6}"), "Write the six digits of the postcode."),
}


def _is_credit_code(text: str, _: date) -> bool:
    return is_credit_code(text)


def _is_identity_number(text: str, on: date) -> bool:
    """Passports and other cards have other numbers, as good as a resident's (R12.10)."""
    return not RESIDENT_NUMBER.fullmatch(text) or is_resident_number(text, on=on)


# What is right in shape can still be mistyped: whether it can be so, as of a legal day, and what to say if not.
CHECKS: Mapping[str, tuple[Callable[[str, date], bool], str]] = {
    "uscc": (
        _is_credit_code,
        "This code cannot be right. Compare it with the business licence, character by character.",
    ),
    "identity_number": (
        _is_identity_number,
        "This number cannot be right. Compare it with the identity document, digit by digit.",
    ),
}

# Commas group thousands; “12,5” could be meant as twelve and a half, so it is asked again.
_DECIMAL = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{0,12})?")
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?")
_UNWRITTEN = ("Cc", "Cf", "Cs")
MOST = Decimal("1e15")


def clean_text(raw: str) -> str:
    """Return the text in composed form, without control, bidirectional and zero-width characters."""
    text = unicodedata.normalize("NFC", raw).replace("\t", " ")
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _UNWRITTEN).strip()


def plain_digits(raw: str) -> str:
    """Return full-width and other scripts' digits as 0-9, without spaces."""
    text = unicodedata.normalize("NFKC", clean_text(raw))
    return "".join(str(unicodedata.digit(c, c)) for c in text if not c.isspace())


def read_decimal(raw: object) -> Decimal | None:
    """Return the number that is meant, below 10^15 either way, or None."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        return None
    text = plain_digits(raw) if isinstance(raw, str) else str(raw)
    if isinstance(raw, str) and not _DECIMAL.fullmatch(text):
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    # Adding nothing turns minus nothing into nothing.
    return number + 0 if number.is_finite() and abs(number) < MOST else None


def read_date(raw: object) -> str | None:
    """Return the day in ISO form, or None: year, month and day, whatever stands between them."""
    parts = _DATE.fullmatch(plain_digits(raw)) if isinstance(raw, str) else None
    try:
        return date(*(int(part) for part in parts.groups())).isoformat() if parts else None
    except ValueError:
        return None


def compact(name: str, text: str) -> str:
    """Return text of a fixed format without the spaces and strokes that people put between."""
    if name == "email":
        return text
    return re.sub(r"[\s\-·()]", "", unicodedata.normalize("NFKC", text)).upper()
