"""Letters about an appointment: to whoever stands for the application, and to everybody who comes along to sign."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cases.actions.letters import application_letter
from services.cases.models import Application, Case
from services.cases.queries.calls import awaited_people
from services.cases.queries.visits import open_counter_cases
from services.core.facts import Holder
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people.queries import accounts_of
from services.visits import queries as appointments
from services.visits.queries import AppointmentView


def tell_of_visit(
    application: Application, booked: AppointmentView, kind: NoticeKind, *, now: datetime, **values: object
) -> None:
    """Send the letter to everybody who is awaited for this application, whatever else the appointment is for.

    Every letter says where and when; `values` is what its kind says beside it.
    """
    cases = open_counter_cases([application.id])
    if cases:
        letter = _letter(application, booked, kind, cases[0].organisation, **values)
        notify(rows=[letter, *_to(_along(cases), letter)], now=now)


def tell_others_of_end(cases: Iterable[Case], booked: AppointmentView, by: UUID, *, now: datetime) -> None:
    """Tell everybody who was to come that the time was given back; whoever gave it back (`by`) knows."""
    letters: list[NewNotice] = []
    by_application: dict[UUID, list[Case]] = {}
    for case in cases:
        by_application.setdefault(case.application_id, []).append(case)
    for own in by_application.values():
        letter = _letter(
            own[0].application, booked, NoticeKind.VISIT_CANCELLED, own[0].organisation, still_needed=True
        )
        letters += [letter] if own[0].application.account_id != by else []
        letters += _to(_along(own), letter)
    notify(rows=letters, now=now)


def _letter(
    application: Application, booked: AppointmentView, kind: NoticeKind, organisation: str, **values: object
) -> NewNotice:
    place = appointments.centre(code=booked.centre)
    told = {
        "centre": dict(place.name),
        "address": dict(place.address),
        "starts_at": booked.starts_at.isoformat(),
    }
    return application_letter(application, kind, organisation, **told, **values)


def _along(cases: Iterable[Case]) -> set[UUID]:
    """Return the accounts of those who sign at the counter beside the applicant."""
    people = {
        person for case in cases for person in awaited_people(case) if person != case.application.person_id
    }
    return {account for person in people for account in accounts_of(Holder("person", person))}


def _to(accounts: Iterable[UUID], letter: NewNotice) -> Iterator[NewNotice]:
    for account in sorted(accounts):
        yield replace(letter, account_id=account, business_id=None, person_id=None)
