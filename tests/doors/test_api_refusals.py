"""What the API refuses, and how: always a problem with its own status, whoever noticed it."""

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client

from services.people.models import Account
from tests.doors.test_api_whole_path import SERVICE, signed_event
from tests.doors.the_api import NOBODY, Api, problem, told

DEEP = b"[" * 21 + b"]" * 21
NASTY = {
    "nested a hundred thousand times": b"[" * 100_000 + b"]" * 100_000,
    "nested 21 times": b'{"answers": {"a": ' + DEEP + b"}}",
    "the same member twice": b'{"answers": {}, "answers": {}}',
    "NUL in a text": b'{"answers": {"a": "\\u0000"}}',
    "NUL in a name": b'{"answers": {"\\u0000": 1}}',
    "half a character": b'{"answers": {"a": "\\ud800"}}',
    "half a character in a name": b'{"answers": {"\\udfff": 1}}',
    "not a number": b'{"answers": {"a": NaN}}',
    "infinity": b'{"answers": {"a": -Infinity}}',
    "beyond any float": b'{"answers": {"a": 1e400}}',
    "beyond any bigint": b'{"answers": {"a": 9223372036854775808}}',
    "five thousand digits": b'{"answers": {"a": ' + b"9" * 5000 + b"}}",
    "UTF-16": '{"answers": {}}'.encode("utf-16"),
    "Latin-1": b'{"answers": {"a": "\xe9"}}',
    "a byte order mark": b'\xef\xbb\xbf{"answers": {}}',
    "cut off": b'{"answers": {',
    "two values": b"{} {}",
}


@pytest.fixture
def mine(published, resident) -> Api:
    """A resident with a token."""
    return Api(resident())


@pytest.fixture
def draft(mine) -> str:
    """The address of a draft of theirs."""
    return mine.post("/applications", {"services": [SERVICE]})["Location"].removeprefix("/api/v1")


@pytest.mark.parametrize("body", NASTY.values(), ids=NASTY.keys())
def test_what_can_be_read_in_two_ways_is_malformed(mine, draft, body):
    answer = mine.send("PATCH", f"{draft}/answers", body, **{"If-Match": mine.tag(draft)})
    assert problem(answer) == (400, "malformed")
    assert told(mine.get(draft))["version"] == 1


@pytest.mark.parametrize("charset", ["bogus", "utf-7", "utf-16", "latin-1"])
def test_other_character_sets_are_not_taken(mine, charset):
    sent = {"Content-Type": f"application/json; charset={charset}", "Idempotency-Key": "k"}
    assert problem(mine.send("POST", "/applications", b"{}", **sent))[0] == 415


def test_utf_8_may_be_named(mine):
    body = json.dumps({"services": [SERVICE]}).encode()
    sent = {"Content-Type": "application/json; charset=UTF-8", "Idempotency-Key": "k"}
    assert mine.send("POST", "/applications", body, **sent).status_code == 201


def test_other_kinds_of_body_are_not_taken(mine):
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": "k"}
    assert problem(mine.send("POST", "/applications", b"a=1", **sent))[0] == 415


def test_a_body_has_a_largest_size(mine):
    body = b'{"services": ["' + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"]}'
    assert problem(mine.send("POST", "/applications", body, **{"Idempotency-Key": "k"})) == (
        413,
        "too-large",
    )


def test_marks_that_turn_the_direction_are_taken_out(mine, draft):
    answers = {"application.equipment_kind": "lift", "person.phone": "0000\u202e1234567"}
    told(mine.patch(f"{draft}/answers", {"answers": answers}, tag=mine.tag(draft)))
    known = {one["fact"]["code"]: one["value"] for one in told(mine.get(draft))["questions"]}
    assert known["person.phone"] == "00001234567"


def test_every_mistake_is_told_at_its_place_and_nothing_is_written(mine, draft):
    answers = {"application.equipment_kind": "rocket", "application.training_hours": "many"}
    answer = mine.patch(f"{draft}/answers", {"answers": answers}, tag=mine.tag(draft))
    assert problem(answer) == (422, "answer-not-understood")
    places = [one["place"] for one in json.loads(answer.content)["errors"]]
    assert sorted(places) == ["application.equipment_kind", "application.training_hours"]
    assert not any(one["answered"] for one in told(mine.get(draft))["questions"])


def test_what_is_not_asked_cannot_be_answered(mine, draft):
    answer = mine.patch(f"{draft}/answers", {"answers": {"person.shoe_size": 42}}, tag=mine.tag(draft))
    assert problem(answer) == (422, "not-asked")


def test_what_only_a_register_can_tell_cannot_be_answered(mine):
    begun = mine.post("/applications", {"services": ["tax-clearance-certificate"]})
    draft = begun["Location"].removeprefix("/api/v1")
    answer = mine.patch(f"{draft}/answers", {"answers": {"application.owes_tax": False}}, tag=mine.tag(draft))
    assert problem(answer) == (422, "not-asked")


def test_a_member_that_is_not_known_is_a_mistake(mine):
    answer = mine.post("/applications", {"services": [SERVICE], "colour": "blue"})
    assert problem(answer) == (422, "invalid")
    assert [one["place"] for one in json.loads(answer.content)["errors"]] == ["colour"]


