"""What browsers may do with our pages: every answer says it, and no page needs more than it says."""

import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_neighborhood import things, visitors
from tests.doors.every_address import every_address
from tests.doors.test_access import Visitor, path_of
from tests.doors.the_api import NOBODY

COMERS = ("anonymous", "owner", "clerk")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self' {0.scheme}://{0.netloc}".format(urlsplit(settings.OIDC_ISSUER)),
}
# Papers that people sent are not pages of ours: they may do nothing at all.
PAPERS = {"default-src": "'none'", "sandbox": ""}
OTHER_DOORS = (
    "/accounts/login/", "/accounts/logout/", "/accounts/2fa/", "/accounts/sessions/", "/admin/", "/admin/login/",
    "/admin/catalogue/publicservice/", "/admin/cases/case/", "/admin/people/account/", "/healthz", "/readyz",
    "/nothing-here/", "/my/nothing-here/", "/desk/nothing-here/", "/api/v1/nothing-here", "/admin/nothing-here/",
)  # fmt: skip

# What a page has its browser fetch, by tag; a link that somebody follows is not among it.
FETCHED = {
    "script": ("src", "href"), "link": ("href", "imagesrcset"),
    "img": ("src", "srcset"), "image": ("href", "xlink:href"),
    "source": ("src", "srcset"), "use": ("href", "xlink:href"), "iframe": ("src",), "embed": ("src",),
    "object": ("data",), "video": ("src", "poster"), "audio": ("src",), "track": ("src",), "input": ("src",),
}  # fmt: skip
ELSEWHERE = re.compile(r"^\s*([a-z][a-z0-9+.-]*:)?//", re.I)
SCRIPTED = re.compile(r"^on[a-z]+$")


# Blocks that carry data for a script and are never run.
DATA = ("application/json", "application/ld+json")


class Page(HTMLParser):
    """What a page breaks the policy with: things of another host, and what is written between its own lines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open_tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.open_tag = tag if tag in ("script", "style") else ""
        self.faults += [
            f"{tag} {name}={told[name]}"
            for name in FETCHED.get(tag, ())
            if ELSEWHERE.match(told.get(name, "")) and told.get("rel") not in ("canonical", "alternate")
        ]
        self.faults += [f"{tag} {name}" for name in told if SCRIPTED.match(name) or name == "style"]
        if tag == "base" or told.get("href", "").strip().lower().startswith("javascript:"):
            self.faults.append(f"{tag} {told}")
        if tag == "script" and "src" not in told and told.get("type") not in DATA:
            self.faults.append("script between the lines")

    def handle_data(self, data: str) -> None:
        if self.open_tag == "style" and data.strip():
            self.faults.append(f"style between the lines: {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self.open_tag = ""


def policy_of(answer: HttpResponse) -> dict[str, str]:
    """Return what the answer allows, directive by directive."""
    said = [part.strip().partition(" ") for part in answer.get("Content-Security-Policy", "").split(";")]
    return {name: value.strip() for name, _, value in said if name}


def is_strict(answer: HttpResponse) -> bool:
    """Return whether the answer allows exactly what it should."""
    policy = policy_of(answer)
    return policy == POLICY or (policy == PAPERS and "text/html" not in answer.get("Content-Type", ""))


def faults(answer: HttpResponse) -> list[str]:
    """Return how a page breaks the policy; what is no page breaks none."""
    if "text/html" not in answer.get("Content-Type", "") or answer.streaming:
        return []
    return Page(answer.content.decode()).faults


def everywhere(known: Mapping[str, object]) -> Iterator[str]:
    """Yield the path of every address of ours, and those of the other doors."""
    drafted = {"application_id": known["draft"], "evidence_id": known["draft_evidence"]}
    for address in every_address():
        begun = address.route.startswith("api/v1/applications/")
        # What the neighborhood does not have is looked for too: the answer that there is none is an answer.
        all_of_it = dict.fromkeys(address.places, NOBODY) | known
        yield address.at(all_of_it | drafted) if begun else path_of(address, all_of_it)
    yield from OTHER_DOORS


def look_around(
    viewer: AccountView | None, known: Mapping[str, object]
) -> Iterator[tuple[str, HttpResponse]]:
    """Yield what somebody gets to see at every address that can be looked at."""
    visitor = Visitor(viewer)
    for place in everywhere(known):
        answer = visitor.tries("get", place)
        if answer.status_code != 405:
            yield place, answer


@pytest.mark.parametrize("comer", COMERS)
def test_every_answer_carries_the_strict_policy_and_every_page_keeps_to_it(comer, town, officer):
    who = visitors(officer)
    looser, broken, seen = {}, {}, set()
    for place, answer in look_around(who[comer], things(who)):
        seen.add(answer.status_code)
        if not is_strict(answer):
            looser[place] = (answer.status_code, answer.get("Content-Security-Policy"))
        if found := faults(answer):
            broken[place] = found

    assert (looser, broken) == ({}, {})
    assert {200, 404} <= seen


@pytest.fixture
def administrator(officer: Callable[..., AccountView]) -> Client:
    """An administrator, signed in."""
    client = Client()
    client.force_login(Account.objects.get(id=officer("administrator", username="administrator").id))
    return client


@pytest.mark.parametrize("place", [one for one in OTHER_DOORS if one.startswith("/admin/")])
def test_the_administrators_pages_keep_to_it_too(administrator, town, place):
    answer = administrator.get(place, follow=True)

    assert (policy_of(answer), faults(answer)) == (POLICY, [])


def falls_over(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("made up")


# The portal with a fault of its own at each door.
urlpatterns = [
    *(path(f"{door}falls-over", falls_over) for door in ("", "my/", "desk/", "api/v1/", "admin/")),
    path("", include("portal.urls")),
]


@pytest.mark.parametrize("door", ["", "my/", "desk/", "api/v1/", "admin/"])
def test_so_does_what_is_said_when_the_portal_itself_is_at_fault(town, settings, door):
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get(f"/{door}falls-over")

    assert (answer.status_code, policy_of(answer), faults(answer)) == (500, POLICY, [])


def test_the_policy_allows_no_host_but_ours_and_nothing_unsafe():
    """R15.11"""
    allowed = {word for name, words in POLICY.items() if name != "form-action" for word in words.split()}

    assert allowed == {"'none'", "'self'", "data:"}
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].keys() == POLICY.keys()
    assert "CONTENT_SECURITY_POLICY_REPORT_ONLY" not in dir(settings)
