"""What was promised comes by post or is handed in: seen once by an officer, and a trip counts as the visit (R5.6)."""

from datetime import date
from uuid import uuid4

import pgtrigger
import pytest

from services.cases.actions import drafting, following, promising, receiving
from services.cases.actions.pausing import LeadOfficeOnly
from services.cases.actions.second_visits import SecondVisit
from services.cases.models import Attendance, Case, Promise
from services.cases.queries import cases, visits
from services.cases.queries.promises import on_their_way
from services.catalogue.actions import publish
from services.core.promises import DeliveryNotOffered, PromiseNotOpen
from services.evidence.models import Evidence
from services.ledger.models import Entry
from services.notices.models import Notice
from tests.services.a_matter import begin, noon, officer, state_of, submit, work
from tests.services.a_register import NOW
from tests.services.a_visit import book
from tests.services.test_promises import WORKS, end_reviews, promise, publish_deferring

COUNTER = """
[[step]]
code = "sign"
name.en = "Signing"
name.zh = "签字"
organisation = "works-office"
mode = "counter"
after = ["notice"]
purpose = "signature"
"""


@pytest.fixture
def shed(ayshe, settings, tmp_path):
    """A draft of a permit whose plan may follow."""
    publish_deferring(settings, tmp_path)
    return begin(ayshe, "works-permit", WORKS)


def promised(viewer, application, delivery) -> Case:
    promise(viewer, application, delivery=delivery)
    return submit(viewer, application)


def receive(case, delivery, *, by=None, now=None, **more):
    receiving.receive_promised(
        viewer=by or officer("works-office"), case_id=case.id, requirement="plan", delivery=delivery,
        now=now or noon(4), **more,
    )  # fmt: skip


def read(viewer, application, delivery):
    return promising.promise_to_sign(
        viewer=viewer, application_id=application, requirement="plan", delivery=delivery, now=NOW
    )


def test_online_and_post_are_offered_first_and_the_trip_last(ayshe, shed):
    """R5.6"""
    assert read(ayshe, shed, "upload").deliveries == ("upload", "post", "window")


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        ("upload", "A photo or a PDF of it, sent online."),
        ("post", "by post to Works Office, 3 Works Lane"),
        ("window", "handed in at Works Office, 3 Works Lane, in one visit"),
    ],
)
def test_the_notice_says_in_which_form_it_comes_and_where_to(ayshe, shed, delivery, words):
    """R5.2, R5.6: what is signed is kept with the way that was chosen."""
    assert words in read(ayshe, shed, delivery).text.text

    promise(ayshe, shed, delivery=delivery)

    kept = Promise.objects.get()
    assert words in kept.text and kept.delivery == delivery
    coming = on_their_way(viewer=ayshe, application_id=shed)["plan"]
    assert (coming.delivery, coming.organisation) == (delivery, "works-office")


def test_what_comes_by_post_is_seen_once_and_the_promise_is_met(ayshe, shed):
    """R5.6, R3.17: grade B, in the ledger, with a letter; post is no visit (R8.3)."""
    case = promised(ayshe, shed, "post")
    end_reviews(noon(3))

    receive(case, "post")
    work(noon(11))

    seen = Evidence.objects.get(source="seen")
    assert (seen.type, seen.grade, seen.checked_by) == ("works-plan", "B", officer("works-office").id)
    assert state_of(case) == "closed"
    entry = Entry.objects.get(case_id=case.id, event="promise_received")
    assert (entry.detail["requirement"], entry.detail["delivery"]) == ("plan", "post")
    assert Notice.objects.filter(case_id=case.id, kind="promise_received").count() == 1
    assert not Attendance.objects.exists()
    assert cases.case(viewer=ayshe, case_id=case.id).visits == 0


def test_handing_in_at_the_window_is_the_cases_one_visit(ayshe, shed):
    """R8.2, R5.6"""
    case = promised(ayshe, shed, "window")

    receive(case, "window")

    [attended] = Attendance.objects.filter(case=case)
    assert (attended.on, attended.approved_by_id) == (date(2026, 3, 4), None)
    assert cases.case(viewer=ayshe, case_id=case.id).visits == 1


def test_it_may_come_in_another_way_than_was_promised(ayshe, shed):
    """R5.6: whoever promised to send it online may post it."""
    case = promised(ayshe, shed, "upload")

    receive(case, "post")

    assert Evidence.objects.filter(source="seen", type="works-plan").exists()


def test_what_came_in_is_not_taken_twice(ayshe, shed):
    """R3.17"""
    case = promised(ayshe, shed, "post")
    receive(case, "post")

    with pytest.raises(PromiseNotOpen):
        receive(case, "post")

    assert Notice.objects.filter(kind="promise_received").count() == 1


def test_only_the_office_that_leads_the_case_takes_it(ayshe, shed):
    """R6.1"""
    case = promised(ayshe, shed, "post")

    with pytest.raises(LeadOfficeOnly):
        receive(case, "post", by=officer("records-office"))


