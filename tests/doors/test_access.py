"""Who gets in where: every address, for everybody who may come; what is another's does not exist."""

import pytest
from django.db import transaction
from django.test import Client

from services.people.models import Account
from tests.doors.a_neighborhood import VISITORS, things, visitors
from tests.doors.every_address import Address, every_address
from tests.doors.the_api import KEYS, token_of
from portal.api.scopes import Scope

METHODS = ("get", "post", "patch", "delete")


class Undone(Exception):
    """Leaves a request without its effect."""


def methods_of(address: Address) -> list[str]:
    resource = getattr(address.view, "cls", None)
    if resource is not None:
        return [one for one in METHODS if hasattr(resource, one)]
    client = Client(raise_request_exception=False)
    return [
        one
        for one in ("get", "post")
        if getattr(client, one)(
            address.at(dict.fromkeys(address.places, "00000000-0000-0000-0000-000000000007"))
        ).status_code
        != 405
    ]


def outcome(client, headers, method, path):
    try:
        with transaction.atomic():
            sent = {"Idempotency-Key": f"access-{next(KEYS)}", "If-Match": "*"} if "/api/" in path else {}
            answer = client.generic(method.upper(), path, headers=headers | sent)
            raise Undone
    except Undone:
        pass
    if answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"):
        return "L"
    return {401: "L", 403: "F", 404: "M", 400: "4", 405: "5"}.get(
        answer.status_code, "X" if answer.status_code >= 500 else "O"
    )


def test_print(town, officer):
    who = visitors(officer)
    known = things(who)
    clients = {}
    for name, viewer in who.items():
        c = Client(raise_request_exception=False)
        if viewer:
            c.force_login(Account.objects.get(id=viewer.id))
        clients[name] = c
    tokens = {
        n: ({"Authorization": f"Bearer {token_of(v, tuple(Scope))}"} if v else {}) for n, v in who.items()
    }
    out = []
    import time

    t0 = time.time()
    log = open("/tmp/h/matrix.txt", "w")
    for a in every_address():
        k = dict(known)
        k["application_id"] = (
            known["draft"] if a.route.startswith(("apply/", "api/", "my/signatures")) else known["deed"]
        )
        if "draft" and a.route.startswith(("apply/", "api/v1/applications")):
            k["evidence_id"] = known["draft_evidence"]
        for m in methods_of(a):
            api = a.route.startswith("api/")
            res = "".join(
                outcome(
                    Client(raise_request_exception=False) if api else clients[n],
                    tokens[n] if api else {},
                    m,
                    a.at(k),
                )
                for n in VISITORS
            )
            log.write(f"{res} {m.upper()} {a.route} {time.time() - t0:.1f}\n")
            log.flush()
