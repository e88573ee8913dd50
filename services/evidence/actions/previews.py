"""What the applicant says of what we obtained: it is right, or it is wrong and their own counts (R3.15)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.certificates import queries as certificates
from services.core.refusal import Kind, Refusal
from services.evidence.actions.correcting import ask_to_correct
from services.evidence.models import Evidence, Preview


class NoSuchEvidence(Refusal):
    """There is no such evidence."""

    code = "no_such_evidence"
    kind = Kind.MISSING
    sentence = "There is no such evidence."


class ReasonForDispute(Refusal):
    """An office cannot mend its record without being told what is wrong with it."""

    code = "dispute_needs_reason"
    sentence = "Say what is wrong, so that the office can look at its record again."


class AlreadyDisputed(Refusal):
    """What was said to be wrong cannot be confirmed afterwards."""

    code = "already_disputed"
    kind = Kind.CONFLICT
    sentence = "You have said that this is wrong. Give what is right instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody said, in which application, of which evidence or certificate of ours."""

    application_id: UUID
    evidence_id: UUID
    account_id: UUID
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """The evidence or certificate in question, and the office that answers for it."""

    type: str
    organisation: str
    evidence: Evidence | None = None


@transaction.atomic
def confirm(*, said: Said, now: datetime) -> None:
    """Keep that the applicant was shown this and found it right; saying so again changes nothing.

    :raises NoSuchEvidence: if there is none.
    :raises AlreadyDisputed: if it was disputed in this application.
    """
    if _record(said, _subject(said.evidence_id, now), disputed=False, now=now).disputed:
        raise AlreadyDisputed()


@transaction.atomic
def dispute(*, said: Said, now: datetime) -> UUID | None:
    """Keep that the applicant says this is wrong: it settles nothing more, and their own way opens (R3.15).

    Return the request to correct the record, if a register told it: the caller has it sent. The office that answers
    for it finds the dispute among its `queries.records_to_mend`. Certificates
    of ours are disputed alike; they stay in force until an officer decides. Once is enough.

    :raises NoSuchEvidence: if there is none.
    :raises ReasonForDispute: without a reason.
    """
    if not said.reason.strip():
        raise ReasonForDispute()
    subject = _subject(said.evidence_id, now)
    preview = _record(said, subject, disputed=True, now=now)
    if not preview.disputed:
        preview.disputed, preview.reason, preview.at = True, said.reason, now
        preview.save(update_fields=["disputed", "reason", "at"])
    if subject.evidence is not None and subject.evidence.disputed_at is None:
        subject.evidence.disputed_at = now
        subject.evidence.save(update_fields=["disputed_at"])
    if subject.evidence is None:
        return None
    return ask_to_correct(
        evidence=subject.evidence, application_id=said.application_id, reason=said.reason, now=now
    )


def _subject(evidence_id: UUID, now: datetime) -> Subject:
    row = Evidence.objects.select_for_update().filter(id=evidence_id).first()
    if row is not None:
        return Subject(row.type, row.organisation, row)
    issued = certificates.certificate(certificate_id=evidence_id, on=clock.legal_day(now))
    if issued is None:
        raise NoSuchEvidence()
    return Subject(issued.type, issued.organisation)


def _record(said: Said, subject: Subject, *, disputed: bool, now: datetime) -> Preview:
    """Return what stands on record, which is what was said first, unless nothing was said before."""
    Preview.objects.bulk_create(
        [
            Preview(
                application_id=said.application_id,
                subject_id=said.evidence_id,
                type=subject.type,
                organisation=subject.organisation,
                account_id=said.account_id,
                disputed=disputed,
                reason=said.reason,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )
    return Preview.objects.get(application_id=said.application_id, subject_id=said.evidence_id)
