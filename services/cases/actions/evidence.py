"""The applicant's side of evidence: confirm or dispute what was obtained, declare, send a copy, take back.

For a draft, and for a case that is not decided. Each act makes a new version of the application, and stands in the
ledger of the cases it concerns, so that nobody goes on with what they looked at before.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.acting import note_acted
from services.cases.actions.assisted import check_nobody_helps
from services.cases.actions.giving import (
    Matter,
    matter_of,
    note,
    note_given,
    own_application,
    requires,
    undecided_cases,
)
from services.cases.actions.harm import note_harm
from services.cases.actions.mending import ask_office
from services.cases.actions.versions import expect_application
from services.cases.models import AGAINST, Application, CommitmentCheck
from services.cases.queries.casefiles import CHILD, GUARDIAN
from services.cases.queries.drafts import files_of
from services.cases.queries.visibility import applicant_of, speaks_for_applicant
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_words
from services.core.acting import Done
from services.core.casefile import CaseFile
from services.core.definitions import Definition
from services.core.evidence import HeldEvidence, Source, commitment_needed, own_ways
from services.core.facts import Value
from services.core.mandates import Deed
from services.core.refusal import Kind, Refusal
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import Said, SentFile, Signature
from services.evidence.queries import SignedDeclaration
from services.evidence.scanning import Scan
from services.evidence.wording import DeclarationText, Declared, compose_declaration
from services.people import queries as people
from services.people.queries import AccountView


class NotYoursToSign(Refusal):
    """Only the applicant, the representative or a mandated agent may declare (R4.12)."""

    code = "not_yours_to_sign"
    kind = Kind.FORBIDDEN
    sentence = "You may not sign declarations for whom you represent. They can sign themselves, or widen your mandate."


FOUND_BY_US = (Source.ISSUED, Source.EARLIER, Source.REGISTRY)


@transaction.atomic
def sign_declaration(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, read_digest: str, now: datetime
) -> UUID:
    """Sign the declaration whose text has this digest, instead of a proof; return the evidence (R4.4-R4.6).

    :raises NotRequired: if the requirement does not take this type.
    :raises services.evidence.actions.NotDeclarable: where the law wants proof, as in matters of risk (R4.2).
    :raises NotYoursToSign: for an agent whose mandate does not include declarations.
    :raises SignersFirst, NothingOpen, DecidedAlready: if nothing can be given now.
    """
    matter = _declarable(viewer, application_id, requirement, type, now)
    check_may_sign(viewer, matter.application, matter.definition.code, now)
    if commitment_needed(matter.about.type):
        check_nobody_helps(viewer)
    on = clock.legal_day(now)
    text = declaration_text(viewer, matter.application, matter.definition, type, matter.facts, on)
    before = _committed_before(matter, on)
    signature = Signature(
        account_id=viewer.id, text=text, read_digest=read_digest, confirms=before.id if before else None
    )
    found = evidence.state(about=matter.about, facts=matter.facts, signature=signature, now=now)
    note_acted(viewer, matter.application, Done.DECLARED, now=now)
    note_given(viewer, matter, found, now)
    return found


def declaration_text(
    viewer: AccountView,
    application: Application,
    definition: Definition,
    type: str,
    facts: Mapping[str, Value],
    on: date,
) -> DeclarationText:
    """Return the text to be read and signed, in the application's language: what is stated, by whom, on which day."""
    language = application.language
    kind = definition.evidence_types[type]
    named = dict.fromkeys([*(question.fact for question in definition.questions), *kind.proves])
    stated = [fact for fact in named if facts.get(fact) is not None and fact in definition.facts]
    declared = Declared(
        type=kind,
        matter=definition.name,
        legal_basis=catalogue.cited([*definition.legal_basis, kind.basis], language),
        facts=[
            (definition.facts[code].label, in_words(definition.facts[code], facts[code], language))
            for code in stated
        ],
        # Whoever signs, which need not be who began it (R4.5).
        signatory=people.person(viewer.person_id).name if viewer.person_id else "",
        on=on,
        exempt=definition.commitments.exempt,
        number=application.number,
    )
    return compose_declaration(declared, language)


