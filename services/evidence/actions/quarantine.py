"""What the scanner found harmful: let in by nobody, kept apart for a while, told to both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from services.evidence import files
from services.evidence.actions.keeping import About, end
from services.evidence.actions.uploads import SentFile
from services.evidence.models import EndedAs, Evidence, Quarantined, Upload
from services.evidence.scanning import Finding, Scan, scan

KEPT_FOR = timedelta(days=30)
AT_ONCE = 8
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A copy that the scanner has looked at after it came in."""

    application_id: UUID
    evidence_id: UUID
    type: str
    finding: Finding


def quarantine(*, about: About, sent: SentFile, now: datetime) -> None:
    """Keep a file apart that is harmful as it comes in; it becomes no evidence."""
    Quarantined.objects.create(
        application_id=about.application_id,
        type=about.type.code,
        holder_kind=about.holder.kind,
        holder_id=about.holder.id,
        sent_by=sent.account_id,
        name=sent.name[:300],
        harm=sent.scanned.harm,
        stored_as=files.keep_apart(sent.contents),
        found_at=now,
    )


def waiting_copies() -> tuple[UUID, ...]:
    """Return the copies that wait for the scanner, a few at once and in no order.

    One that the scanner never answers for stands before no other for ever.
    """
    rows = Upload.objects.filter(scan=Scan.WAITING).order_by("?")
    return tuple(rows.values_list("evidence_id", flat=True)[:AT_ONCE])


def application_of(*, evidence_id: UUID) -> UUID | None:
    """Return the application that a copy was sent for."""
    return Upload.objects.filter(evidence_id=evidence_id).values_list("application_id", flat=True).first()


def look_at(*, evidence_id: UUID) -> Finding:
    """Have the scanner look at what was received for a copy. Called outside a transaction: it may take its time."""
    row = Upload.objects.filter(evidence_id=evidence_id, scan=Scan.WAITING).first()
    if row is None:
        return Finding(Scan.WAITING)
    try:
        return scan(files.kept_apart(row.received_as))
    except FileNotFoundError:
        log.error("received_file_is_gone", evidence=str(evidence_id))
        return Finding(Scan.WAITING)


@transaction.atomic
def keep_finding(*, evidence_id: UUID, finding: Finding, now: datetime) -> Scanned | None:
    """Keep what the scanner said of a copy; a harmful one counts no more. None if it was kept before.

    The caller holds the application.
    """
    rows = Upload.objects.select_for_update(of=("self",)).select_related("evidence")
    row = rows.filter(evidence_id=evidence_id, scan=Scan.WAITING).first()
    if row is None or finding.scan is Scan.WAITING:
        return None
    received_as, row.scan, row.received_as = row.received_as, finding.scan, ""
    row.save(update_fields=["scan", "received_as"])
    if finding.scan is Scan.HARMFUL:
        _set_apart(row, received_as, finding, now)
    else:
        transaction.on_commit(lambda: files.discard(received_as), robust=True)
    return Scanned(row.application_id, row.evidence_id, row.type, finding)


def _set_apart(row: Upload, received_as: str, finding: Finding, now: datetime) -> None:
    evidence: Evidence = row.evidence
    Quarantined.objects.create(
        application_id=row.application_id,
        type=row.type,
        holder_kind=evidence.holder_kind,
        holder_id=evidence.holder_id,
        sent_by=row.uploaded_by,
        name=row.name,
        harm=finding.harm,
        stored_as=received_as,
        found_at=now,
    )
    if evidence.ended_at is None:
        end(evidence, EndedAs.HARMFUL, now)
    transaction.on_commit(lambda: files.discard(row.stored_as), robust=True)


def clear_quarantine() -> int:
    """Remove the bytes of what was set apart long ago; return how many. That there was something stays told."""
    old = Quarantined.objects.filter(kept_since__lte=Now() - KEPT_FOR).exclude(stored_as="")
    names: Sequence[str] = list(old.values_list("stored_as", flat=True))
    for name in names:
        files.discard(name)
    old.update(stored_as="")
    return len(names)
