"""Sending letters, and noting that they were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notices.kinds import NoticeKind, missing_values
from services.notices.models import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A letter to send. `values` holds nothing personal; `written`, an officer's words, is encrypted."""

    account_id: UUID
    kind: NoticeKind
    values: Mapping[str, object]
    case_id: UUID | None = None
    application_id: UUID | None = None
    written: str = ""


def notify(*, rows: Sequence[NewNotice], now: datetime) -> tuple[UUID, ...]:
    """Send the letters, in one statement, and return their ids in the same order.

    :raises ValueError: if a letter lacks what its kind must say (R14.6); no reader should meet half a letter.
    """
    for row in rows:
        if missing := missing_values(NoticeKind(row.kind), row.values):
            raise ValueError(f"A letter of the kind {row.kind} must be told: {', '.join(missing)}.")
    letters = [
        Notice(
            account_id=row.account_id,
            case_id=row.case_id,
            application_id=row.application_id,
            kind=row.kind,
            values=dict(row.values),
            written=row.written or None,
            created_at=now,
        )
        for row in rows
    ]
    return tuple(letter.id for letter in Notice.objects.bulk_create(letters))


def mark_read(*, account_id: UUID, notice_id: UUID, now: datetime) -> None:
    """Note when the letter was first read: the proof of its delivery (R14.6). Twice is once."""
    Notice.objects.filter(id=notice_id, account_id=account_id, read_at__isnull=True).update(read_at=now)
