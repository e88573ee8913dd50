"""Nobody comes for a part of what they applied for, and again for the rest: the visit waits for whatever is late."""

import shutil
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from services.cases.actions import attending, drafting, gathering, handling, putting_off, visiting
from services.cases.actions.reminders import send_reminders
from services.cases.models import Attendance, Case, Ready, Task
from services.cases.queries import calls
from services.catalogue.actions import publish
from services.ledger.models import Entry
from services.notices.models import Notice
from services.people.models import Account
from services.visits import queries as appointments
from services.visits.models import Centre
from tests.services.a_gift import PARTNER
from tests.services.a_matter import (
    PREFECTURE,
    days,
    file,
    give,
    noon,
    officer,
    open_tasks,
    submit,
    task_of,
    work,
)
from tests.services.a_register import NOW
from tests.services.a_visit import book, told

pytestmark = pytest.mark.django_db
OFFICE = "records-office"


@pytest.fixture
def signed_card(prefecture, settings, tmp_path):
    """Let the pilot card be signed for at the hall after its review, where the joint deed is signed at once."""
    settings.CATALOGUE_DIR = changed = shutil.copytree(PREFECTURE, tmp_path / "prefecture")
    card = changed / "papers" / "pilot-card.toml"
    text = card.read_text().replace(
        'purpose = "exam"\nminutes = 60\nin_person = true', 'purpose = "signature"'
    )
    card.write_text(text)
    publish(folder=changed, now=NOW)


@pytest.fixture
def both(ayshe, signed_card):
    """Return the two cases of one application: the deed, whose counter is open, and the card, which is reviewed."""
    application = drafting.start_application(viewer=ayshe, services=["joint-deed", "pilot-card"], now=NOW)
    drafting.answer_questions(viewer=ayshe, application_id=application, answers=PARTNER, now=NOW)
    drafting.request_evidence(viewer=ayshe, application_id=application, now=NOW)
    gathering.gather_evidence(now=NOW)
    give(ayshe, application)
    submit(ayshe, application)
    return tuple(
        Case.objects.get(application_id=application, service=one) for one in ("joint-deed", "pilot-card")
    )


def accept(case, on):
    handling.accept_case(viewer=officer(OFFICE), task_id=task_of(case, "acceptance"), now=on)
    work(on)


def review(case, on):
    handling.complete_task(viewer=officer(OFFICE), task_id=task_of(case, "review"), favorable=True, now=on)
    work(on)


def booked_for(case):
    return appointments.booked_for(application_ids=[case.application_id])


def letters(kind):
    return list(Notice.objects.filter(kind=kind))


def put_off(now):
    """Let the day's work be done, with what follows."""
    work(now)
    send_reminders(now=now)
    work(now)


def test_no_time_is_offered_before_all_services_of_the_application_can_be_attended(both):
    """R8.4, R8.8: the counter of the deed is open; the card's review has its days before it."""
    deed, card = both
    accept(card, NOW)
    until = task_until(card, "review")
    [first, *_] = calls.visit_slots(application_id=deed.application_id, now=NOW)
    assert first.starts_at.date() > until


def task_until(case, kind):
    return Task.objects.get(id=task_of(case, kind)).due_on


def test_a_visit_is_put_off_where_a_service_of_it_is_late(ayshe, both):
    """R8.1: the day before, the review has not ended. The time is given back, and nobody comes in vain."""
    deed, card = both
    accept(card, NOW)
    appointment, when = book(ayshe, deed)

    put_off(when)

    assert appointments.appointment(appointment_id=appointment).status == "cancelled"
    [letter] = letters("visit_put_off")
    assert letter.values["ready_on"] > when.date().isoformat()
    noted = Entry.objects.filter(event="visit_put_off").values_list("case_id", flat=True)
    assert set(noted) == {deed.id}
    put_off(when)
    assert len(letters("visit_put_off")) == 1


def test_a_visit_stands_where_everything_is_ready_in_time(ayshe, both):
    deed, card = both
    accept(card, NOW)
    _, when = book(ayshe, deed)
    review(card, noon(4))

    put_off(when - days(1))
    put_off(when)

    assert [one.status for one in booked_for(deed)] == ["booked"]
    assert not letters("visit_put_off")


