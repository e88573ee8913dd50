"""Named conditions: a small bounded subset of JSON Logic over facts, answered true, false or unknown, with reasons.

Unknown asks or waits; it never skips and never grants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from services.core.facts import Value

MAX_DIGITS = 30

Truth = bool | None
Expression = Value
Known = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a condition comes to, and why, as short clauses about facts."""

    truth: Truth
    reasons: tuple[str, ...] = ()


def evaluate(expression: Expression, facts: Known) -> Answer:
    """Return the condition's truth over the known facts, with a reason for each comparison made."""
    reasons: list[str] = []
    truth = _truth(_value(expression, facts, reasons))
    return Answer(truth, tuple(reasons))


def truth_of(expression: Expression, facts: Known) -> Truth:
    """Return the condition's truth alone, without collecting reasons (the router's hot path)."""
    return _truth(_value(expression, facts, None))


def used_facts(expression: Expression) -> frozenset[str]:
    """Return the codes of all facts the condition looks at."""
    if isinstance(expression, Mapping):
        if "var" in expression:
            return frozenset([str(expression["var"])])
        return frozenset().union(*(used_facts(part) for part in expression.values()))
    if isinstance(expression, list | tuple):
        return frozenset().union(*(used_facts(part) for part in expression))
    return frozenset()


def _value(expression: Expression, facts: Known, reasons: list[str] | None) -> Value:
    if isinstance(expression, Mapping):
        ((operator, operands),) = expression.items()
        if operator == "var":
            return facts.get(operands)
        return _OPERATORS[operator](operands, facts, reasons)
    return expression.isoformat() if isinstance(expression, date) else expression


def _truth(value: Value) -> Truth:
    return value if value is None or isinstance(value, bool) else bool(value)


def _number(value: Value) -> Decimal | None:
    """Return the value as a number that can be compared and added, or None."""
    if isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    # “nan”, “inf” and “1e999999999” are names that somebody may well have, not numbers.
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_DIGITS else None


def _order(left: Value, right: Value) -> int | None:
    """Return -1, 0 or 1: as numbers if both are, else as text; a number and a text have no order."""
    numbers = _number(left), _number(right)
    if numbers[0] is not None and numbers[1] is not None:
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    if numbers[0] is None and numbers[1] is None:
        return (str(left) > str(right)) - (str(left) < str(right))
    return None


def _compare(name: str, test: Callable[[int], bool], *, unlike: Truth = None) -> Callable[..., Truth]:
    """Return an operator that compares two values (ISO dates as text); `unlike` is said of a number and a text."""

    def compare(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
        left, right = (_value(part, facts, reasons) for part in operands)
        order = None if left is None or right is None else _order(left, right)
        truth = test(order) if order is not None else None
        if order is None and left is not None and right is not None:
            truth = unlike
        _because(reasons, operands, name, truth)
        return truth

    return compare


def _because(reasons: list[str] | None, operands: Sequence[Expression], name: str, truth: Truth) -> None:
    """Add a clause that names the facts compared and the outcome, never a person's value."""
    if reasons is None:
        return
    shown = [_shown(part) for part in operands]
    words = {True: "holds", False: "does not hold", None: "is not known yet"}
    reasons.append(f"{f' {name} '.join(shown) if len(shown) > 1 else f'{name} {shown[0]}'}: {words[truth]}")


def _shown(part: Expression) -> str:
    if isinstance(part, Mapping):
        ((operator, operands),) = part.items()
        if operator == "var":
            return str(operands)
        inner = operands if isinstance(operands, list) else [operands]
        return f"{operator}({', '.join(_shown(one) for one in inner)})"
    if isinstance(part, list):
        return f"[{', '.join(_shown(one) for one in part)}]"
    return str(part)


def _and(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
    truths = [_truth(_value(part, facts, reasons)) for part in operands]
    if False in truths:
        return False
    return None if None in truths else True


def _or(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
    truths = [_truth(_value(part, facts, reasons)) for part in operands]
    if True in truths:
        return True
    return None if None in truths else False


def _not(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
    truth = _truth(_value(operands[0], facts, reasons))
    return None if truth is None else not truth


def _in(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
    one, many = (_value(part, facts, reasons) for part in operands)
    truth: Truth = None
    if one is not None and isinstance(many, list):
        truth = any(_order(one, other) == 0 for other in many)
    elif isinstance(one, str) and isinstance(many, str):
        truth = one in many
    _because(reasons, operands, "in", truth)
    return truth


def _known(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> bool:
    return _value(operands[0], facts, reasons) is not None


def _count(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Value:
    rows = _value(operands[0], facts, reasons)
    return None if not isinstance(rows, list) else len(rows)


def _sum(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Value:
    rows, column = _value(operands[0], facts, reasons), operands[1]
    if not isinstance(rows, list):
        return None
    numbers = [_number(row.get(column)) if isinstance(row, Mapping) else None for row in rows]
    told = [number for number in numbers if number is not None]
    return str(sum(told, start=Decimal(0))) if len(told) == len(rows) else None


def _years(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Value:
    """Return the full years from the first day to the second."""
    values = [_value(part, facts, reasons) for part in operands]
    if None in values:
        return None
    try:
        start, end = (date.fromisoformat(str(value)) for value in values)
    except ValueError:
        return None
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


_OPERATORS: Mapping[str, Callable[..., Value]] = {
    "==": _compare("is", lambda order: order == 0, unlike=False),
    "!=": _compare("is not", lambda order: order != 0, unlike=True),
    "<": _compare("is less than", lambda order: order < 0),
    "<=": _compare("is at most", lambda order: order <= 0),
    ">": _compare("is more than", lambda order: order > 0),
    ">=": _compare("is at least", lambda order: order >= 0),
    "in": _in,
    "and": _and,
    "or": _or,
    "!": _not,
    "known": _known,
    "count": _count,
    "sum": _sum,
    "years": _years,
}
