"""The branches of a definition: every combination of its conditions' truths that some applicant can bring about.

Comparisons with fixed values are tried at, below and above each value; whatever cannot be told apart that way counts as
free, so that no applicant is left out. Conditions that share no facts are combined freely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import product
from typing import Any

from services.core.conditions import Expression, truth_of, used_facts
from services.core.definitions import Condition, Definition
from services.core.facts import BUILT_IN, Fact, FactType, Value

Branch = Mapping[str, bool]

# Past so many combinations the conditions are taken as free of each other: more branches, never fewer.
MOST_COMBINATIONS = 20_000
_ELSE = "\x00something else"
_ORDERED = ("==", "!=", "<", "<=", ">", ">=")
_DERIVED = ("count", "sum", "years")


@dataclass(frozen=True, slots=True)
class _Atom:
    """A value that conditions look at, and the values that tell its comparisons apart."""

    name: str
    values: tuple[Value, ...]


def branches(definition: Definition) -> tuple[Branch, ...]:
    """Return every combination of truths that can occur, each as condition → truth, without repetition."""
    clusters = _clusters(list(definition.conditions.values()))
    choices = [_cluster_branches(cluster, definition) for cluster in clusters]
    return tuple({code: truth for part in parts for code, truth in part.items()} for parts in product(*choices))


def _clusters(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """Group the conditions that share facts, directly or through others."""
    clusters: list[tuple[set[str], list[Condition]]] = []
    for condition in conditions:
        facts, members = set(used_facts(condition.expression)), [condition]
        for other in [one for one in clusters if one[0] & facts]:
            clusters.remove(other)
            facts |= other[0]
            members = other[1] + members
        clusters.append((facts, members))
    return [members for _, members in clusters]


def _cluster_branches(cluster: Sequence[Condition], definition: Definition) -> list[Branch]:
    atoms: dict[str, list[Value]] = {}
    rewritten = {one.code: _rewrite(one.expression, atoms, definition) for one in cluster}
    domains = [_Atom(name, _spread(values)) for name, values in atoms.items()]
    size = 1
    for atom in domains:
        size *= len(atom.values)
    if size > MOST_COMBINATIONS:
        return [dict(zip(rewritten, truths, strict=True)) for truths in product((True, False), repeat=len(cluster))]
    seen: dict[tuple[tuple[str, bool], ...], Branch] = {}
    for values in product(*(atom.values for atom in domains)):
        facts = {atom.name: value for atom, value in zip(domains, values, strict=True) if value is not None}
        for branch in _told(rewritten, facts):
            seen[tuple(branch.items())] = branch
    return list(seen.values())


def _told(expressions: Mapping[str, Expression], facts: Mapping[str, Value]) -> Iterator[Branch]:
    """Yield the truths under these values; what stays unknown an officer finds to be either."""
    truths = [(truth_of(one, facts),) for one in expressions.values()]
    options = [(True, False) if truth is None else (truth,) for (truth,) in truths]
    for combination in product(*options):
        yield dict(zip(expressions, combination, strict=True))


def _rewrite(expression: Expression, atoms: dict[str, list[Value]], definition: Definition) -> Expression:
    """Return the expression over atoms instead of facts, noting for each atom the values it is compared with."""
    if not isinstance(expression, Mapping):
        return expression
    ((operator, operands),) = expression.items()
    if operator in (*_DERIVED, "var"):
        return _note(expression, [], atoms, definition)
    if operator == "known":
        atom = _note(operands[0], [], atoms, definition)
        atoms[atom["var"]].append(None)
        return {"known": [atom]}
    if operator in (*_ORDERED, "in") and len(operands) == 2:
        return _rewrite_comparison(operator, operands, atoms, definition)
    return {operator: [_rewrite(part, atoms, definition) for part in operands]}


def _rewrite_comparison(
    operator: str, operands: Sequence[Any], atoms: dict[str, list[Value]], definition: Definition
) -> Expression:
    left, right = operands
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        # Two facts compared with each other: whether it holds is free.
        name = f"{operator}:{left}:{right}"
        atoms.setdefault(name, []).extend([True, False])
        return {"var": name}
    if isinstance(left, Mapping):
        literals = right if isinstance(right, list) else [right]
        return {operator: [_note(left, literals, atoms, definition), right]}
    if isinstance(right, Mapping):
        return {operator: [left, _note(right, [left], atoms, definition)]}
    return {operator: [left, right]}


def _note(
    expression: Mapping[str, Any], literals: Sequence[Value], atoms: dict[str, list[Value]], definition: Definition
) -> dict[str, str]:
    name = str(expression.get("var") or expression)
    values = atoms.setdefault(name, _first_values(name, definition))
    values += list(literals)
    return {"var": name}


def _first_values(name: str, definition: Definition) -> list[Value]:
    fact: Fact | None = definition.facts.get(name) or BUILT_IN.get(name)
    if fact is not None and fact.type is FactType.CHOICE:
        return [choice.code for choice in fact.choices]
    if fact is not None and fact.type is FactType.YES_NO:
        return [True, False]
    return []


def _spread(values: Sequence[Value]) -> tuple[Value, ...]:
    """Return the values with what lies just below and above each, and something else altogether where it is text."""
    spread: dict[str, Value] = {}
    for value in values:
        for near in _near(value):
            spread[repr(near)] = near
    if all(value is None for value in values):
        spread[_ELSE] = _ELSE
    return tuple(spread.values())


def _near(value: Value) -> tuple[Value, ...]:
    if value is None or isinstance(value, bool):
        return (value,)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return _near_text(str(value))
    return (str(number - Decimal("0.01")), str(number), str(number + Decimal("0.01")))


def _near_text(text: str) -> tuple[Value, ...]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return (text,)
    return tuple((day + timedelta(days=distance)).isoformat() for distance in (-1, 0, 1))
