"""The six claims, each kept and each broken, with the applicant for whom it breaks; and the badges."""

from dataclasses import replace
from typing import Any

import pytest

from services.core.branches import MOST_COMBINATIONS, branches
from services.core.claims import Claim
from services.core.definitions import Definition
from services.core.proof import Badge, proved_facts
from tests.core.a_service import (
    centre,
    condition,
    definition,
    law,
    proof_of,
    question,
    requirement,
    said,
    step,
)

LOOK, SIGN = step("look", "review"), step("sign", "counter")
SHOP = {"conditions": {"shop": condition({"==": [{"var": "application.kind"}, "shop"]}, "It is a shop")},
        "question": [question("application.kind")]}  # fmt: skip
TWO = {"conditions": {**SHOP["conditions"], "farm": condition({"==": [{"var": "application.kind"}, "farm"]}, "A farm")},
       "question": SHOP["question"]}  # fmt: skip
WIFE = {"role": "wife", "kind": "person", "name": said("Wife"), "signs": "visit",
        "identified_by": ["application.spouse_name"]}  # fmt: skip
NAMED = question("application.spouse_name", "wife")
VISIT = {"output": {"result": said("Card"), "handover": "visit"}}
COURIER = {"output": {"result": said("Card"), "handover": "courier"}}
ISSUE, POST = step("issue", "issue"), step("post", "deliver", ["issue"])


def broken(service: Definition, claim: Claim) -> list[str]:
    """Return the counter-examples to the claim."""
    return [one.told() for one in proof_of(service).failures if one.claim is claim]


def kept(service: Definition) -> bool:
    """Return whether every claim holds."""
    return not proof_of(service).failures


# 1. Nobody attends more than once


@pytest.mark.parametrize(
    ("steps", "more", "told"),
    [
        ([SIGN, step("test", "counter", ["sign"])], {}, "visits: The applicant must come in 2 times: sign, test."),
        ([SIGN, step("test", "counter", when="shop")], SHOP,
         "visits: The applicant must come in 2 times: sign, test. For whom: It is a shop."),
        ([step("car", "counter", purpose="vehicle_check")], {},
         "visits: No centre can do “car”: vehicle_check for this office is offered nowhere."),
        ([LOOK], {"party": [WIFE], "question": [NAMED]},
         "visits: The wife must sign in person, but nobody comes in on this route."),
        # the result is handed over at the visit, but an office has work to do after it, or beside it
        ([SIGN, step("look", "review", ["sign"])], VISIT,
         "visits: The applicant comes for “sign” and must come again for the result."),
        ([SIGN, LOOK], VISIT, "visits: The applicant comes for “sign” and must come again for the result."),
    ],
)  # fmt: skip
def test_claim_1_broken(steps: list[Any], more: dict[str, Any], told: str) -> None:
    assert broken(definition(*steps, **more), Claim.VISITS) == [told]


def test_claim_1_kept() -> None:
    assert kept(definition(SIGN))
    assert kept(definition(step("test", "counter", purpose="exam", minutes=60)))
    # one or the other, but of no applicant both
    assert kept(
        definition(step("here", "counter", when="shop"), step("there", "counter", when="farm"), **TWO)
    )
    assert kept(definition(SIGN, party=[WIFE], question=[NAMED]))
    assert kept(definition(LOOK, step("sign", "counter", ["look"]), **VISIT))


def test_examinations_health_checks_and_vehicle_checks_are_never_at_the_general_centre() -> None:
    service = definition(step("test", "counter", purpose="exam"))
    general = centre("town-hall", "exam", rooms=("exam",))
    special = centre("hall", "exam", rooms=("exam",), general=False)
    of_others = centre("hall", "exam", rooms=("exam",), general=False, organisations=frozenset({"tax"}))

    assert [bool(proof_of(service, [one]).failures) for one in (general, special, of_others)] == [
        True, False, True,
    ]  # fmt: skip


# 2. Nobody is told to bring paper


