"""Questions to the ledger: what happened to a case, is its chain whole, and who read a holder's data."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from services.core import seals
from services.core.facts import Holder
from services.ledger.models import Entry, Reading, ReadingSeal

PAGE = 50
# Entries are read so many at a time, so that memory stays flat however long a chain is.
SLICE = 2000


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a case's chain, kept on the case row, so that a cut tail shows."""

    sequence: int = 0
    digest: str = seals.GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One line of a case's history."""

    sequence: int
    at: datetime
    actor_id: UUID | None
    role: str
    event: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """One line of "who read my data"; `sealed` tells whether it already stands in the chain."""

    id: int
    at: datetime
    actor_id: UUID | None
    role: str
    organisation: str
    matter_kind: str
    matter_id: UUID
    purpose: str
    basis: str
    fields: tuple[str, ...]
    source: str
    refused: bool
    sealed: bool


class Fault(StrEnum):
    """What is wrong with a chain at the first place where it breaks."""

    ALTERED = "altered"  # the entry is there, and says something else than was sealed
    MISSING = "missing"  # the entry is not there
    BEYOND = "beyond"  # the entry is there, and the case knows nothing of it


@dataclass(frozen=True, slots=True)
class Break:
    """The first place at which a case's chain is broken."""

    sequence: int
    fault: Fault


def entries_of(case_id: UUID) -> tuple[EntryView, ...]:
    """Return everything that happened to a case, oldest first."""
    names = ("sequence", "at", "actor_id", "role", "event", "detail")
    rows = Entry.objects.filter(case_id=case_id).order_by("sequence").values(*names)
    return tuple(EntryView(**row) for row in rows)


def verify_case(case_id: UUID, head: Head) -> int | None:
    """Return the sequence of the first entry that is altered or missing, or None if the chain is whole.

    `head` is what the case row remembers of the end of its chain.
    """
    broken = verify_cases({case_id: head}).get(case_id)
    return broken.sequence if broken else None


def verify_cases(heads: Mapping[UUID, Head]) -> dict[UUID, Break]:
    """Return where the chains of these cases are broken, each against the head that its case row remembers.

    One query, read as a stream; a case whose chain is whole is not in the answer.
    """
    rows = Entry.objects.filter(case_id__in=heads).order_by("case_id", "sequence").iterator(SLICE)
    found, begun = {}, set()
    for case_id, entries in groupby(rows, attrgetter("case_id")):
        begun.add(case_id)
        links = (seals.Link(_content(entry), entry.digest) for entry in entries)
        broken = seals.verify_chain(links, head=heads[case_id].digest)
        if broken is not None:
            found[case_id] = _break(case_id, broken + 1, heads[case_id])
    lost = {case_id for case_id, head in heads.items() if head.sequence and case_id not in begun}
    return found | {case_id: Break(1, Fault.MISSING) for case_id in lost}


def _break(case_id: UUID, sequence: int, head: Head) -> Break:
    """Return what is wrong there. A chain longer than its head says breaks at the first entry beyond it."""
    last = (
        Entry.objects.filter(case_id=case_id).order_by("-sequence").values_list("sequence", flat=True).first()
    )
    if sequence > (last or 0) > head.sequence:
        return Break(head.sequence + 1, Fault.BEYOND)
    there = Entry.objects.filter(case_id=case_id, sequence=sequence).exists()
    return Break(sequence, Fault.ALTERED if there else Fault.MISSING)


def cases_with_entries(*, after: UUID | None = None, limit: int = SLICE) -> tuple[UUID, ...]:
    """Return a page of the cases that the ledger knows, in the order of their ids."""
    first = Entry.objects.filter(sequence=1).order_by("case_id")
    first = first.filter(case_id__gt=after) if after else first
    return tuple(first.values_list("case_id", flat=True)[:limit])


def verify_readings() -> int | None:
    """Return the number of the first seal under which a reading is altered or missing, or None."""
    every_seal = ReadingSeal.objects.order_by("number").iterator()
    broken = seals.verify_chain(
        seals.Link(seal_content(seal.number, _readings_under(seal)), seal.digest) for seal in every_seal
    )
    return None if broken is None else broken + 1


def readings_about(
    holder: Holder,
    *,
    before: int | None = None,
    limit: int = PAGE,
    matters: Collection[UUID] | None = None,
) -> tuple[ReadingView, ...]:
    """Return who read the holder's data, newest first; the last one's `id` is the next page's `before`.

    `matters`: only what was read for these cases, applications and visits. What is not sealed yet is here too.
    """
    readings = Reading.objects.filter(holder_id=holder.id, holder_kind=holder.kind)
    if matters is not None:
        readings = readings.filter(matter_id__in=matters)
    if before is not None:
        readings = readings.filter(id__lt=before)
    return tuple(_reading_view(reading) for reading in readings.order_by("-id")[:limit])


def reading_about(holder: Holder, reading_id: int) -> ReadingView | None:
    """Return one reading of the holder's data, or None if it is about somebody else."""
    found = Reading.objects.filter(id=reading_id, holder_id=holder.id, holder_kind=holder.kind).first()
    return _reading_view(found) if found else None


def seal_content(number: int, readings: Iterable[Reading]) -> Mapping[str, object]:
    """Return what a seal's hash is over: all that its readings say, in order."""
    return {"seal": number, "readings": [_reading_content(reading) for reading in readings]}


def _content(entry: Entry) -> Mapping[str, object]:
    names = ("case_id", "sequence", "at", "actor_id", "role", "event", "detail")
    return {name: getattr(entry, name) for name in names}


def _readings_under(seal: ReadingSeal) -> Iterable[Reading]:
    return Reading.objects.filter(seal=seal).order_by("id")


def _reading_content(reading: Reading) -> Mapping[str, object]:
    names = ("id", "at", "actor_id", "role", "organisation", "holder_kind", "holder_id")
    also = ("matter_kind", "matter_id", "purpose", "fields", "source")
    # What came later is sealed where it says something, so that the seals of before still hold.
    later = {"basis": reading.basis, "refused": reading.refused}
    said = {name: value for name, value in later.items() if value}
    return {name: getattr(reading, name) for name in (*names, *also)} | said


def _reading_view(reading: Reading) -> ReadingView:
    names = ("id", "at", "actor_id", "role", "organisation", "matter_kind", "matter_id", "purpose", "basis")
    known = {name: getattr(reading, name) for name in (*names, "source", "refused")}
    return ReadingView(**known, fields=tuple(reading.fields), sealed=reading.seal_id is not None)
