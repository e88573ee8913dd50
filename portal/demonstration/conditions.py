"""What a published condition comes to over facts, as anybody can work it out who reads the catalogue."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

Facts = Mapping[str, Any]
Truth = bool | None


def truth(expression: Any, facts: Facts) -> Truth:
    """Return whether a condition holds; None where a fact it looks at is not known."""
    value = _value(expression, facts)
    return value if value is None or isinstance(value, bool) else bool(value)


def used_facts(expression: Any) -> frozenset[str]:
    """Return the codes of the facts a condition looks at."""
    if isinstance(expression, Mapping):
        if "var" in expression:
            return frozenset([str(expression["var"])])
        return frozenset().union(*(used_facts(part) for part in expression.values()))
    if isinstance(expression, list):
        return frozenset().union(*(used_facts(part) for part in expression))
    return frozenset()


def _value(expression: Any, facts: Facts) -> Any:
    if not isinstance(expression, Mapping):
        return expression
    ((operator, operands),) = expression.items()
    if operator == "var":
        return facts.get(operands)
    if operator == "sum":
        return _sum(_value(operands[0], facts), operands[1])
    return _OPERATORS[operator]([_value(part, facts) for part in operands])


def _sum(rows: Any, column: str) -> Decimal | None:
    if not isinstance(rows, list):
        return None
    return sum((Decimal(str(row[column])) for row in rows), start=Decimal(0))


def _compared(test: Callable[[Any, Any], bool], *, unlike: Truth = None) -> Callable[[Sequence[Any]], Truth]:
    """Return an operator that compares numbers as numbers and anything else as text: ISO days sort as they follow."""

    def compare(values: Sequence[Any]) -> Truth:
        left, right = values
        if left is None or right is None:
            return None
        numbers = _number(left), _number(right)
        if None not in numbers:
            return test(*numbers)
        return test(str(left), str(right)) if numbers == (None, None) else unlike

    return compare


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _all(values: Sequence[Truth]) -> Truth:
    if False in values:
        return False
    return None if None in values else True


def _any(values: Sequence[Truth]) -> Truth:
    if True in values:
        return True
    return None if None in values else False


def _in(values: Sequence[Any]) -> Truth:
    one, many = values
    if one is None or many is None:
        return None
    return one in many if isinstance(many, str) else str(one) in map(str, many)


def _years(values: Sequence[Any]) -> int | None:
    if None in values:
        return None
    start, end = (date.fromisoformat(str(value)) for value in values)
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


_OPERATORS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "==": _compared(lambda left, right: left == right, unlike=False),
    "!=": _compared(lambda left, right: left != right, unlike=True),
    "<": _compared(lambda left, right: left < right),
    "<=": _compared(lambda left, right: left <= right),
    ">": _compared(lambda left, right: left > right),
    ">=": _compared(lambda left, right: left >= right),
    "in": _in,
    "and": _all,
    "or": _any,
    "!": lambda values: None if values[0] is None else not values[0],
    "known": lambda values: values[0] is not None,
    "count": lambda values: len(values[0]) if isinstance(values[0], list) else None,
    "years": _years,
}