def test_nobody_records_on_paper_what_is_sent_online(ayshe, shed):
    """R3.17: a copy is looked at as a copy."""
    case = promised(ayshe, shed, "upload")

    with pytest.raises(DeliveryNotOffered):
        receive(case, "upload")


def test_somebody_who_came_before_hands_in_again_only_with_a_supervisors_reason(ayshe, shed):
    """R8.7: on another day it is a second visit; on the same day it is the same (R8.4)."""
    case = promised(ayshe, shed, "window")
    Attendance.objects.create(
        case=case, application_id=case.application_id, visit_id=case.id, on=date(2026, 3, 3)
    )
    supervisor = officer("works-office", "supervisor")
    for refused in ({}, {"again": "They live near."}, {"by": supervisor}, {"by": supervisor, "again": " "}):
        with pytest.raises(SecondVisit):
            receive(case, "window", **refused)
    assert Attendance.objects.filter(case=case).count() == 1

    receive(case, "window", by=supervisor, again="We told them the wrong paper.")

    again = Attendance.objects.get(case=case, on=date(2026, 3, 4))
    assert (again.exception_reason, again.approved_by_id) == ("We told them the wrong paper.", supervisor.id)


def test_what_is_handed_in_on_the_day_of_the_visit_is_the_same_visit(ayshe, shed):
    """R8.4"""
    case = promised(ayshe, shed, "window")
    Attendance.objects.create(
        case=case, application_id=case.application_id, visit_id=case.id, on=date(2026, 3, 4)
    )

    receive(case, "window")

    assert Attendance.objects.filter(case=case).count() == 1


def test_what_is_handed_in_on_the_day_of_a_visit_for_another_case_is_the_same_trip(ayshe, shed):
    """R8.4: counted once in public, by the visit that it belongs to."""
    case = promised(ayshe, shed, "window")
    other = _twin(case)
    Attendance.objects.create(
        case=other, application_id=case.application_id, visit_id=other.id, centre="services-centre",
        on=date(2026, 3, 4),
    )  # fmt: skip

    receive(case, "window")

    attended = Attendance.objects.get(case=case)
    assert (attended.visit_id, attended.centre) == (other.id, "services-centre")


def _twin(case):
    """Return another case of the same application, as a record."""
    twin = Case.objects.get(id=case.id)
    twin.id, twin.number, twin.service, twin.state = uuid4(), f"{case.number}-2", "home-record", "received"
    twin.verdict, twin.accepted_on, twin.decided_on, twin.ended_on = "", None, None, None
    twin._state.adding = True
    with pgtrigger.ignore("cases.Case:begins_at_received"):
        twin.save(force_insert=True)
    return twin


@pytest.fixture
def counter(settings, tmp_path):
    """The permit is signed for at a counter before it is issued, and its plan may follow."""
    publish_deferring(settings, tmp_path)
    permit = settings.CATALOGUE_DIR / "trade" / "works-permit.toml"
    before, issue = permit.read_text().replace("visits = 0", "visits = 1").split('[[step]]\ncode = "issue"')
    issue = issue.replace('after = ["notice"]', 'after = ["sign"]')
    permit.write_text(f'{before}{COUNTER.lstrip()}\n[[step]]\ncode = "issue"{issue}')
    publish(folder=settings.CATALOGUE_DIR, now=NOW)


def test_where_there_is_a_visit_no_trip_of_its_own_is_offered(ayshe, counter):
    """R5.6: one window trip at most counts in the plan; the original can be shown at the visit."""
    application = drafting.start_application(viewer=ayshe, services=["works-permit"], now=NOW)

    assert read(ayshe, application, "post").deliveries == ("upload", "post")
    with pytest.raises(DeliveryNotOffered):
        read(ayshe, application, "window")


def test_an_officer_takes_no_trip_where_there_is_a_visit_to_come(ayshe, counter):
    """R5.6, R8.8"""
    case = promised(ayshe, begin(ayshe, "works-permit", WORKS), "post")

    with pytest.raises(DeliveryNotOffered):
        receive(case, "window")

    assert not Attendance.objects.exists()


def test_what_was_promised_can_be_shown_at_the_visit(ayshe, counter):
    """R5.6: the desk asks for it among the originals of the visit."""
    case = promised(ayshe, begin(ayshe, "works-permit", WORKS), "post")
    end_reviews(noon(4))
    work(noon(11))

    appointment, when = book(ayshe, case, noon(11))
    clerk = officer("records-office")
    [served] = visits.counter_visit(viewer=clerk, appointment_id=appointment, on=when.date()).cases

    assert [one.code for one in served.originals] == ["plan"]


def test_nothing_is_taken_for_a_case_that_was_withdrawn(ayshe, shed):
    """R5.5"""
    case = promised(ayshe, shed, "post")
    following.withdraw_case(viewer=ayshe, case_id=case.id, now=noon(3))

    with pytest.raises(PromiseNotOpen):
        receive(case, "post")
