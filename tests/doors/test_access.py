"""Who gets in where: every page, for everybody who may come; what is another's does not exist."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from services.people.models import Account
from services.people.queries import AccountView
from tests.doors.a_neighborhood import VISITORS, things, visitors
from tests.doors.access_table import WHO_GETS_IN
from tests.doors.every_address import Address, every_address

METHODS = ("get", "post")
DOORS = ("portal.public", "portal.citizen", "portal.clerk")
SAYS = {401: "L", 403: "F", 404: "M"}
EXPECTED = {
    operation.strip(): outcomes.replace(" ", "")
    for outcomes, operations in WHO_GETS_IN.items()
    for operation in operations.strip().splitlines()
}


class Undone(Exception):
    """Leaves a request without its effect."""


class Visitor:
    """Somebody who tries a page and leaves no trace."""

    def __init__(self, viewer: AccountView | None) -> None:
        self.client = Client(raise_request_exception=False)
        if viewer:
            self.client.force_login(Account.objects.get(id=viewer.id))

    def tries(self, method: str, path: str) -> HttpResponse:
        """Send a request that says nothing, and undo what it did."""
        try:
            with transaction.atomic():
                answer = self.client.generic(method.upper(), path)
                raise Undone
        except Undone:
            return answer


def outcome(answer: HttpResponse) -> str:
    """Return in one letter how somebody was received."""
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "L"
    return SAYS.get(answer.status_code, "O" if answer.status_code < 500 else "!")


def methods_of(path: str) -> list[str]:
    """Return what the page takes: for anything else it answers, to everybody, that it does not."""
    return [one for one in METHODS if Client().generic(one.upper(), path).status_code != 405]


def path_of(address: Address, known: dict[str, object]) -> str:
    """Return the path with one of the things that the neighborhood has in each place."""
    drafted = address.route.startswith(("apply/", "my/signatures", "my/applications"))
    chosen = {"application_id": known["draft"], "evidence_id": known["draft_evidence"]} if drafted else {}
    if address.route.startswith("my/visits"):
        chosen = {"application_id": known["deed"]}
    if address.route.startswith("my/businesses"):
        chosen = {"reading_id": known["business_reading"]}
    if address.route.startswith("programmes"):
        chosen = {"code": "trade"}
    if address.route.startswith("bundles"):
        chosen = {"code": "move-home"}
    return address.at(known | chosen)


@pytest.mark.parametrize("door", DOORS)
def test_everybody_gets_in_where_they_may_and_nowhere_else(door, town, officer):
    who = visitors(officer)
    known = things(who)
    visiting = {name: Visitor(who[name]) for name in VISITORS}
    found = {}
    for address in every_address():
        if not address.door.startswith(door):
            continue
        path = path_of(address, known)
        for method in methods_of(path):
            answers = [outcome(visiting[name].tries(method, path)) for name in VISITORS]
            found[f"{method.upper()} /{address.route}"] = "".join(answers)

    assert found == {operation: EXPECTED.get(operation, "not in the table") for operation in found}


def test_the_table_names_no_address_that_is_gone():
    routes = {f"/{address.route}" for address in every_address()}
    assert {operation.split(" ", 1)[1] for operation in EXPECTED} <= routes
