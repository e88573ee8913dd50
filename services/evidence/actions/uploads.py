"""The applicant's own copies: taken in clean, looked at by an officer, opened with a reason on record."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from services.core.evidence import Source
from services.core.facts import Holder, Value
from services.core.refusal import Kind, Refusal
from services.evidence import files, queries
from services.evidence.actions.keeping import About, Reader, check_officer, draft
from services.evidence.cleaning import CleanFile, check_size, clean_file
from services.evidence.models import EndedAs, Evidence, Upload
from services.evidence.queries import NoSuchUpload, StoredFile
from services.ledger.actions import Actor, NewReading, record_readings

MOST_PER_APPLICATION = 60
LONGEST_NAME = 120


class NoCopyTaken(Refusal):
    """A copy of this proves nothing."""

    code = "no_copy_taken"
    kind = Kind.CONFLICT
    sentence = "A copy of this cannot be used."


class TooManyUploads(Refusal):
    """The application has as many files as it may have."""

    code = "too_many_uploads"
    kind = Kind.TOO_MANY
    sentence = "An application can have {most} files at the most."


class UploadFoundWanting(Refusal):
    """The very same file was looked at before and could not be used."""

    code = "upload_found_wanting"
    kind = Kind.CONFLICT
    sentence = "An officer has already looked at this file and could not use it. Send another one."


class AlreadyChecked(Refusal):
    """Another officer has looked at it, and thought otherwise."""

    code = "already_checked"
    kind = Kind.CONFLICT
    sentence = "This copy has already been checked."


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file as somebody sent it. Neither its name nor its claimed kind is believed."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    account_id: UUID

    @classmethod
    def taken(cls, file: "Incoming", *, account_id: UUID) -> "SentFile":
        """Return the file that is coming in.

        :raises UploadTooLarge: by what it says of its size, before a byte of it is read.
        """
        check_size(file.size or 0)
        return cls(name=file.name or "", content=file.read(), account_id=account_id)

    @cached_property
    def clean(self) -> CleanFile:
        """Return the file written anew, once: it takes its time, so look at it before anything is locked.

        :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed: see `cleaning.clean_file`.
        """
        return clean_file(self.content)


class Incoming(Protocol):
    """A file at the door, not read yet."""

    name: str | None
    size: int | None

    def read(self) -> bytes:
        """Return all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file that we wrote, where it lies, and the digest of what it was made from."""

    clean: CleanFile
    stored_as: str
    received_sha256: str


def upload(*, about: About, facts: Mapping[str, Value], sent: SentFile, now: datetime) -> UUID:
    """Take in a PNG, JPEG or PDF as evidence of grade C and return its id; the same file again is the same.

    :raises NoCopyTaken: if a copy of this type of evidence may not be used.
    :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed: see `cleaning.clean_file`.
    :raises TooManyUploads: if the application has as many as it may.
    :raises UploadFoundWanting: if an officer has looked at this very file and could not use it.
    """
    if not about.type.upload:
        raise NoCopyTaken()
    received = sha256(sent.content).hexdigest()
    before = _received_before(about, received)
    if before is not None:
        return before
    if Upload.objects.filter(application_id=about.application_id).count() >= MOST_PER_APPLICATION:
        raise TooManyUploads(most=MOST_PER_APPLICATION)
    stored_as = files.keep(sent.clean.content, sent.clean.extension)
    copy = Copy(clean=sent.clean, stored_as=stored_as, received_sha256=received)
    row = draft(about, Source.UPLOAD, facts, now)
    if not _take_in(row, copy, sent):
        files.discard(copy.stored_as)
        return _received_before(about, received) or row.id
    return row.id


@transaction.atomic
def check_upload(*, evidence_id: UUID, clerk: Actor, good: bool, now: datetime) -> None:
    """Keep what an officer found on looking at the copy: it can be used in this application, or not (R3.17).

    :raises OfficersOnly, NoSuchUpload:
    :raises AlreadyChecked: if it was found otherwise before; finding the same again changes nothing.
    """
    officer = check_officer(clerk)
    row = Evidence.objects.select_for_update().filter(id=evidence_id, source=Source.UPLOAD).first()
    if row is None:
        raise NoSuchUpload()
    if row.checked_at is not None:
        if (row.ended_at is None) is not good:
            raise AlreadyChecked()
        return
    row.checked_by, row.checked_at = officer, now
    if not good:
        row.ended_at, row.ended_as = now, EndedAs.NOT_GOOD
    row.save(update_fields=["checked_by", "checked_at", "ended_at", "ended_as"])


@transaction.atomic
def open_upload(*, evidence_id: UUID, application_id: UUID, reader: Reader, now: datetime) -> StoredFile:
    """Return the file for somebody who may see the application, and keep on record that they read it (R15.6).

    :raises NoSuchUpload: if the application has no such upload.
    """
    row = Evidence.objects.filter(id=evidence_id, application_id=application_id).first()
    if row is None:
        raise NoSuchUpload
    reading = NewReading(
        at=now,
        actor=reader.actor,
        organisation=reader.organisation,
        holder=Holder(row.holder_kind, row.holder_id),
        matter_kind="application",
        matter_id=application_id,
        purpose=reader.purpose,
        basis=reader.basis,
        fields=[row.type],
        source=str(Source.UPLOAD),
    )
    record_readings(rows=[reading])
    return queries.file(evidence_id=evidence_id, application_id=application_id)


def _received_before(about: About, received_sha256: str) -> UUID | None:
    rows = Upload.objects.select_related("evidence").filter(
        application_id=about.application_id, type=about.type.code, holder_id=about.holder.id
    )
    row = rows.filter(received_sha256=received_sha256).first()
    if row is None:
        return None
    if row.evidence.ended_at is not None:
        raise UploadFoundWanting()
    return row.evidence_id


def _take_in(row: Evidence, copy: Copy, sent: SentFile) -> bool:
    """Store the piece and its file together; False if the same file came in at this very moment."""
    record = Upload(
        evidence=row,
        application_id=row.application_id,
        type=row.type,
        holder_id=row.holder_id,
        stored_as=copy.stored_as,
        name=_shown_name(sent.name, copy.clean.extension),
        kind=copy.clean.kind,
        size=len(copy.clean.content),
        sha256=sha256(copy.clean.content).hexdigest(),
        received_sha256=copy.received_sha256,
        uploaded_by=sent.account_id,
        uploaded_at=row.obtained_at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _shown_name(name: str, extension: str) -> str:
    """Return the sender's name for the file without paths and controls, ending as what the file really is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return f"{visible.rpartition('.')[0][:LONGEST_NAME] or visible[:LONGEST_NAME] or 'file'}.{extension}"
