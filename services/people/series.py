"""The register's own series of unified social credit codes (GB 32100), for businesses founded here."""

from django.db import connection

from services.core.check_digits import CREDIT_SIGNS, credit_code_check, organisation_code_check

# Registered with market regulation; then what kind of business it is.
REGISTERED_WITH = "9"
CATEGORIES = {"company": "1", "sole_trader": "2", "cooperative": "3"}
OTHER_CATEGORY = "9"
# A division that the national list does not use, so that no business made here carries a real one's number.
DIVISION = "990000"
SERIES = "MA"
PLACES = 6


def next_uscc(kind: str) -> str:
    """Return the next code of the series, valid in all its check digits and given to nobody before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('people_uscc_series')")
        place_in_series = cursor.fetchone()[0]
    body = SERIES + _written(place_in_series)
    organisation = body + organisation_code_check(body)
    start = REGISTERED_WITH + CATEGORIES.get(kind, OTHER_CATEGORY) + DIVISION + organisation
    return start + credit_code_check(start)


def _written(number: int) -> str:
    signs = []
    for _ in range(PLACES):
        number, sign = divmod(number, len(CREDIT_SIGNS))
        signs.append(CREDIT_SIGNS[sign])
    return "".join(reversed(signs))
