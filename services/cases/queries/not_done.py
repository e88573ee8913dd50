"""What could not be got done, as whoever said so sees it, and as the supervisor who answers (R6.6)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Case, NotDone
from services.cases.queries.other_hands import hands_of, is_another_hand
from services.cases.queries.urgency import color_of_task, days_left
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.core.facts import Texts
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView

PAGE = 50


class NoSuchReport(Refusal):
    """There is none, or it is for somebody else to answer."""

    code = "no_such_report"
    kind = Kind.MISSING
    sentence = "There is no such report."


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDoneView:
    """What somebody could not get done, with the answer once there is one."""

    id: UUID
    case_number: str
    service_name: Texts = field(hash=False)
    state: str
    ending: str
    words: str = field(repr=False)
    said_at: datetime
    due_on: date
    late: bool
    answer: str | None = field(repr=False)
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report in the office's list, with the colour of its clock; its words are opened apart."""

    id: UUID
    case_number: str
    said_at: datetime
    due_on: date
    days_left: int
    card: str


def report_of(*, viewer: AccountView, case_id: UUID) -> NotDoneView | None:
    """Return what was said of a case of one's own, or None; an office opens it as a report, on record.

    :raises services.cases.queries.visibility.NoSuchCase:
    """
    case = case_for(viewer, case_id)
    if viewer.role.is_staff:
        return None
    row = NotDone.objects.select_related("case").filter(case=case).first()
    return report_view(row, on=clock.today()) if row else None


def waiting_reports(*, viewer: AccountView) -> tuple[WaitingReport, ...]:
    """Return what waits for this supervisor's answer, the most urgent first; nothing they had a hand in."""
    rows = NotDone.objects.filter(organisation=viewer.organisation, answered_at__isnull=True)
    found = rows.defer("words", "answer").select_related("case").order_by("due_on", "id")[:PAGE]
    return tuple(
        _waiting(row, row.case, clock.today()) for row in found if is_another_hand(viewer, hands_of(row.case))
    )


def _waiting(row: NotDone, case: Case, on: date) -> WaitingReport:
    left = days_left(on, row.due_on)
    return WaitingReport(row.id, case.number, row.said_at, row.due_on, left, color_of_task(left))


def report_view(row: NotDone, *, on: date) -> NotDoneView:
    """Return the report, which has been read with its case."""
    case = row.case
    return NotDoneView(
        id=row.id, case_number=case.number,
        service_name=catalogue.definition(case.service_version_id).name, state=case.state, ending=case.ending,
        words=row.words, said_at=row.said_at, due_on=row.due_on,
        late=row.answered_at is None and on > row.due_on, answer=row.answer, answered_at=row.answered_at,
    )  # fmt: skip
