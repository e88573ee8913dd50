"""Writing into the ledger: what happened to cases, and who read whose data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction

from services.core import seals
from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.ledger import looking
from services.ledger.models import Reading, ReadingSeal
from services.ledger.queries import Head, seal_content

SEALED_AT_ONCE = 1000
# Of two workers who seal at once, one waits: the batches form one chain. The number is this lock's name.
SEALING_LOCK = 0x5EA1

# One document for the whole batch: measured, it costs half of what nine arrays to unnest cost.
INSERT_ENTRIES = """
INSERT INTO ledger_entry (case_id, sequence, at, actor_id, role, event, detail, previous, digest)
SELECT case_id, sequence, at, actor_id, role, event, detail, previous, digest
FROM json_to_recordset(%s::json) AS entry (
    case_id uuid, sequence int, at timestamptz, actor_id uuid, role text, event text, detail jsonb,
    previous text, digest text
)
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account in a role, or a worker, who has none. The name is for sentences, never stored."""

    account_id: UUID | None
    role: Role
    name: str = ""


WORKER = Actor(account_id=None, role=Role.WORKER)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One thing that happened; `detail` holds ids, codes and names of fields, never personal values.

    `head` is the end of the case's chain before this batch; of a case's several entries the first one counts.
    """

    case_id: UUID
    head: Head
    at: datetime
    actor: Actor
    event: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReading:
    """Somebody read these fields of a holder's data, for this matter and purpose, on this legal basis (R15.1).

    `refused`: they asked to, and were not let.
    """

    at: datetime
    actor: Actor
    organisation: str
    holder: Holder
    matter_kind: str
    matter_id: UUID
    purpose: str
    basis: str
    fields: Sequence[str]
    source: str
    refused: bool = False


class ReadingWithoutPurpose(Refusal):
    """A reading that does not say what for, or by which law (R15.1, R3.2)."""

    code = "reading_without_purpose"
    kind = Kind.FORBIDDEN
    sentence = "Personal data is read for a purpose and on a legal basis, and not otherwise."


def record_entries(*, entries: Sequence[NewEntry]) -> dict[UUID, Head]:
    """Add the entries, chained per case in the order given, and return each case's new head.

    One statement for the whole batch. A case written by two at once is refused by the key (case, sequence):
    `django.db.IntegrityError`, and with it the whole transaction.

    :raises services.core.seals.NotSealable: if a detail holds a value that has no one way of being written.
    """
    heads: dict[UUID, Head] = {}
    rows = []
    for entry in entries:
        before = heads.get(entry.case_id, entry.head)
        row, heads[entry.case_id] = _chained(entry, before)
        rows.append(row)
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(INSERT_ENTRIES, [json.dumps(rows, default=_as_sealed)])
    return heads


def record_readings(*, rows: Sequence[NewReading]) -> None:
    """Add what was read about whom (R15.6), in one statement. No case is locked; sealing comes later.

    From here on, whoever looks in this request may open what the readings name, and no more (`looking`).

    :raises ReadingWithoutPurpose: if one lacks its purpose, its legal basis or the fields; none is recorded then.
    """
    for row in rows:
        if not (row.purpose and row.basis and row.fields):
            raise ReadingWithoutPurpose
    looking.say({name for row in rows if not row.refused for name in row.fields})
    Reading.objects.bulk_create(
        Reading(
            at=row.at,
            actor_id=row.actor.account_id,
            role=row.actor.role,
            organisation=row.organisation,
            holder_kind=row.holder.kind,
            holder_id=row.holder.id,
            matter_kind=row.matter_kind,
            matter_id=row.matter_id,
            purpose=row.purpose,
            basis=row.basis,
            fields=list(row.fields),
            source=row.source,
            refused=row.refused,
        )
        for row in rows
    )


@transaction.atomic
def seal_readings(*, now: datetime) -> int:
    """Seal the next batch of readings, chained to the batch before, and return how many there were.

    May run twice or at once with one effect; a reading whose transaction ends later goes into a later batch.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    readings = list(Reading.objects.filter(seal__isnull=True).order_by("id")[:SEALED_AT_ONCE])
    if not readings:
        return 0
    last = ReadingSeal.objects.order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, seals.GENESIS)
    seal = ReadingSeal.objects.create(
        number=number,
        sealed_at=now,
        readings=len(readings),
        previous=previous,
        digest=seals.chain(previous, seal_content(number, readings)),
    )
    Reading.objects.filter(id__in=[reading.id for reading in readings]).update(seal=seal)
    return len(readings)


def _chained(entry: NewEntry, before: Head) -> tuple[dict[str, object], Head]:
    # Written as text here: the hash sees ids and moments so, and the document for the database needs them so.
    content = {
        "case_id": str(entry.case_id),
        "sequence": before.sequence + 1,
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor_id": entry.actor.account_id and str(entry.actor.account_id),
        "role": entry.actor.role.value,
        "event": entry.event,
        "detail": entry.detail,
    }
    after = Head(before.sequence + 1, seals.chain(before.digest, content))
    return {**content, "previous": before.digest, "digest": after.digest}, after


def _as_sealed(value: object) -> object:
    """Write a day, a moment, an id or an amount as the hash has seen it, so that it is found so again."""
    return json.loads(seals.canonical({"value": value}))["value"]
