"""Each piece of evidence as a settlement shows it: from where, since when, how far to be trusted, seen by whom."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from services.certificates import queries as certificates
from services.certificates.queries import CertificateView
from services.core.evidence import Grade, Source
from services.evidence.models import Evidence, Upload
from services.evidence.scanning import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A piece of evidence or a certificate of ours, whatever has become of it since.

    `source` is where it came from first: what an application finds from an earlier one still says which register told
    it. `checked_by` saw the original, or looked at the copy, at `checked_at` (R3.17).
    """

    id: UUID
    type: str
    organisation: str
    source: Source
    grade: Grade
    record: str = field(repr=False, default="")
    obtained_at: datetime
    issued_on: date | None
    valid_until: date | None
    reusable: bool
    checked_by: UUID | None = None
    checked_at: datetime | None = None
    disputed: bool = False
    # A copy that the scanner has not looked at: no officer sees it before.
    unscanned: bool = False


def proofs(*, ids: Collection[UUID], on: date) -> dict[UUID, Proof]:
    """Return these pieces of evidence and certificates by id, in two queries however many they are."""
    found = {row.id: _proof(row) for row in _rows(ids)} if ids else {}
    issued = certificates.certificates(certificate_ids=[one for one in ids if one not in found], on=on)
    return found | {one.id: _issued(one) for one in issued}


def _rows(ids: Collection[UUID]) -> QuerySet[Evidence]:
    waits = Upload.objects.filter(evidence_id=OuterRef("pk"), scan=Scan.WAITING)
    return Evidence.objects.filter(id__in=ids).annotate(unscanned=Exists(waits))


def _proof(row: Evidence) -> Proof:
    return Proof(
        id=row.id,
        type=row.type,
        organisation=row.organisation,
        source=Source(row.source),
        grade=Grade(row.grade),
        record=row.register_reference,
        obtained_at=row.obtained_at,
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        reusable=row.reusable,
        checked_by=row.checked_by,
        checked_at=row.checked_at,
        disputed=row.disputed_at is not None,
        unscanned=row.unscanned,
    )


def _issued(one: CertificateView) -> Proof:
    return Proof(
        id=one.id,
        type=one.type,
        organisation=one.organisation,
        source=Source.ISSUED,
        grade=Grade.A,
        record=one.number,
        obtained_at=one.issued_at,
        issued_on=one.issued_on,
        valid_until=one.valid_until,
        reusable=True,
    )
