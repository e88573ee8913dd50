"""What people say over the wire, and how offices answer: ratings, and what somebody could not get done (R6.6, R9)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import heard as shapes
from services import clock
from services.cases.actions import not_done, rating_answers
from services.cases.actions.questioning import AlreadyAnswered, SayWhatAbout
from services.cases.actions.rating_answers import (
    AppealedAlready,
    NothingToAnswer,
    NothingToReview,
    NotYoursToReview,
)
from services.cases.actions.second_visits import SupervisorsOnly
from services.cases.queries import not_done as reports
from services.cases.queries import ratings as queries
from services.cases.queries.not_done import NoSuchReport, NotDoneView
from services.cases.queries.ratings import NoSuchRating, RatingAtDesk
from services.cases.queries.visibility import NoSuchCase


class CaseReport(Door):
    """What one could not get done in a case."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE}

    def report(self, case_id: UUID) -> NotDoneView:
        """Return what was said of the case."""
        found = reports.report_of(viewer=self.viewer, case_id=case_id)
        if found is None:
            raise NoSuchReport
        return found

    @operation("Read what one could not get done", tells=shapes.NotDone, raises=[NoSuchReport])
    def get(self, case_id: UUID) -> NotDoneView:
        """With the answer, once there is one."""
        return self.report(case_id)

    @operation(
        "Say that one could not get it done", asks=shapes.WordsAsked, tells=shapes.NotDone, status=201,
        raises=[NoSuchCase, not_done.NothingFailed, not_done.ReportedAlready, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> NotDoneView:
        """Of a case that was declined or has lapsed; a supervisor of another hand answers within five working days."""
        not_done.report_not_done(viewer=self.viewer, case_id=case_id, words=asked["words"], now=clock.now())
        return self.report(case_id)


class Reports(Door):
    """What waits for this supervisor's answer."""

    scope = Scope.TASKS_WORK

    @operation("List what people could not get done", tells=shapes.WaitingReport, paged=True)
    def get(self) -> Page:
        """Those of the office that wait, the first due first; for supervisors who had no hand in the case."""
        return Page(reports.waiting_reports(viewer=self.viewer))


class Report(Door):
    """One of them."""

    scope = Scope.TASKS_WORK

    @operation("Open what somebody could not get done", tells=shapes.NotDone, raises=[NoSuchReport])
    def get(self, report_id: UUID) -> NotDoneView:
        """That it was opened stays on record."""
        return not_done.open_report(viewer=self.viewer, report_id=report_id, now=clock.now())


class ReportAnswer(Door):
    """Its answer."""

    scope = Scope.TASKS_WORK

    @operation(
        "Answer what somebody could not get done", asks=shapes.WordsAsked, tells=shapes.NotDone, status=201,
        raises=[NoSuchReport, AlreadyAnswered, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], report_id: UUID) -> NotDoneView:
        """Once; whoever said it gets a letter."""
        not_done.answer_report(viewer=self.viewer, report_id=report_id, words=asked["words"], now=clock.now())
        return not_done.open_report(viewer=self.viewer, report_id=report_id, now=clock.now())


class OfficeRatings(Door):
    """The ratings that wait for the office."""

    scope = Scope.TASKS_WORK

    @operation("List the ratings that wait for an answer", tells=shapes.WaitingRating, paged=True)
    def get(self) -> Page:
        """Negative ones and appeals, the first due first; for supervisors."""
        return Page(queries.waiting_ratings(viewer=self.viewer))


class RatingDoor(Door):
    """A rating at the office it is about."""

    scope = Scope.TASKS_WORK

    def answered(self, act: Callable[..., None], rating_id: UUID, asked: dict[str, Any]) -> RatingAtDesk:
        """Do this with the rating, and return it as it stands then."""
        now = clock.now()
        act(viewer=self.viewer, rating_id=rating_id, now=now, **asked)
        return rating_answers.open_rating(viewer=self.viewer, rating_id=rating_id, now=now)


class OfficeRating(RatingDoor):
    """The rating itself."""

    @operation("Open a rating", tells=shapes.OfficeRating, raises=[NoSuchRating])
    def get(self, rating_id: UUID) -> RatingAtDesk:
        """For those who answer it, and for those whose work it is about; that it was opened stays on record."""
        return rating_answers.open_rating(viewer=self.viewer, rating_id=rating_id, now=clock.now())


ANSWERING = [NoSuchRating, NotYoursToReview, NothingToAnswer, AlreadyAnswered]


class RatingContact(RatingDoor):
    """The rater was spoken to."""

    @operation(
        "Note that the rater was contacted", asks=shapes.WordsAsked, tells=shapes.OfficeRating, status=201,
        raises=[*ANSWERING, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], rating_id: UUID) -> RatingAtDesk:
        """Within a working day, where they gave their name."""
        return self.answered(rating_answers.contact_rater, rating_id, asked)


class RatingDelay(RatingDoor):
    """It takes longer."""

    @operation("Take longer for an answer", tells=shapes.OfficeRating, status=201, raises=ANSWERING)
    def post(self, rating_id: UUID) -> RatingAtDesk:
        """Where it is not simple: once, up to the last day there is."""
        return self.answered(rating_answers.take_longer, rating_id, {})


class RatingAnswer(RatingDoor):
    """What was done about it."""

    @operation(
        "Answer a rating", asks=shapes.WordsAsked, tells=shapes.OfficeRating, status=201,
        raises=[*ANSWERING, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], rating_id: UUID) -> RatingAtDesk:
        """Once; it is public with the rating, which names nobody."""
        return self.answered(rating_answers.answer_rating, rating_id, asked)


class RatingAppeal(RatingDoor):
    """Whoever was rated says that it is wrong."""

    @operation(
        "Appeal against a rating", asks=shapes.WordsAsked, tells=shapes.OfficeRating, status=201,
        raises=[NoSuchRating, AppealedAlready, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], rating_id: UUID) -> RatingAtDesk:
        """Of one's own work; a supervisor of another hand reviews it."""
        return self.answered(rating_answers.appeal_rating, rating_id, asked)


class RatingReview(RatingDoor):
    """The review of an appeal."""

    @operation(
        "Review a rating", asks=shapes.ReviewAsked, tells=shapes.OfficeRating, status=201,
        raises=[NoSuchRating, NothingToReview, NotYoursToReview, SupervisorsOnly, SayWhatAbout],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], rating_id: UUID) -> RatingAtDesk:
        """By a supervisor of another hand; what is excluded counts no more, and is deleted by nobody."""
        return self.answered(rating_answers.review_rating, rating_id, asked)