@transaction.atomic
def text_to_sign(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> DeclarationText:
    """Return the declaration to be read before signing; its digest is what the signature names (R4.6)."""
    matter = _declarable(viewer, application_id, requirement, type, now)
    return declaration_text(
        viewer, matter.application, matter.definition, type, matter.facts, clock.legal_day(now)
    )


@transaction.atomic
def committed_before(
    *, viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> SignedDeclaration | None:
    """Return the same commitment from an earlier matter, which one click confirms afresh while it holds (R4.13).

    None where there is none, or it was found untrue.
    """
    matter = _declarable(viewer, application_id, requirement, type, now)
    return _committed_before(matter, clock.legal_day(now))


def _committed_before(matter: Matter, on: date) -> SignedDeclaration | None:
    about = matter.about
    if not commitment_needed(about.type):
        return None
    found = evidence_queries.commitment_before(
        holder=about.holder, type=about.type.code, key_index=evidence.key_index(about.key), on=on,
        but=about.application_id,
    )  # fmt: skip
    untrue = CommitmentCheck.objects.filter(
        state__in=AGAINST, evidence_id=found.evidence_id if found else None
    )
    return None if found is None or untrue.exists() else found


def _declarable(
    viewer: AccountView, application_id: UUID, requirement: str, type: str, now: datetime
) -> Matter:
    """Return the matter, if what is to be proved may be declared in it (R4.1, R4.2)."""
    matter = matter_of(viewer, application_id, requirement, type, now)
    ways = own_ways(matter.about.type, matter.definition.risks, closed=matter.commitments_closed)
    if Source.DECLARATION not in ways:
        raise evidence.NotDeclarable
    return matter


def check_may_sign(viewer: AccountView, application: Application, service: str, now: datetime) -> None:
    """Do nothing for the applicant, the representative, and an agent with an explicit power to declare (R4.12).

    :raises NotYoursToSign: for any other agent.
    """
    holder = applicant_of(application)
    if holder is None or speaks_for_applicant(viewer, application):
        return
    on = clock.legal_day(now)
    why = people.may(Deed.DECLARE, account_id=viewer.id, holder=holder, services=[service], on=on)
    if why is not None:
        raise NotYoursToSign


@transaction.atomic
def withdraw_declaration(
    *, viewer: AccountView, application_id: UUID, evidence_id: UUID, now: datetime
) -> None:
    """Take back a declaration, any time before the decision (R4.8): it counts no longer, and nothing starts anew.

    The case goes its normal way, by register or by proof, and its limits run on. Taking back twice changes nothing.

    :raises services.evidence.actions.NoSuchDeclaration: unless this account signed it in this application.
    :raises SignersFirst, NothingOpen, DecidedAlready: if nothing can be taken back now.
    """
    application = own_application(viewer, application_id)
    signed = evidence_queries.declarations(application_ids=[application.id])
    one = next((one for one in signed if one.evidence_id == evidence_id), None)
    if one is None:
        raise evidence.NoSuchDeclaration
    if one.withdrawn_at is not None and one.signed_by == viewer.id:
        return
    concerned = undecided_cases(
        application, lambda file: requires(file.definition, one.type), now, all_of_them=True
    )
    evidence.withdraw_declaration(declaration_id=one.id, account_id=viewer.id, now=now)
    note(viewer, application, concerned, "declaration_withdrawn", {"evidence": str(evidence_id)}, now)


def upload_copy(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    type: str,
    sent: SentFile,
    now: datetime,
    version: int | None = None,
) -> UUID:
    """Keep the applicant's copy as evidence of grade C, good once an officer has looked at it (R3.17).

    Called outside a transaction: what the scanner finds harmful is kept apart even though it is refused. `version`:
    that of the application which was looked at (None: whichever there is).

    :raises services.evidence.actions.UploadHarmful: if the scanner found something in it.
    :raises ChangedMeanwhile: if the application has another version by now.
    :raises services.evidence.cleaning.UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed:
    :raises NotRequired: if the requirement does not take this type.
    :raises SignersFirst, NothingOpen, DecidedAlready: if nothing can be given now.
    """
    # Scanning and redrawing a file take their time: nobody waits behind the lock for it.
    if sent.scanned.scan is Scan.HARMFUL:
        _set_apart(viewer, application_id, requirement, type, sent, now)
        raise evidence.UploadHarmful(harm=sent.scanned.harm)
    _ = sent.clean
    with transaction.atomic():
        if version is not None:
            expect_application(viewer=viewer, application_id=application_id, version=version)
        matter = matter_of(viewer, application_id, requirement, type, now)
        found = evidence.upload(about=matter.about, facts=matter.facts, sent=sent, now=now)
        note_given(viewer, matter, found, now)
    return found


@transaction.atomic
def _set_apart(
    viewer: AccountView, application_id: UUID, requirement: str, type: str, sent: SentFile, now: datetime
) -> None:
    matter = matter_of(viewer, application_id, requirement, type, now)
    evidence.quarantine(about=matter.about, sent=sent, now=now)
    note_harm(matter.application, type, sent.scanned.harm, now)


@transaction.atomic
def confirm_evidence(*, viewer: AccountView, application_id: UUID, evidence_id: UUID, now: datetime) -> None:
    """Say that what was obtained is right (R16.1).

    :raises SignersFirst, NothingOpen, DecidedAlready: if it is too late to say so.
    """
    application = own_application(viewer, application_id)
    cases = undecided_cases(application, lambda file: _rests_on(application, file, evidence_id), now)
    said = Said(application_id=application.id, evidence_id=evidence_id, account_id=viewer.id, reason="")
    evidence.confirm(said=said, now=now)
    note(viewer, application, cases, "evidence_confirmed", {"evidence": str(evidence_id)}, now)


@transaction.atomic
def confirm_findings(*, viewer: AccountView, application_id: UUID, now: datetime) -> None:
    """Say that everything shown as found for this draft, and not disputed, is right (R16.1).

    :raises SignersFirst, NothingOpen, DecidedAlready: if it is too late to say so.
    """
    application = own_application(viewer, application_id)
    cases = undecided_cases(application, lambda file: True, now)
    for file in files_of(application, on=clock.legal_day(now)):
        for one in _found_by_us(file):
            said = Said(application_id=application.id, evidence_id=one.id, account_id=viewer.id, reason="")
            evidence.confirm(said=said, now=now)
    note(viewer, application, cases, "evidence_confirmed", {}, now)


def _found_by_us(file: CaseFile) -> Iterator[HeldEvidence]:
    """Yield what settles the applicant's own requirements without their doing."""
    for settlement in file.settlements.values():
        if file.definition.requirement[settlement.requirement].party == "applicant":
            yield from (one for one in settlement.evidence if one.source in FOUND_BY_US)


@transaction.atomic
def dispute_evidence(
    *, viewer: AccountView, application_id: UUID, evidence_id: UUID, reason: str, now: datetime
) -> None:
    """Say that what was obtained is wrong: the applicant's own material then counts, and nothing stalls (R3.15).

    :raises NotRequired: if it serves nothing here; nobody speaks about another's.
    :raises SignersFirst, NothingOpen, DecidedAlready: if it is too late to say so; then the remedies are open (R2.16).
    """
    application = own_application(viewer, application_id)
    concerned = undecided_cases(application, lambda file: _rests_on(application, file, evidence_id), now)
    said = Said(application_id=application.id, evidence_id=evidence_id, account_id=viewer.id, reason=reason)
    request = evidence.dispute(said=said, now=now)
    if request is not None:
        ask_office(correction_id=request, now=now)
    note(viewer, application, concerned, "evidence_disputed", {"evidence": str(evidence_id)}, now)


def _rests_on(application: Application, file: CaseFile, evidence_id: UUID) -> bool:
    """Return whether it is at hand here about whom the applicant speaks for: themselves, or the child they file for."""
    is_ward = application.filed_by == GUARDIAN
    own = [
        shelf for role, shelf in file.shelves.items() if role == "applicant" or (is_ward and role == CHILD)
    ]
    return any(one.id == evidence_id for shelf in own for one in shelf.held)
