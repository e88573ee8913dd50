"""The line as a call screen shows it: worked out once for all who look, as long as nobody in it moves (R6.8)."""

from dataclasses import astuple, dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Max, Q, Sum

from services import clock
from services.core.tickets import OPEN, TicketState
from services.visits.models import Ticket
from services.visits.queries.tickets import line

# Of what moves none in the line (a time booked for later today) a screen learns this late.
SECONDS_KEPT = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A number on the screen, and to which window it is called or in about how many minutes it will be."""

    number: int
    state: str
    window: str
    minutes: int | None


def shown_line(*, centre: str, now: datetime) -> tuple[Shown, ...]:
    """Return everybody who is there as `line` does, but only what is nobody's: it is kept for all who look.

    While Valkey is away it is worked out for each.

    :raises NoSuchCentre:
    """
    key = f"line:{centre}:{now:%FT%R}:{_mark(centre, now)}"
    kept = cache.get(key)
    if kept is None:
        found = line(centre=centre, now=now)
        kept = [astuple(Shown(one.number, one.state, one.window, one.minutes)) for one in found]
        cache.set(key, kept, timeout=SECONDS_KEPT)
    return tuple(Shown(*one) for one in kept)


def _mark(centre: str, now: datetime) -> str:
    """Return what is another as soon as anybody comes, is called, is at a window, or goes; in one small question."""
    rows = Ticket.objects.filter(centre=centre, on=clock.legal_day(now), state__in=OPEN)
    found = rows.aggregate(
        there=Count("id"),
        last=Max("number"),
        moved=Max("state_at"),
        called=Sum("number", filter=Q(state=TicketState.CALLED)),
        serving=Sum("number", filter=Q(state=TicketState.SERVING)),
        windows=Sum("window_id"),
        passed=Count("id", filter=Q(is_passed=True)),
    )
    return "/".join(f"{one.timestamp()}" if isinstance(one, datetime) else str(one) for one in found.values())
