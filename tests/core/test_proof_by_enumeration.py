"""The proof agrees with plain enumeration: of random small definitions every life is walked through the router."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.core.branches import branches
from services.core.claims import Claim
from services.core.conditions import truth_of
from services.core.definitions import Definition, Handover
from services.core.parsing import read_definition
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
    ["id-card"], ["household"], ["floor-plan"], ["goods-list"], ["tax-record"], ["id-card", "household"],
    ["household", "deed"], [["household", "floor-plan"]],
)  # fmt: skip
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
    used = {part.get("when") for part in (*steps, *wanted)} | {part.get("check") for part in steps}
    handover = draw(st.sampled_from(Handover))
    return table(
        step=steps, requirement=wanted, conditions={code: one for code, one in conditions.items() if code in used},
        question=[question(fact) for fact in DOMAINS if fact.startswith("application.")],
        output={"result": said("It is done."), "handover": str(handover)},
        limits={"statutory": 60, "promised": 20},
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


def lives_of(definition: Definition) -> Seen:
    """Return what happens in any life of any applicant."""
    seen = Seen()
    proved = frozenset({"person.birth_date"})
    used = {fact: values for fact, values in DOMAINS.items() if fact in str(definition.conditions)}
    for truth in applicants(used):
        explore(World(definition, law(), truth, proved), seen)
    return seen


@EVERYTHING
@given(small_tables())
def test_the_proof_equals_the_enumeration_of_all_lives(written: dict[str, Any]) -> None:
    definition = read_table(written)
    broken = {failure.claim for failure in proof_of(definition).failures}
    told = [failure.told() for failure in proof_of(definition).failures]

    seen = lives_of(definition)

    assert seen.ends_badly == (Claim.ENDS in broken)
    if Claim.ENDS not in broken:
        assert seen.granted
        assert (seen.most_visits > 1) == any("times" in one for one in told)
        assert seen.needs_paper == (Claim.PAPERS in broken)
        assert seen.result_needs_visit == (Claim.RESULTS in broken)


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
