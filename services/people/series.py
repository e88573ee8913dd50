"""The register's own series of unified social credit codes (GB 32100), for businesses founded here."""

from django.db import connection
from stdnum.cn import uscc

from services.people.identifiers import ORGANISATION_WEIGHTS

# Registered with market regulation; then what kind of business it is.
REGISTERED_WITH = "9"
CATEGORIES = {"company": "1", "sole_trader": "2", "cooperative": "3"}
OTHER_CATEGORY = "9"
# A division that the national list does not use, so that no business made here carries a real one's number.
DIVISION = "990000"
SERIES = "MA"
# The letters that cannot be mistaken for digits, as the standard has them.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PLACES = 6


def next_uscc(kind: str) -> str:
    """Return the next code of the series, valid in all its check digits and given to nobody before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_uscc_series')")
        place_in_series = cursor.fetchone()[0]
    body = SERIES + _written(place_in_series)
    start = (
        REGISTERED_WITH + CATEGORIES.get(kind, OTHER_CATEGORY) + DIVISION + body + _organisation_check(body)
    )
    return start + str(uscc.calc_check_digit(start))


def _written(number: int) -> str:
    signs = []
    for _ in range(PLACES):
        number, sign = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[sign])
    return "".join(reversed(signs))


def _organisation_check(body: str) -> str:
    total = sum(weight * int(sign, 36) for weight, sign in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]
