"""What an applicant answers: what a worked example says, else something plain and made up that fits the question."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]

# Numbers that nobody has, and days that lie shortly after the first day of the demonstration.
BY_FORMAT = {
    "phone": "00001234567",
    "email": "made-up@example.org",
    "uscc": "91350100M000100Y43",
    "identity_number": "11010519491231002X",
    "vin": "LSVAA49J132047371",
    "plate": "AA12345",
    "hs_code": "870380",
    "postcode": "000000",
}
A_DAY = "2026-05-04"
A_TEXT = "Made-up answer"
AN_ADDRESS = "1 Made-up Street, Sample Town"


def made_up(fact: Json) -> Any:
    """Return a plain made-up answer to a question."""
    return _MAKERS[fact["type"]](fact)


def _text(fact: Json) -> str:
    return BY_FORMAT.get(fact["format"], A_TEXT)[: fact["maxLength"]]


def _number(fact: Json) -> int:
    return int(_within(fact, Decimal(5)))


def _money(fact: Json) -> str:
    return f"{_within(fact, Decimal(100)):.2f}"


def _within(fact: Json, usual: Decimal) -> Decimal:
    least, most = fact["minimum"], fact["maximum"]
    value = max(usual, Decimal(str(least))) if least is not None else usual
    return min(value, Decimal(str(most))) if most is not None else value


def _rows(fact: Json) -> list[dict[str, Any]]:
    row = {column["code"]: made_up(column) for column in fact["columns"]}
    return [row] * max(fact["minRows"], 1)


_MAKERS = {
    "text": _text,
    "address": lambda fact: AN_ADDRESS[: fact["maxLength"]],
    "number": _number,
    "money": _money,
    "date": lambda fact: A_DAY,
    "choice": lambda fact: fact["choices"][0]["code"],
    "yes_no": lambda fact: False,
    "rows": _rows,
}


def another(fact: Json, value: Any) -> Any:
    """Return an answer of the same kind that is not this one: a mistake, or worse."""
    match fact["type"]:
        case "yes_no":
            return not value
        case "number" | "money":
            return _moved(fact, Decimal(str(value)))
        case "choice":
            return next((one["code"] for one in fact["choices"] if one["code"] != value), None)
        case "date":
            return A_DAY if value != A_DAY else "2026-05-05"
        case "text" | "address":
            return A_TEXT[: fact["maxLength"]] if not fact["format"] else None
    return None


def _moved(fact: Json, value: Decimal) -> str | None:
    """Return a neighbouring number that the question still takes."""
    for other in (value + 1, value - 1):
        if _within(fact, other) == other:
            return str(other)
    return None
