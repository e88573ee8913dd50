"""A case or a draft as the law sees it: records and evidence read, in a constant number of queries, into case files."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from services import clock
from services.cases.models import (
    Application,
    ApplicationState,
    Bill,
    Case,
    CorrectionNotice,
    Decision,
)
from services.cases.queries.earlier import earlier_in_draft, kin_of
from services.cases.queries.matter import facts_of
from services.cases.queries.progress import extensions_of, pauses_of, steps_from
from services.cases.queries.promises import Word, words_of
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile, Concern, Correction
from services.core.deadlines import register_ends
from services.core.definitions import Definition, Requirement
from services.core.evidence import (
    UNANSWERED,
    Attempt,
    Grade,
    HeldEvidence,
    Outcome,
    Shelf,
    Source,
    commitment_needed,
)
from services.core.facts import Holder, Value
from services.core.pauses import Suspension
from services.core.reference import EvidenceType
from services.core.renewal import renewal_requirement
from services.core.routing import Law
from services.core.states import CaseState, Verdict
from services.evidence import queries as evidence

Facts = Mapping[str, Value]

CHILD, GUARDIAN = "child", "guardian"

NOBODY = Holder("person", UUID(int=0))

# What may serve again in another application; copies and what is about one matter alone may not (R3.17, R4.13).
_AGAIN = (Grade.A, Grade.B, Grade.D)


def law() -> Law:
    """Return the numbers and the calendar in force."""
    return Law(clock.profile(), clock.calendar())


@dataclass(frozen=True, slots=True)
class Holders:
    """Whom evidence in an application can be about: the filer, the business filed for, and the parties by role."""

    person: Holder | None
    business: Holder | None
    parties: Mapping[str, Holder]

    def of(self, kind: EvidenceType, party: str) -> Holder | None:
        """Return whose evidence of this type the party needs."""
        if party != "applicant":
            return self.parties.get(party)
        if kind.about == "person":
            return self.person
        return self.business or self.person

    def declarant(self, party: str) -> Holder | None:
        """Return for whom a party's commitment is given: the business filed for, or the person (R4.11, R4.12)."""
        return (self.business or self.person) if party == "applicant" else self.parties.get(party)

    def all(self) -> list[Holder]:
        """Return everybody, once."""
        known = [self.person, self.business, *self.parties.values()]
        return list(dict.fromkeys(one for one in known if one is not None))


def holders_of(application: Application) -> Holders:
    """Return whom the application is about; parties have been read with it."""
    parties: dict[str, Holder] = {}
    for party in application.parties.all():
        # Nothing is looked up about a co-signer before they have signed themselves.
        if (party.person_id or party.business_id) and (party.signs != "account" or party.signed_at):
            kind = "person" if party.person_id else "business"
            parties[party.role] = Holder(kind, party.person_id or party.business_id)
    return Holders(
        person=Holder("person", application.person_id) if application.person_id else None,
        business=Holder("business", application.business_id) if application.business_id else None,
        parties=parties,
    )


def may_ask_about(application: Application, role: str) -> bool:
    """Return whether offices may be asked about this party now, or what they told before be used (design §6).

    Before an application is received: about the applicant, a child that its guardian files for, and whoever has signed
    in their own account. About those who only come along, once it is received and needs it.
    """
    if application.state not in (ApplicationState.DRAFT, ApplicationState.AWAITING_SIGNATURES):
        return True
    is_ward = role == CHILD and application.filed_by == GUARDIAN
    signed = {party.role for party in application.parties.all() if party.signed_at is not None}
    return role == "applicant" or is_ward or role in signed


def key_facts(definition: Definition, answers: Facts) -> dict[str, Value]:
    """Return the answers that tell registers which thing is meant (a vehicle, a contract)."""
    return {one.key: answers[one.key] for one in definition.evidence_types.values() if one.key in answers}


@dataclass(frozen=True)
class AtHand:
    """Evidence, answers of registers, and what applicants gave their word for, in a batch of applications."""

    held: Sequence[HeldEvidence]
    attempts: Mapping[UUID, Sequence[Attempt]]
    words: Word = field(default_factory=Word)

    @cached_property
    def by_holder(self) -> Mapping[Holder, Sequence[HeldEvidence]]:
        """Return the evidence about each holder."""
        shelves: dict[Holder, list[HeldEvidence]] = {}
        for one in self.held:
            shelves.setdefault(one.holder, []).append(one)
        return shelves


def at_hand(
    applications: Collection[Application],
    definitions: Iterable[Definition],
    on: date,
    renewed: Collection[UUID] = (),
) -> AtHand:
    """Read all evidence that may matter to these applications; what is `renewed` matters after its last day, too."""
    ids = [application.id for application in applications]
    holders = {holder for application in applications for holder in holders_of(application).all()}
    read = list(definitions)
    types = {code for one in read for code in one.evidence_types}
    return AtHand(
        words=words_of(applications, read, holders, on),
        held=evidence.held(holders=holders, types=types, on=on, application_ids=ids, renewed=renewed),
        attempts=evidence.attempts(application_ids=ids, on=on),
    )


