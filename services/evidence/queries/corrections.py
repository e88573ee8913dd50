"""Requests to registers to correct an entry, and what their offices came to (R3.15)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.core.facts import Holder
from services.evidence.models import RecordCorrection


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """One request: about which evidence, how far it is (asked, open, corrected, kept), and the office's explanation."""

    id: UUID
    application_id: UUID
    evidence_id: UUID
    type: str
    organisation: str
    holder: Holder
    key: str = field(repr=False)
    state: str
    asked_at: datetime
    explanation: str = field(repr=False)
    answered_at: datetime | None


def correction(*, correction_id: UUID) -> CorrectionView | None:
    """Return the request, or None if its draft was thrown away."""
    row = RecordCorrection.objects.filter(id=correction_id).first()
    return None if row is None else _view(row)


def corrections(*, application_id: UUID) -> tuple[CorrectionView, ...]:
    """Return the requests made in an application, in the order they were made."""
    rows = RecordCorrection.objects.filter(application_id=application_id)
    return tuple(_view(row) for row in rows.order_by("asked_at", "id"))


def _view(row: RecordCorrection) -> CorrectionView:
    return CorrectionView(
        id=row.id,
        application_id=row.application_id,
        evidence_id=row.subject_id,
        type=row.type,
        organisation=row.organisation,
        holder=Holder(row.holder_kind, row.holder_id),
        key=row.key,
        state=row.state,
        asked_at=row.asked_at,
        explanation=row.explanation,
        answered_at=row.answered_at,
    )
