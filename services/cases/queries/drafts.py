"""A draft as its applicant sees it: what we know, what is still asked, what must be given, who must sign."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import Application, ApplicationState, OutboxItem, RememberedAnswer
from services.cases.queries.casefiles import case_files, draft_files, may_ask_about
from services.cases.queries.visibility import NoSuchApplication, application_for, works_on
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile
from services.core.conditions import used_facts
from services.core.definitions import Definition, Requirement
from services.core.evidence import Settlement, Source, Standing
from services.core.facts import Fact, Holder, Texts, Value
from services.core.waiting import UNDECIDED, may_be_given
from services.evidence import queries as evidence
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question of the form, with what is answered or already known; `needed` is whether it holds up filing."""

    fact: Fact
    needed: bool
    optional: bool
    value: Value = field(default=None, repr=False)
    answered: bool = False
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Evidence that settles a requirement: what, from where, how far to be trusted, since when."""

    id: UUID
    type: str
    name: Texts = field(hash=False)
    source: Source
    grade: str
    obtained_on: date
    valid_until: date | None
    disputed: bool
    checked: bool
    facts: Mapping[str, Value] = field(hash=False, repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayView:
    """A way in which the applicant can give what no office holds."""

    type: str
    name: Texts = field(hash=False)
    way: Source


@dataclass(frozen=True, slots=True)
class RequirementView:
    """One thing that must be proved, and how it stands."""

    code: str
    name: Texts = field(hash=False)
    party: str
    standing: Standing
    evidence: tuple[EvidenceView, ...]
    ways: tuple[WayView, ...]
    original_at: str
    deferrable: bool = False
    promised_until: date | None = None
    commitments_closed: bool = False


@dataclass(frozen=True, slots=True)
class OfferView:
    """A commitment to a service's conditions that may be given, or was: with it, it is decided on the spot (R4.7)."""

    service: str
    name: Texts = field(hash=False)
    promised_days: int
    evidence_id: UUID | None
    closed: bool


@dataclass(frozen=True, slots=True)
class PartyView:
    """Somebody beside the applicant; `signed` says whether they have signed."""

    role: str
    name: Texts = field(hash=False)
    kind: str
    signs: str
    signed: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with one or several services; facts asked by several of them are asked once (R7.3).

    `confirmed` names the evidence that the applicant has seen and found right; `fetching` is true while registers
    are being asked: one that is down is asked again later, and nobody waits for it here. `asked_about` names the
    parties about whom offices may be asked now, `givable` the requirements for which something can be given now.
    """

    id: UUID
    number: str
    account_id: UUID
    state: str
    version: int
    services: tuple[str, ...]
    names: tuple[Texts, ...] = field(hash=False)
    filed_by: str
    business_id: UUID | None
    for_person_id: UUID | None
    language: str
    questions: tuple[QuestionView, ...]
    requirements: tuple[RequirementView, ...]
    parties: tuple[PartyView, ...]
    fetch_asked: bool
    fetching: bool
    confirmed: frozenset[UUID]
    asked_about: frozenset[str]
    givable: frozenset[str]
    changed_at: datetime
    offers: tuple[OfferView, ...] = ()

    @property
    def unanswered(self) -> tuple[QuestionView, ...]:
        """Return the questions that still hold up filing."""
        return tuple(one for one in self.questions if one.needed and not one.answered)

    @property
    def missing(self) -> tuple[RequirementView, ...]:
        """Return the requirements that the applicant has something to give for; a co-signer gives their own."""
        theirs = {party.role for party in self.parties if party.signs == "account"}
        return tuple(
            one for one in self.requirements if one.standing is Standing.OPEN and one.party not in theirs
        )

    @property
    def to_fetch(self) -> tuple[RequirementView, ...]:
        """Return the requirements about which offices may be asked now, and have not answered."""
        return tuple(
            one
            for one in self.requirements
            if one.standing is Standing.FETCHING and one.party in self.asked_about
        )

    @property
    def complete(self) -> bool:
        """Return whether the application can be filed without gaps."""
        return not self.unanswered and not self.missing


def definitions_of(application: Application) -> list[Definition]:
    """Return the definitions that the application's services are handled under: pinned once it is submitted (R1.8)."""
    pinned = {case.service: case.service_version_id for case in application.cases.all()}
    versions = (pinned.get(code) or catalogue.current_version_id(code) for code in application.services)
    return [catalogue.definition(version) for version in versions]


