"""Lists in pages: each page links to the next by the last thing on it, so that no page is ever counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

USUAL, MOST = 25, 100


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `next` is the address of the next one, None on the last."""

    items: Sequence[Any]
    next: str | None = None


def page(
    request: HttpRequest, find: Callable[[int], Sequence[Any]], *, limit: int, mark: str, last: str = "id"
) -> Page:
    """Return a page of what `find(limit)` finds; the next page begins at `?<mark>=<last of this one>`."""
    found = find(limit + 1)
    items = found[:limit]
    if len(found) <= limit:
        return Page(items)
    query = request.GET.copy()
    query[mark] = str(getattr(items[-1], last))
    return Page(items, request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))
