"""The declarant answers a finding: puts it right with a proof, or contests it, once (R4.10, R4.11)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock, errands
from services.cases.actions.checking import NotTheirTurn
from services.cases.actions.claiming import actor_of
from services.cases.actions.looking import ask_office, note_check
from services.cases.actions.opening_checks import asking
from services.cases.actions.promising import ExplainInWords
from services.cases.models import CheckState, CommitmentCheck
from services.cases.queries.visibility import case_for
from services.cases.turn import Act
from services.catalogue import queries as catalogue
from services.core.facts import Value
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import About, SentFile
from services.evidence.scanning import Scan
from services.ledger.actions import WORKER
from services.people.queries import AccountView

CONTESTABLE = (CheckState.UNTRUE, CheckState.REPAIRED, CheckState.STOPPED)


class NoSuchCheck(Refusal):
    """There is no such finding about a commitment of this case."""

    code = "no_such_check"
    kind = Kind.MISSING
    sentence = "There is no such finding."


def put_right(
    *, viewer: AccountView, case_id: UUID, check_id: UUID, sent: SentFile | None = None, now: datetime
) -> None:
    """Say that it is put right, with a copy that proves it where there is one; the register is asked again (R4.10).

    :raises NoSuchCheck: if there is no such finding in a case of one's own.
    :raises NotTheirTurn: unless it is to be put right.
    Called outside a transaction: what the scanner finds harmful is kept apart even though it is refused.

    :raises services.evidence.actions.UploadHarmful: if the scanner found something in it.
    :raises services.evidence.cleaning.UploadTooLarge, UploadNotReadable:
    """
    if sent is not None and sent.scanned.scan is Scan.HARMFUL:
        _set_apart(viewer, case_id, check_id, sent, now)
        raise evidence.UploadHarmful(harm=sent.scanned.harm)
    if sent is not None:
        _ = sent.clean
    with transaction.atomic():
        check = _to_put_right(viewer, case_id, check_id)
        if sent is not None:
            check.proof_id = _keep(check, sent, now)
            check.save(update_fields=["proof_id"])
        asked = catalogue.definition(check.case.service_version_id).evidence_types[check.type].registered
        if sent is not None or not asked:
            ask_office(check, now)
        if asked:
            asking(check, now, again=check.case.version).save()
            errands.send(errands.Errand.GATHER_EVIDENCE)
        note_check(check, Act(actor_of(viewer), "repair_offered", {"check": str(check.id)}), now)


def _to_put_right(viewer: AccountView, case_id: UUID, check_id: UUID) -> CommitmentCheck:
    check = _own_check(viewer, case_id, check_id)
    if check.state != CheckState.UNTRUE:
        raise NotTheirTurn
    return check


@transaction.atomic
def _set_apart(viewer: AccountView, case_id: UUID, check_id: UUID, sent: SentFile, now: datetime) -> None:
    """Keep a harmful file apart, as any other, and tell both sides in the case's ledger."""
    check = _to_put_right(viewer, case_id, check_id)
    about, _ = _about(check)
    evidence.quarantine(about=about, sent=sent, now=now)
    detail = {"type": check.type, "harm": sent.scanned.harm}
    note_check(check, Act(WORKER, "copy_quarantined", detail), now)


def _keep(check: CommitmentCheck, sent: SentFile, now: datetime) -> UUID:
    about, facts = _about(check)
    return evidence.upload(about=about, facts=facts, sent=sent, now=now)


def _about(check: CommitmentCheck) -> tuple[About, Mapping[str, Value]]:
    """Return what the proof is about, and the facts that were committed to."""
    kind = catalogue.definition(check.case.service_version_id).evidence_types[check.type]
    held = evidence_queries.evidence_of(evidence_id=check.evidence_id)
    about = About(
        application_id=check.case.application_id, type=kind, holder=held.holder, key=held.key, alone=True
    )
    return about, held.facts


@transaction.atomic
def contest_finding(
    *, viewer: AccountView, case_id: UUID, check_id: UUID, reason: str, now: datetime
) -> None:
    """Contest the finding, once: a supervisor who did not make it looks again.

    :raises NoSuchCheck: if there is no such finding in a case of one's own.
    :raises NotTheirTurn: a second time, once it is revoked, or when the time for remedies is over.
    :raises ExplainInWords: without a reason.
    """
    check = _own_check(viewer, case_id, check_id)
    until = check.reconsideration_until
    late = until is not None and clock.legal_day(now) > until
    if check.state not in CONTESTABLE or check.contested_at is not None or late:
        raise NotTheirTurn
    if not reason.strip():
        raise ExplainInWords(errors=[Mistake("reason", "Say what is wrong with the finding.")])
    check.contested_at, check.contest = now, reason
    check.save(update_fields=["contested_at", "contest"])
    ask_office(check, now)
    note_check(check, Act(actor_of(viewer), "finding_contested", {"check": str(check.id)}), now)


def _own_check(viewer: AccountView, case_id: UUID, check_id: UUID) -> CommitmentCheck:
    if viewer.role is not Role.APPLICANT:
        raise NoSuchCheck
    case = case_for(viewer, case_id, lock=True)
    rows = CommitmentCheck.objects.select_for_update(of=("self",))
    check = rows.filter(id=check_id, case=case, found_by__isnull=False).first()
    if check is None:
        raise NoSuchCheck
    check.case = case
    return check
