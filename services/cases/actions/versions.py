"""A change decided on one version is not made to another: asked under the lock that the change itself takes."""

from uuid import UUID

from services.cases.actions.asking import hold_together
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.models import Task
from services.cases.queries.desk import task_tag
from services.cases.queries.visibility import application_for, case_for, task_for
from services.people.queries import AccountView


def expect_application(*, viewer: AccountView, application_id: UUID, version: int) -> None:
    """Hold the application, at this version, until the caller's transaction ends.

    :raises NoSuchApplication:
    :raises ChangedMeanwhile: if it has another version by now.
    """
    _expect(application_for(viewer, application_id, lock=True, to_sign=True).version, version)


def expect_case(*, viewer: AccountView, case_id: UUID, version: int) -> None:
    """Hold the case, at this version, until the caller's transaction ends.

    The other cases of its application are held with it, in the one order: the act may go on to hold them (R7.9), and
    two that began with a case each would wait for each other.

    :raises NoSuchCase:
    :raises ChangedMeanwhile: if it has another version by now.
    """
    hold_together(of_case=case_for(viewer, case_id).id)
    _expect(case_for(viewer, case_id, lock=True).version, version)


def expect_task(*, viewer: AccountView, task_id: UUID, version: int) -> None:
    """Hold the case that the task is of, at this version, until the caller's transaction ends.

    :raises NoSuchTask:
    :raises ChangedMeanwhile: if the case has another version by now.
    """
    expect_case(viewer=viewer, case_id=task_for(viewer, task_id).case_id, version=version)


def expect_claim(*, viewer: AccountView, task_id: UUID, tag: str) -> None:
    """Hold the task, in the hands it was seen in, until the caller's transaction ends.

    :raises NoSuchTask:
    :raises ChangedMeanwhile: if it or its case has changed by now.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("case")
    if task_tag(task.get(id=task_for(viewer, task_id).id)) != tag:
        raise ChangedMeanwhile


def _expect(present: int, version: int) -> None:
    if present != version:
        raise ChangedMeanwhile
