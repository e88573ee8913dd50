"""The world outside, as the portal meets it: registers that know, fail and contradict; identity; payment."""

import base64
import hashlib
import re
from collections.abc import Callable
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import httpx
import psycopg
import pytest
from standardwebhooks import Webhook

from tests.doors.outside_world import PASSWORD, SECRET, TOKEN, Sandbox, bill_token, make_ready

pytestmark = pytest.mark.slow


# --- The registers ---------------------------------------------------------------------------------------


def test_a_register_tells_what_it_has_recorded(sandbox):
    (person,) = sandbox.holders(need="driving-licence", n="1")

    answer = sandbox.told("driving-licence", person["number"])

    (record,) = (record for record in person["records"] if record["register"] == "driving-licence")
    assert answer["answer"] == "found"
    assert answer["facts"] == record["facts"]
    assert answer["facts"]["person.full_name"] == person["name"]
    assert (answer["issued_on"], answer["valid_until"]) == (record["issued_on"], record["valid_until"])
    assert answer["record"].startswith("DRIVING-LICENCE/")


def test_a_key_says_which_of_a_holders_things_is_meant(sandbox):
    (person,) = sandbox.holders(need="vehicle-registration", n="1")
    record = next(record for record in person["records"] if record["register"] == "vehicle-registration")

    assert sandbox.told("vehicle-registration", person["number"], key=record["key"])["answer"] == "found"
    assert sandbox.told("vehicle-registration", person["number"])["answer"] == "no_record"


def test_who_does_not_stand_in_a_register_has_no_record_there(sandbox):
    (person,) = sandbox.holders(need="id-card", lack="driving-licence", n="1")

    assert sandbox.told("driving-licence", person["number"])["answer"] == "no_record"
    assert sandbox.told("id-card", person["number"])["answer"] == "found"


def test_a_register_that_is_down_says_so_and_nothing_else(sandbox):
    (person,) = sandbox.holders(need="id-card", n="1")

    with sandbox.switched("id-card", "down"):
        answer = sandbox.ask("id-card", person["number"])

    assert answer.status_code == 503
    assert "facts" not in answer.json()


def test_a_slow_register_keeps_its_callers_waiting(sandbox):
    (person,) = sandbox.holders(need="id-card", n="1")
    sandbox.http.timeout = 0.5

    with sandbox.switched("id-card", "slow", seconds=4), pytest.raises(httpx.ReadTimeout):
        sandbox.ask("id-card", person["number"])

    sandbox.http.timeout = 60


@pytest.mark.parametrize("mode, answer", [("contradiction", "contradiction"), ("empty", "no_record")])
def test_a_register_can_contradict_itself_or_know_nobody(sandbox, mode, answer):
    (person,) = sandbox.holders(need="id-card", n="1")

    with sandbox.switched("id-card", mode):
        assert sandbox.told("id-card", person["number"])["answer"] == answer

    assert sandbox.told("id-card", person["number"])["answer"] == "found"


def test_a_name_is_kept_for_whoever_asks_first(sandbox):
    first, second = sandbox.holders(need="id-card", n="2")
    name = "样本市清河贸易有限公司"

    def is_taken(person) -> bool:
        answer = sandbox.told("company-names", person["number"], key=name)
        return answer["facts"]["application.company_name_taken"]

    assert [is_taken(first), is_taken(second), is_taken(first)] == [False, True, False]


def test_a_name_that_a_business_bears_is_taken(sandbox):
    (business,) = sandbox.holders(kind="business", n="1")
    (person,) = sandbox.holders(need="id-card", n="1")

    for name in (business["name"], business["name_latin"].upper()):
        answer = sandbox.told("company-names", person["number"], key=name)
        assert answer["facts"] == {"application.company_name_taken": True}


def test_the_register_of_businesses_says_who_represents_one(sandbox):
    (business,) = sandbox.holders(kind="business", n="1")

    answer = sandbox.told("business-register", business["number"], kind="business")

    assert answer["facts"]["legal_representative_number"] == business["representative"]["number"]
    assert answer["facts"]["name"] == business["name"]


def test_only_who_shows_the_token_is_answered(sandbox):
    stranger = httpx.Client(base_url=sandbox.address)

    assert stranger.post("/registers/id-card/query", json={}).status_code == 401
    assert stranger.get("/control/world").status_code == 401
    assert stranger.get("/control").status_code == 401
    assert stranger.get("/control", auth=("operator", TOKEN)).status_code == 200


@pytest.mark.parametrize(
    "question, status",
    [
        ({}, 400),
        ({"holder": "me"}, 400),
        ({"holder": {"kind": "person", "number": "' or 1=1"}}, 400),
        ({"holder": {"kind": "person", "number": "990100197403300013"}, "key": 5}, 400),
        (["a list"], 400),
    ],
)
def test_a_question_that_cannot_be_read_is_refused_in_a_sentence(sandbox, question, status):
    answer = sandbox.http.post("/registers/id-card/query", json=question)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_testers_find_holders_by_what_their_records_say(sandbox):
    found = sandbox.holders(need="driving-licence", where="person.driving_class=b2", n="3")

    classes = [
        r["facts"]["person.driving_class"] for p in found for r in p["records"] if "licence" in r["register"]
    ]
    assert classes == ["b2", "b2", "b2"]