def shelves_for(
    application: Application,
    definition: Definition,
    known: AtHand,
    *,
    received_on: date | None = None,
    renewed: UUID | None = None,
) -> dict[str, Shelf]:
    """Return what is at hand for each party of one service of the application, received on this day or a draft."""
    holders = holders_of(application)
    keys = key_facts(definition, application.answers)
    shelves = {}
    visiting = {party.role for party in definition.parties if party.signs == "visit"}
    deferred = known.words.deferred(application.id, definition.code)
    for party in {"applicant", *(one.party for one in definition.requirements)}:
        held, attempts = _for_party(application, definition, party, known, holders)
        shelves[party] = Shelf(
            held=held,
            attempts=[_waited_for(one, received_on) for one in attempts],
            keys=keys,
            promised=frozenset(application.promised),
            comes_along=party in visiting,
            deferred=deferred,
            commitments_closed=(holders.declarant(party), definition.code) in known.words.closed,
            renews=renewed,
        )
    return shelves


def _waited_for(attempt: Attempt, received_on: date | None) -> Attempt:
    """Return the attempt with the last day on which a received case waits for the register alone (R3.18).

    A draft waits for nothing: it can be filed as it is.
    """
    if received_on is None or attempt.asked_on is None or attempt.outcome not in UNANSWERED:
        return attempt
    return replace(attempt, due=register_ends(max(attempt.asked_on, received_on), law()))


def _for_party(
    application: Application,
    definition: Definition,
    party: str,
    known: AtHand,
    holders: Holders,
) -> tuple[list[HeldEvidence], list[Attempt]]:
    kinds = {code for one in definition.requirements if one.party == party for code in _codes(one)}
    kinds |= (
        {definition.commitments.offer} if party == "applicant" and definition.commitments.offer else set()
    )
    wanted = {code: holders.of(definition.evidence_types[code], party) for code in kinds}
    open_to_us = may_ask_about(application, party)
    held = [
        seen
        for code, holder in wanted.items()
        # What is given for somebody not known by number is kept with the applicant, for this application alone.
        for one in _shelf_of(known, holder, holders, definition.evidence_types[code], application.id)
        if one.type == code and ((holder and open_to_us) or one.application_id == application.id)
        if (seen := _seen_from(application.id, one, definition.evidence_types[code])) is not None
    ]
    asked = {code: _asked_about(definition.evidence_types[code], application.answers) for code in kinds}
    attempts = [
        one
        for one in known.attempts.get(application.id, ())
        if wanted.get(one.type) == one.holder and asked[one.type] == one.key
    ]
    return held, attempts + [
        _nothing_to_ask(code) for code in kinds if wanted[code] is None or asked[code] is None
    ]


def _shelf_of(
    known: AtHand, holder: Holder | None, holders: Holders, kind: EvidenceType, application_id: UUID
) -> list[HeldEvidence]:
    """Return what is kept with the holder; what was given before a business was founded lies with its founder."""
    found = list(known.by_holder.get(holder or holders.of(kind, "applicant") or NOBODY, ()))
    founder = holders.person if holder is not None and holder == holders.business else None
    if founder is not None:
        found += [one for one in known.by_holder.get(founder, ()) if one.application_id == application_id]
    return found


def _asked_about(kind: EvidenceType, answers: Facts) -> str | None:
    """Return the thing that a register is asked about: none where the holder tells, None where it is not known."""
    if not kind.key:
        return ""
    return str(answers[kind.key]) if kind.key in answers else None


def _nothing_to_ask(code: str) -> Attempt:
    """Return the answer of a register that cannot even be asked: nobody is named, or no thing of theirs."""
    return Attempt(code, NOBODY, Outcome.NO_RECORD)


def _codes(requirement: Requirement) -> list[str]:
    return [code for entry in requirement.any_of for code in entry]


def _seen_from(application_id: UUID, one: HeldEvidence, kind: EvidenceType) -> HeldEvidence | None:
    """Return the evidence as this application may use it: another's copies and commitments are not for it (R4.13)."""
    if one.application_id in (None, application_id) or one.source is Source.ISSUED:
        return one
    committed = one.grade is Grade.D and commitment_needed(kind)
    if committed or one.grade not in _AGAIN or any(fact.startswith("application.") for fact in one.facts):
        return None
    return replace(one, source=Source.EARLIER)


def draft_file(application: Application, definition: Definition, *, on: date) -> CaseFile:
    """Return one service of a draft as if it were received today: what is settled, and what would be asked."""
    return draft_files(application, [definition], on=on)[0]


def draft_files(application: Application, definitions: Sequence[Definition], *, on: date) -> list[CaseFile]:
    """Return services of a draft as `draft_file` does, in their order; evidence is read once for all of them."""
    known = at_hand([application], definitions, on) if definitions else AtHand((), {})
    earlier = earlier_in_draft(application, definitions) if definitions else {}
    files = (_draft_file(application, one, known, on) for one in definitions)
    return [one.after(earlier=earlier.get((application.id, one.definition.code), ())) for one in files]


