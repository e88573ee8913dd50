"""Questions and requests about data as the office sees them: what waits for a supervisor, and one with its reading."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Case, ReadingQuestion
from services.cases.queries.readings import QuestionView, question_view
from services.cases.queries.urgency import color_of_task, days_left
from services.cases.queries.visibility import visible_cases
from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.ledger import queries as ledger
from services.ledger.queries import ReadingView
from services.people.queries import AccountView, names_of

PAGE = 50


class NoSuchQuestion(Refusal):
    """There is no such question, or it is to another office."""

    code = "no_such_question"
    kind = Kind.MISSING
    sentence = "There is no such question."


@dataclass(frozen=True, slots=True)
class WaitingQuestion:
    """A question in the office's list, with the color of its clock (R10.4); its words are opened apart."""

    id: UUID
    asked_for: str
    asked_at: datetime
    due_on: date
    case_number: str  # none for a question about a reading
    days_left: int
    card: str


@dataclass(frozen=True, slots=True)
class DeskQuestion:
    """A question with the reading it is about, and who read: told to the supervisor, who must answer for it."""

    question: QuestionView
    reading: ReadingView | None
    reader: str
    case_id: UUID | None
    case_number: str
    holder: Holder = field(repr=False)


_LISTED = ("id", "asked_for", "asked_at", "due_on", "case__number")


def waiting_questions(*, viewer: AccountView) -> tuple[WaitingQuestion, ...]:
    """Return what the supervisor's office has not answered, the most urgent first; nothing for anybody else."""
    if viewer.role is not Role.SUPERVISOR:
        return ()
    rows = ReadingQuestion.objects.filter(organisation=viewer.organisation, answered_at__isnull=True)
    on = clock.today()
    return tuple(_waiting(*one, on) for one in rows.order_by("due_on", "id").values_list(*_LISTED)[:PAGE])


def my_requests(*, viewer: AccountView) -> tuple[QuestionView, ...]:
    """Return what the account asked to have corrected, deleted or explained, the latest first (R15.9)."""
    rows = ReadingQuestion.objects.filter(account=viewer.id, case__isnull=False)
    return tuple(question_view(row, on=clock.today()) for row in rows.order_by("-asked_at")[:PAGE])


def my_cases(*, viewer: AccountView) -> tuple[tuple[UUID, str, str], ...]:
    """Return the account's latest cases, to ask about: id, number and service."""
    if viewer.role is not Role.APPLICANT:
        return ()
    rows = visible_cases(viewer).order_by("-received_at")
    return tuple(rows.values_list("id", "number", "service")[:PAGE])


def question_for(viewer: AccountView, question_id: UUID, *, lock: bool = False) -> ReadingQuestion:
    """Return the question to the officer's office.

    :raises NoSuchQuestion: if there is none, or it is another office's.
    """
    rows = ReadingQuestion.objects.filter(organisation=viewer.organisation, id=question_id)
    found = (rows.select_for_update() if lock else rows).first() if viewer.role.is_staff else None
    if found is None:
        raise NoSuchQuestion
    return found


def desk_question(row: ReadingQuestion, *, on: date) -> DeskQuestion:
    """Return the question with its reading, or the request with its case. No reading is ever removed."""
    holder = Holder(row.holder_kind, row.holder_id)
    if row.reading_id is None:
        number = Case.objects.values_list("number", flat=True).get(id=row.case_id)
        return DeskQuestion(question_view(row, on=on), None, "", row.case_id, number, holder)
    reading = ledger.reading_about(holder, row.reading_id)
    if reading is None:
        raise NoSuchQuestion
    case = Case.objects.filter(id=reading.matter_id).first() if reading.matter_kind == "case" else None
    reader = names_of([reading.actor_id]).get(reading.actor_id, "") if reading.actor_id else ""
    return DeskQuestion(
        question=question_view(row, on=on),
        reading=reading,
        reader=reader,
        case_id=case.id if case else None,
        case_number=case.number if case else "",
        holder=holder,
    )


def _waiting(
    question_id: UUID, asked_for: str, asked_at: datetime, due_on: date, case_number: str | None, on: date
) -> WaitingQuestion:
    left = days_left(on, due_on)
    return WaitingQuestion(
        question_id, asked_for, asked_at, due_on, case_number or "", left, color_of_task(left)
    )
