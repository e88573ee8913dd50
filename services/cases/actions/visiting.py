"""The one visit: book it for every counter step of the application, move or cancel it, keep it, miss it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.attending import NotYourDesk, NoVisitNeeded, VisitTold, complete_visit
from services.cases.actions.claiming import actor_of
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.missing import miss_visit
from services.cases.actions.second_visits import (
    SecondVisit,
    allow_second_visit,
    ask_for_second_visits,
    unagreed,
)
from services.cases.actions.turns import save_turns
from services.cases.actions.visit_letters import tell_of_visit, tell_others_of_end
from services.cases.models import Application, Case
from services.cases.queries.calls import DAYS_AHEAD, JointVisit, joint_visit
from services.cases.queries.casefiles import case_files
from services.cases.queries.visibility import application_for, check_mandate
from services.cases.queries.visits import open_counter_cases
from services.cases.turn import Act, turn_case
from services.core.acting import Done
from services.core.composer import joint_days
from services.core.mandates import Deed
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.actions import AppointmentOver, NoSuchAppointment, SlotTaken, Visitor

__all__ = [
    "NoVisitNeeded",
    "NotYourDesk",
    "SecondVisit",
    "VisitTold",
    "allow_second_visit",
    "book_visit",
    "cancel_visit",
    "complete_visit",
    "expect_appointment",
    "miss_visit",
    "move_visit",
    "note_visit_help",
]


def book_visit(*, viewer: AccountView, application_id: UUID, slot_id: str, now: datetime) -> UUID:
    """Book one appointment for everything its applicant is awaited for (`joint_visit`); return the appointment.

    What was booked before for applications that join is given up for it: everything is done in one visit.

    :raises NoVisitNeeded: if no counter step is open in this application.
    :raises SecondVisit: if somebody came in for it before and no supervisor has agreed (R8.7); they are asked then.
    :raises services.visits.actions.SlotTaken, AlreadyBooked, ElsewhereThen:
    """
    with _asking_before_a_second(application_id, slot_id, now):
        return _book_first(viewer, application_id, slot_id, now)


@contextmanager
def _asking_before_a_second(application_id: UUID, slot_id: str, now: datetime) -> Iterator[None]:
    """Ask the supervisors where the time would be a second visit's; the refusal stands (R8.7)."""
    try:
        yield
    except SecondVisit:
        named = appointments.read_slot_id(slot_id)
        cases = open_counter_cases([application_id])
        ask_for_second_visits(cases=cases, on=named[1] if named else None, now=now)
        raise


@transaction.atomic
def _book_first(viewer: AccountView, application_id: UUID, slot_id: str, now: datetime) -> UUID:
    application = _own(viewer, application_id)
    held = _hold(viewer, application, (), now)
    if not appointments.booked_for(application_ids=[application.id]):
        for one in held[0].instead_of:
            visits.cancel_appointment(appointment_id=one, now=now)
    return _book(viewer, application, held, slot_id, "visit_booked", now)


def _own(viewer: AccountView, application_id: UUID) -> Application:
    """Return the application whose visit the account arranges: its own, or one of whom it represents (R11.2)."""
    application = application_for(viewer, application_id)
    check_mandate(viewer, application, Deed.BOOK)
    return application


def _hold(
    viewer: AccountView, application: Application, booked_with: Collection[UUID], now: datetime
) -> tuple[JointVisit, list[Case]]:
    """Return the visit, and the cases awaited at a counter, which nobody else changes until the transaction ends.

    Everything is held in one order, what it was booked with too; what joins in between has the visitor look again.
    """
    before = joint_visit(application.id, now=now, viewer=viewer)
    ids = {application.id, *booked_with, *(before.application_ids if before else ())}
    cases = _held(ids)
    visit = joint_visit(application.id, now=now, viewer=viewer)
    if visit is None or application.person_id is None:
        raise NoVisitNeeded
    if not ids.issuperset(visit.application_ids):
        raise SlotTaken
    return visit, cases


def _held(application_ids: Collection[UUID]) -> list[Case]:
    """Return the cases of the applications that are awaited at a counter, locked: the applications first, each by id.

    The cases before the appointment, as every act on a visit does it: two that meet then wait in one order.
    """
    rows = Application.objects.filter(id__in=application_ids).order_by("id")
    list(rows.select_for_update(of=("self",)).values_list("id"))
    return open_counter_cases(application_ids, lock=True)


def _book(
    viewer: AccountView,
    application: Application,
    held: tuple[JointVisit, list[Case]],
    slot_id: str,
    event: str,
    now: datetime,
) -> UUID:
    visit, cases = held
    served = [case for case in cases if case.application_id in visit.application_ids]
    day = _check_day(visit, slot_id, now)
    if unagreed(served, on=day):
        raise SecondVisit
    visitor = Visitor(visit.application_ids, viewer.id, application.person_id, along=visit.people)
    needs = [call.need for call in visit.calls]
    found = visits.book_appointment(visitor=visitor, needs=needs, slot_id=slot_id, now=now)
    _note(served, viewer, event, {"appointment": str(found)}, now)
    note_acted(viewer, application, Done.BOOKED, now=now)
    booked = _appointment(application.id, found)
    code = appointments.booking_code(booked.id)
    tell_of_visit(application, booked, NoticeKind.VISIT_BOOKED, now=now, code=code)
    return found


