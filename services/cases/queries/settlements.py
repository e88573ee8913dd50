"""How each thing that must be proved is settled: by which source, since when, how surely, and what was tried before.

One shape for the applicant, the officer and other systems. While a case is open it is told from the evidence as it
stands today; from the decision on, as it was decided upon.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from services import clock
from services.cases.models import Application, Case, OutboxItem
from services.cases.queries.casefiles import Holders, case_files, holders_of
from services.cases.queries.drafts import WayView, check_applicant, files_of
from services.cases.queries.settled import settled_as
from services.cases.queries.visibility import application_for, case_for
from services.core.casefile import CaseFile
from services.core.definitions import Mode, Requirement
from services.core.evidence import Grade, Source, Standing
from services.core.facts import Holder, Texts
from services.core.states import Role
from services.evidence import queries as evidence
from services.evidence.queries import Proof, Try
from services.people import queries as people
from services.people.queries import AccountView

Kept = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofView:
    """One piece of evidence that settles a requirement.

    `source` is how this application came by it; `told_by` where it came from first, if from an earlier matter. What an
    officer looked at names the office, and to officers the colleague (R3.17). `confirmed`: found right.
    """

    id: UUID
    type: str
    name: Texts = field(hash=False)
    source: Source
    told_by: Source
    organisation: str
    record: str = field(repr=False)
    grade: Grade
    obtained_at: datetime
    issued_on: date | None
    valid_until: date | None
    reusable: bool
    checked_at: datetime | None
    checked_at_office: str
    checked_by: str = field(repr=False)
    disputed: bool
    confirmed: bool
    unscanned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TryView:
    """One thing that was tried before: when, by which way, whose register it was, and how it ended."""

    at: datetime
    type: str
    name: Texts = field(hash=False)
    source: Source
    organisation: str
    result: str
    took_ms: int
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementView:
    """One requirement, and how it stands.

    `spared`: what is not asked for, because other material proves the same (R3.16). `fetching`: what registers have yet
    to tell, `again_at`: when they are asked again. `meets_at`: the meeting at which an original is seen anyway.
    """

    code: str
    service: str
    name: Texts = field(hash=False)
    party: str
    party_name: Texts = field(hash=False)
    standing: Standing
    proofs: tuple[ProofView, ...]
    tried: tuple[TryView, ...]
    spared: tuple[Texts, ...] = field(hash=False)
    fetching: tuple[Texts, ...] = field(hash=False)
    again_at: datetime | None
    ways: tuple[WayView, ...]
    meets_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementSheet:
    """All requirements of a case or an application; `decided_on`: since then nothing of it changes."""

    application_id: UUID
    decided_on: date | None
    settlements: tuple[SettlementView, ...]

    @property
    def proved(self) -> int:
        """Return how many requirements need nothing more."""
        return sum(one.standing is Standing.SETTLED for one in self.settlements)


def case_settlements(*, viewer: AccountView, case_id: UUID) -> SettlementSheet:
    """Return how every requirement of the case is settled.

    :raises services.cases.queries.visibility.NoSuchCase: if there is none, or it may not be seen.
    """
    case = case_for(viewer, case_id)
    return settlements_in(case, case_files([case], on=clock.today())[case.id], viewer)


def settlements_in(case: Case, file: CaseFile, viewer: AccountView) -> SettlementSheet:
    """Return the sheet of a case that has been read with its file."""
    kept: Kept = case.settlements if case.verdict else settled_as(file)
    return _sheet(case.application, [(file, kept)], viewer, case.decided_on)


def application_settlements(*, viewer: AccountView, application_id: UUID) -> SettlementSheet:
    """Return how every requirement of the applicant's own application stands, of a draft as if it were filed today.

    :raises services.cases.queries.visibility.NoSuchApplication: if there is none, or it is somebody else's.
    """
    application = application_for(viewer, application_id)
    check_applicant(viewer, application)
    files = files_of(application, on=clock.today())
    decided = {case.service: case for case in application.cases.all() if case.verdict}
    told = [
        (file, decided[file.definition.code].settlements if file.verdict else settled_as(file))
        for file in files
    ]
    last = max((one.decided_on for one in decided.values()), default=None)
    return _sheet(application, told, viewer, last if len(decided) == len(files) else None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the lines of one sheet have in common."""

    holders: Holders
    proofs: Mapping[UUID, Proof]
    tries: Sequence[Try]
    officers: Mapping[UUID, AccountView]
    confirmed: frozenset[UUID]
    again_at: datetime | None
    for_officer: bool


def _sheet(
    application: Application,
    told: Sequence[tuple[CaseFile, Kept]],
    viewer: AccountView,
    decided_on: date | None,
) -> SettlementSheet:
    ids = {UUID(str(item["id"])) for _, kept in told for how in kept.values() for item in _items(how)}
    proofs = evidence.proofs(ids=ids, on=clock.today())
    known = _Known(
        holders=holders_of(application),
        proofs=proofs,
        tries=evidence.tries(application_id=application.id),
        officers=people.accounts({one.checked_by for one in proofs.values() if one.checked_by}),
        confirmed=evidence.confirmed(application_id=application.id),
        again_at=_again_at(application),
        for_officer=viewer.role is not Role.APPLICANT,
    )
    lines = {line.code: line for file, kept in told for line in _lines(file, kept, known)}
    return SettlementSheet(
        application_id=application.id, decided_on=decided_on, settlements=tuple(lines.values())
    )