@pytest.mark.parametrize(
    ("steps", "more", "told"),
    [
        ([LOOK], {"requirement": [requirement("household")]},
         "papers: When no register knows “household”, the applicant would have to bring paper."),
        # of two that go together, one has no way out
        ([LOOK], {"requirement": [requirement(["deed", "household"], code="home")]},
         "papers: When no register knows “home”, the applicant would have to bring paper."),
        # in a risky matter a commitment is no way out (R4.2)
        ([LOOK], {"requirement": [requirement("tax-record")], "risks": ["ecology"]},
         "papers: When no register knows “tax-record”, the applicant would have to bring paper."),
        # the visit that would do is not on everybody's route
        ([step("sign", "counter", when="shop")], {"requirement": [requirement("household")], **SHOP},
         "papers: When no register knows “household”, the applicant would have to bring paper."),
        ([LOOK], {"requirement": [requirement("deed", original_at="look")]},
         "papers: The original of “deed” is wanted at “look”, which is no meeting on this route."),
        ([LOOK], {"requirement": [requirement("deed", code="hers", party="wife")], **SHOP,
                  "party": [WIFE | {"signs": "none", "when": "shop", "identified_by": []}]},
         "papers: “hers” is wanted of the wife, who has no part on this route."),
    ],
)  # fmt: skip
def test_claim_2_broken(steps: list[Any], more: dict[str, Any], told: str) -> None:
    assert broken(definition(*steps, **more), Claim.PAPERS) == [told]


def test_claim_2_kept() -> None:
    assert kept(definition(LOOK, requirement=[requirement("deed"), requirement("levy-record")]))
    # seen at the visit, or by the inspector, who comes anyway
    assert kept(definition(SIGN, requirement=[requirement("household")]))
    assert kept(
        definition(step("site", "inspection"), requirement=[requirement("household", original_at="site")])
    )
    assert kept(definition(LOOK, requirement=[requirement("household", "deed")]))


# 3. Results come without another visit


@pytest.mark.parametrize(
    ("steps", "more", "told"),
    [
        ([LOOK], VISIT, "results: The result is handed over at a visit, but this route has none."),
        ([step("sign", "counter", when="shop")], {**VISIT, **SHOP},
         "results: The result is handed over at a visit, but this route has none."),
        ([LOOK], COURIER, "results: The result goes by courier, but no step after “issue” sends it."),
        ([ISSUE, POST | {"when": "shop"}], {**COURIER, **SHOP},
         "results: The result goes by courier, but no step after “issue” sends it."),
        ([ISSUE, POST], {}, "results: A result that comes electronically is not sent by courier as well."),
    ],
)  # fmt: skip
def test_claim_3_broken(steps: list[Any], more: dict[str, Any], told: str) -> None:
    assert broken(definition(*steps, **more), Claim.RESULTS) == [told]


def test_claim_3_kept() -> None:
    assert kept(definition(LOOK))
    assert kept(definition(ISSUE, POST, **COURIER))
    assert kept(definition(SIGN, **VISIT))


# 4. Every case ends


@pytest.mark.parametrize(
    ("steps", "more", "told"),
    [
        ([step("issue", "issue", when="shop")], SHOP,
         "ends: The case never ends: “issue” does not belong to this route."),
        ([LOOK, step("issue", "issue")], {},
         "ends: Nobody waits for “look”: the case would end while it is open."),
        ([ISSUE, step("after", "review", ["issue"])], {},
         "ends: Nobody waits for “after”: the case would end while it is open."),
        ([step("post", "deliver"), step("issue", "issue", ["post"])], COURIER,
         "ends: “post” would send a result before there is one."),
    ],
)  # fmt: skip
def test_claim_4_broken(steps: list[Any], more: dict[str, Any], told: str) -> None:
    assert broken(definition(*steps, **more), Claim.ENDS) == [told]


def test_claim_4_kept() -> None:
    assert kept(definition(LOOK, step("site", "inspection", ["look"], when="shop"), **SHOP))


# 5. The days fit the promise, and the promise the law


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"statutory": 9, "promised": 4}, "days: The longest path takes 5 working days, 4 are promised."),
        ({"statutory": 5, "promised": 7}, "days: The promise of 7 days exceeds the law's 5 (R1.3)."),
        ({"statutory": 21, "promised": 7}, "days: 21 days for a permit need a special law that gives them; "
         "the general law gives 20 (R2.11)."),
        ({"statutory": 5, "promised": 5},
         "days: With every objection looked at, it takes 6 working days; the law allows 5."),
    ],
)  # fmt: skip
def test_claim_5_broken(limits: dict[str, int], told: str) -> None:
    assert broken(definition(step("look", "review", days=5), limits=limits), Claim.DAYS) == [told]


