"""What travels over the wire: fields written in Python's way, members in camelCase, texts in the reader's language."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    DecimalField,
    DictField,
    Field,
    FileField,
    IntegerField,
    JSONField,
    ListField,
    SerializerMethodField,
    UUIDField,
)

from portal.words import cited, said

__all__ = [
    "Asked", "BooleanField", "CharField", "ChoiceField", "Cited", "Code", "DateField", "DateTimeField", "DecimalField",
    "DictField", "FileField", "IntegerField", "JSONField", "ListField", "Money", "Paged", "Said",
    "SerializerMethodField", "Shape", "UUIDField", "Words", "one_of",
]  # fmt: skip


def camel(name: str) -> str:
    """Return a name of ours as it travels."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


class Shape(serializers.Serializer):
    """The shape of something told."""

    def get_fields(self) -> dict[str, Field]:
        """Return the fields under the names by which they travel."""
        fields = {}
        for name, field in super().get_fields().items():
            if camel(name) != name and field.source is None:
                field.source = name
            fields[camel(name)] = field
        return fields


class Asked(Shape):
    """The shape of something asked: a member that is not known is a mistake, never passed over."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return what was asked, under our names."""
        known = super().to_internal_value(data)
        strangers = [name for name in data if name not in self.fields]
        if strangers:
            raise serializers.ValidationError({name: ["There is no such member."] for name in strangers})
        return known


class Paged(Shape):
    """The outside of a page; `next` is the address of the next one."""

    next = serializers.URLField(allow_null=True)

    @classmethod
    @cache
    def of(cls, shape: type[Shape]) -> type["Paged"]:
        """Return the page of such things."""
        return type(f"{shape.__name__}Page", (cls,), {"items": shape(many=True)})


@extend_schema_field(OpenApiTypes.STR)
class Said(Field):
    """A text of the catalogue, in the language the request asks for."""

    def __init__(self, **more: Any) -> None:
        super().__init__(read_only=True, **more)

    def to_representation(self, value: Mapping[str, str]) -> str:
        """Return the text."""
        return said(value) if value else ""


class Cited(CharField):
    """A legal basis, its acts told in the language the request asks for."""

    def to_representation(self, value: str) -> str:
        """Return the citation."""
        return cited(str(value)) if value else ""


class Words(CharField):
    """What a person wrote: without control characters and marks that turn the direction of what follows."""

    def __init__(self, *, most: int = 2000, **more: Any) -> None:
        super().__init__(max_length=most, **more)

    def to_internal_value(self, data: Any) -> str:
        """Return the text as it is kept."""
        text = unicodedata.normalize("NFC", super().to_internal_value(data))
        return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf"))


class Code(CharField):
    """A code of the catalogue."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"max_length": 120} | more)


class Money(DecimalField):
    """An amount, as a decimal text with two places."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **more)


def one_of(values: type[StrEnum] | tuple[str, ...] | Mapping[str, Any], **more: Any) -> ChoiceField:
    """Return a field that holds one of these codes."""
    return ChoiceField(choices=[(str(value), str(value)) for value in values], **more)
