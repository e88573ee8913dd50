"""A refusal of the house as a page: its sentence in the reader's language, with the status that fits its kind."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import select_template
from django.utils.translation import gettext

from services.core.refusal import Kind, Mistake, Refusal

STATUS: Mapping[Kind, HTTPStatus] = {
    Kind.MALFORMED: HTTPStatus.BAD_REQUEST,
    Kind.UNIDENTIFIED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.MISSING: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.STALE: HTTPStatus.CONFLICT,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Kind.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
}


def sentence(told: Refusal | Mistake) -> str:
    """Return what a refusal, or one of its mistakes, says, in the reader's language."""
    words = {name: gettext(value) if _is_text(value) else value for name, value in told.values.items()}
    return gettext(told.sentence).format_map(words)


def mistakes(refusal: Refusal) -> dict[str, str]:
    """Return what is to be put right, by its place; a refusal without mistakes is one of the whole page."""
    return {one.place: sentence(one) for one in refusal.errors} or {"": sentence(refusal)}


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page of the refusal: its own where it has one, in the frame of the door it was said at."""
    page = select_template([f"refusals/{refusal.code}.html", "refusals/refusal.html"])
    at_desk = getattr(request.resolver_match, "namespace", "") == "clerk"
    context = {
        "frame": "desk/base.html" if at_desk else "base.html",
        "kind": refusal.kind,
        "sentence": sentence(refusal),
        "mistakes": [sentence(one) for one in refusal.errors],
    }
    return HttpResponse(page.render(context, request), status=STATUS[refusal.kind])


class RefusalPages:
    """Answers with the refusal's page wherever a view let the refusal through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page of a refusal; anything else is a fault of ours and goes its way."""
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
