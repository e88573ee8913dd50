"""Pages on their way in: begun with their length, received in pieces, put in order, and handed in together.

A broken line loses nothing: whoever comes back asks how much has arrived and goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from services.core.refusal import Kind, Refusal
from services.evidence import files
from services.evidence.actions.quotas import check_quota
from services.evidence.actions.uploads import SentFile
from services.evidence.binding import check_together
from services.evidence.cleaning import UploadNotReadable, check_kind, check_size
from services.evidence.models import SentPage
from services.evidence.queries import PageView, pages

KEPT_FOR = timedelta(days=1)
# With fewer bytes than the least, what it is cannot be told; more than enough are not looked at.
LEAST_TO_TELL, ENOUGH_TO_TELL = 12, 4096


class NoSuchPage(Refusal):
    """There is no such page, or it was thrown away after a day."""

    code = "no_such_page"
    kind = Kind.MISSING
    sentence = "There is no such page on its way. Send it again."


class WrongOffset(Refusal):
    """What is sent does not begin where the rest ended."""

    code = "wrong_offset"
    kind = Kind.CONFLICT
    sentence = "{offset} bytes have arrived. Go on from there."


class NothingSent(Refusal):
    """Something is handed in that has not arrived."""

    code = "nothing_sent"
    sentence = "Choose a photo or a PDF first."


class StillArriving(Refusal):
    """A page has not arrived whole."""

    code = "still_arriving"
    kind = Kind.CONFLICT
    sentence = "“{name}” has not arrived whole. Send the rest of it, or remove it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What pages are sent for: one type of evidence for one requirement of an application."""

    application_id: UUID
    requirement: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A page that somebody is about to send."""

    name: str = field(repr=False)
    length: int
    account_id: UUID


@transaction.atomic
def begin_page(*, place: Place, page: Announced, now: datetime) -> PageView:
    """Make room for a page behind those that are there, and return it. The caller holds the application.

    :raises UploadTooLarge, TooManyPages, TooManyUploads, TooManyBytes: before a byte of it has come.
    :raises UploadNotReadable: for nothing at all.
    """
    if page.length < 1:
        raise UploadNotReadable()
    check_size(page.length)
    before = pages(application_id=place.application_id, requirement=place.requirement, type=place.type)
    check_together([*(one.length for one in before), page.length])
    check_quota(application_id=place.application_id, account_id=page.account_id, now=now, coming=page.length)
    row = SentPage.objects.create(
        application_id=place.application_id, requirement=place.requirement, type=place.type,
        account_id=page.account_id, name=page.name[:300], length=page.length, stored_as=files.begin(),
        position=max((one.position for one in before), default=0) + 1,
    )  # fmt: skip
    return PageView.of(row)


@transaction.atomic
def receive(*, page_id: UUID, account_id: UUID, offset: int, content: bytes) -> int:
    """Keep the next piece of a page, and return how many bytes of it have arrived.

    :raises NoSuchPage:
    :raises WrongOffset: if the piece does not begin where the rest ended.
    :raises UploadTooLarge: if more comes than was announced.
    :raises UploadNotReadable: if the beginning shows that it is nothing we take; the page is thrown away.
    """
    row = _own(page_id, account_id)
    if offset != row.received:
        raise WrongOffset(offset=row.received)
    if offset + len(content) > row.length:
        check_size(offset + len(content))
        raise WrongOffset(offset=row.received)
    _check_beginning(row, content)
    files.write(row.stored_as, content, offset=offset)
    row.received = offset + len(content)
    row.save(update_fields=["received"])
    return row.received


def _check_beginning(row: SentPage, content: bytes) -> None:
    """Look at what a page is with the piece that makes it long enough to tell, however small the pieces are."""
    arrived, decisive = row.received + len(content), min(LEAST_TO_TELL, row.length)
    if row.received < decisive <= arrived:
        before = files.content_of(row.stored_as) if row.received else b""
        check_kind((before[: row.received] + content)[:ENOUGH_TO_TELL])


@transaction.atomic
def move_page(*, page_id: UUID, account_id: UUID, by: int) -> None:
    """Let the page change places with the one before it (-1) or behind it (1); at the ends nothing changes.

    :raises NoSuchPage:
    """
    found = SentPage.objects.filter(id=page_id, account_id=account_id).first()
    if found is None:
        raise NoSuchPage()
    held = _held(
        _of(Place(application_id=found.application_id, requirement=found.requirement, type=found.type))
    )
    rows = sorted(held, key=lambda one: (one.position, one.begun_at))
    place = next((number for number, one in enumerate(rows) if one.id == page_id), None)
    if place is None:
        raise NoSuchPage()
    beside = place + (-1 if by < 0 else 1)
    if 0 <= beside < len(rows):
        row, other = rows[place], rows[beside]
        row.position, other.position = other.position, row.position
        SentPage.objects.bulk_update([row, other], ["position"])


@transaction.atomic
def remove_page(*, page_id: UUID, account_id: UUID) -> None:
    """Throw a page away that was not handed in.

    :raises NoSuchPage:
    """
    _discard([_own(page_id, account_id)])


def arrived(*, place: Place, account_id: UUID) -> list[SentFile]:
    """Return the pages that are there for the place, in their order.

    :raises StillArriving: if one of them has not arrived whole.
    """
    rows = list(_of(place))
    for row in rows:
        if row.received < row.length:
            raise StillArriving(name=row.name)
    return [
        SentFile(name=row.name, content=files.content_of(row.stored_as), account_id=account_id)
        for row in rows
    ]


@transaction.atomic
def clear_pages(*, place: Place) -> None:
    """Throw away the pages of the place: they were handed in."""
    _discard(_held(_of(place)))


def discard_old_pages() -> int:
    """Throw away pages that nobody handed in for a day; return how many."""
    with transaction.atomic():
        old = _held(SentPage.objects.filter(begun_at__lte=Now() - KEPT_FOR), skip_locked=True)
        _discard(old)
    return len(old)


def _of(place: Place) -> QuerySet[SentPage]:
    rows = SentPage.objects.filter(
        application_id=place.application_id, requirement=place.requirement, type=place.type
    )
    return rows.order_by("position", "begun_at")


def _held(rows: QuerySet[SentPage], *, skip_locked: bool = False) -> list[SentPage]:
    """Return the pages, locked in the order of their ids: of two who lock several, none waits for the other."""
    return list(rows.select_for_update(skip_locked=skip_locked).order_by("id"))


def _own(page_id: UUID, account_id: UUID) -> SentPage:
    row = SentPage.objects.select_for_update().filter(id=page_id, account_id=account_id).first()
    if row is None:
        raise NoSuchPage()
    return row


def _discard(rows: Sequence[SentPage]) -> None:
    names = [row.stored_as for row in rows]

    def discard_files() -> None:
        for name in names:
            files.discard(name)

    transaction.on_commit(discard_files, robust=True)
    SentPage.objects.filter(id__in=[row.id for row in rows]).delete()
