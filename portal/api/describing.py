"""An operation in the OpenAPI document: what it takes and tells, examples of both, and every problem it can answer."""

from collections.abc import Callable, Iterable, Iterator
from types import NoneType
from typing import TYPE_CHECKING, Any, get_type_hints

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from portal.api.errors import MEDIA_TYPE, STATUS_OF
from portal.api.shapes import Code, DictField, JSONField, Paged, Said, Shape, Words
from services.certificates.actions import papers
from services.core.refusal import Refusal

if TYPE_CHECKING:
    from portal.api.operations import Operation

# What stands in examples, by the member's name; a member without one is shown by its type.
SHOWN: dict[str, Any] = {
    "number": "A-2026-7Q4K-M2XD",
    "service": "food-business-licence",
    "services": ["food-business-licence"],
    "organisation": "market-regulation",
    "programme": "food-business",
    "language": "en",
    "currency": "CNY",
    "uscc": "91350100M000100Y43",
    "answers": {"business.premises_address": "1 Made-up Street"},
    "slotId": "general~2026-03-09T09:20",
    "next": None,
    "limit": 25,
    "days": 1,
    "requirement": "premises-right",
    "type": "lease-contract",
    "readDigest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "agentUsername": "resident-0002",
}
BY_TYPE: tuple[tuple[type, Any], ...] = (
    (serializers.UUIDField, "01975f5e-0000-7000-8000-000000000001"),
    (serializers.DateTimeField, "2026-03-02T09:00:00+08:00"),
    (serializers.DateField, "2026-03-02"),
    (serializers.DecimalField, "80.00"),
    (serializers.BooleanField, True),
    (serializers.IntegerField, 1),
    (serializers.FloatField, 1.5),
    (serializers.URLField, f"{settings.SITE_URL}/"),
    (serializers.FileField, None),
    (Code, "made-up-code"),
    (Said, "Made-up text"),
    (Words, "Made-up words"),
    (DictField, {}),
    (JSONField, "made-up"),
)
FIELDS_FOR: dict[type, type] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    list: serializers.ListField,
    dict: serializers.DictField,
    NoneType: serializers.URLField,
}


class SingleMistake(Shape):
    """One thing to put right, and where it stands in what was sent."""

    place = serializers.CharField()
    detail = serializers.CharField()


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = SingleMistake(many=True, required=False)


def described(plan: "Operation", method: Callable[..., Any]) -> Callable[..., Any]:
    """Return what writes the operation into the document."""
    resource, verb = method.__qualname__.split(".")[-2:]
    return extend_schema(
        operation_id=f"{verb}{resource}",
        summary=plan.summary,
        description=_description(plan, method),
        request=_request(plan),
        parameters=list(_parameters(plan)),
        responses={**_answers(plan), **problems(plan)},
        examples=list(_examples(plan)),
    )


def sealed_pdf(summary: str) -> Callable[..., Any]:
    """Describe an operation that answers with a certificate on paper, in the language that is asked for."""
    return extend_schema(
        summary=summary,
        parameters=[OpenApiParameter("language", enum=papers.LANGUAGES, default="en")],
        responses={(200, "application/pdf"): bytes},
    )


def _description(plan: "Operation", method: Callable[..., Any]) -> str:
    lines = [method.__doc__ or plan.summary]
    refusals = [one for one in plan.raises if issubclass(one, Refusal)]
    if refusals:
        lines.append("Refusals of its own:")
        lines += [
            f"- {STATUS_OF[one.kind]} `{one.code.replace('_', '-')}`: {one.sentence}" for one in refusals
        ]
    return "\n".join(lines)


def _request(plan: "Operation") -> Any:
    if plan.asks is None:
        return None
    has_file = any(isinstance(field, serializers.FileField) for field in plan.asks().fields.values())
    return {"multipart/form-data": plan.asks} if has_file else plan.asks


def _parameters(plan: "Operation") -> Iterator[Any]:
    if plan.wants is not None:
        yield plan.wants
    if plan.keyed:
        yield KEY
    if plan.expects is not None or plan.versioned:
        yield _header("If-Match", "The ETag of what you looked at.")


def _header(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=words
    )  # fmt: skip


KEY = _header(
    "Idempotency-Key", "Your own name for this request; the same again has the effect of once, for a day."
)


def _answers(plan: "Operation") -> dict[Any, Any]:
    if plan.tells is None:
        return {204: OpenApiResponse(description="Done.")}
    shape = Paged.of(plan.tells) if plan.paged else plan.tells
    return {plan.status: OpenApiResponse(shape(), description=plan.summary)}


def problems(plan: "Operation") -> dict[Any, Any]:
    """Return every problem that the operation can answer, by its status."""
    statuses = {401, 403, 404, 429, 500}
    statuses |= {400, 409, 422} if plan.keyed else set()
    statuses |= {400, 413, 415, 422} if plan.asks else set()
    statuses |= {400} if plan.wants else set()
    statuses |= {412, 428} if plan.expects or plan.versioned else set()
    statuses |= {int(STATUS_OF[one.kind]) for one in plan.raises if issubclass(one, Refusal)}
    return answered_as_problems(statuses)


def answered_as_problems(statuses: Iterable[int]) -> dict[Any, Any]:
    """Return these statuses as the document has them, each answered with a problem."""
    return {(status, MEDIA_TYPE): Problem for status in sorted(statuses)}


def _examples(plan: "Operation") -> Iterator[OpenApiExample]:
    if plan.asks is not None:
        yield OpenApiExample("Asked", value=example(plan.asks()), request_only=True)
    if plan.tells is not None:
        shape = Paged.of(plan.tells) if plan.paged else plan.tells
        value = example(shape())
        # A list of its own is wrapped by the document's writer.
        yield OpenApiExample("Told", value=value, response_only=True, status_codes=[str(plan.status)])


def example(shape: serializers.BaseSerializer) -> Any:
    """Return a made-up thing of this shape."""
    if isinstance(shape, serializers.ListSerializer):
        return [example(shape.child)]
    return {
        name: _shown(name, field)
        for name, field in shape.fields.items()
        if not isinstance(field, serializers.FileField)
    }


def _shown(name: str, field: serializers.Field) -> Any:
    if isinstance(field, serializers.BaseSerializer):
        return example(field)
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, serializers.SerializerMethodField):
        told = get_type_hints(getattr(field.parent, field.method_name))["return"]
        return {int: 1, str: "Made-up text"}.get(told, ["made-up-code"])
    if name in SHOWN and isinstance(field, FIELDS_FOR[type(SHOWN[name])]):
        return SHOWN[name]
    if isinstance(field, serializers.ListField):
        return [_shown("", field.child)]
    return next((value for kind, value in BY_TYPE if isinstance(field, kind)), "made-up")
