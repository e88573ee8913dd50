"""Who read one's data, over the wire; questions about it, and their answers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.scopes import Scope
from portal.api.shapes import people as people_shapes
from portal.api.shapes import readings as shapes
from services import clock
from services.cases.actions import questioning
from services.cases.actions.second_visits import SupervisorsOnly
from services.cases.queries import questions, readings
from services.cases.queries.questions import DeskQuestion, NoSuchQuestion
from services.cases.queries.readings import NoSuchList, NoSuchReading, ReadingLine
from services.cases.queries.visibility import NoSuchCase


class Own(Door):
    """A resource about one's own readings."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE}


class Readings(Own):
    """Who has read one's data."""

    @operation(
        "List who has read one's data", wants=shapes.ReadingsWanted, tells=shapes.Reading, paged=True,
        raises=[NoSuchList],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any]) -> Page:
        """One's own, or those of a business that one represents; the newest first, what was refused too.

        A reading made in somebody else's matter tells neither the matter nor its law.
        """
        limit = wanted.pop("limit")

        def find(most: int) -> Sequence[ReadingLine]:
            return readings.my_readings(viewer=self.viewer, limit=most, **wanted)

        return page(self.request, find, limit=limit, mark="before")


class ReadingQuestions(Own):
    """A question about one reading."""

    @operation(
        "Ask why one's data was read", asks=shapes.NewQuestion, tells=people_shapes.Made, status=201,
        raises=[NoSuchList, NoSuchReading, questioning.SayWhatAbout, questioning.AlreadyQuestioned],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], reading_id: int) -> dict[str, UUID]:
        """A supervisor of the office answers in writing; the answer stands with the reading."""
        made = questioning.ask_about_reading(
            viewer=self.viewer, reading_id=reading_id, **asked, now=clock.now()
        )
        return {"id": made}


class DataRequests(Own):
    """What one asks of offices about one's own data."""

    @operation("List what one asked about one's data", tells=shapes.DataRequest, paged=True)
    def get(self) -> Page:
        """To correct, delete or explain it; the latest first, with the answers."""
        return Page(questions.my_requests(viewer=self.viewer))

    @operation(
        "Ask to correct, delete or explain one's data", asks=shapes.NewDataRequest, tells=people_shapes.Made,
        status=201,
        raises=[
            NoSuchList, NoSuchCase, questioning.AskForOneOfThese, questioning.SayWhatAbout, questioning.AskedAlready,
        ],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> dict[str, UUID]:
        """A supervisor of the office that leads the case answers in writing, with reasons if it is refused."""
        return {"id": questioning.ask_about_data(viewer=self.viewer, **asked, now=clock.now())}


class WaitingQuestions(Door):
    """Questions that wait for an office's answer."""

    scope = Scope.TASKS_WORK

    @operation("List questions about readings", tells=shapes.WaitingQuestion, paged=True)
    def get(self) -> Page:
        """For supervisors: what their office has not answered, the most urgent first; for others, none."""
        return Page(questions.waiting_questions(viewer=self.viewer))


class WaitingQuestion(Door):
    """One question to an office."""

    scope = Scope.TASKS_WORK

    @operation(
        "Read a question about a reading", tells=shapes.DeskQuestion, raises=[NoSuchQuestion, SupervisorsOnly]
    )
    def get(self, question_id: UUID) -> DeskQuestion:
        """With the reading it is about; that it was opened is itself a reading."""
        return questioning.open_question(viewer=self.viewer, question_id=question_id, now=clock.now())


class QuestionAnswers(Door):
    """Answering."""

    scope = Scope.TASKS_WORK

    @operation(
        "Answer a question about a reading", asks=shapes.NewAnswer, status=204,
        raises=[NoSuchQuestion, SupervisorsOnly, questioning.SayWhatAbout,
                questioning.DoneOrRefused, questioning.AlreadyAnswered],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], question_id: UUID) -> None:
        """In words; whoever asked gets them as a letter."""
        questioning.answer_question(viewer=self.viewer, question_id=question_id, **asked, now=clock.now())
