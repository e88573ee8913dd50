"""Who gets in where: every address, for everybody who may come; what is another's does not exist."""

import json
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from portal.api.scopes import Scope
from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_neighborhood import VISITORS, things, visitors
from tests.doors.access_table import WHO_GETS_IN
from tests.doors.every_address import Address, every_address
from tests.doors.the_api import token_of

METHODS = ("get", "post", "patch", "delete")
# What is read before the thing itself is looked for: without it every answer would only be that it is not complete.
BODIES = {
    "patch answers": {"answers": {}},
    "post submission": {},
    "post declarations": {"requirement": "plan", "type": "works-plan", "readDigest": "0" * 64},
    "post originals-promises": {"requirement": "plan"},
    "post disputes": {"reason": "It is not so."},
    "post appointments": {"slotId": "hall~2026-03-09T09:20"},
    "post second-visits": {"reason": "An office's mistake."},
    "post correction-notice": {"items": ["plan"]},
    "post declination": {"reason": "still_incomplete", "explanation": "It is not complete."},
    "post completion": {"favorable": True},
    "post grant": {},
    "post refusal": {"reasons": ["evidence_missing"], "explanation": "It is not proved."},
    "post let-pass": {},
    "post mandates": {"businessId": str(uuid4()), "agentUsername": "agent", "validUntil": "2030-01-01"},
}
SAYS = {401: "L", 403: "F", 404: "M"}
EXPECTED = {
    operation.strip(): outcomes.replace(" ", "")
    for outcomes, operations in WHO_GETS_IN.items()
    for operation in operations.strip().splitlines()
}


class Undone(Exception):
    """Leaves a request without its effect."""


class Visitor:
    """Somebody who tries a door, by session or by token, and leaves no trace."""

    def __init__(self, viewer: AccountView | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.token = {"Authorization": f"Bearer {token_of(viewer, tuple(Scope))}"} if viewer else {}
        if viewer:
            self.client.force_login(Account.objects.get(id=viewer.id))

    def tries(self, method: str, path: str) -> HttpResponse:
        """Send a request that can be read, and undo what it did."""
        by_api = path.startswith("/api/")
        client = Client(raise_request_exception=False) if by_api else self.client
        headers = {"Idempotency-Key": uuid4().hex, "If-Match": "*"} | self.token if by_api else {}
        told = BODIES.get(f"{method} {path.rpartition('/')[2]}") if by_api and method != "get" else None
        body = {"content_type": "application/json", "data": json.dumps(told)} if told is not None else {}
        try:
            with transaction.atomic():
                answer = client.generic(method.upper(), path, headers=headers, **body)
                raise Undone
        except Undone:
            return answer


def outcome(answer: HttpResponse) -> str:
    """Return in one letter how somebody was received."""
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "L"
    return SAYS.get(answer.status_code, "O" if answer.status_code < 500 else "!")


def methods_of(address: Address, path: str) -> list[str]:
    resource = getattr(address.view, "cls", None)
    if resource is not None:
        return [one for one in METHODS if hasattr(resource, one)]
    return [one for one in ("get", "post") if Client().generic(one.upper(), path).status_code != 405]


def path_of(address: Address, known: dict[str, object]) -> str:
    """Return the path with one of the things that the neighborhood has in each place."""
    drafted = address.route.startswith(("apply/", "api/v1/applications", "my/signatures"))
    chosen = {"application_id": known["draft"], "evidence_id": known["draft_evidence"]} if drafted else {}
    if address.route.startswith("my/visits"):
        chosen = {"application_id": known["deed"]}
    if address.route.startswith("programmes"):
        chosen = {"code": "trade"}
    if address.route.startswith("api/v1/centres"):
        chosen = {"code": "hall"}
    return address.at(known | chosen)


@pytest.mark.parametrize("door", ["portal.public", "portal.citizen", "portal.clerk", "portal.api"])
def test_everybody_gets_in_where_they_may_and_nowhere_else(door, town, officer):
    who = visitors(officer)
    known = things(who)
    visiting = {name: Visitor(who[name]) for name in VISITORS}
    found = {}
    for address in every_address():
        if not address.door.startswith(door):
            continue
        path = path_of(address, known)
        for method in methods_of(address, path):
            answers = [outcome(visiting[name].tries(method, path)) for name in VISITORS]
            found[f"{method.upper()} /{address.route}"] = "".join(answers)

    assert found == {operation: EXPECTED.get(operation, "not in the table") for operation in found}


def test_the_table_names_no_address_that_is_gone():
    routes = {f"/{address.route}" for address in every_address()}
    assert {operation.split(" ", 1)[1] for operation in EXPECTED} <= routes