def draft(*, viewer: AccountView, application_id: UUID) -> DraftView:
    """Return the draft as it stands today.

    :raises NoSuchApplication: if there is none, or it is somebody else's.
    """
    application = application_for(viewer, application_id)
    check_applicant(viewer, application)
    return draft_view(application, on=clock.today())


def check_applicant(viewer: AccountView, application: Application) -> None:
    """Do nothing for who filed, and for whose matter it is: the person, or the representative of the business.

    A co-signer may sign the application, and learns of it what they are asked to sign (`invitation`).

    :raises NoSuchApplication: otherwise.
    """
    if not works_on(viewer, application):
        raise NoSuchApplication


def draft_view(application: Application, *, on: date) -> DraftView:
    """Return the view on a legal day of a draft that was read with its person and parties."""
    # Read before the evidence: a worker that ends in between must not seem to have found nothing.
    fetching = _is_fetching(application)
    files = files_of(application, on=on)
    requirements = _each_once(files)
    return DraftView(
        id=application.id,
        number=application.number,
        account_id=application.account_id,
        state=application.state,
        version=application.version,
        services=tuple(application.services),
        names=tuple(file.definition.name for file in files),
        filed_by=application.filed_by,
        business_id=application.business_id,
        for_person_id=application.for_person_id,
        language=application.language,
        questions=questions_of(application, files),
        requirements=requirements,
        parties=tuple(_parties(application, files)),
        fetch_asked=application.fetch_asked_at is not None,
        fetching=fetching,
        confirmed=evidence.confirmed(application_id=application.id),
        asked_about=frozenset(one.party for one in requirements if may_ask_about(application, one.party)),
        givable=frozenset(_givable(application, files)),
        changed_at=application.changed_at,
        offers=tuple(_offers(files)),
    )


def _each_once(files: list[CaseFile]) -> tuple[RequirementView, ...]:
    """Return every requirement once, however many services have it (R7.4).

    Services may call different things by one code: each of them is a requirement of its own, what is still to be given
    before the others. Where several services want the same, it is given in a way that serves all of them.
    """
    # What is decided no longer says what is missing, where another case of the application still waits for it.
    latest = sorted(files, key=lambda file: file.state in UNDECIDED)
    found: dict[tuple[str, str, tuple[str, ...]], RequirementView] = {}
    for file in latest:
        for one in _requirements(file):
            name = one.code, one.party, file.definition.requirement[one.code].any_of[0]
            found[name] = _for_both(found.get(name), one)
    order = list(dict.fromkeys(code for code, *_ in found))
    return tuple(
        sorted(found.values(), key=lambda one: (order.index(one.code), one.standing is not Standing.OPEN))
    )


def _for_both(before: RequirementView | None, one: RequirementView) -> RequirementView:
    """Return the later service's view of what both want: open if it is for either, in the ways that serve both."""
    if before is None or before.standing is not Standing.OPEN:
        return one
    if one.standing is not Standing.OPEN:
        return before
    return replace(one, ways=tuple(way for way in one.ways if way in before.ways) or one.ways)


def _offers(files: list[CaseFile]) -> Iterator[OfferView]:
    for file in files:
        offer = file.definition.commitments.offer
        shelf = file.shelves.get("applicant")
        if offer and shelf is not None:
            signed = next((one.id for one in shelf.held if one.type == offer and not one.disputed), None)
            name = file.definition.evidence_types[offer].name
            yield OfferView(
                file.definition.code, name, file.definition.promised, signed, shelf.commitments_closed
            )


def files_of(application: Application, *, on: date) -> list[CaseFile]:
    """Return the services of the application as the law sees them: as cases once it is submitted, else as a draft."""
    cases = {case.service: case for case in application.cases.all()}
    for case in cases.values():
        case.application = application
    handled = case_files(list(cases.values()), on=on)
    definitions = definitions_of(application)
    drafted = draft_files(application, [one for one in definitions if one.code not in cases], on=on)
    files = {one.definition.code: one for one in (*handled.values(), *drafted)}
    return [files[one.code] for one in definitions]


def _givable(application: Application, files: list[CaseFile]) -> Iterator[str]:
    for file in files if application.state != ApplicationState.AWAITING_SIGNATURES else ():
        is_draft = application.state == ApplicationState.DRAFT
        yield from (code for code in file.settlements if is_draft or may_be_given(file, code))


def _is_fetching(application: Application) -> bool:
    """Return whether a worker has yet to ask the registers for this draft."""
    asked = OutboxItem.objects.filter(dedup_key__startswith=f"draft:{application.id}:")
    return asked.filter(kind=OutboxItem.Kind.GATHER, done_at__isnull=True).exists()


