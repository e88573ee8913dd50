"""The desk over the wire: an office's tasks, and the acts that complete them."""

from typing import Any
from uuid import UUID

from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import desk as shapes
from services import clock
from services.cases.actions import accepting, claiming, deciding, reviewing, second_visits
from services.cases.actions.versions import expect_case, expect_claim, expect_task
from services.cases.queries import cards, desk, one_notice
from services.cases.queries.cards import CaseCard
from services.cases.queries.desk import TaskCard
from services.cases.queries.one_notice import NotedCard
from services.cases.queries.visibility import NoSuchTask
from services.core.acts import NothingToDo, NotRequired, OneNoticeOnly, OnlyRefusal, StillMissing
from services.core.reasons import ReasonsNeeded
from services.people import queries as people

HELD = (NoSuchTask, claiming.AnotherHasIt, claiming.WrongTask, NothingToDo)
DECIDES = (*HELD, deciding.ReviewersDecide, deciding.FourEyes)


class Desk(Door):
    """A resource of an office."""

    scope = Scope.TASKS_WORK

    def task(self, task_id: UUID) -> TaskCard:
        """Return the task as it stands now."""
        return desk.task(viewer=self.viewer, task_id=task_id)

    def case_of(self, task_id: UUID) -> CaseCard:
        """Return the case of the task as it stands now."""
        return cards.card_of_task(viewer=self.viewer, task_id=task_id)


def act(summary: str, **rest: Any) -> Any:
    """Make a method an officer's act on a task: decided on a version of its case, told as the case after it."""
    return operation(summary, expects=expect_task, **{"tells": case_shapes.CaseCard, "raises": HELD} | rest)


class Tasks(Desk):
    """The tasks of an office."""

    @operation("List the open tasks", wants=shapes.TasksWanted, tells=shapes.Task, paged=True)
    def get(self, wanted: dict[str, Any]) -> Page:
        """Of the officer's own office, soonest due first; counter tasks are among the arrivals of a centre."""
        limit, after = wanted.pop("limit"), str(wanted.pop("after", ""))

        def find(most: int) -> tuple[TaskCard, ...]:
            return desk.tasks(viewer=self.viewer, after=after, limit=most, **wanted)

        return page(self.request, find, limit=limit, mark="after")


class Task(Desk):
    """One task."""

    @operation("Read a task", tells=shapes.Task, raises=[NoSuchTask])
    def get(self, task_id: UUID) -> TaskCard:
        """Its ETag tells the version of its case, on which an act is decided, and whether somebody has claimed it."""
        return self.task(task_id)


class TaskClaim(Desk):
    """Taking a task."""

    @operation(
        "Claim a task", tells=shapes.Task, expects=expect_claim, by_tag=True,
        raises=[NoSuchTask, claiming.AnotherHasIt],
    )  # fmt: skip
    def post(self, task_id: UUID) -> TaskCard:
        """So that colleagues see who has it."""
        claiming.claim_task(viewer=self.viewer, task_id=task_id, now=clock.now())
        return self.task(task_id)


class TaskRelease(Desk):
    """Giving a task back."""

    @operation("Release a task", tells=shapes.Task, expects=expect_claim, by_tag=True, raises=[NoSuchTask])
    def post(self, task_id: UUID) -> TaskCard:
        """To the queue; a supervisor can do so for a colleague."""
        claiming.release_task(viewer=self.viewer, task_id=task_id)
        return self.task(task_id)


class TaskAcceptance(Desk):
    """Accepting a case."""

    @act("Accept the case")
    def post(self, task_id: UUID) -> CaseCard:
        """Its copies have been looked at and are good; what is still missing may follow."""
        accepting.accept_case(viewer=self.viewer, task_id=task_id, now=clock.now())
        return self.case_of(task_id)


class TaskCorrectionNotice(Desk):
    """Asking for what is missing."""

    @act(
        "Ask once for everything that is missing", asks=shapes.CorrectionNotice, tells=shapes.NotedCase,
        raises=[*HELD, OneNoticeOnly, NotRequired],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], task_id: UUID) -> NotedCard:
        """Only what the service requires and nothing settles yet; it cannot be asked again.

        In an application for several services it is noted until the other offices have looked.
        """
        accepting.request_correction(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return one_notice.noted_card(viewer=self.viewer, case_id=self.task(task_id).case_id)


class TaskDeclination(Desk):
    """Not accepting a case."""

    @act("Decline the case", asks=shapes.Declination, raises=[*HELD, ReasonsNeeded, accepting.ReferralNeeded])
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """With the reason and, for want of competence, the office that is responsible."""
        accepting.decline_case(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class TaskCompletion(Desk):
    """Ending a review, an inspection or a delivery."""

    @act("Complete the task", asks=shapes.Completion, raises=[*HELD, reviewing.SecondOfficerNeeded])
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """An unfavorable outcome goes to the lead office, where a person looks at it: it refuses nobody by itself."""
        reviewing.complete_task(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class TaskGrant(Desk):
    """Deciding for the applicant."""

    @act("Grant", asks=shapes.Grant, raises=DECIDES)
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """What must still happen before the result, such as a fee, then happens."""
        deciding.grant_case(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class TaskRefusal(Desk):
    """Deciding against the applicant."""

    @act("Refuse", asks=shapes.Refusal, raises=[*DECIDES, ReasonsNeeded])
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """Signed by this officer, with reasons; the letter names both remedies."""
        deciding.refuse_case(
            viewer=self.viewer, task_id=task_id, reason_codes=asked.pop("reasons"), **asked, now=clock.now()
        )
        return self.case_of(task_id)


class TaskLetPass(Desk):
    """Letting a case go on."""

    @act("Let the case go on", asks=shapes.LetPass, raises=[*DECIDES, OnlyRefusal, StillMissing])
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """After what held it up was looked at; `determined` says how open conditions were found."""
        deciding.let_pass(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class SecondVisits(Desk):
    """Agreeing to a second visit."""

    @operation(
        "Agree to a second visit", asks=shapes.SecondVisit, tells=case_shapes.CaseCard, expects=expect_case,
        raises=[second_visits.SupervisorsOnly, second_visits.SayWhy, NothingToDo],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> CaseCard:
        """For supervisors, with a reason; each is counted in public."""
        second_visits.allow_second_visit(viewer=self.viewer, case_id=case_id, **asked, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class Colleagues(Desk):
    """Officers of one's own office."""

    @operation("List the officers of one's office", tells=shapes.Colleague, paged=True)
    def get(self) -> Page:
        """Any of them can be the second officer of an inspection."""
        return Page(people.officers_of(self.viewer.organisation))
