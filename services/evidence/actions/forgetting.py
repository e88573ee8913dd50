"""Forgetting what was gathered for a draft that is thrown away: nothing of it is kept longer than needed (R15.10)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from services.evidence import files
from services.evidence.models import Attempt, Declaration, Evidence, Preview, Upload


@transaction.atomic
def forget(*, application_ids: Sequence[UUID]) -> None:
    """Forget all evidence of these applications: the records now, the files once this is committed (R15.10).

    Declarations, copies, answers of registers and what was said of them. The record of who read whose data stays
    (R15.6). Forgetting twice changes nothing.
    """
    copies = Upload.objects.filter(application_id__in=application_ids)
    stored = list(copies.values_list("stored_as", flat=True))

    def discard_files() -> None:
        for stored_as in stored:
            files.discard(stored_as)

    transaction.on_commit(discard_files, robust=True)
    for records in (Upload, Declaration, Preview, Attempt, Evidence):
        records.objects.filter(application_id__in=application_ids).delete()
