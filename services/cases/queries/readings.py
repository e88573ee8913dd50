"""Who read one's data, as one may see it: what is one's own whole, what belongs to somebody else's matter without it.

The rule of leaving out is written down in docs/decisions ("Who looked at my data"): a reading made in a matter that is
not the reader's own tells which office read what of theirs, when and why, and neither the matter, nor its service, nor
the law from which the service would be known.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Application, Case, ReadingQuestion
from services.cases.queries.visibility import visible_applications
from services.catalogue import queries as catalogue
from services.core.facts import Holder, Texts
from services.core.purposes import Purpose
from services.core.refusal import Kind, Refusal
from services.ledger import queries as ledger
from services.ledger.queries import PAGE as PAGE
from services.ledger.queries import ReadingView
from services.people import queries as people
from services.people.queries import AccountView, Standing

# Matters to choose from; older ones are found on the list itself.
MATTERS = 50
NOBODYS = UUID(int=0)
# What is about the person alone, and stands in nobody's matter.
OF_ONESELF = frozenset({Purpose.IDENTITY_CODE, Purpose.ASSISTING, Purpose.SHARING_CODE, Purpose.CERTIFICATE})
# Of a business, the same is a claim that somebody made, and whose it was stays theirs.
OF_A_PERSON = OF_ONESELF | {Purpose.CLAIM}
# So does a question about such an entry, whose reading names the same: a certificate of one's own, or one's code.
OWN_KINDS = frozenset({"certificate", "visit"})


class NoSuchReading(Refusal):
    """There is no such reading, or it is about somebody else."""

    code = "no_such_reading"
    kind = Kind.MISSING
    sentence = "There is no such entry."


class NoSuchList(Refusal):
    """Whose readings these would be, the account does not stand for."""

    code = "no_such_list"
    kind = Kind.MISSING
    sentence = "There is no such list."


@dataclass(frozen=True, slots=True)
class Matter:
    """An application of one's own, by which the list can be narrowed."""

    id: UUID
    number: str
    names: tuple[Texts, ...] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """What somebody asked about a reading or about what a case holds, and what the office answered."""

    id: UUID
    asked_for: str
    reading_id: int | None
    case_id: UUID | None
    organisation: str
    words: str = field(repr=False)
    asked_at: datetime
    due_on: date
    answer: str = field(repr=False)
    outcome: str
    answered_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingLine:
    """One line of the list. `matter` is None where it is somebody else's, and then the view does not tell it either."""

    view: ReadingView
    matter: Matter | None
    elsewhere: bool
    question: QuestionView | None

    @property
    def id(self) -> int:
        """Return the mark of the next page."""
        return self.view.id


def holder_for(viewer: AccountView, business_id: UUID | None = None) -> Holder:
    """Return whose readings the account may see: its person's, or those of a business that it represents.

    :raises NoSuchList: for an account bound to nobody, and for a business it does not represent itself (R11.2).
    """
    if business_id is None:
        if viewer.person_id is None:
            raise NoSuchList
        return Holder("person", viewer.person_id)
    for one in people.businesses_of(viewer.id, on=clock.today()):
        if one.id == business_id and one.standing is Standing.REPRESENTATIVE:
            return Holder("business", business_id)
    raise NoSuchList


