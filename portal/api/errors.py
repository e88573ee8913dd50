"""Everything that goes wrong below /api, as problem details (RFC 9457): one shape, whoever noticed it."""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from portal.refusals import STATUS, sentence
from services.core.refusal import Kind, Refusal

MEDIA_TYPE = "application/problem+json"
VERSION = "1"
Problem = dict[str, Any]

# What is said of an answer's own text; all else, such as what browsers may do with it, holds for the problem too.
OF_THE_BODY = frozenset(
    {"content-type", "content-length", "content-language", "content-encoding", "content-disposition", "etag"}
)

# A page tells "changed meanwhile" as a conflict; a program that named a version is told that it no longer matches.
STATUS_OF: Mapping[Kind, HTTPStatus] = {**STATUS, Kind.STALE: HTTPStatus.PRECONDITION_FAILED}


class MalformedBody(exceptions.ParseError):
    """What was sent cannot be read."""

    default_detail = _("What was sent cannot be read.")
    default_code = "malformed"


class BodyTooLarge(exceptions.APIException):
    """More was sent than is taken."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("What was sent is too large.")
    default_code = "too_large"


class KeyNeeded(exceptions.APIException):
    """A request that creates or decides comes without a key of its own."""

    status_code = HTTPStatus.BAD_REQUEST
    default_detail = _("Send an Idempotency-Key of your own, 1 to 120 visible characters, with this request.")
    default_code = "idempotency_key_needed"


class VersionNeeded(exceptions.APIException):
    """A change does not say which version it was decided on."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = _("Send If-Match with the ETag of what you looked at before you change it.")
    default_code = "version_needed"


class NotSignedByTreasury(exceptions.APIException):
    """An event does not carry the treasury's signature, or carries an old one."""

    status_code = HTTPStatus.FORBIDDEN
    default_detail = _("This event is not signed by the treasury.")
    default_code = "not_signed_by_treasury"


def answer_refusal(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem that a refusal or an error of the protocol is; None for a fault of ours."""
    told = _told(error)
    if told is None:
        return None
    status, code, detail, errors = told
    problem = problem_details(context["request"], status=status, code=code, detail=detail, errors=errors)
    headers = {name: value for name, value in _headers(error).items() if value}
    return Response(problem, status=status, headers=headers, content_type=MEDIA_TYPE)


def problem_details(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
) -> Problem:
    """Return a problem: `type` names it for programs, `detail` tells a person what to do."""
    problem: Problem = {
        "type": f"urn:onevisit:problem:{code.replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail or HTTPStatus(status).description,
        "instance": request.path,
    }
    return problem | ({"errors": errors} if errors else {})


Told = tuple[int, str, str, list[dict[str, str]]]


def _told(error: Exception) -> Told | None:
    """Return status, code, sentence and the single mistakes of an error."""
    match error:
        case Refusal():
            mistakes = [{"place": one.place, "detail": sentence(one)} for one in error.errors]
            return STATUS_OF[error.kind], error.code, sentence(error), mistakes
        case exceptions.ValidationError():
            detail = str(_("Some of what was sent needs another look."))
            return HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", detail, list(_mistakes(error.detail))
        case exceptions.APIException():
            return error.status_code, error.default_code, str(error.detail), []
        case Http404():
            return HTTPStatus.NOT_FOUND, "not_found", str(_("There is nothing here.")), []
        case PermissionDenied():
            return HTTPStatus.FORBIDDEN, "permission_denied", str(_("You may not do this.")), []
        case RequestDataTooBig():
            return BodyTooLarge.status_code, BodyTooLarge.default_code, str(BodyTooLarge.default_detail), []
        case SuspiciousOperation():
            return HTTPStatus.BAD_REQUEST, MalformedBody.default_code, str(MalformedBody.default_detail), []
    return None


def _mistakes(detail: Any, place: str = "") -> Iterator[dict[str, str]]:
    """Yield each mistake of a nested report with the place it is at."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            known = place if name == "non_field_errors" else f"{place}.{name}".lstrip(".")
            yield from _mistakes(inner, known)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            whole = isinstance(inner, str)
            yield from _mistakes(inner, place if whole else f"{place}.{index}".lstrip("."))
    else:
        yield {"place": place, "detail": str(detail)}


def _headers(error: Exception) -> dict[str, str]:
    wait = getattr(error, "wait", None)
    return {
        "WWW-Authenticate": getattr(error, "auth_header", None) or "",
        "Retry-After": str(round(wait)) if wait else "",
    }


class ProblemDetails:
    """Gives whatever answers with an error below /api the one shape, and every answer its version.

    It stands outermost, so that also what Django itself refuses (a host, an address, a fault) is a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= 400 and response.get("Content-Type") != MEDIA_TYPE:
            response = _as_problem(request, response)
        response["API-Version"] = VERSION
        return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    status = response.status_code
    code = HTTPStatus(status).name.lower()
    problem = JsonResponse(
        problem_details(request, status=status, code=code), status=status, content_type=MEDIA_TYPE
    )
    for name, value in response.items():
        if name.lower() not in OF_THE_BODY:
            problem[name] = value
    return problem
