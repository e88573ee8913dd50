"""Tokens: got by signing in, good for what they carry, and never for more than the role allows."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from portal.api.scopes import SCOPES_OF, Scope
from services.core.states import Role
from services.people.models import Account
from tests.doors.the_api import NOBODY, Api, problem, told

# What each scope opens: a method and an address that needs it.
DOORS = {
    Scope.APPLICATIONS_WRITE: "/applications",
    Scope.CASES_READ: "/cases",
    Scope.TASKS_WORK: "/tasks",
    Scope.STATISTICS_READ: "/statistics",
}
VERIFIER = "made-up-verifier-of-at-least-forty-three-characters"
BACK = f"{settings.SITE_URL}/api/docs"


@pytest.fixture
def everybody(published, resident, officer):
    """An account of each role."""
    staff = {role: officer(role, "civil-affairs") for role in ("clerk", "reviewer", "supervisor")}
    return staff | {
        "applicant": resident(),
        "administrator": officer("administrator", username="administrator"),
    }


def test_a_role_opens_its_own_doors_and_no_others(everybody):
    for role, viewer in everybody.items():
        api = Api(viewer)
        opened = {scope for scope, path in DOORS.items() if api.get(path).status_code == 200}
        assert opened == SCOPES_OF[Role(role)] & DOORS.keys()


def test_a_token_opens_no_more_than_it_carries(everybody):
    api = Api(everybody["applicant"], scopes=(Scope.CATALOGUE_READ,))
    for path in DOORS.values():
        assert problem(api.get(path)) == (403, "permission-denied")
    assert told(api.get("/account"))["scopes"] == ["catalogue:read"]


def test_a_token_carries_no_more_than_the_role_allows(everybody):
    api = Api(everybody["clerk"], scopes=tuple(Scope))
    assert told(api.get("/account"))["scopes"] == ["cases:read", "catalogue:read", "tasks:work"]
    assert problem(api.post("/clock-movements", {"days": 1})) == (403, "permission-denied")


def test_only_an_administrator_moves_the_clock_and_sees_no_case(everybody):
    administrator = Api(everybody["administrator"])
    told(administrator.post("/clock-movements", {"days": 1}), 201)
    assert problem(administrator.get(f"/cases/{NOBODY}"))[0] == 403


def test_an_account_that_was_closed_is_out_at_once(everybody):
    api = Api(everybody["clerk"])
    told(api.get("/tasks"))
    Account.objects.filter(id=everybody["clerk"].id).update(is_active=False)
    assert problem(api.get("/tasks"))[0] == 401


# --- How a token is got ----------------------------------------------------------------------------------


def signed_in(username: str, password: str) -> Client:
    browser = Client()
    form = browser.post("/accounts/login/", {"login": username, "password": password})
    assert form.status_code == 302
    return browser


def asked_for(scope: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    return {
        "client_id": "demonstration", "response_type": "code", "redirect_uri": BACK, "scope": scope,
        "state": "made-up-state", "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip


def token_for(browser: Client, scope: str) -> dict[str, object]:
    """Walk the authorization-code flow as a script does."""
    answer = browser.get("/identity/o/authorize", asked_for(scope))
    while answer["Location"].startswith("/"):
        answer = browser.get(answer["Location"])
    sent_back = parse_qs(urlsplit(answer["Location"]).query)
    assert sent_back["state"] == ["made-up-state"]
    form = {
        "grant_type": "authorization_code", "code": sent_back["code"][0], "redirect_uri": BACK,
        "client_id": "demonstration", "code_verifier": VERIFIER,
    }  # fmt: skip
    return Client().post("/identity/o/api/token", form).json()


def test_an_officer_gets_a_token_for_a_program(published):
    call_command("create_demo_accounts", verbosity=0)
    call_command("register_client", "demonstration", "--without-consent", verbosity=0)
    browser = signed_in("clerk-civil-affairs", "made-up-officer")
    token = token_for(browser, "tasks:work cases:read")
    assert set(token["scope"].split()) == {"tasks:work", "cases:read"}
    api = Api()
    api.headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert told(api.get("/tasks"))["items"] == []
    assert told(api.get("/account"))["organisation"] == "civil-affairs"


def test_nobody_hands_over_more_than_their_role_allows(published):
    call_command("create_demo_accounts", verbosity=0)
    call_command("register_client", "demonstration", "--without-consent", verbosity=0)
    browser = signed_in("clerk-civil-affairs", "made-up-officer")
    token = token_for(browser, "tasks:work clock:move statistics:read")
    assert token["scope"] == "tasks:work"


def test_whoever_is_not_signed_in_is_asked_to_first(published):
    call_command("register_client", "demonstration", "--without-consent", verbosity=0)
    answer = Client().get("/identity/o/authorize", asked_for("tasks:work"))
    assert answer["Location"].startswith("/accounts/login/")


# --- Commands --------------------------------------------------------------------------------------------


def test_each_office_has_its_made_up_officers_once(published, capsys):
    for _again in range(2):
        call_command("create_demo_accounts")
    assert Account.objects.exclude(role="applicant").count() == 4 * 27 + 3 * 2 + 1
    assert Account.objects.get(username="second-clerk-civil-affairs").role == "clerk"
    assert "115 were there" in capsys.readouterr().out


def test_production_has_no_made_up_officers_and_no_tokens_without_consent(published, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("create_demo_accounts")
    with pytest.raises(CommandError):
        call_command("register_client", "demonstration", "--without-consent")


def test_an_operator_makes_an_officers_account(published, monkeypatch, capsys):
    monkeypatch.setenv("OFFICER_PASSWORD", "seven plain words for a password")
    named = ("--role=reviewer", "--organisation=civil-affairs", "--name=Ayshe Test")
    call_command("create_officer", "ayshe", *named)
    made = Account.objects.get(username="ayshe")
    assert (made.role, made.organisation, made.check_password("seven plain words for a password")) == (
        "reviewer", "civil-affairs", True,
    )  # fmt: skip
    with pytest.raises(CommandError, match="no office"):
        call_command("create_officer", "b", "--role=clerk", "--organisation=nowhere", "--name=B")
    with pytest.raises(CommandError, match="Name the office"):
        call_command("create_officer", "b", "--role=clerk", "--name=B")
    with pytest.raises(CommandError, match="only receives"):
        call_command("create_officer", "b", "--role=reviewer", "--organisation=riverside-hall", "--name=B")
    monkeypatch.setenv("OFFICER_PASSWORD", "short")
    with pytest.raises(CommandError, match="too short"):
        call_command("create_officer", "c", *named)