def _again_at(application: Application) -> datetime | None:
    """Return when a register that was down is asked again: the next of the application's questions."""
    keys = Q(payload__application=str(application.id))
    for case in application.cases.all():
        keys |= Q(payload__case=str(case.id))
    waiting = OutboxItem.objects.filter(keys, kind=OutboxItem.Kind.GATHER, done_at__isnull=True)
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()


def _items(how: Mapping[str, object]) -> list[Mapping[str, str]]:
    found = how.get("evidence", [])
    return found if isinstance(found, list) else []


def _lines(file: CaseFile, kept: Kept, known: _Known) -> Iterator[SettlementView]:
    """Yield the requirements in the definition's order: the record keeps none."""
    for requirement in file.definition.requirements:
        how = kept.get(requirement.code)
        if how is not None:
            yield _line(file, requirement, how, known)


def _line(
    file: CaseFile, requirement: Requirement, how: Mapping[str, object], known: _Known
) -> SettlementView:
    definition, standing = file.definition, Standing(str(how["standing"]))
    kinds = definition.evidence_types
    fetching = _codes(how.get("fetch"))
    return SettlementView(
        code=requirement.code,
        service=definition.code,
        name=kinds[requirement.any_of[0][0]].name,
        party=requirement.party,
        party_name=next((one.name for one in definition.parties if one.role == requirement.party), {}),
        standing=standing,
        proofs=tuple(_proof(file, item, known) for item in _items(how) if UUID(item["id"]) in known.proofs),
        tried=tuple(_tried(file, requirement, known)),
        spared=tuple(kinds[code].name for code in _codes(how.get("spared"))),
        fetching=tuple(kinds[code].name for code in fetching),
        again_at=known.again_at if fetching else None,
        ways=tuple(WayView(code, kinds[code].name, Source(way)) for code, way in _pairs(how.get("asks"))),
        meets_at=_meeting(file) if standing in (Standing.AT_VISIT, Standing.OPEN) else "",
    )


def _codes(kept: object) -> list[str]:
    return [str(code) for code in kept] if isinstance(kept, list | tuple) else []


def _pairs(kept: object) -> list[tuple[str, str]]:
    return [(str(code), str(way)) for code, way in kept] if isinstance(kept, list | tuple) else []


def _meeting(file: CaseFile) -> str:
    """Return at which meeting of the route an original can be seen: the one visit, else the inspection."""
    modes = {one.mode for one in file.definition.steps if file.active[one.code] is not False}
    return next((str(mode) for mode in (Mode.COUNTER, Mode.INSPECTION) if mode in modes), "")


def _proof(file: CaseFile, item: Mapping[str, str], known: _Known) -> ProofView:
    proof = known.proofs[UUID(item["id"])]
    officer = known.officers.get(proof.checked_by) if proof.checked_by else None
    return ProofView(
        id=proof.id,
        type=proof.type,
        name=file.definition.evidence_types[proof.type].name,
        source=Source(item["source"]),
        told_by=proof.source,
        organisation=proof.organisation,
        record=proof.record if known.for_officer else "",
        grade=Grade(item["grade"]),
        obtained_at=proof.obtained_at,
        issued_on=proof.issued_on,
        valid_until=proof.valid_until,
        reusable=proof.reusable,
        checked_at=proof.checked_at,
        checked_at_office=officer.organisation if officer else "",
        checked_by=officer.display_name if officer and known.for_officer else "",
        disputed=proof.disputed,
        confirmed=proof.id in known.confirmed,
        unscanned=proof.unscanned,
    )


def _tried(file: CaseFile, requirement: Requirement, known: _Known) -> Iterator[TryView]:
    """Yield what was tried; what registers said of somebody else is between them and the office."""
    if requirement.party != "applicant" and not known.for_officer:
        return
    kinds = file.definition.evidence_types
    types = {code for entry in requirement.any_of for code in entry}
    for one in known.tries:
        if one.type in types and one.holder in (None, *_about(known.holders, file, requirement, one.type)):
            yield TryView(
                at=one.at, type=one.type, name=kinds[one.type].name, source=one.source,
                organisation=kinds[one.type].organisation, result=str(one.result), took_ms=one.took_ms,
                note=one.note,
            )  # fmt: skip


def _about(holders: Holders, file: CaseFile, requirement: Requirement, type: str) -> list[Holder | None]:
    """Return about whom it is: what is given for somebody not known by number lies with the applicant."""
    kind = file.definition.evidence_types[type]
    return [holders.of(kind, requirement.party) or holders.of(kind, "applicant")]
