"""Sending letters, and noting that they were read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from services import clock
from services.notices.kinds import NoticeKind, missing_values
from services.notices.models import Notice
from services.people import queries as people
from services.people.queries import Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A letter to send. `values` holds nothing personal; `written`, an officer's words, is encrypted.

    One for a business, or for a person for whom another filed (`person_id`), goes to every account that stands for
    them in all of the services today (R11.2); `account_id`, who filed, gets it of right only where it is for no other,
    and by the power to file, without that to see, an agent reads the letters about what they filed alone.
    """

    account_id: UUID
    kind: NoticeKind
    values: Mapping[str, object]
    business_id: UUID | None = None
    person_id: UUID | None = None
    services: tuple[str, ...] = ()
    case_id: UUID | None = None
    application_id: UUID | None = None
    written: str = ""


def notify(*, rows: Sequence[NewNotice], now: datetime) -> tuple[UUID, ...]:
    """Send the letters, in a constant number of statements, and return the ids of their copies in the same order.

    :raises ValueError: if a letter lacks what its kind must say (R14.6); no reader should meet half a letter.
    """
    for row in rows:
        if missing := missing_values(NoticeKind(row.kind), row.values):
            raise ValueError(f"A letter of the kind {row.kind} must be told: {', '.join(missing)}.")
    letters = [
        Notice(
            account_id=account_id,
            business_id=row.business_id,
            for_person_id=row.person_id,
            services=list(row.services),
            case_id=row.case_id,
            application_id=row.application_id,
            kind=row.kind,
            values=dict(row.values),
            written=row.written or None,
            created_at=now,
        )
        for row, account_id in _addressed(rows, now)
    ]
    return tuple(letter.id for letter in Notice.objects.bulk_create(letters))


def _addressed(rows: Sequence[NewNotice], now: datetime) -> Iterator[tuple[NewNotice, UUID]]:
    """Yield each letter with each account it goes to; where nobody stands for its reader, it waits with who filed."""
    matters = {_matter(row) for row in rows if row.business_id or row.person_id}
    standing = people.accounts_in(matters, on=clock.legal_day(now)) if matters else {}
    for row in rows:
        readers = standing.get(_matter(row), ())
        yield from ((row, account_id) for account_id in readers or (row.account_id,))


def _matter(row: NewNotice) -> Matter:
    return Matter(row.business_id, row.services, row.person_id, row.account_id)


def empty_letters(
    *,
    application_ids: Collection[UUID] = (),
    case_ids: Collection[UUID] = (),
    before: datetime | None = None,
    limit: int | None = None,
) -> int:
    """Take officers' words out of the letters about these matters, or of those sent before then that stand in none.

    That the letter was sent, and when it was read, stays (R14.6, R15.10). Doing it twice changes nothing.
    """
    of = Q(application_id__in=application_ids) | Q(case_id__in=case_ids)
    if before is not None:
        of |= Q(application_id__isnull=True, case_id__isnull=True, created_at__lt=before)
    rows = (
        Notice.objects.filter(of, written__isnull=False).order_by("created_at").values_list("id", flat=True)
    )
    return Notice.objects.filter(id__in=list(rows[:limit])).update(written=None)


def mark_read(*, account_id: UUID, notice_id: UUID, now: datetime) -> None:
    """Note when the letter was first read: the proof of its delivery (R14.6). Twice is once."""
    Notice.objects.filter(id=notice_id, account_id=account_id, read_at__isnull=True).update(read_at=now)
