"""The applicant's side of evidence: confirm or dispute what was obtained, declare, send a copy.

Works for a draft, and for a case whose office has asked for a correction or whose applicant owes something promised.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.routing import wake_cases
from services.cases.models import Application, ApplicationState
from services.cases.queries.casefiles import at_hand, draft_file, facts_of, holders_of, shelves_for
from services.cases.queries.drafts import check_applicant, definitions_of
from services.cases.queries.visibility import application_for
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_words
from services.core.acts import NotRequired
from services.core.casefile import CaseFile
from services.core.definitions import Definition, Requirement
from services.core.evidence import HeldEvidence, Source, own_ways
from services.core.facts import Value
from services.core.refusal import Kind, Refusal
from services.core.states import ENDED
from services.evidence import actions as evidence
from services.evidence.actions import About, Said, SentFile, Signature
from services.evidence.wording import DeclarationText, Declared, compose_declaration
from services.people import queries as people
from services.people.actions import WhoAreYou
from services.people.queries import AccountView


class NotYoursToSign(Refusal):
    """Only the applicant, the representative or a mandated agent may declare (R4.12)."""

    code = "not_yours_to_sign"
    kind = Kind.FORBIDDEN
    sentence = (
        "You may not sign declarations for this business. Its representative can sign, or widen your mandate."
    )


FOUND_BY_US = (Source.ISSUED, Source.EARLIER, Source.REGISTRY)


@dataclass(frozen=True, slots=True)
class _Matter:
    """One requirement of an application, and what its evidence is about."""

    application: Application
    definition: Definition
    requirement: Requirement
    about: About
    facts: dict[str, Value]


@transaction.atomic
def sign_declaration(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, read_digest: str, now: datetime
) -> UUID:
    """Sign the declaration whose text has this digest, instead of a proof; return the evidence (R4.4-R4.6).

    :raises NotRequired: if the requirement does not take this type.
    :raises services.evidence.actions.NotDeclarable: where the law wants proof, as in matters of risk (R4.2).
    :raises NotYoursToSign: for an agent whose mandate does not include declarations.
    """
    matter = _declarable(viewer, application_id, requirement, type, now)
    _check_may_sign(viewer, matter, now)
    on = clock.legal_day(now)
    text = declaration_text(matter.application, matter.definition, type, matter.facts, on)
    signature = Signature(account_id=viewer.id, text=text, read_digest=read_digest)
    found = evidence.state(about=matter.about, facts=matter.facts, signature=signature, now=now)
    _wake(matter.application, now)
    return found


def declaration_text(
    application: Application, definition: Definition, type: str, facts: Mapping[str, Value], on: date
) -> DeclarationText:
    """Return the text to be read and signed, in the application's language: what is stated, by whom, on which day."""
    language = application.language
    stated = [question.fact for question in definition.questions if facts.get(question.fact) is not None]
    kind = definition.evidence_types[type]
    declared = Declared(
        type=kind,
        matter=definition.name,
        legal_basis=catalogue.cited([*definition.legal_basis, kind.basis], language),
        facts=[
            (definition.facts[code].label, in_words(definition.facts[code], facts[code], language))
            for code in stated
        ],
        signatory=people.person(application.person_id).name if application.person_id else "",
        on=on,
    )
    return compose_declaration(declared, language)