def test_an_unfinished_application_names_what_is_open(mine, draft):
    answer = mine.post(f"{draft}/submission", {}, tag=mine.tag(draft))
    assert problem(answer) == (422, "not-complete")
    assert "person.phone" in [one["place"] for one in json.loads(answer.content)["errors"]]


def test_an_unknown_service_is_missing(mine):
    assert problem(mine.post("/applications", {"services": ["no-such-service"]})) == (404, "no-such-service")
    assert problem(Api().get("/services/no-such-service")) == (404, "no-such-service")


def test_without_a_token_one_is_told_to_bring_one(published):
    answer = Api().get("/cases")
    assert problem(answer) == (401, "not-authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_told(published):
    nobody = Api()
    nobody.headers = {"Authorization": "Bearer made-up"}
    assert problem(nobody.get("/cases")) == (401, "authentication-failed")
    assert problem(nobody.get("/services"))[0] == 401


def test_anothers_things_are_not_there(mine, draft, resident, officer):
    stranger = Api(resident("stranger"))
    tag = mine.tag(draft)
    for answer in (
        stranger.get(draft),
        stranger.get(f"{draft}/plan"),
        stranger.get(f"{draft}/invitation"),
        stranger.get(f"{draft}/visit-slots"),
        stranger.patch(f"{draft}/answers", {"answers": {}}, tag=tag),
        stranger.post(f"{draft}/submission", {}, tag=tag),
        stranger.delete(draft, tag=tag),
        stranger.get(f"/cases/{NOBODY}"),
        stranger.post(f"/cases/{NOBODY}/withdrawal", tag='"1"'),
        Api(officer("clerk", "civil-affairs")).get(f"/tasks/{NOBODY}"),
    ):
        assert problem(answer)[0] == 404


def test_what_is_no_address_is_a_problem_too(mine):
    for path in ("/nothing", "/cases/7", "/applications/", f"/cases/{NOBODY}/colour"):
        assert problem(mine.get(path))[0] == 404
    answer = mine.send("PUT", "/cases", {})
    assert problem(answer)[0] == 405
    assert "GET" in answer["Allow"]


def test_what_django_refuses_itself_is_a_problem_too(settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    answer = Api().client.get("/api/v1/services", headers={"Host": "elsewhere.example"})
    assert problem(answer)[0] == 400


def test_a_fault_of_ours_is_a_problem_without_its_inside(monkeypatch, published):
    monkeypatch.setattr("services.catalogue.queries.programmes", lambda language: 1 / 0)
    api = Api()
    api.client.raise_request_exception = False
    answer = api.get("/programmes")
    assert problem(answer) == (500, "internal-server-error")
    assert b"division" not in answer.content


def test_a_query_that_is_not_understood_is_malformed(mine):
    for query in ({"limit": "many"}, {"limit": 1000}, {"colour": "blue"}):
        assert problem(mine.get("/cases", **query)) == (400, "malformed")
    assert problem(mine.get("/services", q="\x00")) == (400, "malformed")
    assert problem(mine.get("/notices", before="not-an-id")) == (400, "malformed")


def test_a_change_names_the_version_it_was_decided_on(mine, draft):
    changed = {"answers": {"application.training_hours": 80}}
    assert problem(mine.patch(f"{draft}/answers", changed)) == (428, "version-needed")
    assert problem(mine.patch(f"{draft}/answers", changed, tag='"7"')) == (412, "changed-meanwhile")
    assert problem(mine.patch(f"{draft}/answers", changed, tag='"other"')) == (412, "changed-meanwhile")
    tag = mine.tag(draft)
    assert mine.patch(f"{draft}/answers", changed, tag=tag)["ETag"] == '"2"'
    assert problem(mine.delete(draft, tag=tag)) == (412, "changed-meanwhile")
    assert mine.delete(draft, tag="*").status_code == 204
    assert problem(mine.get(draft)) == (404, "no-such-application")


def test_whoever_asks_too_often_waits(settings, published):
    settings.API_RATES = {"guess": "2/min"}
    shown = {"number": "AAAA-BBBB", "checkCode": "CCCC"}
    answers = [Api().post("/certificate-verifications", shown) for _again in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert problem(answers[-1]) == (429, "throttled")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_only_the_treasury_is_believed_about_payments(published):
    event = {
        "type": "bill.paid",
        "bill": "B-1",
        "amount": "1.00",
        "currency": "CNY",
        "receipt": "R",
        "paid_at": "2026-03-02T09:00:00+08:00",
    }
    assert problem(Api().send("POST", "/treasury-events", event)) == (403, "not-signed-by-treasury")
    assert problem(signed_event(event, at=datetime(2026, 1, 1, tzinfo=UTC))) == (
        403,
        "not-signed-by-treasury",
    )
    assert problem(signed_event(event)) == (404, "no-such-bill")
    assert problem(signed_event(event | {"amount": "much"})) == (422, "invalid")


def test_a_session_without_its_forms_token_is_refused(mine, resident, client):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(username="resident"))
    sent = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = browser.generic("POST", "/api/v1/applications", b'{"services": []}', headers=sent)
    assert problem(answer) == (403, "permission-denied")
    assert browser.get("/api/v1/account").status_code == 200
