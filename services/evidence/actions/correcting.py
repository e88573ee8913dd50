"""What an applicant says is wrong in a register goes to its office, and its answer comes back (R3.15)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.core.evidence import Source
from services.core.facts import Holder
from services.evidence.actions.keeping import end
from services.evidence.finding import holder_index
from services.evidence.models import Attempt, EndedAs, Evidence, LoadedRecord, RecordCorrection
from services.evidence.registries.correcting import Plea, Verdict, plead, verdict_on
from services.evidence.registries.places import LOADED, register_place
from services.people import queries as people

State = RecordCorrection.State


def ask_to_correct(*, evidence: Evidence, application_id: UUID, reason: str, now: datetime) -> UUID | None:
    """Note that the register is to look at its entry again, and return the request; None if no register told it.

    Nor is there one to ask where all that is known was loaded here: its office finds the dispute at its desk.

    Asking again changes nothing.
    """
    if evidence.source != Source.REGISTRY:
        return None
    if register_place(evidence.type, evidence.organisation).adapter == LOADED:
        return None
    row, _ = RecordCorrection.objects.get_or_create(
        application_id=application_id,
        subject_id=evidence.id,
        defaults={
            "type": evidence.type,
            "organisation": evidence.organisation,
            "holder_kind": evidence.holder_kind,
            "holder_id": evidence.holder_id,
            "key": evidence.key,
            "key_index": evidence.key_index,
            "record": evidence.register_reference,
            "reason": reason,
            "asked_at": now,
        },
    )
    return row.id


def send_correction(*, correction_id: UUID, now: datetime) -> None:
    """Send the request if the office does not have it yet. Called outside a transaction."""
    row = RecordCorrection.objects.filter(id=correction_id, state=State.ASKED).first()
    if row is None:
        return
    known = people.identity_of(Holder(row.holder_kind, row.holder_id))
    plea = Plea(
        type=row.type, organisation=row.organisation, holder_kind=known.kind, number=known.number, key=row.key,
        record=row.record, reason=row.reason, reference=str(row.id),
    )  # fmt: skip
    if plead(plea=plea):
        sent = RecordCorrection.objects.filter(id=row.id, state=State.ASKED)
        sent.update(state=State.OPEN, sent_at=now)


def hear_verdict(*, correction_id: UUID) -> Verdict | None:
    """Return what the office says of a request that it has; None while it says nothing. Outside a transaction."""
    row = RecordCorrection.objects.filter(id=correction_id, state=State.OPEN).first()
    if row is None:
        return None
    told = verdict_on(type=row.type, organisation=row.organisation, reference=str(row.id))
    return told if told is not None and told.state != State.OPEN else None


@transaction.atomic
def keep_verdict(*, correction_id: UUID, verdict: Verdict, now: datetime) -> bool:
    """Keep what the office has come to; return whether it is news. The caller holds the application.

    Once corrected, what the register told before holds no more, and no copy of it: it may be asked anew.
    """
    row = RecordCorrection.objects.select_for_update().filter(id=correction_id, state=State.OPEN).first()
    if row is None:
        return False
    row.state, row.explanation, row.answered_at = verdict.state, verdict.explanation, now
    row.save(update_fields=["state", "explanation", "answered_at"])
    if row.state == State.CORRECTED:
        _outdate(row, now)
    return True


def _outdate(row: RecordCorrection, now: datetime) -> None:
    asked = Attempt.objects.filter(
        application_id=row.application_id, type=row.type, holder_id=row.holder_id, key_index=row.key_index
    )
    asked.filter(outdated_at__isnull=True).update(outdated_at=now)
    disputed = Evidence.objects.select_for_update().filter(id=row.subject_id, ended_at__isnull=True).first()
    if disputed is not None:
        end(disputed, EndedAs.REPLACED, now)
    _forget_old_copies(row)


def _forget_old_copies(row: RecordCorrection) -> None:
    """Let what was loaded from the office's old file answer no more, nor what other matters got serve in new ones.

    A file that is loaded later is the office's newer word. What other matters rest on already stays theirs.
    """
    known = people.identity_of(Holder(row.holder_kind, row.holder_id))
    loaded = LoadedRecord.objects.filter(load__type=row.type, key_index=row.key_index)
    loaded.filter(holder_index=holder_index(known.kind, known.number)).delete()
    Evidence.objects.filter(
        type=row.type, holder_id=row.holder_id, key_index=row.key_index, source=Source.REGISTRY,
        register_reference=row.record, reusable=True,
    ).update(reusable=False)  # fmt: skip
