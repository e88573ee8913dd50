"""Named conditions: a small bounded subset of JSON Logic over facts, answered true, false or unknown, with reasons.

Unknown asks or waits; it never skips and never grants.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from services.core.facts import Value
from services.core.refusal import Mistake

MAX_DEPTH = 8
MAX_NODES = 60

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


def check_expression(expression: Expression, place: str) -> list[Mistake]:
    """Return what is wrong with the expression's shape: unknown operators, too deep, too large, wrong operands."""
    mistakes: list[Mistake] = []
    nodes = _check(expression, place, 1, mistakes)
    if nodes > MAX_NODES:
        mistakes.append(Mistake(place, "The condition is too long: {nodes} parts, {most} at the most.",
                                {"nodes": nodes, "most": MAX_NODES}))  # fmt: skip
    return mistakes


def _check(expression: Expression, place: str, depth: int, mistakes: list[Mistake]) -> int:
    """Return the number of nodes; one mistake for each part that cannot be evaluated."""
    if depth > MAX_DEPTH:
        mistakes.append(Mistake(place, "The condition is nested too deeply."))
        return 1
    if isinstance(expression, list):
        return 1 + sum(_check(part, place, depth + 1, mistakes) for part in expression)
    if not isinstance(expression, Mapping):
        if not isinstance(expression, str | int | float | bool | date):
            mistakes.append(
                Mistake(place, "A condition compares facts with text, numbers, dates, yes or no.")
            )
        return 1
    if len(expression) != 1:
        mistakes.append(Mistake(place, "Each part of a condition has exactly one operator."))
        return 1
    ((operator, operands),) = expression.items()
    if operator == "var":
        return 1
    if operator not in _OPERATORS:
        mistakes.append(Mistake(place, "There is no operator “{operator}”.", {"operator": operator}))
        return 1
    least, most = _ARITY[operator]
    if not isinstance(operands, list) or not least <= len(operands) <= most:
        mistakes.append(Mistake(place, "“{operator}” has the wrong number of parts.", {"operator": operator}))
        return 1
    return 1 + sum(_check(part, place, depth + 1, mistakes) for part in operands)


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
    if isinstance(value, bool):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _compare(name: str, test: Callable[[int], bool]) -> Callable[..., Truth]:
    """Return an operator that orders two values: as numbers if both are, else as text (ISO dates order as text)."""

    def compare(operands: Sequence[Expression], facts: Known, reasons: list[str] | None) -> Truth:
        left, right = (_value(part, facts, reasons) for part in operands)
        if left is None or right is None:
            _because(reasons, operands, name, None)
            return None
        numbers = _number(left), _number(right)
        if numbers[0] is not None and numbers[1] is not None:
            order = (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
        else:
            order = (str(left) > str(right)) - (str(left) < str(right))
        _because(reasons, operands, name, test(order))
        return test(order)

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
    truth = None if one is None or many is None else one in many
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
    numbers = [_number(row.get(column)) for row in rows]
    return None if None in numbers else str(sum(numbers, start=Decimal(0)))  # type: ignore[arg-type]


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
    "==": _compare("is", lambda order: order == 0),
    "!=": _compare("is not", lambda order: order != 0),
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

_ARITY = {name: (2, 2) for name in ("==", "!=", "<", "<=", ">", ">=", "in", "sum", "years")} | {
    "and": (1, 12),
    "or": (1, 12),
    "!": (1, 1),
    "known": (1, 1),
    "count": (1, 1),
}