# --- The made-up world -----------------------------------------------------------------------------------


def test_seeding_again_changes_nothing(sandbox):
    before = all_records(sandbox)

    said = make_ready(sandbox.environment)

    assert "500 people, 100 businesses" in said and "already there" in said
    assert all_records(sandbox) == before


def all_records(sandbox: Sandbox) -> tuple:
    with psycopg.connect(sandbox.environment["DATABASE_URL"]) as connection:
        rows = "SELECT count(*), md5(string_agg(r::text, ',' ORDER BY id)) FROM sandbox.sandbox_record r"
        return connection.execute(rows).fetchone()


# --- Identity --------------------------------------------------------------------------------------------


def test_the_identity_provider_publishes_where_and_how_it_is_asked(sandbox):
    said = httpx.get(f"{sandbox.address}/.well-known/openid-configuration").json()

    assert said["issuer"] == sandbox.address
    assert "identity" in said["scopes_supported"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert httpx.get(said["jwks_uri"]).json()["keys"][0]["kty"] == "RSA"


def test_a_person_signs_in_and_the_portal_learns_who_they_are(sandbox):
    (person,) = sandbox.holders(need="id-card", n="1")
    callback = f"{sandbox.environment['PORTAL_URL']}/accounts/oidc/identity/login/callback/"
    verifier = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
    browser = httpx.Client(base_url=sandbox.address, follow_redirects=True)

    page = browser.get("/identity/o/authorize", params=authorization(callback, verifier))
    code = sign_in(browser, page, person["username"])
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": verifier,
    }
    tokens = browser.post("/identity/o/api/token", data=exchange, auth=("portal", "portal-secret")).json()
    asked = {"Authorization": f"Bearer {tokens['access_token']}"}
    claims = browser.get("/identity/o/api/userinfo", headers=asked).json()

    assert claims["name"] == person["name"]
    assert claims["identity_number"] == person["number"]
    assert claims["document_kind"] == person["document_kind"]
    assert claims["birthdate"] == person["birth_date"]
    # The next one at this browser is asked again who they are.
    assert "Confirm who you are" in browser.get("/accounts/login/").text


def authorization(callback: str, verifier: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return {
        "client_id": "portal",
        "response_type": "code",
        "scope": "openid identity",
        "redirect_uri": callback,
        "state": "a-state",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def sign_in(browser: httpx.Client, page: httpx.Response, username: str) -> str:
    """Fill in the login page and return the code with which the browser is sent back to the portal."""
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|next)" value="([^"]+)"', page.text))
    fields["next"] = fields["next"].replace("&amp;", "&")
    typed = {"login": username, "password": PASSWORD}
    answer = browser.post("/accounts/login/", data=fields | typed, follow_redirects=False)
    answer = browser.get(answer.headers["location"], follow_redirects=False)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


# --- The treasury ----------------------------------------------------------------------------------------


def test_a_paid_bill_is_told_to_the_portal_until_it_is_heard(sandbox):
    token = bill_token(bill="B-1", amount="80.00", currency="CNY", return_path="/applications/1")
    browser = httpx.Client(base_url=sandbox.address, follow_redirects=True)

    page = browser.get(f"/treasury/pay/{token}")
    field = re.search(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page.text)
    receipt = browser.post(f"/treasury/pay/{token}", data={field[1]: field[2]}).text
    told = list(islice(sandbox.portal.attempts_for("B-1"), 2))

    assert "80.00 CNY" in page.text
    assert f"{sandbox.environment['PORTAL_URL']}/applications/1" in receipt
    for path, headers, body in told:
        event = Webhook(SECRET).verify(body, headers)
        assert path == "/api/v1/treasury-events"
        assert event["type"] == "bill.paid"
        assert (event["bill"], event["amount"], event["currency"]) == ("B-1", "80.00", "CNY")
        assert event["receipt"] in receipt
    assert told[0][1]["webhook-id"] == told[1][1]["webhook-id"]


def test_a_bill_paid_again_by_a_machine_keeps_its_receipt(sandbox):
    token = {"token": bill_token(bill="B-2", amount="12.50", currency="CNY")}

    first = sandbox.http.post("/treasury/payments", json=token)
    second = sandbox.http.post("/treasury/payments", json=token)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    "bill, change, status",
    [
        ({"bill": "B-3", "amount": "1.00", "currency": "CNY"}, lambda token: token[:-4] + "AAAA", 403),
        ({"bill": "B-3", "amount": "1", "currency": "CNY"}, str, 400),
        ({"bill": "B-3", "amount": "1.00", "currency": "CNY", "return_path": "//elsewhere"}, str, 400),
        ({"bill": "somebody's name", "amount": "1.00", "currency": "CNY"}, str, 400),
    ],
)
def test_a_bill_the_portal_did_not_write_is_not_paid(sandbox, bill, change: Callable[[str], str], status):
    token = change(bill_token(**bill))

    assert sandbox.http.post("/treasury/payments", json={"token": token}).status_code == status
    assert sandbox.http.get(f"/treasury/pay/{token}").status_code == status
