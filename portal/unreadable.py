"""What no database could keep is refused before any page sees it: NUL, and half a character, in what was sent."""

import re
from collections.abc import Callable, Iterator

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class Unreadable:
    """Answers 400, on our own page or as a problem of the API, wherever text comes in that cannot be text.

    A form is looked at once the view is known. What programs send, in a query or as JSON, the API reads strictly
    itself and says what is wrong with it; their addresses are looked at here as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, unless its address cannot be read.

        :raises BadRequest: which Django answers with the page of its status.
        """
        _check([request.path_info, *([] if _is_of_api(request) else _texts(request.GET))])
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, places: object, names: object) -> None:
        """Let a form through that can be read.

        :raises BadRequest:
        """
        if request.method == "POST" and not _is_of_api(request):
            _check([*_texts(request.POST), *(one.name or "" for one in request.FILES.values())])


def _is_of_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _texts(sent: QueryDict) -> Iterator[str]:
    for name, values in sent.lists():
        yield name
        yield from (value for value in values if isinstance(value, str))


def _check(texts: list[str]) -> None:
    if any(UNREADABLE.search(text) for text in texts):
        raise BadRequest
