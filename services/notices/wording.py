"""A letter in the reader's language: its text, what fills it in, and the paragraphs that come of it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.template.loader import get_template, select_template
from django.utils import timezone, translation

from services import clock
from services.catalogue import queries as catalogue
from services.catalogue.wording import FALLBACKS, in_language, short_code
from services.core import seals
from services.core.acting import IN_WORDS, Done
from services.notices.kinds import NoticeKind
from services.notices.models import Notice
from services.notices.reasons import reason_texts
from services.notices.titles import TITLES
from services.people import queries as people

DJANGO_CODES = {"zh": "zh-hans"}
MARK_LENGTH = 16


def letter_number(notice: Notice) -> str:
    """Return the number a letter is quoted by: the day it was sent, and the beginning of its id."""
    return f"{clock.legal_day(notice.created_at):%Y%m%d}-{notice.id.hex[:8].upper()}"


def title_of(notice: Notice, language: str) -> str:
    """Return what the letter is called."""
    return in_language(TITLES[NoticeKind(notice.kind)], language)


def written_in(kind: str, language: str) -> str:
    """Return the code of the language a letter of this kind is written in for a reader: theirs, or the next best."""
    tried = [f"notices/{each}/{kind}.txt" for each in FALLBACKS[short_code(language)]]
    return str(select_template(tried).template.name).split("/")[1]


def paragraphs_of(notice: Notice, language: str, service_name: str) -> tuple[str, ...]:
    """Return what the letter says, the number, the day, the authority and its contact last (R14.6).

    The whole letter is in one language, names included: `language` is one that it is written in.
    """
    code = short_code(language)
    text = get_template(f"notices/{code}/{notice.kind}.txt")
    with translation.override(DJANGO_CODES.get(code, code)), timezone.override(clock.zone()):
        rendered = text.render(_context(notice, code, service_name))
    return tuple(part.strip() for part in rendered.split("\n\n") if part.strip())


def _context(notice: Notice, language: str, service_name: str) -> Mapping[str, object]:
    office = notice.values.get("organisation") or catalogue.organisation_of(notice.values["service"])
    authority = catalogue.organisation(office, language)
    profile = clock.profile()
    return {
        **{name: _told(name, value, language) for name, value in notice.values.items()},
        "service": service_name,
        "authority": authority,
        "written": notice.written,
        "on": clock.legal_day(notice.created_at),
        "letter_number": letter_number(notice),
        "mark": _mark(notice),
        "currency": profile.currency,
        "reconsideration_days": profile.reconsideration_calendar_days,
        "suit_months": profile.suit_months,
    }


# What the catalogue knows, or who somebody is, in the reader's language.
_LOOKED_UP: Mapping[str, Callable[[str, str], str]] = {
    "referred_to": lambda code, language: catalogue.organisation(code, language).name,
    "agent": lambda account, _: people.names_of([UUID(account)]).get(UUID(account), ""),
    "deeds": lambda code, language: in_language(IN_WORDS[Done(code)], language),
    "legal_basis": lambda basis, language: "".join(catalogue.cited([basis], language)),
}


def _told(name: str, value: object, language: str) -> object:
    match value:
        case list():
            return [_told(name, inner, language) for inner in value]
        case dict():
            return in_language(value, language)
        case str() if name in ("reasons", "why"):
            return in_language(reason_texts(value), language)
        case str() if name == "until" or name.endswith("_on"):
            return date.fromisoformat(value)
        case str() if name.endswith("_at"):
            return datetime.fromisoformat(value)
        case str() if name == "amount":
            return Decimal(value)
        case str() if name in _LOOKED_UP:
            return _LOOKED_UP[name](value, language)
        case _:
            return value


def _mark(notice: Notice) -> str:
    """Return the authority's mark: the same on every copy of this letter, and on no other."""
    content = {
        "id": notice.id,
        "kind": notice.kind,
        "values": notice.values,
        "written": notice.written,
        "at": notice.created_at,
    }
    return seals.digest(content)[:MARK_LENGTH].upper()
