"""The desk: what an office has to do, the most urgent first, and what an officer needs to do it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from services import clock
from services.cases.models import Case, Task, TaskKind
from services.cases.queries.visibility import case_for, task_for, visible_cases, visible_tasks
from services.cases.queries.visits import open_counter_cases
from services.catalogue import queries as catalogue
from services.core.facts import Holder, Texts
from services.core.states import Role
from services.ledger.actions import Actor, NewReading, record_readings
from services.people.queries import AccountView, holder_name, names_of
from services.visits import queries as visits
from services.visits.queries import AppointmentView

PAGE = 25


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in the queue."""

    id: UUID
    case_id: UUID
    case_number: str
    kind: str
    step: str
    step_name: Texts = field(hash=False)
    service: str
    service_name: Texts = field(hash=False)
    organisation: str
    due_on: date
    days_left: int
    claimed_by: str
    mine: bool
    opened_at: datetime
    closed: bool
    outcome: str


def tasks(
    *, viewer: AccountView, kind: str = "", mine: bool = False, after: str = "", limit: int = PAGE
) -> tuple[TaskCard, ...]:
    """Return a page of the open tasks of the officer's office, soonest due first.

    Counter tasks are not in it: they are done when the applicant comes (`arrivals`). `after`: id of the last seen.
    """
    rows = visible_tasks(viewer).filter(closed_at__isnull=True).exclude(kind=TaskKind.COUNTER)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(claimed_by_id=viewer.id) if mine else rows
    last = visible_tasks(viewer).filter(id=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(due_on__gt=last.due_on) | Q(due_on=last.due_on, id__gt=last.id))
    rows = rows.select_related("case").order_by("due_on", "id")[:limit]
    return task_cards(rows, viewer)


def task_cards(rows: Iterable[Task], viewer: AccountView) -> tuple[TaskCard, ...]:
    """Return tasks as the queue shows them."""
    found, today = list(rows), clock.today()
    names = names_of({task.claimed_by_id for task in found if task.claimed_by_id})
    return tuple(_card(task, names.get(task.claimed_by_id, ""), viewer, today) for task in found)


def _card(task: Task, claimed_by: str, viewer: AccountView, today: date) -> TaskCard:
    definition = catalogue.definition(task.case.service_version_id)
    step = definition.step.get(task.step)
    return TaskCard(
        id=task.id, case_id=task.case_id, case_number=task.case.number, kind=task.kind, step=task.step,
        step_name=step.name if step else {}, service=definition.code, service_name=definition.name,
        organisation=task.organisation, due_on=task.due_on, days_left=_working_days(today, task.due_on),
        claimed_by=claimed_by, mine=task.claimed_by_id == viewer.id, opened_at=task.opened_at,
        closed=task.closed_at is not None, outcome=task.outcome,
    )  # fmt: skip


def _working_days(today: date, due: date) -> int:
    """Return the working days left, negative when overdue."""
    calendar = clock.calendar().presuming()
    first, last = min(today, due), max(today, due)
    days = sum(calendar.is_working(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))
    return days if due >= today else -days


def task(*, viewer: AccountView, task_id: UUID) -> TaskCard:
    """Return the task.

    :raises NoSuchTask: if there is none, or it is another office's.
    """
    found = task_for(viewer, task_id)
    return task_cards([Task.objects.select_related("case").get(id=found.id)], viewer)[0]


def tasks_of_case(*, viewer: AccountView, case_id: UUID) -> tuple[TaskCard, ...]:
    """Return the open tasks of a case that the officer's office has."""
    found = case_for(viewer, case_id)
    rows = visible_tasks(viewer).filter(case=found, closed_at__isnull=True).select_related("case")
    return task_cards(rows.order_by("due_on"), viewer)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who is expected at a centre, and everything their visit is for."""

    appointment: AppointmentView
    name: str = field(repr=False)
    cases: tuple[tuple[UUID, str, Texts], ...] = field(hash=False)


def arrivals(*, viewer: AccountView, centre: str, day: date) -> tuple[Arrival, ...]:
    """Return who is expected at the centre on the day, in order, with what their visit must finish."""
    if not viewer.role.is_staff:
        return ()
    return tuple(arrival(one) for one in visits.day_list(centre=centre, day=day))


def arrival(one: AppointmentView) -> Arrival:
    """Return an appointment with the person's name and the cases it is for."""
    cases = tuple(
        (case.id, case.number, catalogue.definition(case.service_version_id).name)
        for case in open_counter_cases(one.application_id)
    )
    return Arrival(one, holder_name(Holder("person", one.person_id)), cases)


def set_aside(*, viewer: AccountView) -> tuple[Case, ...]:
    """Return the cases of the office that no worker can move; a supervisor owns them."""
    if viewer.role is not Role.SUPERVISOR:
        return ()
    return tuple(visible_cases(viewer).exclude(needs_attention="").order_by("received_at")[:PAGE])


def note_reading(
    *, viewer: AccountView, case_id: UUID, purpose: str, fields: list[str], now: datetime
) -> None:
    """Record that an officer reads the case's personal data, for the person it is about to see (R15.6)."""
    found = case_for(viewer, case_id)
    application = found.application
    holders = [Holder("person", application.person_id)] if application.person_id else []
    holders += [Holder("business", application.business_id)] if application.business_id else []
    actor = Actor(viewer.id, viewer.role, viewer.display_name)
    rows = [
        NewReading(
            at=now, actor=actor, organisation=viewer.organisation, holder=holder, matter_kind="case",
            matter_id=found.id, purpose=purpose, fields=fields or ["case"], source="portal",
        )
        for holder in holders
    ]  # fmt: skip
    record_readings(rows=rows)