def _check_day(visit: JointVisit, slot_id: str, now: datetime) -> date:
    """Return the day of the slot, on which all that the visit is for is expected to be ready, and none too late."""
    named = appointments.read_slot_id(slot_id)
    days = joint_days(visit.calls, clock.legal_day(now), DAYS_AHEAD)
    if named is None or named[1] not in days:
        raise SlotTaken
    return named[1]


def _appointment(application_id: UUID, appointment_id: UUID) -> appointments.AppointmentView:
    for one in appointments.appointments_of(application_ids=[application_id]):
        if one.id == appointment_id:
            return one
    raise NoSuchAppointment


def move_visit(
    *, viewer: AccountView, application_id: UUID, appointment_id: UUID, slot_id: str, now: datetime
) -> UUID:
    """Take another time for the visit, and return the new appointment; the old one stays if it cannot be had.

    Who did not arrange it takes another time for this application alone.

    :raises NoVisitNeeded: if nobody is awaited at a counter any more.
    :raises SecondVisit: as in `book_visit`.
    :raises services.visits.actions.NoSuchAppointment, AppointmentOver, SlotTaken, ElsewhereThen:
    """
    with _asking_before_a_second(application_id, slot_id, now):
        return _move(viewer, application_id, appointment_id, slot_id, now)


@transaction.atomic
def _move(
    viewer: AccountView, application_id: UUID, appointment_id: UUID, slot_id: str, now: datetime
) -> UUID:
    application = _own(viewer, application_id)
    booked = _open_appointment(application.id, appointment_id)
    visit, cases = _hold(viewer, application, booked.application_ids, now)
    _give_up(viewer, application, booked, visit.application_ids, cases, now)
    for one in set(visit.instead_of) - {booked.id}:
        visits.cancel_appointment(appointment_id=one, now=now)
    moved = _book(viewer, application, (visit, cases), slot_id, "visit_moved", now)
    # Nobody says twice what they need.
    visits.note_help(appointment_id=moved, language=booked.language, help_wanted=booked.help)
    return moved


@transaction.atomic
def note_visit_help(
    *,
    viewer: AccountView,
    application_id: UUID,
    appointment_id: UUID,
    language: str,
    help_wanted: Collection[str],
) -> None:
    """Keep what language whoever comes speaks, and what help they need at the place (R6.8); what stood before goes.

    It is told to whoever receives them, and forgotten when they have come.

    :raises services.visits.actions.UnknownHelp, NoSuchAppointment, AppointmentOver:
    """
    application = _own(viewer, application_id)
    booked = _open_appointment(application.id, appointment_id)
    visits.note_help(appointment_id=booked.id, language=language, help_wanted=help_wanted)
    note_acted(viewer, application, Done.NEEDS_TOLD, now=clock.now())


@transaction.atomic
def cancel_visit(*, viewer: AccountView, application_id: UUID, appointment_id: UUID, now: datetime) -> None:
    """Give the time back; another can be booked while the case waits.

    Who did not arrange it takes this application alone out of it.

    :raises services.visits.actions.NoSuchAppointment, AppointmentOver:
    """
    application = _own(viewer, application_id)
    booked = _appointment(application.id, appointment_id)
    if booked.status == "cancelled":
        return
    booked = _open_appointment(application.id, appointment_id)
    _give_up(viewer, application, booked, (), _held(booked.application_ids), now)
    note_acted(viewer, application, Done.CANCELLED, now=now)


def _open_appointment(application_id: UUID, appointment_id: UUID) -> appointments.AppointmentView:
    booked = _appointment(application_id, appointment_id)
    if booked.status != "booked":
        raise AppointmentOver(status=booked.status)
    return booked


def _give_up(
    viewer: AccountView,
    application: Application,
    booked: appointments.AppointmentView,
    moving: Collection[UUID],
    cases: Sequence[Case],
    now: datetime,
) -> None:
    """Give the appointment back, in the ledger of every case that has no time now; who else is awaited is told."""
    if booked.account_id != viewer.id and len(booked.application_ids) > 1:
        visits.leave_appointment(appointment_id=booked.id, application_id=application.id, now=now)
        given_up = {application.id}
    else:
        visits.cancel_appointment(appointment_id=booked.id, now=now)
        given_up = set(booked.application_ids)
    left = [case for case in cases if case.application_id in given_up.difference(moving)]
    _note(left, viewer, "visit_cancelled", {"appointment": str(booked.id)}, now)
    tell_others_of_end(left, booked, viewer.id, now=now)


def expect_appointment(*, viewer: AccountView, application_id: UUID, version: int) -> None:
    """Hold the application, if what is booked for it is at this version, until the caller's transaction ends.

    :raises NoSuchApplication:
    :raises ChangedMeanwhile: if it was moved, cancelled, kept or missed since then.
    """
    application = application_for(viewer, application_id, lock=True)
    known = appointments.appointments_of(application_ids=[application.id])
    if known and max(one.version for one in known) != version:
        raise ChangedMeanwhile


def _note(
    cases: Sequence[Case], viewer: AccountView, event: str, detail: Mapping[str, object], now: datetime
) -> None:
    """Write into the ledger of every case that the visit is for."""
    files = case_files(cases, on=clock.legal_day(now))
    turns = [turn_case(case, files[case.id], Act(actor_of(viewer), event, detail)) for case in cases]
    save_turns(turns, now=now)
