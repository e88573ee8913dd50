"""Bundles: one visit for all members, a plan as long as its longest chain, nothing asked that was just certified."""

from dataclasses import replace
from typing import Any

import pytest

from services.core.bundles import BundleProof, prove_bundle
from services.core.definitions import Definition
from services.core.parsing import read_definition
from services.core.reference import Bundle, Reference, read_evidence_types
from tests.core.a_service import (
    CENTRES,
    centre,
    condition,
    law,
    question,
    reference,
    requirement,
    said,
    step,
    table,
)

LONG = {"statutory": 60, "promised": 40}
CERTIFICATES = {
    f"paper-{name}": {"name": said("A paper"), "organisation": "market", "about": "person", "source": "issued",
                      "upload": True, "proves": ["person.full_name"]}
    for name in "abc"
}  # fmt: skip


def known() -> Reference:
    """Return the small prefecture with a certificate for each member."""
    base = reference()
    return replace(base, evidence_types={**base.evidence_types, **read_evidence_types(CERTIFICATES, [])})


def member(name: str, *steps: Any, needs: str = "", **more: Any) -> Definition:
    """Return the service that gives `paper-<name>` and needs the papers of others."""
    listed = [*steps, step("issue", "issue", [one["code"] for one in steps])]
    wanted = [requirement(f"paper-{other}") for other in needs]
    written = table(
        code=f"service-{name}", step=listed, requirement=wanted, limits=LONG,
        output={"certificate": f"paper-{name}"}, **more,
    )  # fmt: skip
    return read_definition(written, file="x.toml", reference=known())


def proof(*members: Definition, centres: Any = CENTRES, profile: Any = None) -> BundleProof:
    """Return the proof of the bundle of these members, in this order."""
    codes = tuple(one.code for one in members)
    bundle = Bundle("together", said("Together"), said("I want it all"), "business", "market", codes)
    known = {one.code: one for one in members}
    return prove_bundle(bundle, known, centres, profile=profile or law().profile)


def told(*members: Definition, **more: Any) -> list[str]:
    """Return the counter-examples."""
    return [failure.told() for failure in proof(*members, **more).failures]


def look(days: int, code: str = "look", *after: str) -> dict[str, Any]:
    """Return a review of so many days."""
    return step(code, "review", after, days=days)


def sign(*after: str, **more: Any) -> dict[str, Any]:
    """Return a visit."""
    return step("sign", "counter", after, **more)


def test_r7_6_side_by_side_the_longer_one_after_another_their_sum() -> None:
    assert proof(member("a", look(5)), member("b", look(10))).days == 10
    assert proof(member("a", look(5)), member("b", look(10)), member("c", look(7), needs="a")).days == 12
    assert proof(member("a", look(5)), member("b", look(10), needs="a")).days == 15


def test_r2_12_joint_handling_has_its_limit() -> None:
    chain = member("a", look(20)), member("b", look(20), needs="a"), member("c", look(6), needs="b")

    assert told(*chain) == ["days: The members need 46 working days; joint handling has 45 (R2.12)."]
    # another jurisdiction gives it another
    assert told(*chain, profile=replace(law().profile, joint_decision_days=46)) == []
    assert told(member("a", look(8)), profile=replace(law().profile, joint_decision_days=7)) == [
        "days: The members need 8 working days; joint handling has 7 (R2.12)."
    ]


def test_all_visits_of_the_members_are_one() -> None:
    both = proof(member("a", sign()), member("b", sign(purpose="identity")))

    assert (both.visits, both.centres, both.failures) == (1, ("town-hall",), ())
    assert proof(member("a"), member("b")).visits == 0


def test_one_place_must_be_able_to_do_all_of_it() -> None:
    assert told(member("a", sign()), member("b", sign(purpose="exam"))) == [
        "visits: No one centre can do all of: service-a/sign, service-b/sign."
    ]


def test_whichever_of_its_visits_a_member_needs_the_place_can_do_it_and_never_needs_to_do_both() -> None:
    either = {
        "conditions": {
            code: condition({"==": [{"var": "application.kind"}, code]}) for code in ("shop", "farm")
        },
        "question": [question("application.kind")],
    }
    here = step("here", "counter", when="shop")
    there = step("there", "counter", when="farm", purpose="exam")

    assert told(member("a", here, there, **either), member("b")) == []
    assert told(member("a", here, there, **either), member("b", sign())) == [
        "visits: No one centre can do all of: service-a/there, service-b/sign."
    ]


