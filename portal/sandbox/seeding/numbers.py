"""Numbers with right check digits that nobody can have: of areas of the country that do not exist."""

from datetime import date

from stdnum.cn import ric, uscc

NO_AREA = "9901"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
KIND_SIGNS = {"company": "1", "sole_trader": "2", "cooperative": "3"}
VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def resident_number(index: int, born: date) -> str:
    """Return the resident number of the person with that index, below 100,000."""
    area, order = divmod(index, 1000)
    body = f"{NO_AREA}{area:02d}{born:%Y%m%d}{order:03d}"
    return body + ric.calc_check_digit(body + "0")


def passport_number(index: int) -> str:
    """Return a passport number of no country."""
    return f"XX99{index:05d}"


def business_number(index: int, kind: str) -> str:
    """Return the code of the business with that index, below 100,000, with both its check digits."""
    organisation = f"DEM{index:05d}"
    body = f"9{KIND_SIGNS[kind]}{NO_AREA}01{organisation}{_organisation_check(organisation)}"
    return body + uscc.calc_check_digit(body)


def vehicle_number(digits: str) -> str:
    """Return a vehicle identification number with the given eight digits."""
    body = f"SAMPLE{digits[:2]}0{digits[2:]}00"
    total = sum(VIN_WEIGHTS[at] * VIN_VALUES.get(sign, ord(sign) - 48) for at, sign in enumerate(body))
    return body[:8] + "0123456789X"[total % 11] + body[9:]


def _organisation_check(organisation: str) -> str:
    weighed = zip(ORGANISATION_WEIGHTS, organisation, strict=True)
    total = sum(weight * int(sign, 36) for weight, sign in weighed)
    return "0123456789X0"[11 - total % 11]