@transaction.atomic
def text_to_sign(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> DeclarationText:
    """Return the declaration to be read before signing; its digest is what the signature names (R4.6)."""
    matter = _declarable(viewer, application_id, requirement, type, now)
    return declaration_text(matter.application, matter.definition, type, matter.facts, clock.legal_day(now))


def _declarable(
    viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> _Matter:
    """Return the matter, if what is to be proved may be declared in it (R4.1, R4.2)."""
    matter = _matter(viewer, application_id, requirement, type, now)
    if Source.DECLARATION not in own_ways(matter.about.type, matter.definition.risks):
        raise evidence.NotDeclarable
    return matter


def _check_may_sign(viewer: AccountView, matter: _Matter, now: datetime) -> None:
    business = matter.application.business_id
    if business is None:
        return
    may = people.may_declare_for(
        account_id=viewer.id,
        business_id=business,
        service_code=matter.definition.code,
        on=clock.legal_day(now),
    )
    if not may:
        raise NotYoursToSign


@transaction.atomic
def upload_copy(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, sent: SentFile, now: datetime
) -> UUID:
    """Keep the applicant's copy as evidence of grade C, good once an officer has looked at it (R3.17)."""
    matter = _matter(viewer, application_id, requirement, type, now)
    found = evidence.upload(about=matter.about, facts=matter.facts, sent=sent, now=now)
    _wake(matter.application, now)
    return found


@transaction.atomic
def confirm_evidence(*, viewer: AccountView, application_id: UUID, evidence_id: UUID, now: datetime) -> None:
    """Say that what was obtained is right (R16.1)."""
    application = _own(viewer, application_id)
    _seen_here(application, evidence_id, now)
    said = Said(application_id=application.id, evidence_id=evidence_id, account_id=viewer.id, reason="")
    evidence.confirm(said=said, now=now)


@transaction.atomic
def confirm_findings(*, viewer: AccountView, application_id: UUID, now: datetime) -> None:
    """Say that everything shown as found for this application, and not disputed, is right (R16.1)."""
    application = _own(viewer, application_id)
    for definition in definitions_of(application):
        for one in _found_by_us(draft_file(application, definition, on=clock.legal_day(now))):
            said = Said(application_id=application.id, evidence_id=one.id, account_id=viewer.id, reason="")
            evidence.confirm(said=said, now=now)


def _found_by_us(file: CaseFile) -> Iterator[HeldEvidence]:
    """Yield what settles the applicant's own requirements without their doing."""
    for settlement in file.settlements.values():
        if file.definition.requirement[settlement.requirement].party == "applicant":
            yield from (one for one in settlement.evidence if one.source in FOUND_BY_US)


@transaction.atomic
def dispute_evidence(
    *, viewer: AccountView, application_id: UUID, evidence_id: UUID, reason: str, now: datetime
) -> None:
    """Say that what was obtained is wrong: the applicant's own material then counts, and nothing stalls (R3.15)."""
    application = _own(viewer, application_id)
    _seen_here(application, evidence_id, now)
    said = Said(application_id=application.id, evidence_id=evidence_id, account_id=viewer.id, reason=reason)
    evidence.dispute(said=said, now=now)
    _wake(application, now)


def _seen_here(application: Application, evidence_id: UUID, now: datetime) -> HeldEvidence:
    """Return the evidence, if it serves in this application; nobody speaks about another's."""
    definitions = definitions_of(application)
    for definition in definitions:
        known = at_hand([application], [definition], clock.legal_day(now))
        for shelf in shelves_for(application, definition, known).values():
            for one in shelf.held:
                if one.id == evidence_id:
                    return one
    raise NotRequired(what="this evidence")


def _own(viewer: AccountView, application_id: UUID) -> Application:
    """Return the application, locked; a co-signer has no say in what the applicant proves."""
    application = application_for(viewer, application_id, lock=True)
    check_applicant(viewer, application)
    return application


def _matter(viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime) -> _Matter:
    application = _own(viewer, application_id)
    if viewer.person_id is None:
        raise WhoAreYou
    if application.state == ApplicationState.DRAFT and application.person_id is None:
        application.person_id = viewer.person_id
        application.save(update_fields=["person"])
        application.person = None
        application.refresh_from_db(fields=["person"])
    for definition in definitions_of(application):
        one = definition.requirement.get(requirement)
        if one is not None and any(type in entry for entry in one.any_of):
            return _about(application, definition, one, type, now)
    raise NotRequired(what=requirement)


def _about(
    application: Application, definition: Definition, requirement: Requirement, type: str, now: datetime
) -> _Matter:
    kind = definition.evidence_types[type]
    holders = holders_of(application)
    holder = holders.of(kind, requirement.party) or holders.of(kind, "applicant")
    if holder is None:
        raise WhoAreYou
    on = clock.legal_day(now)
    shelves = shelves_for(application, definition, at_hand([application], [definition], on))
    facts = facts_of(application, definition, shelves, on)
    key = str(facts.get(kind.key, "")) if kind.key else ""
    alone = holders.of(kind, requirement.party) is None
    about = About(application_id=application.id, type=kind, holder=holder, key=key, alone=alone)
    return _Matter(application, definition, requirement, about, facts)


def _wake(application: Application, now: datetime) -> None:
    """Have the application's open cases looked at again: what they waited for may just have come in."""
    open_cases = application.cases.exclude(state__in=ENDED).values_list("id", flat=True)
    wake_cases(case_ids=list(open_cases), now=now)
