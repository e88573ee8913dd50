"""What no database could keep is refused at the door with a page of our own, and nothing that is sent breaks a page."""

import inspect
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.every_address import Address, every_address
from tests.doors.the_api import NOBODY

ASKED = re.compile(r"GET\.get\(\"(\w+)\"")
# The names that pages look for in their query, read from the pages themselves.
NAMES = sorted(
    {
        name
        for page in Path(settings.BASE_DIR, "portal").rglob("*.py")
        for name in ASKED.findall(page.read_text())
    }
    | {"page", "next"}
)
SILLY = (
    "", "0", "-1", "x", "²", "١٢", "9" * 5000, "2026-13-45", "0001-01-01", "9999-12-31", "'\"<>", "\U0010ffff",
    "a" * 3000, str(NOBODY),
)  # fmt: skip
PAGES = [one for one in every_address() if not one.route.startswith("api/")]
FILLED = {
    "slug": "no-such-thing",
    "str": "no.such.thing",
    "path": "nothing",
    "uuid": NOBODY,
    "int": 7,
    "": "nothing",
}


def path_of(page: Address) -> str:
    return page.at({name: FILLED[kind] for name, kind in page.places.items()})


@pytest.fixture
def citizen(town, resident) -> Client:
    """A citizen, signed in."""
    return signed_in(resident())


@pytest.fixture
def clerk(town, officer) -> Client:
    """A clerk, signed in."""
    return signed_in(officer("clerk", "works-office"))


def signed_in(viewer: AccountView) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(id=viewer.id))
    return client


def test_the_pages_ask_for_something():
    assert {"before", "after", "day", "q", "kind"} <= set(NAMES)


def test_nul_in_a_query_is_answered_by_our_own_page(citizen):
    for page in PAGES:
        for name in NAMES:
            answer = citizen.get(path_of(page), {name: "a\x00b"})
            assert answer.status_code == 400, (page.route, name)
    assert b"We could not read that request" in answer.content


def test_nul_in_the_name_of_what_is_asked_is_answered_so_too(citizen):
    assert citizen.get("/my/", {"\x00": "1"}).status_code == 400


def test_nul_in_a_form_is_answered_so_too(citizen):
    for page in PAGES:
        answer = citizen.post(path_of(page), {"agent": "a\x00b"})
        assert answer.status_code == 400, page.route
    written = "agent=a%00b"
    answer = citizen.post("/my/identity/", written, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


def test_half_a_character_in_a_form_is_answered_so_too(citizen):
    """A form may name a character set in which half a character can be written."""
    sent = b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n\\ud800\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x; charset=raw_unicode_escape"
    answer = citizen.generic("POST", "/my/identity/", sent, content_type=kind)
    assert answer.status_code == 400


def test_nul_in_an_address_is_no_address(citizen):
    for path in ("/my/%00/", "/services/%00/", f"/apply/{NOBODY}/questions/%00/", "/admin/%00/", "/%00"):
        assert citizen.get(path).status_code == 400, path


def test_nul_is_a_problem_below_the_api(citizen):
    answer = citizen.get("/api/v1/services/%00")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_the_page_that_says_so_is_in_the_readers_language(citizen):
    answer = citizen.get("/my/", {"before": "\x00"}, headers={"Accept-Language": "zh-hans"})
    assert 'lang="zh' in answer.content.decode()


def test_nothing_in_a_query_breaks_a_page(citizen, clerk):
    for page in PAGES:
        if ".GET" in inspect.getsource(inspect.getmodule(page.view)):
            client = clerk if page.route.startswith("desk/") else citizen
            for silly in SILLY:
                answer = client.get(path_of(page), dict.fromkeys(NAMES, silly))
                assert answer.status_code < 500, (page.route, silly)
