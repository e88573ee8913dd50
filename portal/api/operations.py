"""One operation of the API: read strictly, act once and at the version looked at, tell in one shape, documented."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.describing import described
from portal.api.errors import BodyTooLarge, MalformedBody, VersionNeeded
from portal.api.once import keep, key_of, once
from portal.api.pages import MOST, USUAL
from portal.api.shapes import Asked, IntegerField, Paged, Shape
from services.ledger import looking
from services.people import queries as people
from services.people.queries import AccountView

Expect = Callable[..., None]


class Listed(Asked):
    """How a list is asked for."""

    limit = IntegerField(min_value=1, max_value=MOST, default=USUAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one method of a resource takes and tells.

    `expects` holds the resource at the version in If-Match, or with `by_tag` at the whole ETag; `raises` are refusals
    worth a client's own answer.
    `alone`: it calls the outside world, or keeps something of what it refuses, and brings its own transaction;
    `versioned`: the act itself holds the version in If-Match, which it finds in `Door.version`.
    """

    summary: str
    verb: str
    asks: type[Asked] | None = None
    wants: type[Asked] | None = None
    tells: type[Shape] | None = None
    paged: bool = False
    status: int = 200
    keyed: bool = False
    expects: Expect | None = None
    by_tag: bool = False
    raises: Sequence[type[Exception]] = ()
    alone: bool = False
    versioned: bool = False


def operation(summary: str, **rest: Any) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Make a method of a resource an operation; its fields are those of `Operation`.

    The method gets what was asked, under our names, and the ids of the address; it returns what `tells` shows.
    """

    def decorate(method: Callable[..., Any]) -> Callable[..., Response]:
        verb = method.__name__
        plan = Operation(summary=summary, verb=verb, **{"keyed": verb == "post"} | rest)

        @wraps(method)
        def answer(view: "Door", request: Request, **ids: Any) -> Response:
            return _answer(plan, method, view, ids)

        return described(plan, method)(answer)

    return decorate


class Door(APIView):
    """A resource of the API."""

    scope: Any = None
    # What If-Match says was looked at, of an operation that is versioned; None for whatever there is.
    version: int | None = None
    most_bytes: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    metadata_class = None

    @cached_property
    def viewer(self) -> AccountView:
        """Return the account that asks."""
        return people.account(self.request.user.id)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse at the door what no operation could take."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes:
            raise BodyTooLarge
        if any("\x00" in text for pair in request.query_params.items() for text in pair):
            raise MalformedBody
        super().initial(request, *args, **kwargs)
        if self.request.user.is_authenticated and self.viewer.role.is_staff:
            looking.watch()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Let what an officer reads by this door be read on record only, and forget it with the request."""
        with looking.unseen():
            return super().dispatch(request, *args, **kwargs)


def _answer(plan: Operation, method: Callable[..., Any], view: Door, ids: Mapping[str, Any]) -> Response:
    if plan.keyed:
        key_of(view.request)
    tag = _tag_looked_at(view.request) if plan.expects or plan.versioned else None
    view.version = None if tag is None else _version_in(tag)
    asked = _read(plan, view.request)

    def act() -> Response:
        if plan.expects and tag is not None:
            with looking.unseen():  # a version is compared, and nothing is told
                plan.expects(viewer=view.viewer, **_expected(plan, tag), **_named(ids))
        response = _told(plan, view, method(view, *asked, **ids))
        if plan.keyed:
            keep(view.request, response)
        return response

    whole = act if plan.alone or plan.verb == "get" else transaction.atomic(act)
    return once(view.request, whole) if plan.keyed else whole()


def _named(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Return the id of the resource itself: the first in the address."""
    return dict(list(ids.items())[:1])


def _read(plan: Operation, request: Request) -> list[dict[str, Any]]:
    """Return what was asked, in the body or the query, as the method takes it: nothing if it asks nothing.

    :raises rest_framework.exceptions.ValidationError: for a body that can be read but not taken.
    :raises MalformedBody: for a query that cannot be read.
    """
    if plan.asks is not None:
        body = plan.asks(data=request.data, context={"request": request})
        body.is_valid(raise_exception=True)
        return [body.validated_data]
    if plan.wants is None:
        return []
    query = plan.wants(data=request.query_params.dict())
    if not query.is_valid():
        raise MalformedBody(_("Some of the query is not known or not understood: {names}.").format(
            names=", ".join(query.errors)
        ))  # fmt: skip
    return [query.validated_data]


def _tag_looked_at(request: Request) -> str | None:
    """Return the ETag in If-Match; None for any.

    :raises VersionNeeded:
    """
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise VersionNeeded
    return None if tag == "*" else tag.strip('"')


def _expected(plan: Operation, tag: str) -> dict[str, Any]:
    """Return what must not have changed: the whole tag, or the version that it begins with."""
    return {"tag": tag} if plan.by_tag else {"version": _version_in(tag)}


def _version_in(tag: str) -> int:
    """Return the version that a tag begins with; 0, which nothing has, for a tag that is not ours."""
    number = tag.partition(".")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _told(plan: Operation, view: Door, value: Any) -> Response:
    if plan.tells is None:
        return Response(status=204)
    shape = Paged.of(plan.tells) if plan.paged else plan.tells
    told = shape(value, context={"request": view.request})
    headers = dict(view.headers)
    looked_at = getattr(value, "card", value)
    tag = getattr(looked_at, "tag", None) or getattr(looked_at, "version", None)
    if isinstance(tag, int | str):
        headers["ETag"] = f'"{tag}"'
    return Response(told.data, status=plan.status, headers=headers)
