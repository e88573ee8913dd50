"""The sandbox's own contract: an OpenAPI document that holds for its addresses and for what it answers."""

import json
import re
from pathlib import Path
from uuid import uuid4

import httpx
import jsonschema_rs
import jwt
import pytest
from django.conf import settings
from drf_spectacular.validation import validate_schema

from tests.doors.outside_world import bill_token

DOCUMENT = json.loads((Path(settings.BASE_DIR) / "portal" / "sandbox" / "openapi.json").read_text("utf-8"))
# Pages for people, and what describes itself: the identity provider.
PAGES = {
    "", "docs", "control", "control/people", "control/people/{}", "control/corrections", "control/corrections/{}",
    "treasury/pay/{}",
}  # fmt: skip
METHODS = {"get", "post"}
OFFICE, REGISTER = "registry-office", "driving-licence"


def own_addresses() -> set[str]:
    """Every address of the sandbox's URLconf but those of the libraries it includes."""
    text = (Path(settings.BASE_DIR) / "portal" / "sandbox" / "urls.py").read_text("utf-8")
    routes = re.findall(r'path\(\s*"([^"]*)",\s*+(?!include)', text)
    return {re.sub(r"<[^>]+>", "{}", route) for route in routes}


def operations():
    for path, methods in DOCUMENT["paths"].items():
        for verb in METHODS & set(methods):
            yield path, verb, methods[verb]


def checked(value: object, schema: dict) -> None:
    """Hold a value against a schema of the document."""
    jsonschema_rs.validator_for({**schema, "components": DOCUMENT["components"]}).validate(value)


def schema_of(said: dict) -> dict:
    """The schema of what an answer's body says; of a signed one, that of what was signed."""
    if "$ref" in said:
        said = DOCUMENT["components"]["responses"][said["$ref"].rpartition("/")[2]]
    (content,) = said["content"].values()
    return content["schema"].get("contentSchema", content["schema"])


def test_it_is_an_openapi_3_1_document():
    assert DOCUMENT["openapi"] == "3.1.0"
    validate_schema(DOCUMENT)


def test_it_names_every_address_for_machines_and_no_other():
    described = {re.sub(r"\{[a-z]+\}", "{}", path.removeprefix("/")) for path in DOCUMENT["paths"]}

    assert described == own_addresses() - PAGES


def test_every_example_is_what_its_schema_says():
    for path, verb, operation in operations():
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        answers = [one for one in operation["responses"].values() if "$ref" not in one]
        for content in [kind for said in bodies + answers for kind in said["content"].values()]:
            if "example" in content:
                checked(content["example"], content["schema"])
            else:
                assert path == "/openapi.json", (path, verb)
    for said in DOCUMENT["components"]["responses"].values():
        (content,) = said["content"].values()
        checked(content["example"], content["schema"])


@pytest.mark.slow
class TestAnswers:
    """What is really answered, held against the document."""

    @pytest.fixture
    def asked(self, sandbox):
        """Ask as the document has it, and hold the answer against it; a JWS is held by what it signs."""

        def ask(verb: str, path: str, body: object = None, **named: str) -> httpx.Response:
            answer = sandbox.http.request(verb, path.format(**named), json=body)
            told = DOCUMENT["paths"][path][verb]["responses"][str(answer.status_code)]
            kind = answer.headers["content-type"].partition(";")[0]
            if kind == "application/jose":
                said = jwt.api_jws.decode_complete(answer.text, options={"verify_signature": False})
                checked(json.loads(said["payload"]), schema_of(told))
            else:
                checked(answer.json() if kind.endswith("json") else answer.text, schema_of(told))
            return answer

        return ask

    def question(self, sandbox, **more: str) -> dict:
        (person,) = sandbox.holders(need=REGISTER, n="1")
        holder = {"kind": "person", "number": person["number"]}
        return {
            "holder": holder,
            "purpose": "application 7",
            "basis": "Made-up Law",
            "reference": str(uuid4()),
        } | more

    def test_registers_and_their_corrections(self, sandbox, asked):
        query, corrections = "/registers/{register}/query", "/registers/{register}/corrections"
        question = self.question(sandbox)
        wish = self.question(sandbox, reason="I have class b2.")

        statuses = [
            asked("post", query, question, register=REGISTER),
            asked("post", query, {}, register=REGISTER),
            asked("post", query, question, register="nothing"),
            asked("post", corrections, wish, register=REGISTER),
            asked("post", corrections, wish | {"reason": "No."}, register=REGISTER),
            asked("get", corrections + "/{reference}", register=REGISTER, reference=wish["reference"]),
            asked("get", corrections + "/{reference}", register=REGISTER, reference="nothing"),
        ]
        with sandbox.switched(REGISTER, "down"):
            statuses.append(asked("post", query, question, register=REGISTER))

        assert [one.status_code for one in statuses] == [200, 400, 404, 202, 409, 200, 404, 503]

    def test_offices(self, sandbox, asked):
        notice = {"reference": str(uuid4()), "case": "C-1", "service": "a-service", "step": "record"}
        statuses = [
            asked("get", "/offices/{office}/keys.json", office=OFFICE),
            asked("get", "/offices/{office}/keys.json", office="nobody"),
            asked("post", "/offices/{office}/notices", notice, office=OFFICE),
            asked("post", "/offices/{office}/notices", notice, office=OFFICE),
        ]

        assert [one.status_code for one in statuses] == [200, 404, 201, 200]

    def test_the_treasury(self, asked):
        bill = {"token": bill_token(bill="B-9", amount="12.50", currency="CNY")}
        statuses = [asked("post", "/treasury/payments", one) for one in (bill, bill, {"token": "a.b"})]

        assert [one.status_code for one in statuses] == [201, 200, 403]

    def test_the_control_board_for_machines(self, asked):
        statuses = [
            asked("get", "/control/registers"),
            asked("post", "/control/registers/{register}", {"mode": "ok"}, register=REGISTER),
            asked("post", "/control/registers/{register}", {"mode": "odd"}, register=REGISTER),
            asked("get", "/control/world"),
            asked("get", "/health"),
            asked("get", "/openapi.json"),
        ]

        assert [one.status_code for one in statuses] == [200, 200, 400, 200, 200, 200]

    def test_without_a_token_nothing_is_told_and_the_page_for_reading_is_open(self, sandbox):
        stranger = httpx.Client(base_url=sandbox.address)

        answer = stranger.get("/control/registers")
        assert answer.status_code == 401
        checked(answer.json(), {"$ref": "#/components/schemas/Problem"})
        page = stranger.get("/docs").text
        assert "/registers/{register}/query" in page
        assert not re.search(r'(src|href)="(https?:)?//', page)
