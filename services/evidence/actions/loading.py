"""Load a file of certificates an office issued earlier as its register: all of it or nothing, and only once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog
from django.db import transaction

from services import clock
from services.catalogue import queries as catalogue
from services.core.refusal import Kind, Refusal
from services.evidence.models import LoadedRecord, RegisterLoad
from services.evidence.old_certificates import CheckedFile, OldCertificate, check_file, read_rows

CHUNK = 1000

log = structlog.get_logger(__name__)


class LoadedElsewhere(Refusal):
    """Somebody else is loading this register, or the file was changed meanwhile."""

    code = "loaded_elsewhere"
    kind = Kind.CONFLICT
    sentence = (
        "This register is being loaded elsewhere, or the file was changed. Begin again when that is over."
    )


@dataclass(frozen=True, slots=True)
class Loading:
    """What came of loading a file: how many rows it has, how many were stored now; none, if all were there before."""

    rows: int
    stored: int


def check_register_file(*, kind: str, path: Path, now: datetime) -> int:
    """Return how many certificates the file holds, and load nothing.

    :raises services.catalogue.queries.NoSuchRegister: if no published service asks for this type of evidence.
    :raises services.evidence.old_certificates.FileNotGood: with every mistake in the file.
    """
    return check_file(path, catalogue.described_register(kind), on=clock.legal_day(now)).rows


def load_register(*, kind: str, path: Path, now: datetime) -> Loading:
    """Load the file as the register of this type of evidence, in place of the one loaded before.

    The same file again has nothing to do; one that was interrupted goes on where it stopped. Not before the whole of
    it is here does any of it answer.

    :raises services.catalogue.queries.NoSuchRegister: if no published service asks for this type of evidence.
    :raises services.evidence.old_certificates.FileNotGood: with every mistake in the file.
    :raises LoadedElsewhere: if somebody else loads this register at the same time.
    """
    register, on = catalogue.described_register(kind), clock.legal_day(now)
    good = check_file(path, register, on=on)
    load = _begin(kind, good, now)
    if load is None:
        return Loading(good.rows, 0)
    before = load.loaded
    certificates = _certificates(read_rows(path, register, on=on), after=before)
    while rows := list(islice(certificates, CHUNK)):
        _store(load, rows)
    _finish(load, now)
    log.info("register_loaded", register=kind, rows=good.rows)
    return Loading(good.rows, good.rows - before)


@transaction.atomic
def _begin(kind: str, good: CheckedFile, now: datetime) -> RegisterLoad | None:
    """Return the load to go on with, a new one if need be; nothing if this file is the register already."""
    last = RegisterLoad.objects.select_for_update().filter(type=kind).order_by("-id").first()
    if last is not None and last.digest == good.digest:
        return None if last.whole_at else last
    # What another file left half done is worth nothing.
    RegisterLoad.objects.filter(type=kind, whole_at__isnull=True).delete()
    return RegisterLoad.objects.create(type=kind, digest=good.digest, rows=good.rows, begun_at=now)


def _certificates(rows: Iterable[object], *, after: int) -> Iterator[OldCertificate]:
    """Yield the certificates that are not stored yet."""
    for place, row in enumerate(rows):
        if not isinstance(row, OldCertificate):
            raise LoadedElsewhere
        if place >= after:
            yield row


@transaction.atomic
def _store(load: RegisterLoad, rows: Iterable[OldCertificate]) -> None:
    """Store some rows, and how far the load has come with them."""
    records = [
        LoadedRecord(
            load=load,
            holder_index=row.holder_index,
            key_index=row.key_index,
            number=row.number,
            facts=dict(row.facts),
            issued_on=row.issued_on,
            valid_until=row.valid_until,
        )
        for row in rows
    ]
    after = load.loaded + len(records)
    if not RegisterLoad.objects.filter(id=load.id, loaded=load.loaded).update(loaded=after):
        raise LoadedElsewhere
    LoadedRecord.objects.bulk_create(records)
    load.loaded = after


@transaction.atomic
def _finish(load: RegisterLoad, now: datetime) -> None:
    """Let the whole load answer from now on, and the one before it no longer (R15.10)."""
    if not RegisterLoad.objects.filter(id=load.id, whole_at__isnull=True).update(whole_at=now):
        raise LoadedElsewhere
    LoadedRecord.objects.filter(load__type=load.type).exclude(load=load).delete()
