"""Ratings: what can be rated, what was said, and who has to answer (R9)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Attendance, Case, Rating, Task
from services.cases.queries.casefiles import law
from services.cases.queries.other_hands import hands_of
from services.cases.queries.urgency import color_of_task, days_left
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.core import ratings
from services.core.facts import Texts
from services.core.ratings import NEGATIVE, Touchpoint
from services.core.refusal import Kind, Refusal
from services.core.states import ENDED, Role
from services.people.queries import AccountView
from services.visits import queries as visits
from services.visits.queries import VisitView

PAGE = 50


class NoSuchRating(Refusal):
    """There is none, or it is nobody's business here."""

    code = "no_such_rating"
    kind = Kind.MISSING
    sentence = "There is no such rating."


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    """A rating as it was given, with what came of it; nobody's name stands in it."""

    id: UUID
    touchpoint: str
    service_name: Texts = field(hash=False)
    centre: str
    level: int
    aspects: tuple[str, ...]
    words: str = field(repr=False)
    rated_on: date
    added: str = field(repr=False)
    may_add_until: date | None
    answer: str = field(repr=False)
    answered_at: datetime | None
    excluded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingAtDesk:
    """A rating as an office works on it: its days, what was done, and the case where the rater gave their name."""

    view: RatingView
    named: bool
    case_id: UUID | None
    case_number: str
    contact_due_on: date | None
    answer_due_on: date | None
    last_due_on: date | None
    contacted_at: datetime | None
    contact: str = field(repr=False)
    appealed_at: datetime | None
    appeal: str = field(repr=False)
    reviewed_at: datetime | None
    review: str = field(repr=False)
    mine: bool


@dataclass(frozen=True, slots=True)
class RatingLine:
    """A rating in a list of the desk, with the colour of its clock where something is due."""

    id: UUID
    touchpoint: str
    level: int
    rated_on: date
    due_on: date | None
    card: str
    named: bool
    appealed: bool


def rated(rating: Rating) -> frozenset[UUID]:
    """Return the officers whose work was rated: who was at a window with them, or had the case in hand."""
    if rating.touchpoint == Touchpoint.CASE:
        return hands_of(rating.case)
    visit = visits.visit(visit_id=rating.visit_id) if rating.visit_id else None
    attended = Attendance.objects.filter(visit_id=rating.visit_id).values("case_id")
    closed = Task.objects.filter(case__in=attended, kind="counter", closed_by__isnull=False)
    return frozenset([*closed.values_list("closed_by_id", flat=True), *(visit.served_by if visit else ())])


def is_over(case: Case) -> bool:
    """Return whether there is something to rate: it was decided, or has ended otherwise."""
    return case.state in ENDED or bool(case.verdict)


def is_own(viewer: AccountView, case: Case) -> bool:
    """Return whether the case is the viewer's own, or of a business that the register says is theirs."""
    application = case.application
    if viewer.person_id is None:
        return False
    if application.business is not None:
        return bool(application.business.representative_id == viewer.person_id)
    return bool(application.person_id == viewer.person_id)


@dataclass(frozen=True, slots=True)
class Rateable:
    """A case or a visit of one's own: what one said of it, or whether one may."""

    touchpoint: str
    id: UUID
    on: date | None
    rating: RatingView | None
    may_rate: bool


def rateables(*, viewer: AccountView, case_id: UUID) -> tuple[Rateable, ...]:
    """Return the case and the visits to it, with what the viewer said of each, or whether they may say something.

    :raises services.cases.queries.visibility.NoSuchCase:
    """
    case = case_for(viewer, case_id)
    own, today = is_own(viewer, case), clock.today()
    mine = Rating.objects.filter(person_id=viewer.person_id).select_related("case")
    of_case = mine.filter(case=case, touchpoint=Touchpoint.CASE).first()
    view = rating_view(of_case, on=today) if of_case else None
    found = [Rateable(Touchpoint.CASE, case.id, None, view, own and is_over(case) and view is None)]
    attended = set(Attendance.objects.filter(case=case).values_list("visit_id", flat=True))
    of_visits = {row.visit_id: row for row in mine.filter(visit_id__in=attended)}
    for one in visits.visits_of(application_ids=[case.application_id]):
        if one.person_id == viewer.person_id and one.id in attended:
            said = rating_view(of_visits[one.id], on=today) if one.id in of_visits else None
            may = said is None and one.completed_at is not None
            found.append(Rateable(Touchpoint.VISIT, one.id, one.on, said, may))
    return tuple(found)


