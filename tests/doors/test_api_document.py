"""The contract: an OpenAPI document that holds for what is answered, and a page to read it on."""

import json
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from tests.doors.the_api import Api, told

METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def document(django_db_setup, django_db_blocker) -> dict:
    """The document, as anybody gets it."""
    with django_db_blocker.unblock():
        return json.loads(Api().get("/openapi.json").content)


def operations(document: dict):
    for path, methods in document["paths"].items():
        for verb, operation in methods.items():
            if verb in METHODS:
                yield path, verb, operation


def test_it_is_openapi_3(document):
    validate_schema(document)
    assert document["openapi"].startswith("3.")


def test_addresses_are_nouns_in_kebab_case_without_a_slash_at_the_end(document):
    for path in document["paths"]:
        assert re.fullmatch(r"/api/v1(/([a-z]+(-[a-z]+)*|\{[a-z_]+\}))+", path), path


def test_every_operation_is_named_and_described_and_lists_its_problems(document):
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, verb, operation in operations(document):
        assert operation["summary"], (path, verb)
        if "files" in path or "treasury" in path or path.endswith("/paper"):
            continue
        problems = {
            status for status, answer in operation["responses"].items()
            if "application/problem+json" in answer.get("content", {})
        }  # fmt: skip
        assert {"401", "403", "404", "429", "500"} <= problems, (path, verb)


def test_what_creates_or_decides_takes_a_key_and_what_changes_takes_a_version(document):
    keyless = {
        f"/api/v1/{one}"
        for one in (
            "treasury-events",
            "certificate-verifications",
            "certificate-file-verifications",
            "certificate-showings",
            "bundles/{code}/plan",
            "plans",
        )
    }
    for path, verb, operation in operations(document):
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (verb == "post" and path not in keyless), (path, verb)
    answers = document["paths"]["/api/v1/applications/{application_id}/answers"]["patch"]
    assert "If-Match" in [one["name"] for one in answers["parameters"]]


def test_examples_hold_to_their_own_schema(document):
    checked = 0
    for path, verb, operation in operations(document):
        bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
        for kind, content in (
            (kind, content) for body in bodies for kind, content in body.get("content", {}).items()
        ):
            for example in content.get("examples", {}).values():
                schema = {**content["schema"], "components": document["components"]}
                if kind == "application/json":
                    mistakes = [
                        str(one) for one in Draft202012Validator(schema).iter_errors(example["value"])
                    ]
                    assert mistakes == [], (path, verb, example["value"])
                    checked += 1
    assert checked > 60


@pytest.mark.parametrize(
    "path",
    ["/services", "/services/marriage-registration", "/services/marriage-registration/definition", "/programmes",
     "/organisations", "/bundles", "/centres", "/clock", "/statistics/public"],
)  # fmt: skip
def test_what_is_told_holds_to_the_document(document, published, path):
    answer = told(Api().get(path))
    address = path.replace("marriage-registration", "{code}")
    content = document["paths"]["/api/v1" + address]["get"]["responses"]["200"]["content"]["application/json"]
    schema = {**content["schema"], "components": document["components"]}
    assert [str(one) for one in Draft202012Validator(schema).iter_errors(answer)] == []


def test_a_list_is_read_page_by_page(published):
    codes, address = [], "/services?limit=60"
    while address:
        page = told(Api().client.get("/api/v1" + address))
        codes += [one["code"] for one in page["items"]]
        address = (page["next"] or "").partition("/api/v1")[2]
    assert (len(codes), codes) == (145, sorted(codes))


def test_texts_come_in_the_language_that_was_asked_for(published):
    asked = {"Accept-Language": "zh-hans"}
    names = {
        Api().client.get("/api/v1/services/marriage-registration", headers=headers).json()["name"]
        for headers in ({}, asked)
    }
    assert len(names) == 2


def test_services_are_found_by_what_people_type(published):
    found = told(Api().get("/services", q="marriage"))["items"]
    assert "marriage-registration" in [one["code"] for one in found[:5]]


def test_the_page_to_read_it_on_asks_no_other_host(db):
    """R15.11"""
    page = Api().client.get("/api/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert addresses
    for address in addresses:
        assert address.startswith("/"), address
        if address.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            assert finders.find(address.removeprefix(settings.STATIC_URL)), address
    script = next(one for one in addresses if "script" in one)
    assert b"/api/v1/openapi.json" in Api().client.get(script.replace("&amp;", "&")).content
    assert b"<style" not in page.content and b"<script>" not in page.content