def my_readings(
    *,
    viewer: AccountView,
    business_id: UUID | None = None,
    application_id: UUID | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> tuple[ReadingLine, ...]:
    """Return who read one's data, newest first, what is not sealed yet too; `application_id` narrows to one matter.

    :raises NoSuchList: see `holder_for`.
    """
    holder = holder_for(viewer, business_id)
    wanted = None if application_id is None else _ids_of_matter(viewer, application_id)
    found = ledger.readings_about(holder, before=before, limit=limit, matters=wanted)
    return _lines(viewer, holder, found)


def my_reading(*, viewer: AccountView, reading_id: int, business_id: UUID | None = None) -> ReadingLine:
    """Return one line of the list.

    :raises NoSuchList: see `holder_for`.
    :raises NoSuchReading: if it is about somebody else.
    """
    holder = holder_for(viewer, business_id)
    found = ledger.reading_about(holder, reading_id)
    if found is None:
        raise NoSuchReading
    return _lines(viewer, holder, [found])[0]


def my_matters(*, viewer: AccountView) -> tuple[Matter, ...]:
    """Return the account's latest applications, to narrow the list by."""
    rows = visible_applications(viewer).order_by("-created_at")[:MATTERS]
    return tuple(_matter(one) for one in rows)


def _lines(viewer: AccountView, holder: Holder, found: Sequence[ReadingView]) -> tuple[ReadingLine, ...]:
    about = _applications_of(found)
    own = {one.id: _matter(one) for one in _own(viewer, set(about.values()))}
    asked = _questions(holder, [one.id for one in found])
    of_oneself = OF_A_PERSON if holder.kind == "person" else OF_ONESELF
    return tuple(
        _line(one, own.get(about.get(one.id, NOBODYS)), asked.get(one.id), of_oneself) for one in found
    )


def _line(
    view: ReadingView, matter: Matter | None, asked: QuestionView | None, of_oneself: Collection[str]
) -> ReadingLine:
    elsewhere = matter is None and view.purpose not in of_oneself and view.matter_kind not in OWN_KINDS
    shown = _without_its_matter(view) if elsewhere else view
    return ReadingLine(view=shown, matter=matter, elsewhere=elsewhere, question=asked)


def _without_its_matter(view: ReadingView) -> ReadingView:
    """Return the reading without what would tell whose affair it was made in, and what that was about."""
    # What a register was asked rests on the law of that register; an officer's page on that of somebody's service.
    basis = view.basis if view.purpose in (Purpose.GATHER_EVIDENCE, Purpose.CLAIM) else ""
    return replace(view, matter_kind="", matter_id=NOBODYS, actor_id=None, basis=basis)


def _applications_of(found: Sequence[ReadingView]) -> Mapping[int, UUID]:
    """Return by reading the application that it was made for, if any."""
    cases = {one.matter_id for one in found if one.matter_kind == "case"}
    of_case = dict(Case.objects.filter(id__in=cases).values_list("id", "application_id"))
    return {
        one.id: of_case.get(one.matter_id, NOBODYS) if one.matter_kind == "case" else one.matter_id
        for one in found
        if one.matter_kind in ("case", "application")
    }


def _own(viewer: AccountView, ids: Collection[UUID]) -> list[Application]:
    return list(visible_applications(viewer).filter(id__in=ids))


def _ids_of_matter(viewer: AccountView, application_id: UUID) -> set[UUID]:
    """Return the ids under which an application of one's own is read; none, if it is somebody else's."""
    if not visible_applications(viewer).filter(id=application_id).exists():
        return set()
    cases = Case.objects.filter(application_id=application_id).values_list("id", flat=True)
    return {application_id, *cases}


def _matter(application: Application) -> Matter:
    names = tuple(_name(code) for code in application.services)
    return Matter(application.id, application.number, names)


def _name(code: str) -> Texts:
    try:
        return catalogue.definition(catalogue.current_version_id(code)).name
    except catalogue.NoSuchService:  # no longer offered
        return {"en": code, "zh": code}


def _questions(holder: Holder, readings: Sequence[int]) -> dict[int, QuestionView]:
    rows = ReadingQuestion.objects.filter(holder_id=holder.id, reading_id__in=readings)
    return {
        row.reading_id: question_view(row, on=clock.today()) for row in rows if row.reading_id is not None
    }


def question_view(row: ReadingQuestion, *, on: date) -> QuestionView:
    """Return a question as both sides see it: late, if its day has passed without an answer."""
    return QuestionView(
        id=row.id,
        asked_for=row.asked_for,
        reading_id=row.reading_id,
        case_id=row.case_id,
        organisation=row.organisation,
        words=row.words,
        asked_at=row.asked_at,
        due_on=row.due_on,
        answer=row.answer or "",
        outcome=row.outcome,
        answered_at=row.answered_at,
        late=row.answered_at is None and row.due_on < on,
    )
