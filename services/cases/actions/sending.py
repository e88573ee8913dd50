"""Sending copies page by page: one after the other or together, over a line that may break, and handed in as one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.evidence import upload_copy
from services.cases.actions.giving import matter_of, own_application
from services.cases.queries.visibility import application_for
from services.evidence import actions as evidence
from services.evidence.actions import Announced, NoCopyTaken, NothingSent, Place, SentFile, UploadHarmful
from services.evidence.cleaning import UploadNotReadable
from services.evidence.queries import PageView
from services.people.queries import AccountView


@transaction.atomic
def begin_page(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    type: str,
    name: str,
    length: int,
    now: datetime,
) -> PageView:
    """Make room for a page that is about to come, if something can be given there now; return it.

    :raises NotRequired, SignersFirst, NothingOpen, DecidedAlready: see `giving.matter_of`.
    :raises services.evidence.actions.NoCopyTaken: if a copy of this proves nothing.
    :raises UploadTooLarge, TooManyPages, TooManyUploads, TooManyBytes: before a byte of it has come.
    """
    matter = matter_of(viewer, application_id, requirement, type, now)
    if not matter.about.type.upload:
        raise NoCopyTaken
    place = Place(application_id=application_id, requirement=requirement, type=type)
    page = Announced(name=name, length=length, account_id=viewer.id)
    return evidence.begin_page(place=place, page=page, now=now)


def receive_page(
    *, viewer: AccountView, application_id: UUID, page_id: UUID, offset: int, content: bytes
) -> int:
    """Keep the next piece of a page, and return how many bytes of it have arrived.

    :raises NoSuchApplication: if it is not the viewer's, or not any more.
    :raises services.evidence.actions.NoSuchPage, WrongOffset, UploadTooLarge, UploadNotReadable:
    """
    with transaction.atomic():
        own_application(viewer, application_id)
        try:
            return evidence.receive(page_id=page_id, account_id=viewer.id, offset=offset, content=content)
        except UploadNotReadable as refusal:
            unreadable = refusal
        # It can never become anything: what was announced is thrown away, and the reason told.
        evidence.remove_page(page_id=page_id, account_id=viewer.id)
    raise unreadable


def add_pages(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    type: str,
    files: Sequence[SentFile],
    now: datetime,
) -> None:
    """Put whole files behind the pages that are there, without handing them in.

    :raises: as `begin_page` and `receive_page`.
    """
    for one in files:
        page = begin_page(
            viewer=viewer, application_id=application_id, requirement=requirement, type=type, name=one.name,
            length=len(one.content), now=now,
        )  # fmt: skip
        receive_page(
            viewer=viewer, application_id=application_id, page_id=page.id, offset=0, content=one.content
        )


@transaction.atomic
def arrange_page(*, viewer: AccountView, application_id: UUID, page_id: UUID, by: int) -> None:
    """Move a page one place to the front (-1) or to the end (1), or take it out (0).

    :raises NoSuchApplication, services.evidence.actions.NoSuchPage:
    """
    own_application(viewer, application_id)
    if by == 0:
        evidence.remove_page(page_id=page_id, account_id=viewer.id)
    else:
        evidence.move_page(page_id=page_id, account_id=viewer.id, by=by)


def hand_in(
    *,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    type: str,
    files: Sequence[SentFile] = (),
    now: datetime,
    version: int | None = None,
) -> UUID:
    """Hand in the pages that are there, and these files behind them, as one piece of evidence; return it.

    Called outside a transaction, as `upload_copy`, whose refusals it has too.

    :raises services.evidence.actions.NothingSent: if there is nothing.
    :raises services.evidence.actions.StillArriving: if a page has not arrived whole.
    """
    application_for(viewer, application_id)
    place = Place(application_id=application_id, requirement=requirement, type=type)
    pages = [*evidence.arrived(place=place, account_id=viewer.id), *files]
    if not pages:
        raise NothingSent
    try:
        given = upload_copy(
            viewer=viewer, application_id=application_id, requirement=requirement, type=type,
            sent=SentFile.bundled(pages), now=now, version=version,
        )  # fmt: skip
    except UploadHarmful:
        evidence.clear_pages(place=place)
        raise
    evidence.clear_pages(place=place)
    return given
