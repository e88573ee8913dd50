"""Somebody comes to a centre: by booking, unasked, or with a question; each gets a ticket (R6.5, R6.7, R6.8).

Whatever can be done for them today joins this one visit, whichever of their applications it belongs to (R8.4).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import case_letter
from services.cases.actions.reading import note_arrival, note_found
from services.cases.actions.turns import save_turns
from services.cases.queries.at_counter import Here, feasible_here, needs_of
from services.cases.queries.casefiles import case_files
from services.cases.queries.visits import NotYourDesk, booked_at_desk, open_counter_cases
from services.cases.turn import Act, turn_case
from services.core.refusal import Kind, Refusal
from services.ledger import looking
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people import queries as people
from services.people.queries import AccountView
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.actions import AppointmentOver, DayNotCome, DayOver, NoSuchCentre, Visitor, Wish
from services.visits.queries import AppointmentView


class NothingForThemToday(Refusal):
    """There is no case of this person that can be served here now."""

    code = "nothing_for_them_today"
    kind = Kind.CONFLICT
    sentence = (
        "Nothing of this person can be finished here today. Give them a ticket for a question, or begin an "
        "application."
    )


class NoBookingByThisCode(Refusal):
    """The code is of another day or place, or mistyped."""

    code = "no_booking_by_this_code"
    kind = Kind.MISSING
    sentence = (
        "There is no booking with this code here today. Compare it with the letter, or look for the name in "
        "the list."
    )


@dataclass(frozen=True, slots=True)
class Document:
    """What somebody shows at the reception: which document, and its number in full; it is kept nowhere."""

    kind: str
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Comer:
    """Where somebody came to, the language they speak, and what help they need while they are here."""

    centre: str
    language: str = ""
    help: Collection[str] = ()


@looking.unseen()
@transaction.atomic
def receive(*, viewer: AccountView, appointment_id: UUID, comer: Comer, now: datetime) -> UUID:
    """Give a ticket to somebody who booked, and return it; what else can be done for them today joins. Once is enough.

    :raises NotYourDesk: if there is no such appointment at this centre, or it is for another desk.
    :raises DayNotCome, DayOver: on another day.
    :raises AppointmentOver: if it was cancelled, missed, or served already.
    """
    booked = booked_at_desk(viewer, appointment_id)
    if booked.centre != comer.centre:
        raise NotYourDesk
    _check_ahead(booked, now)
    _join_unbooked(booked, now)
    return _give(viewer, comer, now, appointment_id)


@transaction.atomic
def receive_by_code(*, viewer: AccountView, code: str, comer: Comer, now: datetime) -> UUID:
    """Give a ticket to whoever shows the code of a booking for today at this centre, and return it.

    :raises NoBookingByThisCode: whatever is wrong with it.
    :raises AppointmentOver: if it was missed, or served already.
    """
    day = clock.legal_day(now)
    found = appointments.with_code(centre=comer.centre, day=day, code=code)
    if found is None or not viewer.role.is_staff:
        raise NoBookingByThisCode
    return receive(viewer=viewer, appointment_id=found.id, comer=comer, now=now)


@looking.unseen()
def receive_walk_in(
    *, viewer: AccountView, documents: Sequence[Document], comer: Comer, now: datetime
) -> UUID:
    """Give a ticket to somebody who comes unasked and shows a document, for all that can be done today; return it.

    `documents`: theirs first, then those of whoever has come along to sign.

    Whoever has booked for today, or is to sign with somebody who has, comes by that booking. What they booked for
    another day is done today if it can be; that time is given back once they are at a window. That they were looked up
    is on record (R15.6).

    :raises NoSuchCentre: if the officer's office does not sit there.
    :raises NothingForThemToday: if nothing can be finished here today, or nobody is known by the document.
    """
    _check_sits_there(viewer, comer.centre)
    shown = [people.person_with(document_kind=one.kind, number=one.number) for one in documents]
    if not shown or shown[0] is None:
        raise NothingForThemToday
    here = Here(shown[0], comer.centre, tuple(one for one in shown[1:] if one))
    given = _received_unasked(viewer, here, comer, now)
    if given is None:
        note_found(viewer=viewer, person_id=here.person_id, now=now)
        raise NothingForThemToday
    return given


def receive_question(*, viewer: AccountView, comer: Comer, now: datetime) -> UUID:
    """Give a ticket to somebody with a question, or who wants to apply here; nobody asks who they are (R6.5, R8.3).

    :raises services.visits.actions.OnlyAtTheDesk:
    :raises NoSuchCentre: if the officer's office does not sit there.
    """
    _check_sits_there(viewer, comer.centre)
    return _give(viewer, comer, now, None)


def _check_sits_there(viewer: AccountView, centre: str) -> None:
    if not viewer.role.is_staff or viewer.organisation not in appointments.centre(code=centre).offices:
        raise NoSuchCentre()


@looking.unseen()
def join_others(viewer: AccountView, booked: AppointmentView, now: datetime) -> None:
    """Let everything else that can be done whole now join the visit of somebody who is at a window.

    What was booked for another time is given back for it, unless others are to come along to that.
    """
    here = Here(booked.person_id, booked.centre, booked.people[1:])
    mine = set(booked.application_ids)
    found = feasible_here(here, now=now).keys() | mine
    elsewhere = _elsewhere(found, booked)
    for one in elsewhere:
        if _gives_way(one, found, here):
            _give_back(viewer, one, now)
    kept = {code for one in elsewhere for code in one.application_ids if not _gives_way(one, found, here)}
    visits.join_appointment(appointment_id=booked.id, application_ids=sorted(found - mine - kept), now=now)


def _join_unbooked(booked: AppointmentView, now: datetime) -> None:
    """Let what nothing is booked for join the visit of somebody who has come; a time is kept until they are served."""
    here = Here(booked.person_id, booked.centre, booked.people[1:])
    found = feasible_here(here, now=now).keys() - set(booked.application_ids)
    kept = {code for one in _elsewhere(found, booked) for code in one.application_ids}
    visits.join_appointment(appointment_id=booked.id, application_ids=sorted(found - kept), now=now)


def _elsewhere(application_ids: Collection[UUID], booked: AppointmentView) -> list[AppointmentView]:
    return [one for one in appointments.booked_for(application_ids=application_ids) if one.id != booked.id]


def _gives_way(one: AppointmentView, others: Collection[UUID], here: Here) -> bool:
    return set(one.application_ids) <= set(others) and {str(each) for each in one.people} <= here.people


def _give_back(viewer: AccountView, booked: AppointmentView, now: datetime) -> None:
    cases = open_counter_cases(booked.application_ids, lock=True)
    visits.cancel_appointment(appointment_id=booked.id, now=now)
    files = case_files(cases, on=clock.legal_day(now))
    act = Act(actor_of(viewer), "visit_cancelled", {"appointment": str(booked.id)})
    save_turns([turn_case(case, files[case.id], act) for case in cases], now=now)
    place = appointments.centre(code=booked.centre)
    told = {"centre": dict(place.name), "starts_at": booked.starts_at.isoformat()}
    # One letter for each application: whoever reads it need not come again, and need not wonder.
    first = {case.application_id: case for case in reversed(cases)}.values()
    notify(rows=[case_letter(case, NoticeKind.VISIT_CANCELLED, **told) for case in first], now=now)


def _check_ahead(booked: AppointmentView, now: datetime) -> None:
    today, day = clock.legal_day(now), clock.legal_day(booked.starts_at)
    if not booked.ahead:
        raise AppointmentOver(status=booked.status)
    if day != today:
        raise (DayNotCome if today < day else DayOver)(day=day.isoformat())


@transaction.atomic
def _received_unasked(viewer: AccountView, here: Here, comer: Comer, now: datetime) -> UUID | None:
    booked = _booked_today(here, now) or _taken_in(here, now)
    if booked is None:
        return None
    note_arrival(viewer=viewer, booked=booked, now=now)
    return receive(viewer=viewer, appointment_id=booked.id, comer=comer, now=now)


def _booked_today(here: Here, now: datetime) -> AppointmentView | None:
    today = appointments.day_list(centre=here.centre, day=clock.legal_day(now))
    ahead = [one for one in today if here.person_id in one.people and one.ahead]
    # Their own before one that they only sign at.
    return min(ahead, key=lambda one: one.person_id != here.person_id, default=None)


def _taken_in(here: Here, now: datetime) -> AppointmentView | None:
    """Return what stands for the visit of somebody who comes unasked; None if nothing can be done for them.

    What they booked for another time stands until they are served: they may tire, or nobody may come to serve them.
    """
    found = feasible_here(here, now=now)
    booked = appointments.booked_for(application_ids=found)
    kept = {code for one in booked for code in one.application_ids if not _gives_way(one, found, here)}
    mine = sorted(found.keys() - kept)
    if not mine:
        return None
    visitor = Visitor(tuple(mine), found[mine[0]], here.person_id, along=here.along)
    minutes = sum(need.minutes for _, need in needs_of(mine))
    made = visits.open_appointment(
        visitor=visitor, centre=here.centre, minutes=minutes, now=now,
        elsewhere={code for one in booked for code in one.application_ids},
    )  # fmt: skip
    return appointments.appointment(appointment_id=made)


def _give(viewer: AccountView, comer: Comer, now: datetime, appointment_id: UUID | None) -> UUID:
    booked = appointments.appointment(appointment_id=appointment_id) if appointment_id else None
    needs = needs_of(booked.application_ids) if booked else ()
    # What they said when they booked holds, unless they say something else now.
    language = comer.language or (booked.language if booked else "")
    wish = Wish(needs=needs, language=language, help=comer.help)
    return visits.give_ticket(
        centre=comer.centre, wish=wish, clerk=actor_of(viewer), now=now, appointment_id=appointment_id
    )
