"""Reads JSON strictly: what two programs could read differently, or no database could keep, is refused at the door."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser

from portal.api.errors import BodyTooLarge, MalformedBody

DEEPEST = 20
LONGEST_NUMBER = 18  # digits that every database and every other program's whole numbers can hold
Json = Any


class StrictJSONParser(BaseParser):
    """Parses application/json in UTF-8, bounded in size and depth."""

    media_type = "application/json"

    def parse(
        self, stream: BinaryIO, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Json:
        """Return what was sent.

        :raises UnsupportedMediaType: for another character set than UTF-8.
        :raises BodyTooLarge, MalformedBody:
        """
        _check_charset(media_type or self.media_type)
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        return read_json(body)


def _check_charset(media_type: str) -> None:
    for parameter in media_type.split(";")[1:]:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(media_type)


def read_json(body: bytes) -> Json:
    """Return the value in a JSON text.

    :raises MalformedBody: for anything but one plain reading of it: other encodings, members twice, NaN, numbers
        beyond any column, nesting deeper than 20, NUL or half a character in a text.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_members,
            parse_constant=_no_number,
            parse_int=_whole_number,
            parse_float=_number,
        )
    except RecursionError:
        raise MalformedBody(_("This is nested too deeply.")) from None
    except ValueError:
        raise MalformedBody(_("This is not JSON in UTF-8 that can be read in one way only.")) from None
    _check(value)
    return value


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _no_number(text: str) -> Json:
    raise ValueError


def _whole_number(text: str) -> int:
    if len(text.lstrip("-")) > LONGEST_NUMBER:
        raise ValueError
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError
    return number


def _check(value: Json) -> None:
    """Look at every level and every text, without recursion."""
    level = [value]
    for _depth in range(DEEPEST):
        for text in _texts(level):
            _check_text(text)
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return
    raise MalformedBody(_("This is nested too deeply."))


def _inside(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _texts(level: list[Json]) -> Iterator[str]:
    for value in level:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value


def _check_text(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedBody(_("A text contains half a character.")) from None
    if "\x00" in text:
        raise MalformedBody(_("A text contains a NUL character."))
