"""Made-up words of a person's, and every place they could leak into: logs, Valkey, addresses, the database itself."""

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
from django.core.signals import request_started
from django.db import connection

from portal import logs
from services import clock
from services.people import actions as people
from services.people import queries
from services.people.actions import Identity
from services.people.models import Account
from services.people.queries import AccountView
from tests.services.a_register import says

NAME, NUMBER, ANSWER, NOTE = (
    "Zumrat Canary",
    "11010519830719003X",
    "17 Canary Lane",
    "Canary words of the office",
)
CANARIES = (NAME, NUMBER, ANSWER, NOTE, "1983-07-19")


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
    """Every address that is asked for, with what stands behind its question mark, and where it was come from."""
    asked: list[str] = []

    def note(environ: dict[str, Any], **_: object) -> None:
        asked.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} {environ.get('HTTP_REFERER', '')}")

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


def rows_of_every_table() -> dict[str, str]:
    """Return all that the database holds, as a dump of it would: each table as text."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT string_agg(one::text, chr(10)) FROM "{table}" AS one')  # noqa: S608
            found[table] = cursor.fetchone()[0] or ""
    return found
