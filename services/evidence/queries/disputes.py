"""What applicants said is wrong in what we obtained, and whether the office that keeps it has answered (R3.15)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from services.certificates import queries as certificates
from services.core.evidence import Source
from services.evidence.models import Evidence, Preview
from services.evidence.queries.corrections import CorrectionView, corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeView:
    """One dispute, which is also the request to the office to look at its record again.

    `answered`: the register has told something else since, or the certificate is not what it was. `correction`: how far
    the request to the register is (asked, open, corrected, kept), and what its office explained.
    """

    evidence_id: UUID
    application_id: UUID
    type: str
    organisation: str
    source: Source
    reason: str = field(repr=False)
    at: datetime
    answered: bool
    correction: str = ""
    explanation: str = field(repr=False, default="")


def disputes(*, application_id: UUID) -> tuple[DisputeView, ...]:
    """Return what was said to be wrong in the application, in the order it was said."""
    subject = Evidence.objects.filter(id=OuterRef("subject_id"))
    told_since = Evidence.objects.filter(
        application_id=OuterRef("application_id"), type=OuterRef("type"), source=Source.REGISTRY,
        obtained_at__gt=OuterRef("at"), ended_at__isnull=True, disputed_at__isnull=True,
    )  # fmt: skip
    rows = _said(application_ids=[application_id]).annotate(
        source=subject.values("source")[:1], told_since=Exists(told_since)
    )
    requests = {one.evidence_id: one for one in corrections(application_id=application_id)}
    return tuple(_view(row, requests.get(row.subject_id)) for row in rows.order_by("at", "id"))


def disputed_types(*, application_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """Return by application the types of evidence that were said to be wrong, in one query."""
    told: dict[UUID, set[str]] = {}
    for application_id, kind in _said(application_ids=application_ids).values_list("application_id", "type"):
        told.setdefault(application_id, set()).add(kind)
    return {application_id: frozenset(kinds) for application_id, kinds in told.items()}


def _said(*, application_ids: Collection[UUID]) -> QuerySet[Preview]:
    return Preview.objects.filter(application_id__in=application_ids, disputed=True)


def _view(row: Preview, request: CorrectionView | None) -> DisputeView:
    """Return the dispute; what is no evidence of an application is a certificate of ours."""
    issued = row.source is None
    return DisputeView(
        evidence_id=row.subject_id,
        application_id=row.application_id,
        type=row.type,
        organisation=row.organisation,
        source=Source.ISSUED if issued else Source(row.source),
        reason=row.reason,
        at=row.at,
        answered=certificates.has_changed(certificate_id=row.subject_id) if issued else row.told_since,
        correction=request.state if request else "",
        explanation=request.explanation if request else "",
    )
