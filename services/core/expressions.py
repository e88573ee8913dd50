"""The shape of a written condition: which operators there are, how many parts each has, how large it may be."""

from collections.abc import Mapping
from datetime import date

from services.core.conditions import Expression
from services.core.refusal import Mistake

MAX_DEPTH = 8
MAX_NODES = 60

ARITY = dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "sum", "years"), (2, 2)) | {
    "and": (1, 12),
    "or": (1, 12),
    "!": (1, 1),
    "known": (1, 1),
    "count": (1, 1),
}
_LITERALS = (str, int, float, bool, date)
_OF_ROWS = ("known", "count", "sum")


def check_expression(expression: Expression, place: str) -> list[Mistake]:
    """Return what is wrong with the expression's shape: unknown operators, too deep, too large, wrong operands."""
    mistakes: list[Mistake] = []
    nodes = _check(expression, place, 1, mistakes)
    if nodes > MAX_NODES:
        told = "The condition is too long: {nodes} parts, {most} at the most."
        mistakes.append(Mistake(place, told, {"nodes": nodes, "most": MAX_NODES}))
    return mistakes


def _check(expression: Expression, place: str, depth: int, mistakes: list[Mistake]) -> int:
    """Return the number of nodes; one mistake for each part that cannot be evaluated."""
    if depth > MAX_DEPTH:
        mistakes.append(Mistake(place, "The condition is nested too deeply."))
        return 1
    if isinstance(expression, list):
        if not all(isinstance(part, _LITERALS) for part in expression):
            mistakes.append(Mistake(place, "A list in a condition holds texts, numbers or dates only."))
        return 1 + len(expression)
    if isinstance(expression, Mapping):
        return _check_operator(expression, place, depth, mistakes)
    if not isinstance(expression, _LITERALS):
        mistakes.append(Mistake(place, "A condition compares facts with text, numbers, dates, yes or no."))
    return 1


def _check_operator(
    expression: Mapping[str, Expression], place: str, depth: int, mistakes: list[Mistake]
) -> int:
    if len(expression) != 1:
        mistakes.append(Mistake(place, "Each part of a condition has exactly one operator."))
        return 1
    ((operator, operands),) = expression.items()
    if operator == "var":
        if not isinstance(operands, str):
            mistakes.append(Mistake(place, "“var” names one fact."))
        return 1
    if operator not in ARITY:
        mistakes.append(Mistake(place, "There is no operator “{operator}”.", {"operator": operator}))
        return 1
    least, most = ARITY[operator]
    if not isinstance(operands, list) or not least <= len(operands) <= most:
        mistakes.append(Mistake(place, "“{operator}” has the wrong number of parts.", {"operator": operator}))
        return 1
    if operator in _OF_ROWS and not _is_var(operands[0]):
        mistakes.append(Mistake(place, "“{operator}” looks at one fact.", {"operator": operator}))
    if operator == "sum" and not isinstance(operands[1], str):
        mistakes.append(Mistake(place, "“sum” names the column that is added up."))
    return 1 + sum(_check(part, place, depth + 1, mistakes) for part in operands)


def _is_var(part: Expression) -> bool:
    return isinstance(part, Mapping) and "var" in part
