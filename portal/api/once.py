"""The same request twice has one effect: the Idempotency-Key of the caller, on the wire."""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.errors import KeyNeeded
from services.cases.actions import idempotency
from services.cases.actions.idempotency import Answer

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,120}")
KEPT_HEADERS = ("ETag", "Location")


def once(request: Request, act: Callable[[], Response], *, said: Mapping[str, str] | None = None) -> Response:
    """Do what is asked, or return what was answered to the same request before.

    The answer is kept in the transaction of the act (`keep`); a refused request leaves no trace and may be repeated.
    `said`: what the request says, where that is not its body.

    :raises KeyNeeded:
    :raises services.cases.actions.idempotency.KeyUsedOtherwise, StillRunning:
    """
    key = key_of(request)
    # Keys live on real time, like sessions: a moved legal clock does not forget them.
    before = idempotency.begin(
        account_id=request.user.id,
        key=key,
        digest=_digest(request, request.data if said is None else said),
        now=timezone.now(),
    )
    if before is not None:
        return Response(before.body, status=before.status, headers=dict(before.headers))
    try:
        return act()
    except BaseException:
        idempotency.abandon(account_id=request.user.id, key=key)
        raise


def keep(request: Request, response: Response) -> None:
    """Keep the answer beside the effect it tells of."""
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
    answer = Answer(status=response.status_code, headers=headers, body=body)
    idempotency.finish(account_id=request.user.id, key=key_of(request), answer=answer)


def key_of(request: Request) -> str:
    """Return the caller's key.

    :raises KeyNeeded: if there is none, or none that can be one.
    """
    key = request.headers.get(HEADER, "")
    if not KEY.fullmatch(key):
        raise KeyNeeded
    return key


def _digest(request: Request, said: Any) -> str:
    """Return what tells this request from another: method, address and all that was sent."""
    sent = {name: _told(value) for name, value in _members(said)}
    whole = json.dumps([request.method, request.path, sent], sort_keys=True)
    return sha256(whole.encode()).hexdigest()


def _members(sent: Any) -> list[tuple[str, Any]]:
    return list(sent.items()) if isinstance(sent, Mapping) else [("", sent)]


def _told(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    content = sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return content.hexdigest()
