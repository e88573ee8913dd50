"""A second visit: nobody is called in again before a supervisor has agreed and said why (R8.7)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.claiming import OpenTask, end_task, open_task
from services.cases.actions.letters import case_letter
from services.cases.models import Attendance, Case, Task, TaskKind
from services.cases.queries.casefiles import law
from services.cases.queries.trips import attended_before
from services.cases.queries.visibility import case_for
from services.cases.queries.visits import open_counter_step
from services.core.acts import NothingToDo
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.ledger import looking
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView
from services.visits import queries as visits

ALLOWED = "second_visit_allowed"
LONGEST_REASON = 200
# The supervisor's time to look, in working days.
DAYS_TO_LOOK = 1


class SecondVisit(Refusal):
    """The application was attended already; a supervisor decides before anybody is called in again (R8.7)."""

    code = "second_visit"
    kind = Kind.CONFLICT
    sentence = (
        "Somebody has come in for this application already. "
        "A supervisor has to agree before anybody is asked to come again."
    )


class SupervisorsOnly(Refusal):
    """Only a supervisor agrees to a second visit, or puts back what was set aside."""

    code = "supervisors_only"
    kind = Kind.FORBIDDEN
    sentence = "Only a supervisor can do this."


class SayWhy(Refusal):
    """Second visits are counted in public, each with its reason."""

    code = "say_why"
    sentence = "Say in at most {most} characters why this person has to come a second time."


def check_supervisor(viewer: AccountView) -> None:
    """Do nothing if the account is a supervisor's.

    :raises SupervisorsOnly: otherwise.
    """
    if viewer.role is not Role.SUPERVISOR:
        raise SupervisorsOnly


@transaction.atomic
def ask_for_second_visits(*, cases: Iterable[Case], on: date | None = None, now: datetime) -> None:
    """Open a task for the supervisors of each case whose visit would be a second one and has no consent (R8.7).

    `on`: the day on which somebody would come, if not today. Once is enough.
    """
    due = law().working_days(clock.legal_day(now), DAYS_TO_LOOK)
    tasks = [
        Task(
            case=case, kind=TaskKind.SECOND_VISIT, step=_step_code(case), organisation=case.organisation,
            opened_at=now, due_on=due,
        )
        for case in unagreed(list(cases), on=on or clock.legal_day(now))
    ]  # fmt: skip
    Task.objects.bulk_create(tasks, ignore_conflicts=True)


@looking.unseen()
@transaction.atomic
def allow_second_visit(*, viewer: AccountView, case_id: UUID, reason: str, now: datetime) -> None:
    """Agree that the person comes once more, for a recorded reason, and call them in; counted in public (R8.7).

    :raises SupervisorsOnly: for anybody but a supervisor of the office that leads the case.
    :raises SayWhy: without a reason.
    :raises services.core.acts.NothingToDo: if no second visit is asked for.
    """
    check_supervisor(viewer)
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise SayWhy(
            most=LONGEST_REASON, errors=[Mistake("reason", SayWhy.sentence, {"most": LONGEST_REASON})]
        )
    case = case_for(viewer, case_id, lock=True)
    task = Task.objects.filter(case=case, kind=TaskKind.SECOND_VISIT, closed_at__isnull=True).first()
    if task is None:
        raise NothingToDo(what="a second visit")
    opened = open_task(viewer=viewer, task_id=task.id, kinds=(TaskKind.SECOND_VISIT,), now=now)
    _call_in(opened)
    end_task(opened, opened.file, ALLOWED, note=words, step=task.step)


def _call_in(opened: OpenTask) -> None:
    """Tell the person to choose a time, and have the counter expect them."""
    case, step = opened.case, open_counter_step(opened.case)
    if step is None:
        raise NothingToDo(what="nobody is awaited at a counter")
    until = opened.file.steps[step.code].until or law().working_days(opened.file.on, law().profile.visit_days)
    expected = Task(
        case=case, kind=TaskKind.COUNTER, step=step.code, organisation=step.organisation,
        opened_at=opened.now, due_on=until,
    )  # fmt: skip
    Task.objects.bulk_create([expected], ignore_conflicts=True)
    notify(rows=[case_letter(case, NoticeKind.VISIT_NEEDED, until=until.isoformat())], now=opened.now)


def _step_code(case: Case) -> str:
    step = open_counter_step(case)
    return step.code if step else ""


def unagreed(cases: list[Case], *, on: date) -> list[Case]:
    """Return the cases for which it would be a second visit, to which no supervisor has agreed."""
    attended, agreed = attended_before(cases, on=on), consents(cases)
    return [case for case in cases if case.id in attended and case.id not in agreed]


def consents(cases: list[Case]) -> dict[UUID, Task]:
    """Return, by case, the consent to a second visit that no visit has used yet."""
    given = Task.objects.filter(case__in=cases, kind=TaskKind.SECOND_VISIT, outcome=ALLOWED).order_by(
        "closed_at"
    )
    exceptions = Attendance.objects.filter(case__in=cases, approved_by__isnull=False)
    used = Counter(exceptions.values_list("case_id", flat=True))
    unused: dict[UUID, Task] = {}
    for task in given:
        if used[task.case_id]:
            used[task.case_id] -= 1
        else:
            unused.setdefault(task.case_id, task)
    return unused


def attendances(cases: list[Case], visit_id: UUID, on: date) -> list[Attendance]:
    """Return the attendances of a visit of the day that are not counted yet: ordinary ones, and agreed exceptions.

    One for which nobody agreed is written as an ordinary one: the database refuses it.
    """
    agreed = consents(cases)
    attended = attended_before(cases, on=on)
    visited = Attendance.objects.filter(case__in=cases, visit_id=visit_id)
    counted = set(visited.values_list("case_id", flat=True))
    came = visits.visit(visit_id=visit_id)
    rows = []
    for case in cases:
        if case.id in counted:
            continue
        row = Attendance(case=case, application_id=case.application_id, visit_id=visit_id, on=on)
        row.centre = came.centre if came else ""
        if case.id in attended and case.id in agreed:
            row.exception_reason, row.approved_by_id = agreed[case.id].note, agreed[case.id].closed_by_id
        rows.append(row)
    return rows
