"""The desk: what an office has to do, the most urgent first, and what an officer needs to do it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from services import clock
from services.cases.models import Task, TaskKind
from services.cases.queries.urgency import color_of_task, days_left
from services.cases.queries.visibility import task_for, visible_cases, visible_tasks
from services.cases.queries.visits import as_seen, counter_cases_of, counter_offices
from services.catalogue import queries as catalogue
from services.core.facts import Texts
from services.core.states import CaseState, Role
from services.evidence import queries as evidence
from services.people.queries import AccountView, names_of, names_of_persons
from services.visits import queries as visits
from services.visits.queries import AppointmentView, CentreView, NoSuchCentre

PAGE = 25


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in the queue. `version` is that of its case, on which acts are decided; `tag` also tells whose it is."""

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
    color: str
    paused: bool
    version: int
    disputed: bool
    tag: str


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


def open_counts(*, viewer: AccountView) -> Mapping[str, int]:
    """Return how many tasks of the office are open, by kind: read from the index of open tasks alone."""
    rows = visible_tasks(viewer).filter(closed_at__isnull=True).exclude(kind=TaskKind.COUNTER)
    return dict(rows.order_by().values_list("kind").annotate(Count("id")))


def task_cards(rows: Iterable[Task], viewer: AccountView) -> tuple[TaskCard, ...]:
    """Return tasks as the queue shows them."""
    found = list(rows)
    names = names_of({task.claimed_by_id for task in found if task.claimed_by_id})
    disputed = evidence.disputed_types(application_ids={task.case.application_id for task in found})
    look = Look(viewer, clock.today(), names, disputed)
    return tuple(task_card(task, look) for task in found)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at tasks, on which day, and what was read for it: names of accounts, and disputes by application."""

    viewer: AccountView
    on: date
    names: Mapping[UUID, str]
    disputed: Mapping[UUID, Collection[str]]


def task_card(task: Task, look: Look) -> TaskCard:
    """Return the task, which has been read with its case, as the queue shows it."""
    definition = catalogue.definition(task.case.service_version_id)
    disputed = look.disputed.get(task.case.application_id, ())
    step, left = definition.step.get(task.step), days_left(look.on, task.due_on)
    paused = task.case.state == CaseState.PAUSED
    return TaskCard(
        id=task.id, case_id=task.case_id, case_number=task.case.number, kind=task.kind, step=task.step,
        step_name=step.name if step else {}, service=definition.code, service_name=definition.name,
        organisation=task.organisation, due_on=task.due_on, days_left=left,
        claimed_by=look.names.get(task.claimed_by_id, "") if task.claimed_by_id else "",
        mine=task.claimed_by_id == look.viewer.id, opened_at=task.opened_at,
        closed=task.closed_at is not None, outcome=task.outcome, color=color_of_task(left, paused=paused),
        paused=paused, version=task.case.version, tag=task_tag(task),
        disputed=any(kind in definition.evidence_types for kind in disputed),
    )  # fmt: skip


def task_tag(task: Task) -> str:
    """Return what tells a task that was claimed, given back or acted on from what it was before."""
    version = task.case.version
    return f"{version}.{task.claimed_by_id.hex[:12]}" if task.claimed_by_id else str(version)


def task(*, viewer: AccountView, task_id: UUID) -> TaskCard:
    """Return the task.

    :raises NoSuchTask: if there is none, or it is another office's.
    """
    found = task_for(viewer, task_id)
    return task_cards([Task.objects.select_related("case").get(id=found.id)], viewer)[0]


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who is expected at a centre, and everything their visit is for."""

    appointment: AppointmentView
    name: str = field(repr=False)
    cases: tuple[tuple[UUID, str, Texts], ...] = field(hash=False)


def arrivals(*, viewer: AccountView, centre: str, day: date) -> tuple[Arrival, ...]:
    """Return whom the officer's office receives at the centre on the day, in order, with what their visit must finish.

    Officers who sit at the centre receive everybody (R6.1), those of another office only who comes to their office.

    :raises NoSuchCentre: if there is none, or the office has no part in it.
    """
    if not viewer.role.is_staff:
        raise NoSuchCentre()
    booked = visits.received_on(organisation=viewer.organisation, centre=centre, day=day)
    sits_there = viewer.organisation in visits.centre(code=centre).offices
    return arrivals_of(
        [as_seen(viewer, one) for one in booked], office="" if sits_there else viewer.organisation
    )


def centres_of(*, viewer: AccountView) -> tuple[CentreView, ...]:
    """Return the open centres at which the officer's office sits, or where its matters are served."""
    return visits.centres_for(organisation=viewer.organisation) if viewer.role.is_staff else ()


def arrivals_of(booked: Sequence[AppointmentView], *, office: str = "") -> tuple[Arrival, ...]:
    """Return appointments with the person's name and the cases they are for, in a constant number of queries.

    With an `office`: only the cases in which somebody attends for it.
    """
    cases = counter_cases_of([code for one in booked for code in one.application_ids])
    names = names_of_persons([one.person_id for one in booked])
    return tuple(
        Arrival(
            appointment=one,
            name=names.get(one.person_id, ""),
            cases=tuple(
                (case.id, case.number, catalogue.definition(case.service_version_id).name)
                for code in one.application_ids
                for case in cases.get(code, ())
                if not office or office in counter_offices(case)
            ),
        )
        for one in booked
    )


@dataclass(frozen=True, slots=True)
class SetAside:
    """A case that no worker can move, and why."""

    id: UUID
    number: str
    service: str
    service_name: Texts = field(hash=False)
    state: str
    received_on: date
    reason: str


def set_aside(*, viewer: AccountView) -> tuple[SetAside, ...]:
    """Return the cases of the office that no worker can move, the oldest first; a supervisor owns them."""
    if viewer.role is not Role.SUPERVISOR:
        return ()
    rows = visible_cases(viewer).exclude(needs_attention="").order_by("received_at", "id")[:PAGE]
    return tuple(
        SetAside(
            id=case.id, number=case.number, service=case.service,
            service_name=catalogue.definition(case.service_version_id).name, state=case.state,
            received_on=case.received_on, reason=case.needs_attention,
        )
        for case in rows
    )  # fmt: skip
