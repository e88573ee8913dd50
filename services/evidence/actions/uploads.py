"""The applicant's own copies: taken in clean, looked at by an officer, opened with a reason on record."""

import unicodedata
from collections.abc import Mapping, Sequence
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
from services.evidence.actions.quotas import check_quota
from services.evidence.binding import bound
from services.evidence.cleaning import CleanFile, check_size
from services.evidence.models import EndedAs, Evidence, Upload
from services.evidence.queries import NoSuchUpload, StoredFile
from services.evidence.scanning import Finding, Scan, scan
from services.ledger.actions import Actor, NewReading, record_readings

LONGEST_NAME = 120


class NoCopyTaken(Refusal):
    """A copy of this proves nothing."""

    code = "no_copy_taken"
    kind = Kind.CONFLICT
    sentence = "A copy of this cannot be used."


class UploadFoundWanting(Refusal):
    """The very same file was looked at before and could not be used."""

    code = "upload_found_wanting"
    kind = Kind.CONFLICT
    sentence = "An officer has already looked at this file and could not use it. Send another one."


class UploadFoundHarmful(Refusal):
    """The very same file was sent before, and the scanner found something in it."""

    code = "upload_found_harmful"
    kind = Kind.CONFLICT
    sentence = (
        "This very file was sent before and found harmful, so it stays out. Scan the device it comes from, then take "
        "a new photo or make the PDF anew, and send that."
    )


class UploadHarmful(Refusal):
    """The scanner found something in it: it is kept apart, and nobody opens it."""

    code = "upload_harmful"
    sentence = (
        "This file carries something harmful ({harm}), so it was not let in. Scan the device it comes from, then take "
        "a new photo or make the PDF anew, and send that."
    )


class CopyNotScanned(Refusal):
    """Nobody opens a file, or finds it good, that the scanner has not looked at."""

    code = "copy_not_scanned"
    kind = Kind.CONFLICT
    sentence = (
        "This copy is still being checked for harmful content. It can be looked at as soon as that is done."
    )


class AlreadyChecked(Refusal):
    """Another officer has looked at it, and thought otherwise."""

    code = "already_checked"
    kind = Kind.CONFLICT
    sentence = "This copy has already been checked."


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file as somebody sent it, or several that make one. Neither its name nor its claimed kind is believed."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)
    account_id: UUID
    # The files after the first, in their order: photos of the further pages.
    more: tuple[bytes, ...] = field(repr=False, default=())

    @classmethod
    def taken(cls, file: "Incoming", *, account_id: UUID) -> "SentFile":
        """Return the file that is coming in.

        :raises UploadTooLarge: by what it says of its size, before a byte of it is read.
        """
        check_size(file.size or 0)
        return cls(name=file.name or "", content=file.read(), account_id=account_id)

    @classmethod
    def bundled(cls, files: Sequence["SentFile"]) -> "SentFile":
        """Return one or several files as the one piece that they make, in their order."""
        first, *others = files
        more = tuple(content for one in others for content in one.contents)
        return cls(
            name=first.name, content=first.content, account_id=first.account_id, more=(*first.more, *more)
        )

    @property
    def contents(self) -> tuple[bytes, ...]:
        """Return the bytes of each file."""
        return (self.content, *self.more)

    @cached_property
    def digest(self) -> str:
        """Return what tells this piece from another: of several files, their digests in their order."""
        each = [sha256(content).hexdigest() for content in self.contents]
        return each[0] if len(each) == 1 else sha256("".join(each).encode()).hexdigest()

    @cached_property
    def scanned(self) -> Finding:
        """Return what the scanner says of it, asked once, before anything is locked."""
        return scan(self.contents)

    @cached_property
    def clean(self) -> CleanFile:
        """Return the file written anew, once: it takes its time, so look at it before anything is locked.

        :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed: see `cleaning.clean_file`.
        :raises TooManyPages: see `binding.bound`.
        """
        return bound(self.contents)


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
    received_as: str

    def discard(self) -> None:
        """Remove what was stored of it."""
        for name in filter(None, (self.stored_as, self.received_as)):
            files.discard(name)


def upload(*, about: About, facts: Mapping[str, Value], sent: SentFile, now: datetime) -> UUID:
    """Take in a PNG, JPEG or PDF as evidence of grade C and return its id; the same file again is the same.

    Where the scanner does not answer, what was received waits with the copy until it does.

    :raises NoCopyTaken: if a copy of this type of evidence may not be used.
    :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed: see `cleaning.clean_file`.
    :raises UploadHarmful: if the scanner found something in it; `quarantine` keeps it.
    :raises TooManyUploads, TooManyBytes: see `quotas.check_quota`.
    :raises UploadFoundWanting: if an officer has looked at this very file and could not use it.
    :raises UploadFoundHarmful: if the scanner found something in this very file before.
    """
    if not about.type.upload:
        raise NoCopyTaken()
    if sent.scanned.scan is Scan.HARMFUL:
        raise UploadHarmful(harm=sent.scanned.harm)
    before = _received_before(about, sent.digest)
    if before is not None:
        return before
    check_quota(application_id=about.application_id, account_id=sent.account_id, now=now)
    copy = Copy(
        clean=sent.clean,
        stored_as=files.keep(sent.clean.content, sent.clean.extension),
        received_sha256=sent.digest,
        received_as=files.keep_apart(sent.contents) if sent.scanned.scan is Scan.WAITING else "",
    )
    row = draft(about, Source.UPLOAD, facts, now)
    if not _take_in(row, copy, sent):
        copy.discard()
        return _received_before(about, sent.digest) or row.id
    return row.id


@transaction.atomic
def check_upload(*, evidence_id: UUID, clerk: Actor, good: bool, now: datetime) -> None:
    """Keep what an officer found on looking at the copy: it can be used in this application, or not (R3.17).

    :raises OfficersOnly, NoSuchUpload:
    :raises CopyNotScanned: while the scanner has not looked at it, and so no officer can have.
    :raises AlreadyChecked: if it was found otherwise before; finding the same again changes nothing.
    """
    officer = check_officer(clerk)
    row = Evidence.objects.select_for_update().filter(id=evidence_id, source=Source.UPLOAD).first()
    if row is None:
        raise NoSuchUpload()
    _check_scanned(evidence_id)
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
    :raises CopyNotScanned: while the scanner has not looked at it.
    """
    row = Evidence.objects.filter(id=evidence_id, application_id=application_id).first()
    if row is None:
        raise NoSuchUpload
    _check_scanned(evidence_id)
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


def _check_scanned(evidence_id: UUID) -> None:
    if Upload.objects.filter(evidence_id=evidence_id, scan=Scan.WAITING).exists():
        raise CopyNotScanned()


def _received_before(about: About, received_sha256: str) -> UUID | None:
    rows = Upload.objects.select_related("evidence").filter(
        application_id=about.application_id, type=about.type.code, holder_id=about.holder.id
    )
    row = rows.filter(received_sha256=received_sha256).first()
    if row is None:
        return None
    if row.evidence.ended_as == EndedAs.HARMFUL:
        raise UploadFoundHarmful()
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
        scan=sent.scanned.scan,
        received_as=copy.received_as,
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
