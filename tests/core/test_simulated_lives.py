"""Made-up lives of the real services: none attends more often, takes more days or gives more than was proved.

`LIVES=40` lives forty rounds instead of four, each from a seed of its own that is printed; `LIVES_SEED` repeats one.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from random import Random, SystemRandom
from typing import Any

import pytest

from services.catalogue.folder import Folder, read_folder
from services.core.casefile import CaseFile
from services.core.conditions import used_facts
from services.core.definitions import Definition, Mode
from services.core.evidence import Source, own_ways
from services.core.facts import BUILT_IN, Fact, FactType
from services.core.proof import Proof, prove_definition
from services.core.schedule import days_needed
from services.core.states import CaseState
from tests.core.a_service import FOLDER, MONDAY
from tests.core.lives import World, events, route_at_rest
from tests.core.punctual import Punctual

MOST_TURNS = 400
ROUNDS = range(int(os.environ.get("LIVES", "4")))
# Without LIVES the same lives are lived every time.
SEED = os.environ.get("LIVES_SEED") or (str(SystemRandom().getrandbits(32)) if "LIVES" in os.environ else "1")


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


def a_world(definition: Definition, chance: Random) -> World:
    """Return the world of a made-up applicant: what is not asked, evidence tells."""
    asked = {question.fact for question in definition.questions}
    truth = applicant(definition, chance)
    proved = frozenset(fact for fact in truth if fact not in asked and fact not in BUILT_IN)
    return World(definition, catalogue().law, truth, proved, for_ever=date(2029, 1, 1))


def life(definition: Definition, chance: Random) -> Iterator[CaseFile]:
    """Yield a case at each rest of one made-up life."""
    world = a_world(definition, chance)
    case = world.received()
    for _ in range(MOST_TURNS):
        route = route_at_rest(case, world.law)
        yield route.case
        if route.case.ended:
            return
        case = chance.choice(list(events(world, route)))


def chances(turn: int) -> Iterator[tuple[Definition, Proof, Random]]:
    """Yield every service with its proof and a chance of its own, and say by which seed."""
    print(f"LIVES_SEED={SEED}, round {turn}")  # noqa: T201 - told by pytest when a life exceeds the proof
    for written in catalogue().definitions:
        code = written.definition.code
        yield written.definition, proofs()[code], Random(f"{SEED} {turn} {code}")  # noqa: S311 - a made-up life


@pytest.mark.parametrize("turn", ROUNDS)
def test_no_life_of_any_service_exceeds_what_was_proved(turn: int) -> None:
    for definition, proof, chance in chances(turn):
        for case in life(definition, chance):
            # never more often than was proved; never anything outside the definition (R1.5)
            assert case.visits <= proof.visits <= 1
            assert _asked(case) <= _ways(case)
            assert case.correction is None or set(case.correction.items) <= definition.requirement.keys()

        assert case.ended, (definition.code, case.state, case.concern, dict(case.steps))
        assert case.state is not CaseState.CLOSED or case.verdict is not None


def _asked(case: CaseFile) -> set[tuple[str, Source]]:
    """Return everything this case fetches or asks for, and in which way."""
    return {
        way
        for one in case.settlements.values()
        for way in (*((kind, Source.REGISTRY) for kind in one.fetch), *one.asks)
    }


def _ways(case: CaseFile) -> set[tuple[str, Source]]:
    """Return every way that the proof allows: registers, the applicant's remote ways, originals at a meeting."""
    kinds = [
        case.definition.evidence_types[code]
        for one in case.definition.requirements
        for entry in one.any_of
        for code in entry
    ]
    meets = any(
        case.active[step.code] is not False
        for step in case.definition.steps_of(Mode.COUNTER, Mode.INSPECTION)
    )
    ways = {(kind.code, way) for kind in kinds for way in own_ways(kind, case.definition.risks)}
    ways |= {(kind.code, Source.REGISTRY) for kind in kinds if kind.registered}
    return ways | {(kind.code, Source.SEEN) for kind in kinds if meets}


@pytest.mark.parametrize("turn", ROUNDS)
def test_offices_that_use_all_their_days_take_those_that_were_proved_and_nobody_gives_more(turn: int) -> None:
    compared = 0
    for definition, proof, chance in chances(turn):
        world = a_world(definition, chance)
        slow, quick = Punctual(world).live(), Punctual(world, chance=chance).live()
        _assert_gives_no_more(slow, proof)
        if slow.is_smooth:
            branch = {code: bool(slow.case.truths[code]) for code in definition.conditions}
            assert slow.days == days_needed(definition, branch) <= proof.days, definition.code
            assert quick.days <= slow.days, definition.code
            compared += 1

    assert compared >= 80  # of the others a check objects


def _assert_gives_no_more(slow: Punctual, proof: Proof) -> None:
    """Whoever is known to the registers files no more papers and statements than the service page says."""
    files = [one for one in slow.gave if one[2] is Source.UPLOAD]
    statements = [one for one in slow.gave if one[2] is Source.DECLARATION]
    assert len(files) <= proof.files, (slow.case.definition.code, files)
    assert len(statements) <= proof.statements, (slow.case.definition.code, statements)