def test_r2_11_more_days_than_the_general_law_gives_are_for_a_permit_that_a_special_law_gives_them() -> None:
    longer = {"statutory": 60, "promised": 10}
    lenient = replace(law().profile, decision_days=60)

    assert broken(definition(LOOK, limits=longer), Claim.DAYS)
    assert kept(definition(LOOK, limits=longer | {"special_law": "Shops Law art. 1"}))
    # the general law is about permits, and its number is the jurisdiction's
    assert kept(definition(LOOK, limits=longer, kind="benefit"))
    assert not proof_of(definition(LOOK, limits=longer), profile=lenient).failures


def test_how_long_the_lead_office_looks_at_an_objection_is_the_jurisdictions() -> None:
    service = definition(step("look", "review", days=5), limits={"statutory": 7, "promised": 5})
    slow = replace(law().profile, concern_days=3)

    assert kept(service)
    assert [one.told() for one in proof_of(service, profile=slow).failures] == [
        "days: With every objection looked at, it takes 8 working days; the law allows 7."
    ]


def test_claim_5_is_told_for_the_applicant_whose_path_is_too_long() -> None:
    service = definition(
        LOOK,
        step("site", "inspection", ["look"], when="shop", days=9),
        limits={"statutory": 20, "promised": 9},
        **SHOP,
    )

    assert broken(service, Claim.DAYS) == [
        "days: The longest path takes 10 working days, 9 are promised. For whom: It is a shop."
    ]


def test_claim_5_kept() -> None:
    proof = proof_of(definition(LOOK, limits={"statutory": 2, "promised": 1}))

    assert (proof.days, proof.failures) == (1, ())


# 6. Nothing is asked that is held


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"requirement": [requirement("id-card")], "question": [question("person.birth_date")]},
         "questions: “person.birth_date” is asked, although id-card proves it."),
        ({"question": [question("application.plan")]},
         "questions: “application.plan” asks for a file: name it as a requirement instead."),
        ({"requirement": [requirement("floor-plan", "deed", code="home")]},
         "questions: “home” asks the applicant before it asks a register."),
    ],
)  # fmt: skip
def test_claim_6_broken(more: dict[str, Any], told: str) -> None:
    assert broken(definition(LOOK, **more), Claim.QUESTIONS) == [told]


def test_claim_6_kept() -> None:
    # proved of a shop only: the others are asked
    other = condition({"!=": [{"var": "application.kind"}, "shop"]})
    only_shops = {
        "conditions": {**SHOP["conditions"], "other": other},
        "question": [*SHOP["question"], question("person.birth_date", when="other")],
    }
    assert kept(definition(LOOK, requirement=[requirement("id-card", when="shop")], **only_shops))
    # either of two papers, and only one of them tells
    assert kept(
        definition(
            LOOK, requirement=[requirement("id-card", "deed")], question=[question("person.birth_date")]
        )
    )
    # the register has to be told which thing is meant
    assert kept(
        definition(LOOK, requirement=[requirement("car-test")], question=[question("application.vin")])
    )
    # another party's birthday is not the applicant's
    hers = requirement("id-card", code="hers", party="wife")
    assert kept(
        definition(SIGN, requirement=[hers], party=[WIFE], question=[NAMED, question("person.birth_date")])
    )


def test_what_is_proved_whichever_way_is_taken() -> None:
    both = definition(LOOK, requirement=[requirement("id-card", ["id-card", "deed"], code="who")])

    assert set(proved_facts(both, {})) == {("id-card", "person.birth_date"), ("id-card", "person.full_name")}


# Badges


@pytest.mark.parametrize(
    ("steps", "badge", "visits"),
    [
        ([LOOK], Badge.NO_VISIT, 0),
        ([step("site", "inspection")], Badge.OFFICER_COMES, 0),
        ([SIGN], Badge.ONE_VISIT, 1),
    ],
)
def test_badges(steps: list[Any], badge: Badge, visits: int) -> None:
    proof = proof_of(definition(*steps))

    assert (proof.badge, proof.visits) == (badge, visits)


