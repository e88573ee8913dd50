"""The REST API as a program meets it: a token, a key for every request, the version looked at."""

import itertools
import json
from typing import Any
from uuid import UUID

from allauth.idp.oidc.models import Client as Program
from allauth.idp.oidc.models import Token
from django.http import HttpResponse
from django.test import Client

from portal.api.scopes import Scope
from services.people.queries import AccountView

ROOT = "/api/v1"
PROBLEM = "application/problem+json"
KEYS = itertools.count(1)


class Api:
    """Asks with one account's token; what is not given is sent as a well-behaved program would."""

    def __init__(self, viewer: AccountView | None = None, *, scopes: tuple[str, ...] = tuple(Scope)) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token_of(viewer, scopes)}"} if viewer else {}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def post(self, path: str, body: Any = None, *, key: str = "", tag: str = "", **more: Any) -> HttpResponse:
        key = key or f"key-{next(KEYS)}"
        return self.send(
            "POST", path, body, **{"Idempotency-Key": key} | ({"If-Match": tag} if tag else {}) | more
        )

    def patch(self, path: str, body: Any, *, tag: str = "") -> HttpResponse:
        return self.send("PATCH", path, body, **({"If-Match": tag} if tag else {}))

    def delete(self, path: str, *, tag: str = "") -> HttpResponse:
        return self.send("DELETE", path, None, **({"If-Match": tag} if tag else {}))

    def send(self, method: str, path: str, body: Any, **headers: str) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        kind = headers.pop("Content-Type", "application/json" if content else "")
        return self.client.generic(
            method, ROOT + path, content, content_type=kind, headers=self.headers | headers
        )

    def upload(self, path: str, *, tag: str, **fields: Any) -> HttpResponse:
        headers = self.headers | {"Idempotency-Key": f"key-{next(KEYS)}", "If-Match": tag}
        return self.client.post(ROOT + path, fields, headers=headers)

    def tag(self, path: str) -> str:
        """Look at something, and return its version."""
        return self.get(path)["ETag"]


def token_of(viewer: AccountView, scopes: tuple[str, ...]) -> str:
    """Return a token as the provider gives it after consent."""
    program, _ = Program.objects.get_or_create(
        id="tests", defaults={"name": "Tests", "type": Program.Type.PUBLIC}
    )
    value = f"token-{next(KEYS)}"
    token = Token(type=Token.Type.ACCESS_TOKEN, client=program, user_id=viewer.id)
    token.set_value(value)
    token.set_scopes(list(scopes))
    token.save()
    return value


def problem(response: HttpResponse) -> tuple[int, str]:
    """Return the status and the name of a problem, having looked at its shape."""
    assert response["Content-Type"] == PROBLEM, response.content[:300]
    told = json.loads(response.content)
    assert {"type", "title", "status", "detail", "instance"} <= told.keys()
    assert told["status"] == response.status_code
    return told["status"], told["type"].removeprefix("urn:onevisit:problem:")


def told(response: HttpResponse, status: int = 200) -> Any:
    """Return what was told, having seen that it was told well."""
    assert response.status_code == status, response.content
    assert response["API-Version"] == "1"
    return json.loads(response.content) if response.content else None


NOBODY = UUID(int=7)
