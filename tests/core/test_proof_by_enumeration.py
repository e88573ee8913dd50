"""The proof agrees with plain enumeration: of random small definitions every life is walked through the router."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.core.branches import branches
from services.core.casefile import CaseFile
from services.core.claims import Claim
from services.core.conditions import truth_of
from services.core.definitions import Definition, Handover
from services.core.evidence import Source
from services.core.parsing import read_definition
from services.core.states import CaseState, Verdict
from tests.core.a_service import (
    MONDAY,
    condition,
    law,
    proof_of,
    question,
    reference,
    requirement,
    said,
    step,
    table,
)
from tests.core.lives import Seen, World, applicants, explore
from tests.core.punctual import Punctual

# All that can be true of an applicant, as far as the conditions below can tell.
DOMAINS: dict[str, list[Any]] = {
    "application.kind": ["shop", "farm", "school"],
    "application.wants_help": [True, False],
    "application.amount": [9, 10, 11],
    "person.birth_date": ["1990-01-01", "2008-03-02", "2008-03-03"],
}
_KIND, _HELP = {"var": "application.kind"}, {"var": "application.wants_help"}
_AGE = {"years": [{"var": "person.birth_date"}, {"var": "application.filed_on"}]}
EXPRESSIONS = (
    {"==": [_KIND, "shop"]},
    {"in": [_KIND, ["shop", "farm"]]},
    {"!=": [_KIND, "shop"]},
    {"==": [_HELP, True]},
    {"!": [{"==": [_HELP, True]}]},
    {">=": [{"var": "application.amount"}, 10]},
    {"and": [{"==": [_HELP, True]}, {"==": [_KIND, "farm"]}]},
    {"or": [{"<": [{"var": "application.amount"}, 11]}, {"==": [_KIND, "school"]}]},
    {">=": [_AGE, 18]},
    {"<": [_AGE, 18]},
)
REQUIREMENTS = (
    ["id-card"], ["household"], ["floor-plan"], ["goods-list"], ["levy-record"], ["id-card", "household"],
    ["household", "deed"], [["household", "floor-plan"]],
)  # fmt: skip
# What a register may know, what somebody may be asked without need, and what is no question at all.
MORE_QUESTIONS = ("person.birth_date", "person.full_name", "application.plan")
EVERYTHING = settings(
    max_examples=200, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@st.composite
def small_tables(draw: st.DrawFn) -> dict[str, Any]:
    """Return the table of a service of at most five steps, two requirements and two conditions, right or wrong."""
    written = draw(st.lists(st.sampled_from(EXPRESSIONS), max_size=2, unique_by=str))
    conditions = {f"c{number}": condition(one) for number, one in enumerate(written)}
    when = st.sampled_from(["", "", *conditions])
    steps = draw(_steps(when, list(conditions)))
    by_age = any("birth_date" in str(one) for one in written)
    wanted = [
        requirement(*draw(st.sampled_from(REQUIREMENTS)), code=f"r{number}", **_some(draw(when)))
        for number in range(draw(st.integers(0, 1 if by_age else 2)))
    ]
    wanted += [requirement("id-card", code="identity")] if by_age else []
    asked = [
        question(fact, **_some(draw(when)))
        for fact in draw(st.lists(st.sampled_from(MORE_QUESTIONS), max_size=1))
    ]
    used = {part.get("when") for part in (*steps, *wanted, *asked)} | {part.get("check") for part in steps}
    handover = draw(st.sampled_from(Handover))
    statutory = draw(st.integers(1, 9))
    limits = {"statutory": statutory, "promised": draw(st.integers(0, statutory))}
    return table(
        step=steps, requirement=wanted, conditions={code: one for code, one in conditions.items() if code in used},
        question=[
            *(question(fact) for fact in DOMAINS if fact.startswith("application.")),
            *asked,
        ],
        output={"result": said("It is done."), "handover": str(handover)},
        limits=limits,
    )  # fmt: skip


def read_table(written: dict[str, Any]) -> Definition:
    """Return the definition written in the table."""
    return read_definition(written, file="random.toml", reference=reference())


def _some(when: str) -> dict[str, str]:
    return {"when": when} if when else {}


@st.composite
def _steps(draw: st.DrawFn, when: st.SearchStrategy[str], conditions: list[str]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 3))):
        mode = draw(st.sampled_from(["auto", "review", "inspection", "counter", "counter", "decision"]))
        after = draw(st.lists(st.sampled_from([one["code"] for one in steps]), unique=True)) if steps else []
        more: dict[str, Any] = _some(draw(when))
        if mode == "auto":
            check = draw(st.sampled_from(["", "days", *conditions]))
            more |= {"days": 2} if check == "days" else {"check": check} if check else {}
        steps.append(step(f"s{number}", mode, after, **more))
    ends = [one["code"] for one in steps if not any(one["code"] in other["after"] for other in steps)]
    if not draw(st.integers(0, 5)):
        # Something that takes somebody's time is not waited for; what the machine does at once never shows.
        at_once = [one["code"] for one in steps if one["mode"] == "auto" and not one.get("days")]
        ends = list(dict.fromkeys([*(one["code"] for one in steps[:1]), *at_once]))
    steps.append(step("issue", "issue", ends, **(_some(draw(when)) if not draw(st.integers(0, 9)) else {})))
    if draw(st.booleans()):
        steps.append(step("post", "deliver", ["issue"], **_some(draw(when))))
    return steps


PROVED = frozenset({"person.birth_date"})


def worlds_of(definition: Definition) -> Iterator[World]:
    """Yield the world of every applicant there can be, as far as the conditions can tell."""
    used = {fact: values for fact, values in DOMAINS.items() if fact in str(definition.conditions)}
    for truth in applicants(used):
        yield World(definition, law(), truth, PROVED)


@dataclass
class Told(Seen):
    """What evidence told in every life that was granted, and what a register told in some."""

    always: frozenset[str] | None = None
    by_register: set[str] = field(default_factory=set)

    def note(self, case: CaseFile) -> None:
        """Note what was known in the end."""
        if case.state is not CaseState.CLOSED or case.verdict is not Verdict.GRANTED:
            return
        kinds = case.definition.evidence_types
        used = [one for settled in case.settlements.values() for one in settled.evidence]
        told = frozenset(fact for one in used for fact in kinds[one.type].proves)
        self.always = told if self.always is None else self.always & told
        self.by_register |= {
            fact for one in used if one.source is Source.REGISTRY for fact in kinds[one.type].proves
        }

    def is_held(self, fact: str) -> bool:
        """Return whether nobody need be asked for the fact."""
        return fact in (self.always or ()) and fact in self.by_register


def lives_of(definition: Definition) -> list[tuple[World, Told]]:
    """Return what happens in any life of each applicant."""
    seen = [(world, Told()) for world in worlds_of(definition)]
    for world, told in seen:
        explore(world, told)
    return seen


def has_needless_question(definition: Definition, world: World, told: Told) -> bool:
    """Return whether they are asked what evidence tells in every life, and a register in some; or for a file."""
    facts = {**world.truth, "application.filed_on": MONDAY.isoformat()}
    whens = {code: one.expression for code, one in definition.conditions.items()}
    asked = [one.fact for one in definition.questions if not one.when or truth_of(whens[one.when], facts)]
    return "application.plan" in asked or any(map(told.is_held, asked))


@dataclass
class Anew(Seen):
    """Whether what was found out about a case on its way is what would be found out about it anew."""

    def note(self, case: CaseFile) -> None:
        """Compare a case that has come a long way, and what each change would make of it, with one just read."""
        otherwise = {
            "facts": {}, "shelves": {}, "steps": {}, "on": case.on + timedelta(days=400),
            "determined": dict.fromkeys(case.definition.conditions, False),
        }  # fmt: skip
        for changes in ({}, *({name: value} for name, value in otherwise.items())):
            changed, fresh = case.after(**changes), replace(case, **changes)
            for known in ("truths", "committed", "active", "settlements", "wanted"):
                getattr(case, known)
                assert getattr(changed, known) == getattr(fresh, known), (known, changes)


@settings(EVERYTHING, max_examples=10)
@given(small_tables())
def test_what_was_found_out_about_a_case_is_forgotten_with_what_it_rests_on(written: dict[str, Any]) -> None:
    for world in worlds_of(read_table(written)):
        explore(world, Anew())


@pytest.mark.timeout(900)
def test_the_proof_equals_the_enumeration_of_all_lives() -> None:
    tally: Counter[tuple[Claim, bool]] = Counter()

    @EVERYTHING
    @given(small_tables())
    def agree(written: dict[str, Any]) -> None:
        definition = read_table(written)
        failures = proof_of(definition).failures
        broken = {failure.claim for failure in failures}
        told = [failure.told() for failure in failures]
        tally.update((claim, claim in broken) for claim in Claim)

        lives = lives_of(definition)

        seen = [one for _, one in lives]
        assert any(one.ends_badly for one in seen) == (Claim.ENDS in broken)
        if Claim.ENDS not in broken:
            assert all(one.granted for one in seen)
            assert any(one.most_visits > 1 for one in seen) == any("times" in one for one in told)
            assert any(one.needs_paper for one in seen) == (Claim.PAPERS in broken)
            assert any(one.result_needs_visit for one in seen) == (Claim.RESULTS in broken)
            needless = any(has_needless_question(definition, world, one) for world, one in lives)
            assert needless == (Claim.QUESTIONS in broken)
            check_days(definition, told)

    agree()
    rare = {
        f"{claim} {'broken' if broke else 'kept'}": tally[claim, broke]
        for claim in Claim
        for broke in (True, False)
    }
    assert min(rare.values()) >= 5, rare


def check_days(definition: Definition, told: list[str]) -> None:
    """Whoever's offices use all their days meets the days of the proof, with objections and without."""
    lives = [Punctual(world).live() for world in worlds_of(definition)]
    # A check that fails is an objection: whatever is under way is waited for, and that life is slower.
    smooth = [one for one in lives if one.is_smooth]
    days, too_slow = max((one.days for one in smooth), default=0), any("longest path" in one for one in told)
    assert too_slow or days <= definition.promised
    if len(smooth) == len(lives):
        assert (proof_of(definition).days, too_slow) == (days, days > definition.promised)
    if not any(step.check for step in definition.steps) and len(smooth) == len(lives):
        worst = [Punctual(world, objecting=True).live() for world in worlds_of(definition)]
        late = any(
            one.days <= definition.promised and other.days > definition.statutory
            for one, other in zip(lives, worst, strict=True)
        )
        assert late == any("With every objection" in one for one in told)


@EVERYTHING
@given(small_tables())
def test_the_branches_are_the_truths_that_some_applicant_brings_about(written: dict[str, Any]) -> None:
    definition = read_table(written)
    codes = [one.expression for one in definition.conditions.values()]
    filed = {"application.filed_on": MONDAY.isoformat()}

    possible = {tuple(truth_of(one, {**facts, **filed}) for one in codes) for facts in applicants(DOMAINS)}

    assert {tuple(branch.values()) for branch in map(_ordered(definition), branches(definition))} == possible


def _ordered(definition: Definition) -> Any:
    return lambda branch: {code: branch[code] for code in definition.conditions}
