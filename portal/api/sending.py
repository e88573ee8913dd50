"""Copies sent page by page, over a line that may break: the core of tus 1.0.0, then handed in as one piece."""

import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, UnreadablePostError
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.applications import Mine
from portal.api.describing import KEY, answered_as_problems
from portal.api.errors import MalformedBody
from portal.api.once import keep, key_of, once
from services.cases.actions import sending
from services.cases.queries.visibility import application_for
from services.core.refusal import Kind, Refusal
from services.evidence import queries as evidence
from services.evidence.actions import NoSuchPage
from services.evidence.cleaning import check_size
from services.evidence.queries import PageView

TUS = "1.0.0"
PIECE = "application/offset+octet-stream"
TOLD = ("requirement", "type")
AT_ONCE = 64 * 1024


class OtherProtocol(Refusal):
    """What is spoken is not tus 1.0.0."""

    code = "other_protocol"
    kind = Kind.STALE
    sentence = "Send “Tus-Resumable: 1.0.0” with every request."


class Resumable(Mine):
    """What every address of the protocol has in common."""

    most_bytes = settings.UPLOAD_MAX_BYTES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse at the door what does not speak the protocol, or is too large to be a page.

        :raises OtherProtocol, UploadTooLarge:
        """
        check_size(int(request.META.get("CONTENT_LENGTH") or 0))
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != TUS:
            raise OtherProtocol

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say by which version we speak, whatever is answered."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = answer["Tus-Version"] = TUS
        answer["Cache-Control"] = "no-store"
        return answer

    @extend_schema(exclude=True)
    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell what of the protocol is spoken here."""
        told = {"Tus-Extension": "creation,termination", "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES)}
        return Response(status=204, headers=told)


_SPOKEN = OpenApiParameter("Tus-Resumable", str, OpenApiParameter.HEADER, required=True, enum=[TUS])
_LENGTH = OpenApiParameter("Upload-Length", int, OpenApiParameter.HEADER, required=True)
_METADATA = OpenApiParameter("Upload-Metadata", str, OpenApiParameter.HEADER, required=True)
_OFFSET = OpenApiParameter("Upload-Offset", int, OpenApiParameter.HEADER, required=True)
_PROBLEMS = answered_as_problems({400, 401, 403, 404, 409, 412, 413, 422, 429, 500})


class Pages(Resumable):
    """Pages on their way."""

    @extend_schema(
        summary="Announce a page",
        request=None,
        responses={201: None, **_PROBLEMS},
        parameters=[_SPOKEN, _LENGTH, _METADATA, KEY],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """With `requirement`, `type` and `filename` in Upload-Metadata; Location is where its bytes go.

        Under the same Idempotency-Key it is the same page: of a lost answer none is left behind that never arrives.
        """
        key_of(request)
        said = {name: request.headers.get(name, "") for name in ("Upload-Length", "Upload-Metadata")}
        return once(request, lambda: self._announced(request, application_id), said=said)

    @transaction.atomic
    def _announced(self, request: Request, application_id: UUID) -> Response:
        told = _metadata(request)
        page = sending.begin_page(
            viewer=self.viewer, application_id=application_id, requirement=told["requirement"],
            type=told["type"], name=told.get("filename", ""), length=_number(request, "Upload-Length"),
            now=self.now,
        )  # fmt: skip
        where = reverse("api:page", args=[application_id, page.id])
        response = Response(status=201, headers={"Location": where, "Upload-Offset": "0"})
        keep(request, response)
        return response


class Page(Resumable):
    """A page on its way."""

    @extend_schema(
        summary="Ask how much of a page has arrived", responses={200: None, **_PROBLEMS}, parameters=[_SPOKEN]
    )
    def head(self, request: Request, application_id: UUID, page_id: UUID) -> Response:
        """After a broken line, go on from there."""
        application_for(self.viewer, application_id)
        page = self._page(application_id, page_id)
        told = {"Upload-Offset": str(page.received), "Upload-Length": str(page.length)}
        return Response(status=200, headers=told)

    @extend_schema(
        summary="Send the next piece of a page", request={PIECE: bytes}, responses={204: None, **_PROBLEMS},
        parameters=[_SPOKEN, _OFFSET],
    )  # fmt: skip
    def patch(self, request: Request, application_id: UUID, page_id: UUID) -> Response:
        """As much as there is; what arrived before the line broke is kept."""
        if (request.content_type or "").partition(";")[0] != PIECE:
            return Response(status=415, headers={"Accept-Patch": PIECE})
        offset = _number(request, "Upload-Offset")
        # Read whole before anything is locked; no longer than a page may be.
        content = _arrived(request._request)
        received = sending.receive_page(
            viewer=self.viewer, application_id=application_id, page_id=page_id, offset=offset, content=content
        )
        return Response(status=204, headers={"Upload-Offset": str(received)})

    @extend_schema(summary="Take a page back", responses={204: None, **_PROBLEMS}, parameters=[_SPOKEN])
    def delete(self, request: Request, application_id: UUID, page_id: UUID) -> Response:
        """Before it is handed in."""
        sending.arrange_page(viewer=self.viewer, application_id=application_id, page_id=page_id, by=0)
        return Response(status=204)

    def _page(self, application_id: UUID, page_id: UUID) -> PageView:
        page = evidence.page(page_id=page_id, account_id=self.viewer.id)
        if page is None or page.application_id != application_id:
            raise NoSuchPage
        return page


def _arrived(request: HttpRequest) -> bytes:
    """Return what came, also of a line that broke while it came."""
    content = bytearray()
    with suppress(UnreadablePostError):
        while len(content) <= settings.UPLOAD_MAX_BYTES and (piece := request.read(AT_ONCE)):
            content += piece
    return bytes(content)


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise MalformedBody
    return int(text)


def _metadata(request: Request) -> Mapping[str, str]:
    """Return what Upload-Metadata says: pairs of a name and a text in base64.

    :raises MalformedBody: if it cannot be read, or does not say what the page is for.
    """
    told: dict[str, str] = {}
    try:
        for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
            name, _space, value = pair.strip().partition(" ")
            told[name] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise MalformedBody from error
    if any(not told.get(name) or len(told[name]) > 80 for name in TOLD) or "\x00" in "".join(told.values()):
        raise MalformedBody
    return told
