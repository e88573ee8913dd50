"""What journeys stand on: one whole portal, and people who each come with a browser of their own."""

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from portal import engines
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal, whole_portal
from tests.settings import PLACE, WORKER, WORKERS_A_PLACE

Newcomer = Callable[..., Visitor]


@pytest.fixture(scope="session")
def portal(running_engines: None) -> Iterator[Portal]:
    """Bring up the real thing, once for all journeys; it and its database are gone afterwards."""
    named = f"onevisit_journeys_{PLACE}_{WORKER}"
    with whole_portal(
        database_url=urlsplit(_database())._replace(path=f"/{named}").geturl(),
        redis_url=_valkey(),
        var_dir=settings.VAR_DIR / named,
    ) as running:
        yield running


def _database() -> str:
    return os.environ.get("DATABASE_URL") or engines.addresses(settings.VAR_DIR).database_url


def _valkey() -> str:
    """Return the address of the last Valkey database of our place, which a run of four workers leaves free."""
    last = (PLACE + 1) * WORKERS_A_PLACE - 1
    return os.environ.get("REDIS_URL") or engines.addresses(settings.VAR_DIR).redis_url.replace(
        "db=0", f"db={last}"
    )


@pytest.fixture
def newcomer(portal: Portal, chromium: Browser) -> Iterator[Newcomer]:
    """Let somebody come with a browser of their own: `newcomer(language="ug", width=390)`."""
    came: list[Visitor] = []

    def comes(**how: object) -> Visitor:
        came.append(Visitor(portal, chromium, **how))
        return came[-1]

    yield comes
    for visitor in came:
        visitor.leave()
