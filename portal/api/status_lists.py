"""Which certificates still hold, for other systems to poll: signed lists that name nobody (Token Status List)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer

from portal.api.describing import problems
from portal.api.operations import Door, Operation, operation
from portal.api.pages import Page
from portal.api.shapes import certificates as shapes
from services.certificates.queries import statuses
from services.certificates.queries.statuses import NoSuchStatusList

MEDIA_TYPE = f"application/{statuses.TYPE}"
SUMMARY = "Read which certificates of a list still hold"


class AsToken(BaseRenderer):
    """Lets a client ask for the token by its type."""

    media_type = MEDIA_TYPE
    format = "jwt"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        """Return a problem as it always is; a token does not come this way."""
        return bytes(JSONRenderer().render(data))


class StatusLists(Door):
    """The lists there are."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    @operation("List the status lists", tells=shapes.StatusList, paged=True)
    def get(self) -> Page:
        """Each is found at its address for good; a new one begins when the last is full."""
        numbers = range(1, statuses.status_lists() + 1)
        return Page([{"number": number, "address": statuses.address(number)} for number in numbers])


class StatusList(Door):
    """One list: two bits a certificate, compressed and signed."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    renderer_classes = [AsToken, JSONRenderer]

    @extend_schema(
        operation_id="getStatusList",
        summary=SUMMARY,
        responses={
            (200, MEDIA_TYPE): str,
            **problems(Operation(summary=SUMMARY, verb="get", raises=[NoSuchStatusList])),
        },
    )
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        """A signed token whose `status_list` has two bits at each index; a certificate names list and index itself.

        0 holds, 1 is revoked or cancelled, 2 is suspended, 3 was superseded by a newer version. It may be kept for
        `ttl` seconds, and tells whose certificate it is to nobody.
        """
        found = statuses.status_list(number=number)
        tag = f'"{found.tag}"'
        seen = tag in parse_etags(request.headers.get("If-None-Match", ""))
        answer = HttpResponseNotModified() if seen else HttpResponse(found.token, content_type=MEDIA_TYPE)
        answer["ETag"] = tag
        patch_cache_control(answer, public=True, max_age=statuses.FRESH_SECONDS)
        return answer
