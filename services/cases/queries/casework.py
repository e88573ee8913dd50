"""What an officer needs beside the case itself: whom it is about, what colleagues noted, the papers that came in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services.cases.models import Application, Case, Party, Task
from services.cases.queries.cases import CaseView
from services.cases.queries.urgency import color_of_case, days_left, paused_days
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile
from services.core.definitions import Definition
from services.core.evidence import Standing
from services.core.facts import Texts
from services.core.states import UNDER_WAY, CaseState
from services.evidence import queries as evidence
from services.people.queries import PersonView, person_view


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


def case_sheet(case: Case, file: CaseFile, ended: Collection[Task], names: Mapping[UUID, str]) -> CaseSheet:
    """Return the sheet of a case that has been read whole, on the day of its file.

    `ended` are the tasks that people ended; `names`: what the accounts are called that `named_in` tells.
    """
    definition = file.definition
    return CaseSheet(
        who=_who(case.application, definition, names),
        notes=tuple(_note(task, definition, names) for task in ended),
        papers=_papers(case, definition),
        clock=_clock(case, file),
    )


def named_in(case: Case, tasks: Collection[Task]) -> set[UUID]:
    """Return the accounts whose names a sheet shows: who filed, who ended a task, who inspected with them."""
    officers = {one for task in tasks for one in (task.closed_by_id, task.second_officer_id) if one}
    return officers | {case.application.account_id}


def _who(application: Application, definition: Definition, names: Mapping[UUID, str]) -> WhoView:
    business = application.business
    return WhoView(
        person=person_view(application.person) if application.person else None,
        business=business.name if business else "",
        uscc=business.uscc if business else "",
        filed_by=application.filed_by,
        account=names.get(application.account_id, ""),
        parties=party_lines(application, definition),
    )


def party_lines(application: Application, definition: Definition) -> tuple[PartyLine, ...]:
    """Return the parties that this service knows, in its order."""
    known = {one.role: one for one in application.parties.all()}
    return tuple(
        PartyLine(
            party.name, _party_name(known[party.role]), party.signs, known[party.role].signed_at,
        )
        for party in definition.parties
        if party.role in known
    )  # fmt: skip


def _party_name(party: Party) -> str:
    known = party.person or party.business
    return known.name if known else ""


def _note(task: Task, definition: Definition, names: Mapping[UUID, str]) -> NoteView:
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


def _clock(case: Case, file: CaseFile) -> OfficeClock | None:
    """Return the promised limit while it runs."""
    if case.state not in UNDER_WAY or case.accepted_on is None or case.promised_due is None:
        return None
    left = days_left(file.on, case.promised_due, excluded=paused_days(file))
    return OfficeClock(case.promised_due, left, color_of_case(file, file.on), case.state == CaseState.PAUSED)


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
