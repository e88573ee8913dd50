"""What the offices outside sign: answers anybody can check against their published keys, and how a bad one looks."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest

pytestmark = pytest.mark.slow

OFFICE = "registry-office"
FIELDS = {
    "register", "office", "reference", "answered_at", "answer", "facts", "record", "issued_on", "valid_until", "detail"
}  # fmt: skip


def ask(sandbox, register: str, number: str, *, reference: str = "") -> httpx.Response:
    question = {
        "holder": {"kind": "person", "number": number},
        "key": "",
        "purpose": f"application {uuid4()}",
        "basis": "Made-up Law art. 1",
        "reference": reference or str(uuid4()),
    }
    return sandbox.http.post(
        f"/registers/{register}/query", json=question, headers={"accept": "application/jose"}
    )


def published_keys(sandbox, office: str = OFFICE) -> dict[str, jwt.PyJWK]:
    published = httpx.get(f"{sandbox.address}/offices/{office}/keys.json").json()
    return {key.key_id: key for key in jwt.PyJWKSet.from_dict(published).keys}


def read(sandbox, answer: httpx.Response) -> dict:
    """Check an answer against the office's published keys, as the portal does, and return what it says."""
    header = jwt.get_unverified_header(answer.text)
    key = published_keys(sandbox)[header["kid"]]
    checked = jwt.PyJWS().decode_complete(answer.text, key, algorithms=["ES256"])
    return jwt.api_jws.json.loads(checked["payload"])


@pytest.fixture
def driver(sandbox) -> dict:
    return sandbox.holders(need="driving-licence", n="1")[0]


def truth_about(person: dict) -> dict:
    return next(record for record in person["records"] if record["register"] == "driving-licence")


def test_an_answer_is_signed_by_the_office_and_repeats_the_question_it_is_for(sandbox, driver):
    reference = str(uuid4())

    answer = ask(sandbox, "driving-licence", driver["number"], reference=reference)

    assert answer.headers["content-type"] == "application/jose"
    assert jwt.get_unverified_header(answer.text)["typ"] == "register-answer+jws"
    said = read(sandbox, answer)
    assert set(said) == FIELDS
    assert (said["register"], said["office"], said["reference"]) == ("driving-licence", OFFICE, reference)
    assert said["facts"] == truth_about(driver)["facts"]
    assert said["record"].startswith("DRIVING-LICENCE/")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(said["answered_at"])) < timedelta(minutes=1)


def test_that_there_is_no_record_is_signed_like_any_answer(sandbox):
    (person,) = sandbox.holders(need="id-card", lack="driving-licence", n="1")

    said = read(sandbox, ask(sandbox, "driving-licence", person["number"]))

    assert (said["answer"], said["facts"], said["record"]) == ("no_record", {}, "")


def test_keys_are_published_to_everybody_without_their_secret_half(sandbox):
    (key,) = httpx.get(f"{sandbox.address}/offices/{OFFICE}/keys.json").json()["keys"]

    assert {name: key[name] for name in ("kty", "crv", "use", "alg")} == {
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256"
    }  # fmt: skip
    assert "d" not in key
    assert httpx.get(f"{sandbox.address}/offices/nobody/keys.json").status_code == 404


def test_every_office_signs_with_a_key_of_its_own(sandbox):
    assert set(published_keys(sandbox)).isdisjoint(published_keys(sandbox, "market-regulation"))


def test_a_mistaken_register_signs_properly_what_is_not_true(sandbox, driver):
    with sandbox.switched("driving-licence", "wrong"):
        said = read(sandbox, ask(sandbox, "driving-licence", driver["number"]))

    assert said["answer"] == "found"
    assert said["facts"].keys() == truth_about(driver)["facts"].keys()
    assert said["facts"] != truth_about(driver)["facts"]


def test_a_stale_answer_is_signed_an_hour_ago_for_another_question(sandbox, driver):
    reference = str(uuid4())

    with sandbox.switched("driving-licence", "stale"):
        said = read(sandbox, ask(sandbox, "driving-licence", driver["number"], reference=reference))

    assert datetime.now(UTC) - datetime.fromisoformat(said["answered_at"]) > timedelta(minutes=59)
    assert said["reference"] != reference


def test_a_lying_register_names_the_offices_key_but_did_not_sign_with_it(sandbox, driver):
    with sandbox.switched("driving-licence", "lying"):
        answer = ask(sandbox, "driving-licence", driver["number"])

    assert jwt.get_unverified_header(answer.text)["kid"] in published_keys(sandbox)
    with pytest.raises(jwt.InvalidSignatureError):
        read(sandbox, answer)


# --- Corrections (R3.15) ---------------------------------------------------------------------------------


def wish(driver: dict, **other: str) -> dict:
    holder = {"kind": "person", "number": driver["number"]}
    said = {"holder": holder, "key": "", "record": "DRIVING-LICENCE/1", "reason": "I have class b2."}
    return said | {"reference": str(uuid4())} | other


def test_a_request_to_correct_an_entry_is_taken_down_once(sandbox, driver):
    request, address = wish(driver), "/registers/driving-licence/corrections"

    first, again = (sandbox.http.post(address, json=request) for _ in range(2))

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json() == {"reference": request["reference"]}
    asked = sandbox.http.get(f"{address}/{request['reference']}").json()
    assert asked == {"state": "open", "explanation": ""}
    # Another wish under the same reference is not passed over in silence.
    other = sandbox.http.post(address, json=request | {"reason": "I have class c1."})
    assert other.status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"reason": "x" * 2001},
        {"reason": "\x00"},
        {"reference": ""},
        {"holder": "me"},
        {"key": 7},
    ],
)
def test_a_request_that_cannot_be_read_is_refused_in_a_sentence(sandbox, driver, change):
    answer = sandbox.http.post("/registers/driving-licence/corrections", json=wish(driver) | change)

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_register_that_is_down_takes_no_request_and_a_stranger_may_make_none(sandbox, driver):
    address = "/registers/driving-licence/corrections"

    with sandbox.switched("driving-licence", "down"):
        assert sandbox.http.post(address, json=wish(driver)).status_code == 503
    assert sandbox.http.get(f"{address}/{uuid4()}").status_code == 404
    assert httpx.post(f"{sandbox.address}{address}", json=wish(driver)).status_code == 401


def test_a_request_is_not_closed_without_a_reason(sandbox, driver):
    request = wish(driver)
    sandbox.http.post("/registers/driving-licence/corrections", json=request)
    close = "UPDATE sandbox.sandbox_correction SET state = 'kept' WHERE reference = %s"

    with (
        psycopg.connect(sandbox.environment["DATABASE_URL"]) as connection,
        pytest.raises(psycopg.IntegrityError),
    ):
        connection.execute(close, [request["reference"]])
