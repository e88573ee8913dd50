"""Every address of the portal's doors, as the URLconf has it: for tests that must miss none."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

DOORS = ("portal.public", "portal.citizen", "portal.clerk", "portal.api")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Address:
    """One address, with places for ids: `my/cases/<uuid:case_id>/`."""

    route: str
    view: Callable[..., Any]

    def at(self, things: Mapping[str, object]) -> str:
        """Return the path with these things in its places."""
        return "/" + PLACE.sub(lambda place: str(things[place[2]]), self.route)

    @property
    def door(self) -> str:
        """Return the module it opens: `portal.citizen.home`."""
        return str((getattr(self.view, "cls", None) or self.view).__module__)

    @property
    def places(self) -> dict[str, str]:
        """Return the places in it, each with the kind of what goes there."""
        return {name: kind for kind, name in PLACE.findall(self.route)}


def every_address() -> Iterator[Address]:
    """Yield every address of our own doors."""
    for route, pattern in _patterns(get_resolver().url_patterns, ""):
        address = Address(route, pattern.callback)
        if address.door.startswith(DOORS):
            yield address


def _patterns(found: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _patterns(one.url_patterns, route)
        else:
            yield route, one