def test_nothing_is_put_off_before_the_days_routing_has_come_to_it(ayshe, both):
    """What ends with the last day is behind a case only once it was routed on the new one."""
    deed, card = both
    accept(card, NOW)
    appointment, when = book(ayshe, deed)
    Ready.objects.update_or_create(case=card, defaults={"due_at": when - days(1)})

    send_reminders(now=when)
    assert booked_for(deed)

    put_off(when)
    assert appointments.appointment(appointment_id=appointment).status == "cancelled"


def test_of_a_visit_for_several_applications_only_the_late_one_is_put_off(ayshe, both):
    deed, card = both
    accept(card, NOW)
    other = file(ayshe, "joint-deed", PARTNER)
    appointment, when = book(ayshe, deed)
    assert {one.id for one in booked_for(other)} == {appointment}

    put_off(when)

    assert [one.application_ids for one in booked_for(other)] == [(other.application_id,)]
    assert booked_for(deed) == ()


def test_who_waits_for_a_late_office_loses_no_days_of_their_own(ayshe, both):
    """The deed's counter would lapse while the card is still with its office: its days are moved on."""
    deed, card = both
    accept(card, NOW)
    last = task_until(deed, "counter")
    late = NOW + (last - NOW.date()) - days(1)

    put_off(late)
    put_off(late + days(3))

    assert task_until(deed, "counter") > last
    assert {case.ending for case in Case.objects.all()} == {""}


def test_where_every_service_is_ready_the_days_stand(ayshe):
    deed = file(ayshe, "joint-deed", PARTNER)
    last = task_until(deed, "counter")
    put_off(NOW + (last - NOW.date()) - days(1))
    assert task_until(deed, "counter") == last
    assert not list(putting_off.waiting_in_vain(NOW))


@pytest.fixture
def attended(ayshe, both):
    """Serve the deed in a visit, although the card is not ready: as it was when its office let it wait."""
    deed, card = both
    on = noon(3)
    visit = uuid4()
    Attendance.objects.create(case=deed, application_id=deed.application_id, visit_id=visit, on=on.date())
    return deed, card


def test_one_application_is_attended_on_one_day_is_all_the_database_lets_through(attended):
    """Design §10.1, R8.4: another service of it on the same day is the same visit, on another day a second one."""
    _, card = attended
    row = {"case": card, "application_id": card.application_id, "visit_id": uuid4()}
    with pytest.raises(IntegrityError, match="application_at_most_one_visit"), transaction.atomic():
        Attendance.objects.create(**row, on=noon(4).date())
    Attendance.objects.create(**row, on=noon(3).date())


def test_a_supervisor_is_asked_before_anybody_is_called_in_for_another_service_of_the_application(attended):
    """R8.7: the card's counter opens when somebody has come for the deed."""
    _, card = attended
    accept(card, noon(4))
    review(card, noon(5))
    assert open_tasks(card) == [f"{OFFICE}:exam"]
    assert task_of(card, "second_visit")
    assert not Notice.objects.filter(kind="visit_needed", case_id=card.id).exists()


def test_a_second_day_is_not_booked_before_a_supervisor_agreed(ayshe, attended):
    """R8.7: and once one has, with a reason, it is booked, kept and counted as what it is."""
    deed, card = attended
    accept(card, noon(4))
    review(card, noon(5))
    [slot, *_] = calls.visit_slots(application_id=card.application_id, now=noon(5))
    asked = {"viewer": ayshe, "application_id": card.application_id, "slot_id": slot.id, "now": noon(5)}
    with pytest.raises(visiting.SecondVisit):
        visiting.book_visit(**asked)

    supervisor = officer(OFFICE, "supervisor")
    for case in (deed, card):
        visiting.allow_second_visit(viewer=supervisor, case_id=case.id, reason="Ours.", now=noon(5))
    appointment = visiting.book_visit(**asked)
    clerk = officer(OFFICE)
    what = told(clerk, appointment, slot.starts_at)
    attending.complete_visit(viewer=clerk, appointment_id=appointment, told=what, now=slot.starts_at)

    approved = Attendance.objects.filter(case=card).values_list("exception_reason", "approved_by")
    assert list(approved) == [("Ours.", supervisor.id)]