@pytest.mark.parametrize(
    "members",
    [
        # the later one's office begins only when the earlier one's certificate is there
        lambda: (member("a", sign()), member("b", look(3), sign("look"), needs="a")),
        lambda: (member("a", sign(), look(3, "look", "sign")), member("b", sign(), needs="a")),
        # also through a member that nobody visits
        lambda: (member("a", sign()), member("b", look(3), needs="a"), member("c", sign(), needs="b")),
    ],
)
def test_a_visit_that_can_only_come_days_after_another_is_a_second_one(members: Any) -> None:
    (failure,) = told(*members())

    assert "needs days after the visit for “service-a”, and then a visit of its own." in failure


def test_visits_that_can_wait_for_each_other_are_one() -> None:
    # the work lies before both
    assert told(member("a", look(9), sign("look")), member("b", sign(), needs="a")) == []
    assert told(member("a", look(9), sign("look")), member("b", look(3), sign("look"))) == []


def test_r7_6_members_go_on_from_the_day_of_the_joint_visit_and_who_needs_them_after_that() -> None:
    waits = member("a", look(2), sign("look"), look(3, "after", "sign"))
    late = member("b", look(9), sign("look"))

    assert proof(waits).days == 5
    assert proof(waits, late).days == 9 + 3
    # in the same bundle, whatever its place in it
    assert proof(late, waits).days == 9 + 3
    assert proof(waits, late, member("c", look(4), needs="a")).days == 9 + 3 + 4
    # without a visit nobody waits
    assert proof(member("a", look(2), look(3, "after", "look")), late).days == 9


def test_what_a_member_promised_is_suspended_while_it_waits_for_the_joint_visit_and_the_plan_says_so() -> (
    None
):
    late = member("a", look(9), sign("look"))

    both = proof(late, member("b", look(2), sign("look")))

    assert both.waits == {"service-b": 7}
    assert both.suspended == ("service-b",)
    assert both.failures == ()
    assert proof(late, member("b", look(9), sign("look"))).suspended == ()
    assert proof(late, member("b", look(2))).suspended == ()


@pytest.mark.parametrize(("statutory", "sentences"), [
    (12, []),
    (11, ["days: “service-q” waits 7 working days for the joint visit and takes 12; the law allows 11."]),
])  # fmt: skip
def test_the_laws_limit_is_not_suspended_while_a_member_waits(statutory: int, sentences: list[str]) -> None:
    steps = [look(2), sign("look"), look(3, "after", "sign"), step("issue", "issue", ["after"])]
    limits = {"statutory": statutory, "promised": 5}
    quick = read_definition(
        table(code="service-q", step=steps, limits=limits), file="x.toml", reference=known()
    )

    assert proof(quick).failures == ()
    assert told(member("a", look(9), sign("look")), quick) == sentences


def test_a_member_that_begins_late_has_its_days_from_then_on() -> None:
    # it begins on day 30, when what it needs is there (R7.5): its own limit has only begun
    begins_late = member("b", look(9), sign("look"), needs="a")
    waits = member("c", sign())

    assert proof(member("a", look(30)), begins_late, waits).waits == {"service-c": 39}
    assert told(member("a", look(30)), begins_late, waits) == []


def test_who_needs_whom_goes_by_the_order_of_the_bundle() -> None:
    late = "ends: “service-a” needs the result of “service-b”, which comes after it."

    assert told(member("a", needs="b"), member("b")) == [late]
    assert late in told(member("a", needs="b"), member("b", needs="a"))


def test_claim_6_nothing_is_asked_that_an_earlier_member_has_just_certified() -> None:
    asks = {"question": [question("person.full_name")]}

    assert told(member("a"), member("b", **asks)) == [
        "questions: “service-b” asks for “person.full_name”, which “service-a” has just certified."
    ]
    # asked of both, it is asked once (R7.3); asked first, it is not certified yet
    assert told(member("a", **asks), member("b", **asks)) == []
    assert told(member("b", **asks), member("a")) == []


def test_the_proof_is_kept_in_plain_form() -> None:
    record = proof(member("a", sign()), member("b", sign()), centres=[centre("barn", "original")]).as_record()

    assert record == {
        "visits": 1, "days": 0, "centres": [], "suspended": [], "waits": {}, "late": {},
        "failures": ["visits: No one centre can do all of: service-a/sign, service-b/sign."],
    }  # fmt: skip
