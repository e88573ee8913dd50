"""Who may ask: machines show the sandbox's token, operators at a browser type it as a password."""

import base64
import binascii
import json
from collections.abc import Callable
from functools import wraps
from hmac import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
LARGEST_BODY = 64 * 1024


class Refused(Exception):
    """The request cannot be answered; the message says what to do."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def for_machines(view: View) -> View:
    """Let the view answer only those who show the token; a `Refused` becomes a problem in JSON."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _is_token(shown):
            answer = problem("Show the sandbox's token: Authorization: Bearer …", 401)
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        return answered(view, request, *args, **kwargs)

    return guarded


def for_operators(view: View) -> View:
    """Let the view answer only browsers whose user typed the token as the password; any name will do."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not _is_token(_typed_password(request)):
            sentence = "The password is the sandbox's token."
            answer = HttpResponse(sentence, status=401, content_type="text/plain")
            answer["WWW-Authenticate"] = 'Basic realm="sandbox", charset="UTF-8"'
            return answer
        return view(request, *args, **kwargs)

    return guarded


def answered_openly(view: View) -> View:
    """Let the view answer whoever asks; a `Refused` becomes a problem in JSON."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        return answered(view, request, *args, **kwargs)

    return open_to_all


def answered(view: View, request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
    """Return the view's answer, or its refusal as a problem in JSON."""
    try:
        return view(request, *args, **kwargs)
    except Refused as refusal:
        return problem(str(refusal), refusal.status)


def problem(sentence: str, status: int) -> JsonResponse:
    """Return an error the way the portal's own interface does (RFC 9457)."""
    return JsonResponse(
        {"type": "about:blank", "status": status, "detail": sentence},
        status=status,
        content_type="application/problem+json",
    )


def read_object(request: HttpRequest) -> dict[str, object]:
    """Return the JSON object in the body.

    :raises Refused: if it is something else, or too large.
    """
    if len(request.body) > LARGEST_BODY:
        raise Refused("The body is too large.", 413)
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("Send a JSON object.")
    return body


def _is_token(shown: str) -> bool:
    return compare_digest(shown.encode(), settings.SANDBOX_TOKEN.encode())


def _typed_password(request: HttpRequest) -> str:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
