"""A copy of everything that is kept about a person: asked for, made by a worker, there for a short time (R15.9)."""

import hashlib
import json
import tempfile
import zipfile
from datetime import datetime, timedelta
from typing import IO, BinaryIO
from uuid import UUID

import structlog
from django.core.files import File
from django.db import transaction

from services import clock, errands
from services.cases.models import PersonalCopy
from services.cases.queries.copies import copy_for, sections, whose
from services.evidence import queries as evidence
from services.evidence.files import discard, keep_stream, opened
from services.people import queries as people
from services.people.queries import AccountView

log = structlog.get_logger(__name__)

# Made at a time, of so many tried; the rest waits for the next turn of the clock.
AT_ONCE = 5
MOST_TRIED = 50
READ_ME = (
    "Everything this portal keeps about you: a file for each kind of record (JSON), and copies you sent (files/).\n"
    "Left out: keyed hashes and seals, which say nothing about you, and what belongs to other people.\n"
)
NOT_HERE = "The file lies here no more: what a scanner finds harmful is set apart, and deleted.\n"


@transaction.atomic
def ask_for_copy(*, viewer: AccountView, now: datetime) -> UUID:
    """Ask for a copy of one's data and return it; while one is being made, asking again gives the same."""
    row, _ = PersonalCopy.objects.get_or_create(
        account_id=viewer.id, made_at=None, defaults={"asked_at": now}
    )
    errands.send(errands.Errand.MAKE_COPIES)
    return row.id


def make_copies(*, now: datetime) -> int:
    """Make the copies that people asked for, and return how many; twice or at once is once.

    One that cannot be made is tried again at the next turn, and keeps nobody else waiting.
    """
    made = 0
    waiting = PersonalCopy.objects.filter(made_at__isnull=True).order_by("asked_at")
    for copy_id in waiting.values_list("id", flat=True)[:MOST_TRIED]:
        try:
            made += _make(copy_id, now)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one copy must not stop the others
            log.warning("copy_not_made", copy=str(copy_id), error=type(error).__name__)
        if made == AT_ONCE:
            break
    return made


@transaction.atomic
def _make(copy_id: UUID, now: datetime) -> bool:
    # The file is written under the lock of its own row, for which nobody waits: two workers never make it twice.
    waiting = PersonalCopy.objects.select_for_update(skip_locked=True).filter(made_at__isnull=True)
    row = waiting.filter(id=copy_id).first()
    if row is None:
        return False
    with tempfile.TemporaryFile() as written:
        _write(people.account(row.account_id), written)
        row.size, row.sha256 = written.tell(), _digest(written)
        row.stored_as = keep_stream(File(written), "copies", "zip")
    kept = timedelta(days=clock.profile().retention.export_calendar_days)
    row.made_at, row.until = now, clock.legal_day(now) + kept
    row.save()
    return True


def _write(viewer: AccountView, written: IO[bytes]) -> None:
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
        copy.writestr("README.txt", READ_ME)
        for name, rows in sections(viewer):
            copy.writestr(f"{name}.json", json.dumps(list(rows), ensure_ascii=False, indent=1))
        for one in evidence.uploads(application_ids=whose(viewer).application_ids):
            stored = evidence.file(evidence_id=one.evidence_id, application_id=one.application_id)
            try:
                with stored.open() as file:
                    copy.writestr(f"files/{one.evidence_id}/{stored.name}", file.read())
            except FileNotFoundError:  # what the scanner found harmful is told of, and lies here no more
                copy.writestr(f"files/{one.evidence_id}/not-here.txt", NOT_HERE)


def _digest(written: IO[bytes]) -> str:
    written.seek(0)
    digest = hashlib.file_digest(written, "sha256").hexdigest()  # type: ignore[arg-type]
    written.seek(0)
    return digest


def fetch_copy(*, viewer: AccountView, copy_id: UUID, now: datetime) -> BinaryIO:
    """Return the copy, open for reading.

    :raises NoSuchCopy: if it is not the account's, or not there any more.
    """
    row = copy_for(viewer, copy_id)
    PersonalCopy.objects.filter(id=row.id, fetched_at__isnull=True).update(fetched_at=now)
    return opened(row.stored_as)


@transaction.atomic
def delete_copies(*, now: datetime) -> int:
    """Delete the copies whose time is over, files included, and return how many."""
    over = PersonalCopy.objects.filter(until__lt=clock.legal_day(now), deleted_at__isnull=True)
    rows = list(over.select_for_update(skip_locked=True).exclude(made_at__isnull=True)[:100])
    stored = [row.stored_as for row in rows]

    def discard_files() -> None:
        for name in stored:
            discard(name)

    transaction.on_commit(discard_files, robust=True)
    PersonalCopy.objects.filter(id__in=[row.id for row in rows]).update(stored_as="", deleted_at=now)
    return len(rows)
