"""Made-up words of a person's, followed from the first question to the letter: they stay where they belong.

Personal data never reaches logs, broker messages, cache keys, errands, the ledger or addresses (design §10.8).
"""

import base64
import io
import json
import logging.config
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote_plus

import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.signals import request_started

from portal import logs
from services import clock
from services.cases.models import Case, OutboxItem, Task
from services.certificates.models import Certificate
from services.ledger.models import Entry, Reading
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries
from services.people.actions import Identity
from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk
from tests.services.a_matter import file, task_of, work
from tests.services.a_register import says

NAME, NUMBER, ANSWER, NOTE = (
    "Zumrat Canary",
    "11010519830719003X",
    "17 Canary Lane",
    "Canary words of the office",
)
CANARIES = (NAME, NUMBER, ANSWER, NOTE, "1983-07-19")
HOME, TOWER = "home-record", {"application.works": ANSWER, "application.height": 3}

# Only what is committed rings for a worker, and only what rings reaches the broker.
pytestmark = pytest.mark.django_db(transaction=True)


def found_in(text: str) -> list[str]:
    """Return the canaries in a text, also as they stand in an address, in JSON, or in small letters."""
    plain = " ".join((text, unquote_plus(text))).casefold()
    return [one for one in CANARIES if one.casefold() in plain]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the portal's own settings of logging write, at the level of production."""
    stream = io.StringIO()
    chosen = logs.logging_settings("INFO")
    chosen["handlers"]["out"]["stream"] = stream
    logging.config.dictConfig(chosen)
    yield stream
    logging.config.dictConfig(logs.logging_settings("WARNING"))


@pytest.fixture
def addresses() -> Iterator[list[str]]:
    """Every address that is asked for, with what stands behind its question mark."""
    asked: list[str] = []

    def note(environ: dict[str, Any], **_: object) -> None:
        asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")

    request_started.connect(note)
    yield asked
    request_started.disconnect(note)


@pytest.fixture
def valkey() -> Iterator[redis.Redis]:
    """The Valkey of this test alone: cache and broker."""
    store = redis.Redis.from_url(django_settings.REDIS_URL)
    store.flushdb()
    yield store
    store.flushdb()
    store.close()


def everything_in(store: redis.Redis) -> dict[str, str]:
    """Return every key of the database with all that it holds, messages unpacked."""
    return {key.decode(): " ".join(_told(part) for part in _parts(store, key)) for key in store.scan_iter()}


def _parts(store: redis.Redis, key: bytes) -> list[bytes]:
    match store.type(key):
        case b"list":
            return store.lrange(key, 0, -1)
        case b"set":
            return list(store.smembers(key))
        case b"zset":
            return store.zrange(key, 0, -1)
        case b"hash":
            return [part for pair in store.hgetall(key).items() for part in pair]
    return [store.get(key)]


def _told(part: bytes) -> str:
    """Return the text; the body of a broker's message is packed as base64."""
    text = part.decode(errors="replace")
    try:
        return f"{text} {base64.b64decode(json.loads(text)['body']).decode()}"
    except (ValueError, KeyError, TypeError):
        return text


@pytest.fixture
def zumrat(town) -> AccountView:
    """A resident whose name and number are canaries, and known so to the register."""
    account = Account.objects.create_user(username="resident-1").id
    identity = Identity(
        number=NUMBER, document_kind="resident_id", full_name=NAME, birth_date=date(1983, 7, 19)
    )
    people.bind_account(account_id=account, identity=identity, now=clock.now())
    facts = {"person.full_name": NAME, "person.birth_date": "1983-07-19"}
    known = {"answer": "found", "facts": facts, "record": "R-1", "issued_on": None, "valid_until": None}
    town.answers["/registers/id-card/query"] = [says(known)]
    return queries.account(account)


def her_home_is_recorded(zumrat: AccountView) -> None:
    """File on the pages; the machine decides, and the certificate and its letter are read."""
    citizen = Citizen(zumrat)
    citizen.files(HOME, {"application.home": ANSWER})
    work(clock.now())
    case, certificate = Case.objects.get(service=HOME), Certificate.objects.get()
    letters = Notice.objects.filter(account=zumrat.id)
    pages = [
        "/my/",
        f"/my/cases/{case.id}/",
        f"/my/certificates/{certificate.id}/",
        "/my/letters/",
        "/my/readings/",
    ]
    seen = [citizen.opens(page) for page in [*pages, *(f"/my/letters/{one.id}/" for one in letters)]]
    assert case.state == "closed"
    assert any(ANSWER in page.content.decode() for page in seen)
    citizen.sends("/verify/", number=certificate.number, check_code="0000-0000")


def her_tower_is_reviewed(zumrat: AccountView, clerk: Desk) -> None:
    """File for works; an officer reads everything, accepts, and writes a note with the review."""
    case = file(zumrat, "works-permit", TOWER, now=clock.now())
    assert ANSWER in clerk.opens_case(case).content.decode()
    clerk.does(task_of(case, "acceptance"), "accept")
    review = Task.objects.get(case=case, step="review", closed_at__isnull=True)
    clerk.does(review.id, "complete", outcome="against", note=NOTE)
    assert NOTE in clerk.opens_case(case).content.decode()


def test_what_is_personal_stays_out_of_everything_that_is_passed_on(
    zumrat, officer, written, addresses, valkey
):
    her_home_is_recorded(zumrat)
    her_tower_is_reviewed(zumrat, Desk(officer("clerk", "works-office")))

    kept = everything_in(valkey)
    errands = [f"{one.dedup_key} {json.dumps(one.payload)}" for one in OutboxItem.objects.all()]
    ledger = [f"{one.event} {json.dumps(one.detail, ensure_ascii=False)}" for one in Entry.objects.all()]
    readings = [f"{one.purpose} {one.source} {one.fields}" for one in Reading.objects.all()]

    # Nothing is proved of a place in which nothing was written.
    assert all((written.getvalue(), "route" in kept, errands, ledger, readings, addresses))
    assert {
        "logs": found_in(written.getvalue()),
        "valkey": {key: found_in(f"{key} {text}") for key, text in kept.items() if found_in(f"{key} {text}")},
        "errands": found_in("\n".join(errands)),
        "ledger": found_in("\n".join(ledger)),
        "readings": found_in("\n".join(readings)),
        "addresses": found_in("\n".join(addresses)),
    } == {"logs": [], "valkey": {}, "errands": [], "ledger": [], "readings": [], "addresses": []}


def test_the_canaries_would_be_found(valkey):
    cache.set("a-key", {"name": NAME})
    body = base64.b64encode(json.dumps([[], {"home": ANSWER}]).encode()).decode()
    valkey.lpush("route", json.dumps({"body": body}))

    found = {one for text in everything_in(valkey).values() for one in found_in(text)}
    assert found == {NAME, ANSWER}
    assert found_in("GET /search/?q=zumrat+canary") == [NAME]
