"""Forgetting what was gathered for a draft that is thrown away: nothing of it is kept longer than needed (R15.10)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from services.evidence import files
from services.evidence.models import (
    Attempt,
    Declaration,
    Evidence,
    Preview,
    Quarantined,
    RecordCorrection,
    SentPage,
    Upload,
)


@transaction.atomic
def forget(*, application_ids: Sequence[UUID], keep: Collection[UUID] = (), history: bool = True) -> None:
    """Forget all evidence of these applications: the records now, the files once this is committed (R15.10).

    Declarations, copies, answers of registers and what was said of them. `keep`: evidence that another matter rests
    on by now. Without `history`, what was asked, said and disputed stays: a settlement still tells what was tried, and
    an office still answers what it was asked to correct (R3.15). The record of who read whose data always stays
    (R15.6). Forgetting twice changes nothing.
    """
    copies = Upload.objects.filter(application_id__in=application_ids).exclude(evidence_id__in=keep)
    stored = [name for pair in copies.values_list("stored_as", "received_as") for name in pair if name]
    apart = [
        records.objects.filter(application_id__in=application_ids) for records in (SentPage, Quarantined)
    ]
    stored += [name for rows in apart for name in rows.values_list("stored_as", flat=True) if name]

    def discard_files() -> None:
        for stored_as in stored:
            files.discard(stored_as)

    transaction.on_commit(discard_files, robust=True)
    copies.delete()
    for rows in apart:
        rows.delete()
    Declaration.objects.filter(application_id__in=application_ids).exclude(evidence_id__in=keep).delete()
    for records in (Preview, Attempt, RecordCorrection) if history else ():
        records.objects.filter(application_id__in=application_ids).delete()
    Evidence.objects.filter(application_id__in=application_ids).exclude(id__in=keep).delete()
