"""Whose hands a task is in: claimed, given back, opened for an act, and ended with it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from services import clock
from services.cases.actions.turns import save_turns
from services.cases.models import Case, Task, TaskKind
from services.cases.queries.casefiles import case_files
from services.cases.queries.visibility import case_for, task_for, visible_tasks
from services.cases.turn import Act, turn_case
from services.core.acts import NothingToDo
from services.core.casefile import CaseFile
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.ledger.actions import Actor
from services.people.queries import AccountView

# What a clerk of the front desk can end; the rest is for a reviewer or a supervisor (R6.2).
CLERKS_WORK = (TaskKind.ACCEPTANCE, TaskKind.REVIEW, TaskKind.INSPECTION, TaskKind.DELIVER)
REVIEWERS_WORK = (*CLERKS_WORK, TaskKind.DECISION, TaskKind.CONCERN, TaskKind.CHECK)
WORK_OF = {
    Role.CLERK: CLERKS_WORK,
    Role.REVIEWER: REVIEWERS_WORK,
    Role.SUPERVISOR: (*REVIEWERS_WORK, TaskKind.SECOND_VISIT),
}


class AnotherHasIt(Refusal):
    """A colleague works on this task."""

    code = "another_has_it"
    kind = Kind.CONFLICT
    sentence = "A colleague is working on this task."


class WrongTask(Refusal):
    """This is not what the task asks."""

    code = "wrong_task"
    kind = Kind.CONFLICT
    sentence = "This task asks for something else: {kind}."


def actor_of(viewer: AccountView) -> Actor:
    """Return the account as the ledger names it."""
    return Actor(viewer.id, viewer.role, viewer.display_name)


@transaction.atomic
def claim_task(*, viewer: AccountView, task_id: UUID, now: datetime) -> None:
    """Take the task as one's own, so that colleagues see who has it; taking it again changes nothing.

    :raises NoSuchTask, AnotherHasIt:
    """
    task = task_for(viewer, task_id)
    free = Q(claimed_by__isnull=True) | Q(claimed_by_id=viewer.id)
    taken = Task.objects.filter(free, id=task.id, closed_at__isnull=True)
    if not taken.update(claimed_by_id=viewer.id, claimed_at=now):
        raise AnotherHasIt


@transaction.atomic
def claim_next(*, viewer: AccountView, kind: str = "", now: datetime) -> UUID | None:
    """Take the most urgent task of the office that nobody has and this officer can end; return its case, or None.

    Two officers who ask at once get two tasks.
    """
    able = WORK_OF.get(viewer.role, ())
    free = visible_tasks(viewer).filter(closed_at__isnull=True, claimed_by__isnull=True, kind__in=able)
    free = free.filter(kind=kind) if kind else free
    task = free.select_for_update(skip_locked=True).order_by("due_on", "id").first()
    if task is None:
        return None
    task.claimed_by_id, task.claimed_at = viewer.id, now
    task.save(update_fields=["claimed_by", "claimed_at"])
    return task.case_id


@transaction.atomic
def release_task(*, viewer: AccountView, task_id: UUID) -> None:
    """Give the task back to the queue; a supervisor can do so for a colleague."""
    task = task_for(viewer, task_id)
    mine = Q() if viewer.role is Role.SUPERVISOR else Q(claimed_by_id=viewer.id)
    Task.objects.filter(mine, id=task.id, closed_at__isnull=True).update(claimed_by=None, claimed_at=None)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task in an officer's hands: its case locked, and the case's file as it stands now."""

    viewer: AccountView
    task: Task
    case: Case
    file: CaseFile
    now: datetime

    @property
    def officer(self) -> Actor:
        """Return who has it, as the ledger names them."""
        return actor_of(self.viewer)

    def read_again(self) -> CaseFile:
        """Return the file anew: evidence may have been checked or seen a moment ago."""
        return file_of(self.case, self.now)


def file_of(case: Case, now: datetime) -> CaseFile:
    """Return the case's file as it stands on the legal day."""
    return case_files([case], on=clock.legal_day(now))[case.id]


def open_task(*, viewer: AccountView, task_id: UUID, kinds: Collection[TaskKind], now: datetime) -> OpenTask:
    """Return the task, if it asks for one of these kinds of work, with its case locked until the transaction ends.

    :raises NoSuchTask: if there is none, or it is another office's.
    :raises services.core.acts.NothingToDo: if it is done already.
    :raises AnotherHasIt: if a colleague claimed it.
    :raises WrongTask: if it asks for something else.
    """
    task = task_for(viewer, task_id)
    case = case_for(viewer, task.case_id, lock=True)
    task.refresh_from_db()
    if task.closed_at is not None:
        raise NothingToDo(what=task.kind)
    if task.claimed_by_id not in (None, viewer.id):
        raise AnotherHasIt
    if task.kind not in kinds:
        raise WrongTask(kind=task.kind)
    return OpenTask(viewer, task, case, file_of(case, now), now)


def end_task(opened: OpenTask, after: CaseFile, event: str, *, note: str = "", **detail: object) -> None:
    """Close the officer's task and write the case's turn; `detail` is what the ledger keeps of it."""
    task, viewer = opened.task, opened.viewer
    task.closed_at, task.closed_by_id, task.outcome, task.note = opened.now, viewer.id, event[:20], note
    task.claimed_by_id = task.claimed_by_id or viewer.id
    task.save(update_fields=["closed_at", "closed_by", "outcome", "note", "claimed_by", "second_officer"])
    act = Act(opened.officer, event, {"task": str(task.id), **detail})
    save_turns([turn_case(opened.case, opened.file, act, file=after)], now=opened.now)
