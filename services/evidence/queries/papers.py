"""The papers applicants gave: files they sent, declarations they signed, records they say are wrong."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db.models import Q

from services.core.evidence import Source
from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
from services.evidence import files
from services.evidence.marking import marked
from services.evidence.models import Declaration, Evidence, Preview, Upload


class NoSuchUpload(Refusal):
    """There is no such file in this application."""

    code = "no_such_upload"
    kind = Kind.MISSING
    sentence = "There is no such file."


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyMark:
    """What the mark on a copy of grade A or B tells: whose paper it is, and until when it is valid (R3.17)."""

    organisation: str
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded file, for who may see the application it belongs to.

    With a `mark`, its original was seen: what leaves the house of it carries the mark. What is kept never changes.
    """

    name: str = field(repr=False)
    kind: str
    size: int
    sha256: str
    stored_as: str
    mark: CopyMark | None = None

    def open(self) -> BinaryIO:
        """Return the file, open for reading."""
        return files.opened(self.stored_as)

    def open_marked(self, words: str) -> BinaryIO:
        """Return the file with these words across every page of it, open for reading."""
        return BytesIO(marked(files.content_of(self.stored_as), kind=self.kind, words=words))


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadView:
    """An uploaded file as lists show it; `checked` is None until an officer has looked at it."""

    evidence_id: UUID
    application_id: UUID
    type: str
    name: str = field(repr=False)
    kind: str
    size: int
    uploaded_at: datetime
    checked: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDeclaration:
    """A declaration as it was signed, word for word (R4.6)."""

    id: UUID
    evidence_id: UUID
    type: str
    kind: str
    language: str
    text: str = field(repr=False)
    text_digest: str
    signed_by: UUID
    signed_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordToMend:
    """A record that an applicant says is wrong, as its office sees it (R3.15)."""

    type: str
    subject_id: UUID
    application_id: UUID
    reason: str = field(repr=False)
    disputed_at: datetime


def file(*, evidence_id: UUID, application_id: UUID) -> StoredFile:
    """Return the file of an upload. The caller has made sure that this application may be seen.

    :raises NoSuchUpload: if the application has no such upload.
    """
    rows = Upload.objects.select_related("evidence")
    row = rows.filter(evidence_id=evidence_id, application_id=application_id).first()
    if row is None:
        raise NoSuchUpload()
    return StoredFile(
        name=row.name, kind=row.kind, size=row.size, sha256=row.sha256, stored_as=row.stored_as,
        mark=_mark_of(row.evidence),
    )  # fmt: skip


def _mark_of(copy: Evidence) -> CopyMark | None:
    """Return the mark of a copy whose original an officer has seen: it is one of grade B from then on (R3.17).

    A copy that was found wanting is not made good by another paper of its kind.
    """
    if copy.ended_at is not None:
        return None
    seen = Evidence.objects.filter(
        application_id=copy.application_id, type=copy.type, holder_kind=copy.holder_kind, holder_id=copy.holder_id,
        key_index=copy.key_index, source=Source.SEEN, ended_at__isnull=True,
    ).first()  # fmt: skip
    return None if seen is None else CopyMark(organisation=seen.organisation, valid_until=seen.valid_until)


def uploads(*, application_ids: Collection[UUID]) -> tuple[UploadView, ...]:
    """Return the files sent for these applications, in the order they came."""
    rows = Upload.objects.select_related("evidence").filter(application_id__in=application_ids)
    return tuple(_upload_view(row) for row in rows.order_by("uploaded_at", "id"))


def declarations(*, application_ids: Collection[UUID]) -> tuple[SignedDeclaration, ...]:
    """Return the declarations signed for these applications, word for word, also those withdrawn."""
    rows = Declaration.objects.filter(application_id__in=application_ids)
    return tuple(_signed(row) for row in rows.order_by("signed_at", "id"))


def commitment_before(
    *, holder: Holder, type: str, key_index: str, on: date, but: UUID
) -> SignedDeclaration | None:
    """Return the holder's last commitment in another application that still holds, to be confirmed afresh (R4.13)."""
    counts = Q(evidence__valid_until__isnull=True) | Q(evidence__valid_until__gte=on)
    rows = Declaration.objects.filter(
        counts, kind="commitment", type=type, withdrawn_at__isnull=True, evidence__ended_at__isnull=True,
        evidence__holder_kind=holder.kind, evidence__holder_id=holder.id, evidence__key_index=key_index,
    )  # fmt: skip
    row = rows.exclude(application_id=but).order_by("-signed_at", "id").first()
    return _signed(row) if row is not None else None


def records_to_mend(*, organisation: str) -> tuple[RecordToMend, ...]:
    """Return the records of an office that applicants have said are wrong, the oldest first (R3.15)."""
    rows = Preview.objects.filter(organisation=organisation, disputed=True).order_by("at", "id")
    return tuple(
        RecordToMend(
            type=row.type,
            subject_id=row.subject_id,
            application_id=row.application_id,
            reason=row.reason,
            disputed_at=row.at,
        )
        for row in rows
    )


def _upload_view(row: Upload) -> UploadView:
    looked_at = row.evidence.checked_at is not None
    return UploadView(
        evidence_id=row.evidence_id,
        application_id=row.application_id,
        type=row.type,
        name=row.name,
        kind=row.kind,
        size=row.size,
        uploaded_at=row.uploaded_at,
        checked=row.evidence.ended_at is None if looked_at else None,
    )


def _signed(row: Declaration) -> SignedDeclaration:
    return SignedDeclaration(
        id=row.id,
        evidence_id=row.evidence_id,
        type=row.type,
        kind=row.kind,
        language=row.language,
        text=row.text,
        text_digest=row.text_digest,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
        withdrawn_at=row.withdrawn_at,
    )
