"""Made-up lives of the real services: none attends more often than was proved, and every one ends."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.catalogue.folder import Folder, read_folder
from services.core.casefile import CaseFile
from services.core.conditions import used_facts
from services.core.definitions import Definition
from services.core.facts import BUILT_IN, Fact, FactType
from services.core.proof import Proof, prove_definition
from services.core.states import CaseState
from tests.core.a_service import FOLDER, MONDAY
from tests.core.lives import World, events, route_at_rest

MOST_TURNS = 400
FOUR_ROUNDS = settings(
    max_examples=4, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@cache
def catalogue() -> Folder:
    """Return the catalogue that we ship."""
    return read_folder(FOLDER)


@cache
def proofs() -> dict[str, Proof]:
    """Return the proof of every definition, by code."""
    folder = catalogue()
    return {
        one.definition.code: prove_definition(one.definition, folder.centres, profile=folder.law.profile)
        for one in folder.definitions
    }


def applicant(definition: Definition, chance: Random) -> dict[str, Any]:
    """Return somebody: a value for every fact that a condition looks at, near what it is compared with."""
    facts = sorted({fact for one in definition.conditions.values() for fact in used_facts(one.expression)})
    literals = list(_literals([one.expression for one in definition.conditions.values()]))
    known = {**definition.facts, **BUILT_IN}
    return {fact: _value(known[fact], literals, chance) for fact in facts if fact != "application.filed_on"}


def _literals(expression: Any) -> Iterator[Any]:
    if isinstance(expression, dict):
        yield from (one for key, part in expression.items() if key != "var" for one in _literals(part))
    elif isinstance(expression, list):
        yield from (one for part in expression for one in _literals(part))
    else:
        yield expression


def _value(fact: Fact, literals: list[Any], chance: Random) -> Any:
    if fact.type is FactType.CHOICE:
        return chance.choice(fact.choices).code
    if fact.type is FactType.YES_NO:
        return chance.choice([True, False])
    if fact.type is FactType.DATE:
        return (MONDAY - timedelta(days=chance.randrange(0, 36_500))).isoformat()
    if fact.type is FactType.ROWS:
        row = {column.code: _value(column, literals, chance) for column in fact.columns}
        return [row] * chance.randrange(1, 4)
    if fact.type in (FactType.NUMBER, FactType.MONEY):
        return str(chance.choice([Decimal(0), *_numbers(literals)]) + chance.choice([-1, 0, 1]))
    return chance.choice([*(one for one in literals if isinstance(one, str)), "something else"])


def _numbers(literals: list[Any]) -> Iterator[Decimal]:
    for one in literals:
        try:
            yield Decimal(str(one))
        except InvalidOperation:
            continue


def life(definition: Definition, chance: Random) -> Iterator[CaseFile]:
    """Yield a case at each rest of one made-up life."""
    asked = {question.fact for question in definition.questions}
    truth = applicant(definition, chance)
    proved = frozenset(fact for fact in truth if fact not in asked and fact not in BUILT_IN)
    world = World(definition, catalogue().law, truth, proved, for_ever=date(2029, 1, 1))
    case = world.received()
    for _ in range(MOST_TURNS):
        route = route_at_rest(case, world.law)
        yield route.case
        if route.case.ended:
            return
        case = chance.choice(list(events(world, route)))


@FOUR_ROUNDS
@given(st.integers(0, 2**32))
def test_no_life_of_any_service_exceeds_what_was_proved(seed: int) -> None:
    for written in catalogue().definitions:
        definition, proof = written.definition, proofs()[written.definition.code]
        kinds = {code for one in definition.requirements for entry in one.any_of for code in entry}
        for case in life(definition, Random(f"{seed} {definition.code}")):  # noqa: S311 - a made-up life
            # never more often than was proved; never anything outside the definition (R1.5)
            assert case.visits <= proof.visits <= 1
            asked = {
                kind
                for one in case.settlements.values()
                for kind in (*one.fetch, *(way[0] for way in one.asks))
            }
            assert asked <= kinds
            assert case.correction is None or set(case.correction.items) <= definition.requirement.keys()

        assert case.ended, (definition.code, case.state, case.concern, dict(case.steps))
        assert case.state is not CaseState.CLOSED or case.verdict is not None
