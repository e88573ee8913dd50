"""Once only: the ways to evidence in the order of the law, and what each answer of a register leads to (design §6)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.core.evidence import (
    Attempt,
    Grade,
    HeldEvidence,
    Outcome,
    Settlement,
    Shelf,
    Source,
    Standing,
    commitment_needed,
    own_ways,
)
from services.core.waterfall import settle_requirement
from tests.core.a_service import MONDAY, answered, definition, held, reference, requirement, shelf, step

KINDS = reference().evidence_types
DECLARED, UPLOAD, SEEN = Source.DECLARATION, Source.UPLOAD, Source.SEEN


def settle(
    *any_of: Any,
    on: Shelf,
    visit_ahead: bool = False,
    day: date = MONDAY,
    risks: list[str] | None = None,
    **more: Any,
) -> Settlement:
    """Return how a requirement for one of these stands with this on the shelf."""
    sign = step("sign", "counter")
    service = definition(sign, requirement=[requirement(*any_of, code="it", **more)], risks=risks or [])
    return settle_requirement(service.requirement["it"], service, on, on=day, visit_ahead=visit_ahead)


FOUND, NO_RECORD, DOWN, CONTRADICTION = (
    answered("deed", outcome)
    for outcome in (Outcome.FOUND, Outcome.NO_RECORD, Outcome.DOWN, Outcome.CONTRADICTION)
)


@pytest.mark.parametrize(
    ("shelf_holds", "source"),
    [
        # each way in its order, the better one before the next whatever came first
        ([Source.ISSUED, Source.EARLIER, Source.REGISTRY, DECLARED, UPLOAD, SEEN], Source.ISSUED),
        ([SEEN, UPLOAD, DECLARED, Source.REGISTRY, Source.EARLIER], Source.EARLIER),
        ([SEEN, UPLOAD, DECLARED, Source.REGISTRY], Source.REGISTRY),
        ([SEEN, UPLOAD, DECLARED], DECLARED),
        # R3.17: once the original was seen, nothing rests on the copy of it any more
        ([SEEN, UPLOAD], SEEN),
        ([UPLOAD], UPLOAD),
    ],
)
def test_the_ways_in_their_order(shelf_holds: list[Source], source: Source) -> None:
    assert settle("deed", on=shelf(*(held("deed", one) for one in shelf_holds))).source is source


@pytest.mark.parametrize(
    ("answers", "visit_ahead", "standing", "fetch", "asks"),
    [
        # nobody was asked yet: the register, and nothing of the applicant (R3.1)
        ((), False, Standing.FETCHING, ("deed",), ()),
        ((), True, Standing.FETCHING, ("deed",), ()),
        # down: asked again later, and still nothing of the applicant (R3.18)
        ((DOWN,), False, Standing.FETCHING, ("deed",), ()),
        ((DOWN,), True, Standing.FETCHING, ("deed",), ()),
        # no record and a contradiction are answers: now the applicant's own copy, or the original where they meet
        ((NO_RECORD,), False, Standing.OPEN, (), (("deed", UPLOAD),)),
        ((CONTRADICTION,), False, Standing.OPEN, (), (("deed", UPLOAD),)),
        ((DOWN, NO_RECORD), False, Standing.OPEN, (), (("deed", UPLOAD),)),
        ((NO_RECORD,), True, Standing.OPEN, (), (("deed", UPLOAD), ("deed", SEEN))),
    ],
)  # fmt: skip
def test_down_no_record_and_contradiction_differ(
    answers: tuple[Attempt, ...], visit_ahead: bool, standing: Standing, fetch: object, asks: object
) -> None:
    found = settle("deed", on=shelf(*answers), visit_ahead=visit_ahead)

    assert (found.standing, found.fetch, found.asks) == (standing, fetch, asks)


def test_r3_15_what_is_disputed_counts_no_more_and_the_applicants_own_material_does() -> None:
    wrong = held("deed", disputed=True)

    assert settle("deed", on=shelf(wrong, FOUND)).asks == (("deed", UPLOAD),)
    assert settle("deed", on=shelf(wrong, FOUND, held("deed", UPLOAD, checked=True))).source is UPLOAD


def test_a_dispute_about_one_vehicle_says_nothing_of_another() -> None:
    wrong = held("car-test", disputed=True, key="VIN-1")

    assert settle("car-test", on=shelf(wrong, keys={"application.vin": "VIN-2"})).fetch == ("car-test",)
    assert settle("car-test", on=shelf(wrong, keys={"application.vin": "VIN-1"})).fetch == ()


@pytest.mark.parametrize(
    ("paper", "standing"),
    [
        (held("deed", Source.REGISTRY), Standing.SETTLED),
        (held("deed", SEEN), Standing.SETTLED),
        (held("goods-list", DECLARED), Standing.SETTLED),
        # C, the applicant's own copy, only once an officer has looked at it, and then still C
        (held("deed", UPLOAD), Standing.UNCHECKED),
        (held("deed", UPLOAD, checked=True), Standing.SETTLED),
    ],
)
def test_r3_17_grades(paper: HeldEvidence, standing: Standing) -> None:
    assert settle(paper.type, on=shelf(paper)).standing is standing


def test_the_weakest_grade_is_the_grade_of_the_whole() -> None:
    papers = shelf(held("deed"), held("floor-plan", UPLOAD, checked=True))

    assert settle(["deed", "floor-plan"], on=papers).grade is Grade.C
    assert settle("deed", on=shelf()).grade is None
    assert settle("deed", on=shelf()).source is None


def test_a_copy_that_was_checked_goes_before_one_that_was_not() -> None:
    papers = shelf(held("deed", UPLOAD), held("deed", UPLOAD, checked=True, id=UUID(int=8)))

    assert [one.id for one in settle("deed", on=papers).evidence] == [UUID(int=8)]


@pytest.mark.parametrize(
    ("until", "standing"), [(MONDAY, Standing.SETTLED), (MONDAY - timedelta(1), Standing.FETCHING)]
)
def test_r3_17_evidence_serves_to_its_last_day(until: date, standing: Standing) -> None:
    assert settle("deed", on=shelf(held("deed", valid_until=until))).standing is standing


@pytest.mark.parametrize(
    ("keys", "about", "standing"),
    [
        ({"application.vin": "VIN-1"}, "VIN-1", Standing.SETTLED),
        # another vehicle's test proves nothing about this one, nor does any while nobody said which is meant
        ({"application.vin": "VIN-1"}, "VIN-2", Standing.FETCHING),
        ({}, "VIN-2", Standing.FETCHING),
    ],
)
def test_evidence_is_about_the_very_thing_meant(keys: dict[str, str], about: str, standing: Standing) -> None:
    assert settle("car-test", on=shelf(held("car-test", key=about), keys=keys)).standing is standing


def test_any_of_several_entries_serves_in_the_order_written() -> None:
    """R3.16"""
    assert settle("deed", "household", on=shelf()).fetch == ("deed",)
    assert settle("deed", "household", on=shelf(NO_RECORD)).fetch == ("household",)
    assert settle("deed", "household", on=shelf(NO_RECORD, held("household"))).source is Source.REGISTRY


def test_types_that_go_together_are_all_needed() -> None:
    both = ["deed", "household"]

    assert settle(both, on=shelf()).fetch == ("deed", "household")
    assert settle(both, on=shelf(held("deed"))).fetch == ("household",)
    assert settle(both, on=shelf(held("deed"), held("household"))).standing is Standing.SETTLED


def test_r3_1_beside_what_the_applicant_gives_the_rest_is_fetched_and_what_we_hold_is_not_asked() -> None:
    mixed = ["deed", "floor-plan"]

    begun = settle(mixed, on=shelf())
    told = settle(mixed, on=shelf(held("deed"), FOUND))

    assert (begun.standing, begun.fetch, begun.asks) == (Standing.OPEN, ("deed",), (("floor-plan", UPLOAD),))
    assert (told.standing, told.fetch, told.asks) == (Standing.OPEN, (), (("floor-plan", UPLOAD),))


def test_what_only_a_register_knows_is_seen_at_the_meeting_that_is_needed_anyway() -> None:
    down, none = answered("household", Outcome.DOWN), answered("household", Outcome.NO_RECORD)

    asked_first = settle("household", on=shelf(), visit_ahead=True)
    is_down = settle("household", on=shelf(down), visit_ahead=True)
    has_none = settle("household", on=shelf(none), visit_ahead=True)

    assert asked_first.standing is Standing.FETCHING
    # asked again meanwhile, and shown if no answer has come by then: never after the visit
    assert (is_down.standing, is_down.fetch, is_down.asks) == (
        Standing.AT_VISIT, ("household",), (("household", SEEN),)
    )  # fmt: skip
    assert (has_none.standing, has_none.asks) == (Standing.AT_VISIT, (("household", SEEN),))


def test_whoever_promised_or_comes_along_shows_it_at_the_visit() -> None:
    promised = settle("deed", on=shelf(NO_RECORD, promised=frozenset({"it"})), visit_ahead=True)
    along = settle("deed", on=shelf(NO_RECORD, comes_along=True), visit_ahead=True)

    assert promised.standing is along.standing is Standing.AT_VISIT
    assert settle("deed", on=shelf(NO_RECORD, comes_along=True)).standing is Standing.OPEN


def test_an_original_the_law_wants_seen_is_seen_once_and_never_again() -> None:
    known = shelf(held("deed"))

    before = settle("deed", on=known, visit_ahead=True, original_at="sign")
    after = settle("deed", on=known, original_at="sign")
    once = held("deed", Source.EARLIER, grade=Grade.B)

    assert (before.standing, before.asks) == (Standing.AT_VISIT, (("deed", SEEN),))
    # nothing remote stands in for it once the meeting is over: a person decides
    assert (after.standing, after.asks, after.fetch) == (Standing.OPEN, (), ())
    assert settle("deed", on=shelf(once), visit_ahead=True, original_at="sign").standing is Standing.SETTLED


def test_r4_2_in_a_risky_matter_a_commitment_stands_in_for_nothing_but_a_statement_is_free() -> None:
    none = answered("levy-record", Outcome.NO_RECORD)

    assert settle("levy-record", on=shelf(none)).asks == (("levy-record", DECLARED), ("levy-record", UPLOAD))
    assert settle("levy-record", on=shelf(none), risks=["ecology"]).asks == (("levy-record", UPLOAD),)
    assert own_ways(KINDS["goods-list"], ["ecology"]) == (DECLARED,)
    assert commitment_needed(KINDS["levy-record"])
    assert not commitment_needed(KINDS["goods-list"])


def test_declaring_comes_before_a_copy() -> None:
    assert own_ways(KINDS["deed"]) == (UPLOAD,)
    assert own_ways(KINDS["household"]) == ()
    assert settle("goods-list", on=shelf()).asks == (("goods-list", DECLARED),)
