"""What an officer needs beside the case itself: whom it is about, what colleagues noted, the papers that came in."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Application, Case, Task
from services.cases.queries.casefiles import case_files
from services.cases.queries.cases import CaseView
from services.cases.queries.urgency import color_of_case, days_left, paused_days
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.core.definitions import Definition
from services.core.evidence import Standing
from services.core.facts import Holder, Texts
from services.core.states import UNDER_WAY, CaseState
from services.evidence import queries as evidence
from services.people.queries import AccountView, PersonView, holder_name, names_of, person


@dataclass(frozen=True, slots=True)
class PartyLine:
    """Somebody beside the applicant: in which role, by name, and whether they have signed."""

    role: Texts = field(hash=False)
    name: str = field(repr=False)
    signs: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class WhoView:
    """Whom a case is about: the person, and the business they file for, if for one. Numbers are masked."""

    person: PersonView | None = field(repr=False)
    business: str
    uscc: str
    filed_by: str
    account: str = field(repr=False)
    parties: tuple[PartyLine, ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """How a task ended: by whom, and what they wrote for their colleagues."""

    kind: str
    step_name: Texts = field(hash=False)
    organisation: str
    by: str
    second: str
    at: datetime
    outcome: str
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A copy that was sent, or a statement that was signed; `text` is the statement, word for word."""

    evidence_id: UUID
    type: str
    type_name: Texts = field(hash=False)
    name: str = field(repr=False)
    kind: str
    size: int
    at: datetime
    checked: bool | None
    text: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """A limit of the case as the office sees it running out: working days left, and the color of the clock."""

    due: date
    days_left: int
    color: str
    paused: bool


@dataclass(frozen=True, slots=True)
class CaseSheet:
    """Everything of a case that only officers see."""

    who: WhoView
    notes: tuple[NoteView, ...]
    papers: tuple[PaperView, ...]
    clock: OfficeClock | None


def case_sheet(*, viewer: AccountView, case_id: UUID) -> CaseSheet:
    """Return the sheet of a case.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    case = case_for(viewer, case_id)
    definition = catalogue.definition(case.service_version_id)
    return CaseSheet(
        who=_who(case.application, definition),
        notes=_notes(case, definition),
        papers=_papers(case, definition),
        clock=_clock(case),
    )


def _who(application: Application, definition: Definition) -> WhoView:
    business = application.business
    return WhoView(
        person=person(application.person_id) if application.person_id else None,
        business=business.name if business else "",
        uscc=business.uscc if business else "",
        filed_by=application.filed_by,
        account=names_of([application.account_id]).get(application.account_id, ""),
        parties=party_lines(application, definition),
    )


def party_lines(application: Application, definition: Definition) -> tuple[PartyLine, ...]:
    """Return the parties that this service knows, in its order."""
    known = {one.role: one for one in application.parties.all()}
    return tuple(
        PartyLine(
            party.name, _party_name(known[party.role].person_id, known[party.role].business_id),
            party.signs, known[party.role].signed_at,
        )
        for party in definition.parties
        if party.role in known
    )  # fmt: skip


def _party_name(person_id: UUID | None, business_id: UUID | None) -> str:
    if person_id:
        return holder_name(Holder("person", person_id))
    return holder_name(Holder("business", business_id)) if business_id else ""


def _notes(case: Case, definition: Definition) -> tuple[NoteView, ...]:
    """Return the tasks that people have ended, the last first; what events overtook has no author."""
    ended = Task.objects.filter(case=case, closed_by__isnull=False).order_by("-closed_at", "id")
    rows = list(ended)
    names = names_of({one for task in rows for one in (task.closed_by_id, task.second_officer_id) if one})
    return tuple(_note(task, definition, names) for task in rows)


def _note(task: Task, definition: Definition, names: dict[UUID, str]) -> NoteView:
    step = definition.step.get(task.step)
    return NoteView(
        kind=task.kind, step_name=step.name if step else {}, organisation=task.organisation,
        by=names.get(task.closed_by_id, ""), second=names.get(task.second_officer_id, ""),
        at=task.closed_at, outcome=task.outcome, note=task.note,
    )  # fmt: skip


def _papers(case: Case, definition: Definition) -> tuple[PaperView, ...]:
    """Return what came in for this service, and for no other of the same application (R15.2)."""
    types, ids = definition.evidence_types, [case.application_id]
    copies = [
        PaperView(
            one.evidence_id, one.type, types[one.type].name, one.name, one.kind, one.size, one.uploaded_at,
            one.checked,
        )
        for one in evidence.uploads(application_ids=ids)
        if one.type in types
    ]  # fmt: skip
    signed = [
        PaperView(
            one.evidence_id, one.type, types[one.type].name, "", one.kind, 0, one.signed_at, None, one.text
        )
        for one in evidence.declarations(application_ids=ids)
        if one.type in types and one.withdrawn_at is None
    ]
    return (*copies, *signed)


def _clock(case: Case) -> OfficeClock | None:
    """Return the promised limit while it runs."""
    if case.state not in UNDER_WAY or case.accepted_on is None or case.promised_due is None:
        return None
    today = clock.today()
    file = case_files([case], on=today)[case.id]
    left = days_left(today, case.promised_due, excluded=paused_days(file))
    return OfficeClock(case.promised_due, left, color_of_case(file, today), case.state == CaseState.PAUSED)


@dataclass(frozen=True, slots=True)
class Wanting:
    """What a correction notice can ask for; `must`: a complete notice asks for it (R2.4)."""

    code: str
    name: Texts = field(hash=False)
    copy_sent: bool
    must: bool


def wanting(view: CaseView) -> tuple[Wanting, ...]:
    """Return what the applicant can still be asked for: what is not there, and copies nobody has found good yet."""
    required = catalogue.definition(view.version_id).requirement
    return tuple(
        Wanting(
            code=one.code,
            name=one.name,
            copy_sent=one.standing is Standing.UNCHECKED,
            must=one.standing is Standing.OPEN and not required[one.code].deferrable,
        )
        for one in view.requirements
        if one.standing in (Standing.OPEN, Standing.UNCHECKED)
    )
