"""The one visit: book it for every counter step of the application, move or cancel it, keep it, miss it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.attending import NotYourDesk, NoVisitNeeded, complete_visit, miss_visit
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import application_letter
from services.cases.actions.second_visits import SecondVisit, allow_second_visit, unagreed
from services.cases.actions.turns import save_turns
from services.cases.models import Application
from services.cases.queries.casefiles import case_files
from services.cases.queries.visibility import application_for
from services.cases.queries.visits import open_counter_cases, visit_needs
from services.cases.turn import Act, turn_case
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.actions import NoSuchAppointment, Visitor

__all__ = [
    "NoVisitNeeded",
    "NotYourDesk",
    "SecondVisit",
    "allow_second_visit",
    "book_visit",
    "cancel_visit",
    "complete_visit",
    "miss_visit",
    "move_visit",
]


@transaction.atomic
def book_visit(*, viewer: AccountView, application_id: UUID, slot_id: str, now: datetime) -> UUID:
    """Book one appointment for all counter steps that are open in the application; return the appointment.

    :raises NoVisitNeeded: if none is open.
    :raises SecondVisit: if one of them was attended before and no supervisor has agreed (R8.7).
    :raises services.visits.actions.SlotTaken, AlreadyBooked, ElsewhereThen:
    """
    application = application_for(viewer, application_id, lock=True)
    needs = visit_needs(application.id)
    if not needs or application.person_id is None:
        raise NoVisitNeeded
    if unagreed(open_counter_cases(application.id)):
        raise SecondVisit
    visitor = Visitor(application_id=application.id, account_id=viewer.id, person_id=application.person_id)
    found = visits.book_appointment(visitor=visitor, needs=needs, slot_id=slot_id, now=now)
    _note(application, viewer, "visit_booked", {"appointment": str(found)}, now)
    _confirm(application, found, now)
    return found


def _confirm(application: Application, appointment_id: UUID, now: datetime) -> None:
    booked = _appointment(application.id, appointment_id)
    lead = open_counter_cases(application.id)[0].organisation
    letter = application_letter(
        application,
        NoticeKind.VISIT_BOOKED,
        lead,
        centre=booked.centre,
        starts_at=booked.starts_at.isoformat(),
    )
    notify(rows=[letter], now=now)


def _appointment(application_id: UUID, appointment_id: UUID) -> appointments.AppointmentView:
    for one in appointments.appointments_of(application_ids=[application_id]):
        if one.id == appointment_id:
            return one
    raise NoSuchAppointment


@transaction.atomic
def move_visit(
    *, viewer: AccountView, application_id: UUID, appointment_id: UUID, slot_id: str, now: datetime
) -> UUID:
    """Take another time for the same visit; the old one stays if the new one cannot be had."""
    application = application_for(viewer, application_id, lock=True)
    _appointment(application.id, appointment_id)
    moved = visits.move_appointment(appointment_id=appointment_id, slot_id=slot_id, now=now)
    _note(application, viewer, "visit_moved", {"appointment": str(moved)}, now)
    _confirm(application, moved, now)
    return moved


@transaction.atomic
def cancel_visit(*, viewer: AccountView, application_id: UUID, appointment_id: UUID, now: datetime) -> None:
    """Give the time back; another can be booked while the case waits."""
    application = application_for(viewer, application_id, lock=True)
    _appointment(application.id, appointment_id)
    visits.cancel_appointment(appointment_id=appointment_id, now=now)
    _note(application, viewer, "visit_cancelled", {"appointment": str(appointment_id)}, now)


def _note(
    application: Application, viewer: AccountView, event: str, detail: Mapping[str, object], now: datetime
) -> None:
    """Write into the ledger of every case that the visit is for."""
    cases = open_counter_cases(application.id, lock=True)
    files = case_files(cases, on=clock.legal_day(now))
    turns = [turn_case(case, files[case.id], Act(actor_of(viewer), event, detail)) for case in cases]
    save_turns(turns, now=now)