def _draft_file(application: Application, definition: Definition, known: AtHand, on: date) -> CaseFile:
    shelves = shelves_for(application, definition, known)
    facts = facts_of(application, definition, shelves, on)
    return CaseFile(definition, on=on, received_on=on, facts=facts, shelves=shelves)


def case_files(cases: Sequence[Case], *, on: date, whole: bool = False) -> dict[UUID, CaseFile]:
    """Return the case files of a batch; `application.person` and its parties have been read with each case.

    `whole`: the notice and the bill have been, too.
    """
    if not cases:
        return {}
    definitions = {case.service_version_id: catalogue.definition(case.service_version_id) for case in cases}
    applications = {case.application_id: case.application for case in cases}
    renewed = {case.id: _renewed_by(case, definitions[case.service_version_id]) for case in cases}
    lasting = [one for one in renewed.values() if one is not None]
    known = at_hand(list(applications.values()), definitions.values(), on, lasting)
    ids = [case.id for case in cases]
    unread = [] if whole else ids
    corrections = {one.case_id: one for one in CorrectionNotice.objects.filter(case__in=unread)}
    bills = {one.case_id: one for one in Bill.objects.filter(case__in=unread)}
    decided = _facts_decided_on(cases)
    pauses, extensions = pauses_of(cases, whole=whole), extensions_of(cases, whole=whole)
    kin = kin_of(cases)
    return {
        case.id: _case_file(
            case,
            definitions[case.service_version_id],
            known,
            getattr(case, "correction", None) if whole else corrections.get(case.id),
            getattr(case, "bill", None) if whole else bills.get(case.id),
            on,
        )
        .after(
            pauses=pauses.get(case.id, ()),
            extension=extensions.get(case.id),
            suspension=Suspension(case.suspended_from, case.suspended_until) if case.suspended_from else None,
            **kin.of(case),
            **decided.get(case.id, {}),
        )
        .seeking_anew()
        for case in cases
    }


def _renewed_by(case: Case, definition: Definition) -> UUID | None:
    """Return the certificate that the case renews, as it was settled by it: it serves the case until it is decided."""
    requirement = renewal_requirement(definition)
    settled = case.settlements.get(requirement.code, {}) if requirement else {}
    items = (one for one in settled.get("evidence", ()) if one["type"] == definition.output.certificate)
    return next((UUID(one["id"]) for one in items), None)


def _facts_decided_on(cases: Sequence[Case]) -> dict[UUID, dict[str, Facts]]:
    """Return the facts of cases that were granted: those of the decision, whatever came to be said afterwards."""
    granted = [case.id for case in cases if case.verdict == Verdict.GRANTED]
    rows = Decision.objects.filter(case__in=granted, facts__isnull=False) if granted else ()
    return {row.case_id: {"facts": row.facts} for row in rows}


def _case_file(
    case: Case,
    definition: Definition,
    known: AtHand,
    correction: CorrectionNotice | None,
    bill: Bill | None,
    on: date,
) -> CaseFile:
    shelves = shelves_for(
        case.application,
        definition,
        known,
        received_on=case.received_on,
        renewed=_renewed_by(case, definition),
    )
    return CaseFile(
        definition=definition,
        on=on,
        received_on=case.received_on,
        state=CaseState(case.state),
        facts=facts_of(case.application, definition, shelves, _filed_on(case)),
        shelves=shelves,
        accepted_on=case.accepted_on,
        decided_on=case.decided_on,
        verdict=Verdict(case.verdict) if case.verdict else None,
        steps=steps_from(case.progress),
        determined=case.determined,
        acceptance_due=case.acceptance_due,
        correction=_correction(correction),
        noted=_noted(case, correction),
        concern=Concern(case.concern) if case.concern else None,
        visits=case.visits,
        fee_asked_on=bill.asked_on if bill else None,
        fee_paid=bill is not None and bill.paid_at is not None,
        fetched=frozenset(case.fetched),
    )


def _filed_on(case: Case) -> date:
    """Return the day of filing: what comes after another service is received later than it was filed (R7.5)."""
    submitted = case.application.submitted_at
    return clock.legal_day(submitted) if submitted is not None else case.received_on


def _correction(notice: CorrectionNotice | None) -> Correction | None:
    if notice is None or notice.sent_on is None or notice.due_on is None:
        return None
    return Correction(tuple(notice.items), notice.sent_on, notice.due_on, notice.answered_on)


def _noted(case: Case, notice: CorrectionNotice | None) -> tuple[str, ...]:
    """Return what the office noted, to be asked for in the one notice of the application (R7.9)."""
    waits = notice is not None and notice.sent_on is None and case.state == CaseState.RECEIVED
    return tuple(notice.items) if notice is not None and waits else ()
