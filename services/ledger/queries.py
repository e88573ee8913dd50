"""Questions to the ledger: what happened to a case, is its chain whole, and who read a holder's data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core import seals
from services.core.facts import Holder
from services.ledger.models import Entry, Reading, ReadingSeal

PAGE = 50


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
    fields: tuple[str, ...]
    source: str
    sealed: bool


def entries_of(case_id: UUID) -> tuple[EntryView, ...]:
    """Return everything that happened to a case, oldest first."""
    names = ("sequence", "at", "actor_id", "role", "event", "detail")
    rows = Entry.objects.filter(case_id=case_id).order_by("sequence").values(*names)
    return tuple(EntryView(**row) for row in rows)


def verify_case(case_id: UUID, head: Head) -> int | None:
    """Return the sequence of the first entry that is altered or missing, or None if the chain is whole.

    `head` is what the case row remembers of the end of its chain.
    """
    entries = Entry.objects.filter(case_id=case_id).order_by("sequence")
    links = (seals.Link(_content(entry), entry.digest) for entry in entries)
    broken = seals.verify_chain(links, head=head.digest)
    return None if broken is None else broken + 1


def verify_readings() -> int | None:
    """Return the number of the first seal under which a reading is altered or missing, or None."""
    every_seal = ReadingSeal.objects.order_by("number").iterator()
    broken = seals.verify_chain(
        seals.Link(seal_content(seal.number, _readings_under(seal)), seal.digest) for seal in every_seal
    )
    return None if broken is None else broken + 1


def readings_about(
    holder: Holder, *, before: int | None = None, limit: int = PAGE
) -> tuple[ReadingView, ...]:
    """Return who read the holder's data, newest first; the last one's `id` is the next page's `before`."""
    readings = Reading.objects.filter(holder_id=holder.id, holder_kind=holder.kind)
    if before is not None:
        readings = readings.filter(id__lt=before)
    return tuple(_reading_view(reading) for reading in readings.order_by("-id")[:limit])


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
    return {name: getattr(reading, name) for name in (*names, *also)}


def _reading_view(reading: Reading) -> ReadingView:
    names = ("id", "at", "actor_id", "role", "organisation", "matter_kind", "matter_id", "purpose", "source")
    known = {name: getattr(reading, name) for name in names}
    return ReadingView(**known, fields=tuple(reading.fields), sealed=reading.seal_id is not None)