def test_what_the_applicant_gives_at_filing_is_counted() -> None:
    wanted = [requirement("deed"), requirement("goods-list"), requirement("floor-plan", when="shop")]

    proof = proof_of(definition(LOOK, requirement=wanted, **SHOP))

    assert (proof.files, proof.statements, proof.branches) == (1, 1, 2)


def test_a_counter_example_is_told_in_the_readers_language() -> None:
    says = {"en": "It is a shop", "zh": "是商店"}
    shop = {"say": says, "if": {"==": [{"var": "application.kind"}, "shop"]}}
    service = definition(step("issue", "issue", when="other"), conditions={
        "other": {"say": says, "if": {"!=": [{"var": "application.kind"}, "shop"]}}, "shop": shop,
    }, question=[question("application.kind", when="shop")])  # fmt: skip

    (failure,) = proof_of(service).failures

    assert failure.told("zh").endswith("For whom: 是商店.")
    assert failure.told("fr") == failure.told("en")


# The branches


@pytest.mark.parametrize(
    ("expressions", "truths"),
    [
        ([{"==": [{"var": "application.kind"}, "shop"]}], {(True,), (False,)}),
        # no applicant is of two kinds, but one may be of a third
        ([{"==": [{"var": "application.kind"}, one]} for one in ("shop", "farm")],
         {(True, False), (False, True), (False, False)}),
        # a text can always be another
        ([{"==": [{"var": "application.name"}, "Example"]}], {(True,), (False,)}),
        ([{"<": [{"var": "application.name"}, "M"]}, {"==": [{"var": "application.name"}, "M"]}],
         {(True, False), (False, True), (False, False)}),
        # below, at and above the number
        ([{"<": [{"var": "application.amount"}, 5]}, {"<=": [{"var": "application.amount"}, 5]}],
         {(True, True), (False, True), (False, False)}),
        # a choice that cannot be made is never made
        ([{"==": [{"var": "application.kind"}, "palace"]}], {(False,)}),
        # what is not known may be determined either way
        ([{"known": [{"var": "application.amount"}]}, {">": [{"var": "application.amount"}, 5]}],
         {(True, True), (True, False), (False, True), (False, False)}),
        # of two days one is the earlier, whichever way it is asked
        ([{"<": [{"var": "application.opens_on"}, {"var": "application.filed_on"}]},
          {">": [{"var": "application.filed_on"}, {"var": "application.opens_on"}]}],
         {(True, True), (False, False)}),
        ([{"in": ["x", {"var": "application.name"}]}], {(True,), (False,)}),
        ([{"var": "application.wants_help"}], {(True,), (False,)}),
        ([{">": [{"sum": [{"var": "application.goods"}, "value"]}, 100]},
          {">": [{"count": [{"var": "application.goods"}]}, 1]}],
         {(True, True), (True, False), (False, True), (False, False)}),
        ([True], {(True,)}),
    ],
)  # fmt: skip
def test_branches_are_what_some_applicant_brings_about(
    expressions: list[Any], truths: set[tuple[bool, ...]]
) -> None:
    conditions = {f"c{number}": condition(one) for number, one in enumerate(expressions)}
    facts = ("application.kind", "application.name", "application.amount", "application.opens_on",
             "application.wants_help", "application.goods")  # fmt: skip
    service = definition(
        *(step(f"s{code}", "auto", check=code) for code in conditions), conditions=conditions,
        question=[question(fact) for fact in facts],
    )  # fmt: skip

    assert {tuple(branch[code] for code in conditions) for branch in branches(service)} == truths


def test_past_too_many_combinations_no_branch_is_left_out() -> None:
    facts = [
        f"application.{name}"
        for name in ("amount", "opens_on", "name", "vin", "spouse_name", "spouse_number")
    ]
    parts = [{"in": [{"var": fact}, [str(number) for number in range(6)]]} for fact in facts]
    conditions = {"some": condition({"or": parts}), "all": condition({"and": parts})}
    service = definition(
        *(step(f"s{code}", "auto", check=code) for code in conditions), conditions=conditions,
        question=[question(fact) for fact in facts],
    )  # fmt: skip

    assert MOST_COMBINATIONS < 18**6
    assert len(branches(service)) == 4
