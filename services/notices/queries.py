"""Questions about letters: what an account got, and what a letter says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from services import clock
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_language
from services.core.reasons import DECLINING, REFUSAL
from services.core.refusal import Kind, Refusal
from services.notices.kinds import NoticeKind
from services.notices.models import Notice
from services.notices.wording import letter_number, paragraphs_of, title_of, written_in
from services.people import queries as people

PAGE = 30
UNSENT = UUID(int=0)


class NoSuchLetter(Refusal):
    """There is none, or it was sent to somebody else."""

    code = "no_such_letter"
    kind = Kind.MISSING
    sentence = "There is no such letter."


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A letter in the inbox; `number` is that of the case or application, none if it is about the reader."""

    id: UUID
    kind: str
    title: str
    number: str
    service_name: str
    case_id: UUID | None
    application_id: UUID | None
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter, ready to be read or printed; number, day, authority and contact stand at its end.

    `language` is the code of the one it is written in: not always the reader's. `certificate_id` names the certificate
    that is about to end, if the letter tells of one.
    """

    number: str
    language: str
    on: date
    title: str
    paragraphs: tuple[str, ...]
    certificate_id: UUID | None = None


def inbox(
    account_id: UUID, *, language: str, before: UUID | None = None, limit: int = PAGE
) -> tuple[NoticeView, ...]:
    """Return an account's letters, newest first; the last one's id is the next page's `before`.

    Letters for a business are there while the account stands for it (R11.2).
    """
    letters = _letters_to(account_id)
    mark = letters.filter(id=before).values_list("created_at", "id").first() if before else None
    if mark:
        letters = letters.filter(Q(created_at__lt=mark[0]) | Q(created_at=mark[0], id__lt=mark[1]))
    return _views(letters.order_by("-created_at", "-id")[:limit], language)


def letters_of(case_id: UUID, *, language: str, account_id: UUID | None = None) -> tuple[NoticeView, ...]:
    """Return all letters about a case, oldest first: what the desk shows as sent; or those to one account only.

    Of a letter that went to several accounts the desk shows one copy: one that was read, if any was.
    """
    letters = _letters_to(account_id) if account_id else Notice.objects.all()
    found = list(letters.filter(case_id=case_id).order_by("created_at", "id"))
    shown = found if account_id else _one_of_each(found)
    return _views(shown, language)


def _one_of_each(copies: Sequence[Notice]) -> list[Notice]:
    each: dict[tuple[object, ...], Notice] = {}
    for one in copies:
        first = each.setdefault((one.created_at, one.kind, one.written), one)
        if first.read_at is None and one.read_at is not None:
            each[one.created_at, one.kind, one.written] = one
    return list(each.values())


def unread(account_id: UUID) -> int:
    """Return how many letters an account has not read."""
    return _letters_to(account_id).filter(read_at__isnull=True).count()


def _letters_to(account_id: UUID) -> QuerySet[Notice]:
    # What was sent before they had an account waits with one that nobody can sign in with, and is theirs too.
    sent = Q(account_id=account_id) | Q(account__is_active=False, for_person__accounts=account_id)
    return Notice.objects.filter(people.own_matters(account_id, on=clock.today()), sent)


def letter(notice_id: UUID, account_id: UUID, language: str) -> Letter:
    """Return a letter in the reader's language.

    :raises NoSuchLetter: if it was not sent to this account, or was for a business it stands for no more.
    """
    notice = _letters_to(account_id).filter(id=notice_id).first()
    if notice is None:
        raise NoSuchLetter
    return _letter(notice, language)


def preview(
    *, kind: NoticeKind, values: Mapping[str, object], written: str = "", language: str, now: datetime
) -> Letter:
    """Return a letter as it would be sent now, for whoever signs it to read first; its number is still open."""
    draft = Notice(id=UNSENT, kind=kind, values=dict(values), written=written or None, created_at=now)
    return _letter(draft, language)


def _letter(notice: Notice, reader: str) -> Letter:
    language = written_in(notice.kind, reader)
    service_name = _service_names([notice], language)[notice.id]
    return Letter(
        number=letter_number(notice),
        language=language,
        on=clock.legal_day(notice.created_at),
        title=title_of(notice, language),
        paragraphs=paragraphs_of(notice, language, service_name),
        certificate_id=UUID(ends) if (ends := notice.values.get("certificate_id")) else None,
    )


def reasons(language: str) -> tuple[tuple[str, str], ...]:
    """Return the reasons an office may give, as codes with their words."""
    return tuple((code, in_language(texts, language)) for code, texts in {**REFUSAL, **DECLINING}.items())


def _views(letters: Iterable[Notice], language: str) -> tuple[NoticeView, ...]:
    found = list(letters)
    names = _service_names(found, language)
    return tuple(_view(one, names[one.id], language) for one in found)


def _service_names(letters: list[Notice], language: str) -> dict[UUID, str]:
    codes = {one.id: str(one.values.get("service", "")) for one in letters}
    names = catalogue.service_names([code for code in codes.values() if code], language)
    return {notice_id: names.get(code, code) for notice_id, code in codes.items()}


def _view(notice: Notice, service_name: str, language: str) -> NoticeView:
    return NoticeView(
        id=notice.id,
        kind=notice.kind,
        title=title_of(notice, language),
        number=notice.values.get("case", ""),
        service_name=service_name,
        case_id=notice.case_id,
        application_id=notice.application_id,
        created_at=notice.created_at,
        is_read=notice.read_at is not None,
    )
