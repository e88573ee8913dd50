"""The branches of a definition: every combination of its conditions' truths that some applicant can bring about.

Comparisons with fixed values are tried at, below and above each value; whatever cannot be told apart that way counts as
free, so that no applicant is left out. Conditions that share no facts are combined freely.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import product
from math import prod
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


@dataclass(slots=True)
class _Atom:
    """A value that conditions look at, and the values that tell its comparisons apart; a closed one has no others."""

    values: list[Value]
    closed: bool = False

    def domain(self) -> tuple[Value, ...]:
        """Return its values with what lies just below and above each; where there are none, something and nothing."""
        if self.closed:
            return tuple(dict.fromkeys(self.values))
        spread = {repr(near): near for value in self.values for near in _near(value)}
        if all(value is None for value in self.values):
            spread |= {_ELSE: _ELSE, "": ""}
        return tuple(spread.values())


Atoms = dict[str, _Atom]


def branches(definition: Definition) -> tuple[Branch, ...]:
    """Return every combination of truths that can occur, each as condition → truth, without repetition."""
    clusters = _clusters(list(definition.conditions.values()))
    choices = [_cluster_branches(cluster, definition) for cluster in clusters]
    return tuple(
        {code: truth for part in parts for code, truth in part.items()} for parts in product(*choices)
    )


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
    atoms: Atoms = {}
    rewritten = {one.code: _rewrite(one.expression, atoms, definition) for one in cluster}
    domains = {name: atom.domain() for name, atom in atoms.items()}
    if prod(map(len, domains.values())) > MOST_COMBINATIONS:
        return [
            dict(zip(rewritten, truths, strict=True))
            for truths in product((True, False), repeat=len(cluster))
        ]
    seen: dict[tuple[tuple[str, bool], ...], Branch] = {}
    for values in product(*domains.values()):
        facts = {name: value for name, value in zip(domains, values, strict=True) if value is not None}
        for branch in _told(rewritten, facts):
            seen[tuple(branch.items())] = branch
    return list(seen.values())


def _told(expressions: Mapping[str, Expression], facts: Mapping[str, Value]) -> Iterator[Branch]:
    """Yield the truths under these values; what stays unknown an officer finds to be either."""
    truths = [(truth_of(one, facts),) for one in expressions.values()]
    options = [(True, False) if truth is None else (truth,) for (truth,) in truths]
    for combination in product(*options):
        yield dict(zip(expressions, combination, strict=True))


def _rewrite(expression: Expression, atoms: Atoms, definition: Definition) -> Expression:
    """Return the expression over atoms instead of facts, noting for each atom the values it is compared with."""
    if not isinstance(expression, Mapping):
        return expression
    ((operator, operands),) = expression.items()
    if operator in (*_DERIVED, "var"):
        return _note(expression, [], atoms, definition)
    if operator == "known":
        atom = _note(operands[0], [], atoms, definition)
        atoms[atom["var"]].values.append(None)
        return {"known": [atom]}
    if operator in _ORDERED:
        return _rewrite_comparison(operator, operands, atoms, definition)
    if operator == "in":
        return _rewrite_membership(operands, atoms, definition)
    return {operator: [_rewrite(part, atoms, definition) for part in operands]}


def _rewrite_comparison(
    operator: str, operands: Sequence[Any], atoms: Atoms, definition: Definition
) -> Expression:
    left, right = operands
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        # Two facts compared with each other: which of them is more is free, whichever way it is asked.
        first, second = sorted([left, right], key=str)
        order = {"var": f"{first} against {second}"}
        atoms.setdefault(order["var"], _Atom(["-1", "0", "1"], closed=True))
        return {operator: [order, 0] if left is first else [0, order]}
    if isinstance(left, Mapping):
        return {operator: [_note(left, [right], atoms, definition), right]}
    if isinstance(right, Mapping):
        return {operator: [left, _note(right, [left], atoms, definition)]}
    return {operator: [left, right]}


def _rewrite_membership(operands: Sequence[Any], atoms: Atoms, definition: Definition) -> Expression:
    one, many = operands
    if isinstance(one, Mapping) and isinstance(many, list):
        return {"in": [_note(one, many, atoms, definition), many]}
    if not isinstance(many, Mapping):
        return {"in": [one, many]}
    # Whether a text holds another is free.
    name = f"in:{one}:{many}"
    atoms.setdefault(name, _Atom([True, False], closed=True))
    return {"var": name}


def _note(
    expression: Mapping[str, Any], literals: Sequence[Value], atoms: Atoms, definition: Definition
) -> dict[str, str]:
    name = str(expression.get("var") or expression)
    atom = atoms.setdefault(name, _atom_of(definition.facts.get(name) or BUILT_IN.get(name)))
    if not atom.closed:
        atom.values += list(literals)
    return {"var": name}


def _atom_of(fact: Fact | None) -> _Atom:
    """Return all values of a closed fact, and of an open text what no comparison expects."""
    if fact is not None and fact.type is FactType.CHOICE:
        return _Atom([choice.code for choice in fact.choices], closed=True)
    if fact is not None and fact.type is FactType.YES_NO:
        return _Atom([True, False], closed=True)
    return _Atom([_ELSE, ""] if fact is not None and fact.type in (FactType.TEXT, FactType.ADDRESS) else [])


def _near(value: Value) -> tuple[Value, ...]:
    if value is None or isinstance(value, bool):
        return (value,)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return _near_text(str(value))
    step = Decimal("0.01")
    return tuple(str(number + step * distance) for distance in (-1, 0, 1)) if number.is_finite() else (value,)


def _near_text(text: str) -> tuple[Value, ...]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        # What sorts just after a text is that text with the least character added.
        return (text, f"{text}\x00") if text else (text,)
    return tuple((day + timedelta(days=distance)).isoformat() for distance in (-1, 0, 1))