def questions_of(application: Application, files: list[CaseFile]) -> tuple[QuestionView, ...]:
    """Return the questions of all services, each fact once, those not known from evidence."""
    remembered = _remembered(application)
    questions: dict[str, QuestionView] = {}
    for file in files:
        for code, optional in _asked(file):
            fact = file.definition.facts[code]
            answered = code in application.answers
            value = application.answers.get(code, remembered.get(code))
            before = questions.get(code)
            needed = not optional or (before is not None and before.needed)
            questions[code] = QuestionView(fact, needed, not needed, value, answered, code in remembered)
    return tuple(questions.values())


_GIVEN_BY_HAND = (Standing.OPEN, Standing.UNCHECKED, Standing.AT_VISIT, Standing.PROMISED)


def _asked(file: CaseFile) -> Iterator[tuple[str, bool]]:
    """Yield fact and whether it is optional: the definition's questions, then what no register could tell."""
    for question in file.definition.questions:
        if file.holds(question.when) is not False:
            yield question.fact, question.optional
    needed = {fact for one in file.definition.conditions.values() for fact in used_facts(one.expression)}
    needed |= _printed(file.definition)
    for one in file.settlements.values():
        party = file.definition.requirement[one.requirement].party
        if one.standing in _GIVEN_BY_HAND and party == "applicant":
            yield from ((fact, True) for fact in _unproved(file, one) if fact in needed)


def _printed(definition: Definition) -> set[str]:
    if not definition.output.certificate:
        return set()
    proves = definition.evidence_types[definition.output.certificate].proves
    return {definition.output.gives.get(fact, fact) for fact in proves}


def _unproved(file: CaseFile, one: Settlement) -> list[str]:
    """Return the facts that a register would have told, had it had an answer."""
    requirement = file.definition.requirement[one.requirement]
    kinds = [file.definition.evidence_types[code] for entry in requirement.any_of for code in entry]
    askable = [fact for kind in kinds if kind.registered for fact in kind.proves]
    return [fact for fact in askable if file.definition.facts.get(fact) and file.definition.facts[fact].ask]


def _remembered(application: Application) -> dict[str, Value]:
    """Return what the applicant, or the business, has told us in earlier matters."""
    ids = [one for one in (application.person_id, application.business_id) if one]
    rows = RememberedAnswer.objects.filter(holder_id__in=ids)
    return {row.fact: row.value for row in rows}


def _requirements(file: CaseFile) -> Iterator[RequirementView]:
    for settlement in file.settlements.values():
        requirement = file.definition.requirement[settlement.requirement]
        shelf = file.shelves.get(requirement.party)
        closed = shelf is not None and shelf.commitments_closed
        yield _requirement(file.definition, requirement, settlement, closed=closed)


def _requirement(
    definition: Definition, requirement: Requirement, one: Settlement, *, closed: bool
) -> RequirementView:
    kinds = definition.evidence_types
    evidence = tuple(
        EvidenceView(
            item.id, item.type, kinds[item.type].name, item.source, item.grade, item.obtained_on, item.valid_until,
            item.disputed, item.checked, item.facts if requirement.party == "applicant" else {},
        )
        for item in one.evidence
    )  # fmt: skip
    return RequirementView(
        code=requirement.code,
        name=kinds[requirement.any_of[0][0]].name,
        party=requirement.party,
        standing=one.standing,
        evidence=evidence,
        ways=tuple(WayView(code, kinds[code].name, way) for code, way in one.asks),
        original_at=requirement.original_at,
        deferrable=requirement.deferrable,
        promised_until=one.until,
        commitments_closed=closed,
    )


def requirement_views(file: CaseFile) -> tuple[RequirementView, ...]:
    """Return how each requirement of a case stands."""
    return tuple(_requirements(file))


def _parties(application: Application, files: list[CaseFile]) -> Iterator[PartyView]:
    signed = {party.role: party.signed_at is not None for party in application.parties.all()}
    seen = set()
    for file in files:
        for party in file.definition.parties:
            if party.role not in seen and file.holds(party.when) is not False:
                seen.add(party.role)
                yield PartyView(
                    party.role, party.name, party.kind, party.signs, signed.get(party.role, False)
                )


def holder_of_fact(application: Application, code: str) -> Holder | None:
    """Return whose fact it is, if it may be remembered: never one of this matter alone."""
    if code.startswith("person.") and application.person_id:
        return Holder("person", application.person_id)
    if code.startswith("business.") and application.business_id:
        return Holder("business", application.business_id)
    return None