def case_to_rate(*, viewer: AccountView, case_id: UUID) -> Case:
    """Return a case that was done for the viewer, who alone can rate it.

    :raises services.cases.queries.visibility.NoSuchCase:
    :raises services.core.ratings.NotYoursToRate: for officers, agents, and whoever else it was not done for.
    """
    case = case_for(viewer, case_id)
    ratings.check_rater(viewer.role, is_self=is_own(viewer, case))
    return case


def visit_to_rate(*, viewer: AccountView, visit_id: UUID) -> VisitView:
    """Return a visit of one's own.

    :raises NoSuchRating: if it is not.
    """
    found = visits.visit(visit_id=visit_id)
    if found is None or viewer.person_id is None or found.person_id != viewer.person_id:
        raise NoSuchRating
    return found


def cases_of_visit(visit: VisitView) -> list[Case]:
    """Return the cases that were attended at the visit, by number."""
    attended = Attendance.objects.filter(visit_id=visit.id).values("case_id")
    return list(
        Case.objects.filter(id__in=attended).select_related("application__business").order_by("number")
    )


def rating_view(row: Rating, *, on: date) -> RatingView:
    """Return a rating that has been read with its case."""
    until = ratings.last_day_to_add(clock.legal_day(row.rated_at), law())
    return RatingView(
        id=row.id, touchpoint=row.touchpoint, centre=row.centre, level=row.level, aspects=tuple(row.aspects),
        service_name=catalogue.definition(row.case.service_version_id).name, words=row.words,
        rated_on=clock.legal_day(row.rated_at), added=row.added,
        may_add_until=until if row.added_at is None and on <= until else None, answer=row.answer,
        answered_at=row.answered_at, excluded=row.is_excluded,
    )  # fmt: skip


def desk_view(row: Rating, viewer: AccountView, *, on: date) -> RatingAtDesk:
    """Return a rating for the desk; which case it is of only where its rater let the office know, and never the rated.

    R9.8: nobody whose work was rated learns who rated it.
    """
    mine = viewer.id in rated(row)
    known = row.named and not mine and viewer.role is Role.SUPERVISOR
    return RatingAtDesk(
        view=rating_view(row, on=on), named=row.named, case_id=row.case_id if known else None,
        case_number=row.case.number if known else "", contact_due_on=row.contact_due_on,
        answer_due_on=row.answer_due_on, last_due_on=row.last_due_on, contacted_at=row.contacted_at,
        contact=row.contact, appealed_at=row.appealed_at, appeal=row.appeal, reviewed_at=row.reviewed_at,
        review=row.review, mine=mine,
    )  # fmt: skip


_LISTED = ("words", "added", "contact", "answer", "appeal", "review")


def waiting_ratings(*, viewer: AccountView) -> tuple[RatingLine, ...]:
    """Return who was not content and has no answer yet, the most urgent first; and appeals that nobody reviewed.

    For supervisors, and nothing of their own work.
    """
    if viewer.role is not Role.SUPERVISOR:
        return ()
    rows = Rating.objects.filter(answers=viewer.organisation).defer(*_LISTED).select_related("case")
    negative = rows.filter(level__in=NEGATIVE, answered_at__isnull=True, is_excluded=False)
    appealed = rows.filter(appealed_at__isnull=False, reviewed_at__isnull=True)
    found = {row.id: row for row in [*negative.order_by("answer_due_on", "id")[:PAGE], *appealed[:PAGE]]}
    return tuple(_line(row) for row in found.values() if viewer.id not in rated(row))


def ratings_of_my_work(*, viewer: AccountView) -> tuple[RatingLine, ...]:
    """Return the latest ratings of what the officer did; by whom is not told (R9.8)."""
    if not viewer.role.is_staff:
        return ()
    rows = Rating.objects.filter(organisation=viewer.organisation).defer(*_LISTED).select_related("case")
    recent = rows.order_by("-rated_at")[: PAGE * 4]
    return tuple(_line(row) for row in recent if viewer.id in rated(row))[:PAGE]


def _line(row: Rating) -> RatingLine:
    due = _due(row)
    card = color_of_task(days_left(clock.today(), due)) if due else ""
    return RatingLine(
        row.id, row.touchpoint, row.level, clock.legal_day(row.rated_at), due, card, row.named,
        row.appealed_at is not None and row.reviewed_at is None,
    )  # fmt: skip


def _due(row: Rating) -> date | None:
    if row.level not in NEGATIVE or row.answered_at is not None:
        return None
    return row.contact_due_on if row.named and row.contacted_at is None else row.answer_due_on