def test_whoever_cannot_choose_a_time_yet_is_told_from_when(ayshe, both, monkeypatch):
    """R14.6: the card's office has weeks before it; the deed waits with it, and its page says so."""
    deed, _ = both
    monkeypatch.setattr(calls, "DAYS_AHEAD", 3)
    browser = Client()
    browser.force_login(Account.objects.get(id=ayshe.id))
    page = browser.get(f"/my/visits/{deed.application_id}/")
    assert page.context["ready_on"] > NOW.date()
    assert "You come once, for all of it." in page.content.decode()


# --- Everybody who comes is told -------------------------------------------------------------------------


def readers(kind):
    return set(Notice.objects.filter(kind=kind).values_list("account", flat=True))


@pytest.fixture
def deed(ayshe, bo):
    """Return a deed that Bo signs along."""
    return file(ayshe, "joint-deed", PARTNER)


def test_whoever_signs_along_is_told_when_and_where_too(ayshe, bo, deed):
    book(ayshe, deed)
    assert readers("visit_booked") == {ayshe.id, bo.id}


def test_everybody_is_reminded_once_on_the_working_day_before(ayshe, bo, deed):
    slot = calls.visit_slots(application_id=deed.application_id, now=NOW)[-1]
    booked = visiting.book_visit(viewer=ayshe, application_id=deed.application_id, slot_id=slot.id, now=NOW)

    put_off(slot.starts_at - days(4))
    assert readers("visit_reminder") == set()
    for _ in range(2):
        put_off(slot.starts_at - days(1))
    put_off(slot.starts_at)

    assert readers("visit_reminder") == {ayshe.id, bo.id}
    [letter, _] = letters("visit_reminder")
    assert letter.values["code"] == appointments.booking_code(booked)


def test_whoever_has_only_just_booked_is_not_reminded(ayshe, deed):
    tomorrow = (NOW + days(1)).date()
    times = calls.visit_slots(application_id=deed.application_id, now=NOW)
    slot = next(one for one in times if one.starts_at.date() == tomorrow)
    visiting.book_visit(viewer=ayshe, application_id=deed.application_id, slot_id=slot.id, now=NOW)
    put_off(NOW)
    assert readers("visit_reminder") == set()


def test_who_signs_along_is_told_that_the_time_is_given_back_and_who_gave_it_back_knows(ayshe, bo, deed):
    appointment, _ = book(ayshe, deed)
    visiting.cancel_visit(
        viewer=ayshe, application_id=deed.application_id, appointment_id=appointment, now=NOW
    )
    [letter] = letters("visit_cancelled")
    assert (letter.account_id, letter.values["still_needed"]) == (bo.id, True)


# --- No place has time ----------------------------------------------------------------------------------


def test_nothing_lapses_while_no_place_has_time(ayshe, prefecture):
    """R8.5: whoever could not book, for there was nothing to book, let nothing lapse; their days begin anew."""
    deed = file(ayshe, "joint-deed", PARTNER)
    last = task_until(deed, "counter")
    Centre.objects.update(is_open=False)

    put_off(noon(last.day, last.month))
    put_off(noon(last.day, last.month) + days(3))

    deed.refresh_from_db()
    assert open_tasks(deed) == [f"{OFFICE}:sign"]
    assert task_until(deed, "counter") > last + days(20)
    assert "no_time_on_offer" in [
        one.detail.get("reason") for one in Entry.objects.filter(case_id=deed.id, event="visit_put_off")
    ]


def test_who_lets_the_offered_times_pass_lets_it_lapse(ayshe, prefecture):
    """R8.5: that no place has time on the last day alone helps nobody who had weeks to choose from."""
    deed = file(ayshe, "joint-deed", PARTNER)
    last = task_until(deed, "counter")
    put_off(noon(last.day, last.month) - days(10))
    Centre.objects.update(is_open=False)

    put_off(noon(last.day, last.month))
    put_off(noon(last.day, last.month) + days(3))

    deed.refresh_from_db()
    assert (deed.state, open_tasks(deed)) == ("lapsed", [])
