"""What the house knows in codes and values, in the reader's words: texts, answers, offices, sources and days."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_bidi, gettext

from portal.templatetags.onevisit import fee
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_language, in_words, short_code, spoken_in
from services.core.evidence import Source
from services.core.facts import Fact, FactType, Texts, Value
from services.people import identifiers
from services.people import queries as people

Row = dict[str, Any]


def said(texts: Texts) -> str:
    """Return a text of the catalogue in the reader's language, or in the next one they are likely to read."""
    return in_language(texts, get_language() or "en")


def cited(basis: str) -> str:
    """Return a legal basis in the reader's language."""
    return "".join(catalogue.cited([basis], get_language() or "en"))


def spoken(texts: Texts) -> Row:
    """Return a text as `said` does, with the language it is in, for a page to mark where it is not the reader's."""
    language = get_language() or "en"
    return {"text": said(texts), **tongue(spoken_in(texts, language))}


def tongue(code: str) -> Row:
    """Return how a page marks words of a language of the catalogue; `other`: it is not the reader's own."""
    return {
        "lang": {"zh": "zh-Hans"}.get(code, code),
        "dir": "rtl" if code == "ug" else "ltr",
        "other": code != short_code(get_language() or "en"),
    }


def isolated(text: str) -> str:
    """Return a text to be put into a sentence: set apart where the sentence may run the other way round."""
    return f"\u2068{text}\u2069" if text and get_language_bidi() else text


def office_names() -> Mapping[str, str]:
    """Return what the offices are called, by code."""
    return {one.code: one.name for one in catalogue.organisations(get_language() or "en")}


def day(value: date | datetime | None) -> str:
    """Return a day as the reader writes days."""
    return date_format(value, "DATE_FORMAT") if value else ""


def answer(fact: Fact, value: Value) -> str:
    """Return an answer as people read it; rows have a line each."""
    if fact.type is FactType.DATE:
        return day(date.fromisoformat(value))
    if fact.type is FactType.MONEY:
        return fee(Decimal(value))
    return in_words(fact, value, get_language() or "en")


def answer_row(fact: Fact, value: Value, *, source: str = "", change_url: str = "") -> Row:
    """Return an answer as components/summary_list.html shows it; without a value it was not provided."""
    text = "" if value is None else answer(fact, value)
    lines = text.split("\n") if fact.type in (FactType.ROWS, FactType.ADDRESS) and text else []
    code = bool(fact.format) and fact.format != "email"
    return {
        "label": said(fact.label), "value": text, "lines": lines, "code": code, "source": source,
        "change_url": change_url,
    }  # fmt: skip


def source_words(source: Source, *, office: str, obtained_on: date) -> str:
    """Return where evidence comes from, in one line."""
    values = {"office": isolated(office), "day": day(obtained_on)}
    sentences = {
        Source.ISSUED: gettext("your certificate, issued by %(office)s on %(day)s"),
        Source.EARLIER: gettext("from an earlier matter of yours, %(day)s"),
        Source.REGISTRY: gettext("from the register of %(office)s, %(day)s"),
        Source.DECLARATION: gettext("your signed statement, %(day)s"),
        Source.UPLOAD: gettext("a copy you sent, %(day)s"),
        Source.SEEN: gettext("the original, seen by an officer on %(day)s"),
    }
    return sentences[source] % values


def proved_row(fact: Fact, value: Value, *, source: str = "") -> Row:
    """Return what evidence says, as a summary shows it; an identity number is masked even to its owner (R12.10)."""
    is_number = fact.format == "identity_number" and value is not None
    return answer_row(fact, identifiers.masked(str(value)) if is_number else value, source=source)


def signed_in_as(request: HttpRequest) -> Row:
    """Tell every page what whoever is signed in is called; asked only by pages that say it."""
    user = getattr(request, "user", None)  # none yet where a request is refused at the very door
    if user is None or not user.is_authenticated:
        return {}
    return {
        "signed_in_as": SimpleLazyObject(lambda: people.account(user.pk).display_name or user.get_username())
    }


def service_name(code: str) -> str:
    """Return what a service is called, set apart from the sentence around it."""
    return isolated(catalogue.service_names([code], get_language() or "en").get(code, code))


def facts_of(services: Iterable[str]) -> dict[str, Fact]:
    """Return every fact that these services name, by code."""
    facts: dict[str, Fact] = {}
    for code in services:
        with suppress(catalogue.NoSuchService):  # no longer offered: what is left of it is shown as it can be
            facts |= catalogue.definition(catalogue.current_version_id(code)).facts
    return facts


def language_of_texts() -> str:
    """Return the catalogue's code of the reader's language: what an application is kept in."""
    return short_code(get_language() or "en")
