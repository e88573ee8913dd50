"""Whose turn it is at a window of a centre, and about how long the others will wait (R6.7, R6.8).

Whoever booked and is there in time is called first at their time; who comes later than the grace, and whoever did not
book, in the order in which they came. A window that is kept for whoever comes without booking takes these first. A
window calls nobody whom it would still be serving when it is promised to somebody else.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import itemgetter

from services.core.appointments import Need, Window
from services.core.refusal import Kind, Refusal

# Minutes that a question takes, for which nobody needs to have applied.
QUESTION = 10
# What a booking is told by at the reception: nothing that is misread.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8


class TicketState(StrEnum):
    """Where somebody with a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    LEFT = "left"


# Who is called and does not come waits again, in the place they had; from one window they may be sent on to another.
MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    TicketState.WAITING: frozenset({TicketState.CALLED, TicketState.LEFT}),
    TicketState.CALLED: frozenset({TicketState.SERVING, TicketState.WAITING, TicketState.LEFT}),
    TicketState.SERVING: frozenset({TicketState.WAITING, TicketState.DONE}),
    TicketState.DONE: frozenset(),
    TicketState.LEFT: frozenset(),
}
OPEN = frozenset(state for state, ahead in MOVES.items() if ahead)


class TicketCannotMove(Refusal):
    """A colleague called it, or it is over."""

    code = "ticket_cannot_move"
    kind = Kind.CONFLICT
    sentence = "This ticket is “{before}”; it cannot become “{after}” now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who waits: since which minute past midnight, for what (nothing: a question), and when they booked.

    `passed`: they did not come when they were called last, and the next turn is another's.
    """

    number: int
    arrived: int
    needs: tuple[Need, ...] = ()
    due: int | None = None
    passed: bool = False

    def in_time(self, grace: int) -> bool:
        """Say whether they booked and came no later than the grace after their time."""
        return self.due is not None and self.arrived <= self.due + grace

    def minutes_at(self, window: Window) -> int:
        """Return how long they would be at the window; nothing if it can do nothing for them."""
        if not self.needs:
            return QUESTION
        return sum(need.minutes for need in self.needs if window.can_take(need))


@dataclass(frozen=True, slots=True)
class Promise:
    """A window promised from a minute on: to whoever has this ticket, or to somebody who is not there yet (0)."""

    window: str
    starts: int
    number: int = 0


class Promises:
    """The promises of a day by window, in the order of their minutes: the next one is found without a look at all."""

    def __init__(self, promises: Collection[Promise]) -> None:
        self._of: dict[str, list[tuple[int, int]]] = {}
        for one in promises:
            self._of.setdefault(one.window, []).append((one.starts, one.number))
        for ahead in self._of.values():
            ahead.sort()

    def next(self, window: str, after: int, *, number: int = 0) -> int | None:
        """Return the first minute after this one that is promised at the window, but not to this ticket."""
        ahead = self._of.get(window, [])
        for place in range(bisect_right(ahead, after, key=itemgetter(0)), len(ahead)):
            starts, promised_to = ahead[place]
            if not number or promised_to != number:
                return starts
        return None


@dataclass(frozen=True, slots=True)
class Desk:
    """A window that is open, and the minute from which it is free."""

    window: Window
    free_from: int


def check_ticket_move(*, before: TicketState, after: TicketState) -> None:
    """Do nothing if the ticket may go from one state to the other.

    :raises TicketCannotMove: otherwise.
    """
    if after not in MOVES[before]:
        raise TicketCannotMove(before=before, after=after)


def booking_code(value: int) -> str:
    """Return the short code of an appointment, from its id taken as a number."""
    digits = []
    for _ in range(CODE_LENGTH):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(digits)


def in_turn(
    waiting: Collection[Waiting], *, now: int, grace: int, walk_ins_first: bool = False
) -> list[Waiting]:
    """Return who waits in the order in which they are called: whose booked time has come, others, who is early."""

    def place(one: Waiting) -> tuple[int, int, int]:
        if not one.in_time(grace):
            return (0 if walk_ins_first else 1, one.arrived, one.number)
        due = one.due or 0
        return (3 if due > now else 0 if not walk_ins_first else 2, due, one.number)

    return sorted(waiting, key=place)


def next_ticket(
    window: Window, waiting: Collection[Waiting], *, now: int, grace: int, promises: Collection[Promise] = ()
) -> Waiting | None:
    """Return who is called to the window now, of those for whom it can do something; None if nobody is.

    Whoever did not come when they were called last is called again only if the window can take nobody else.
    """
    return _next(window, waiting, now, grace, Promises(promises))


def _next(
    window: Window, waiting: Collection[Waiting], now: int, grace: int, promises: Promises
) -> Waiting | None:
    turn = in_turn(waiting, now=now, grace=grace, walk_ins_first=window.for_walk_ins)
    turn.sort(key=lambda one: one.passed)
    return next((one for one in turn if _may_begin(window, one, now, grace, promises)), None)


def _may_begin(window: Window, one: Waiting, now: int, grace: int, promises: Promises) -> bool:
    minutes = one.minutes_at(window)
    if not minutes:
        return False
    if one.in_time(grace) and (one.due or 0) <= now:
        return True
    ahead = promises.next(window.code, now, number=one.number)
    return ahead is None or now + minutes <= ahead


def waits(
    waiting: Collection[Waiting],
    desks: Collection[Desk],
    *,
    now: int,
    grace: int,
    promises: Collection[Promise] = (),
) -> Mapping[int, int | None]:
    """Return by ticket in about how many minutes it is called; None if no window that is open can take it.

    The windows go on calling by the same rule, each once it is free, and everybody takes the minutes they need.
    """
    found: dict[int, int | None] = {one.number: None for one in waiting}
    for number, minute in _calls(list(waiting), list(desks), now, grace, Promises(promises)):
        found[number] = minute - now
    return found


def _calls(
    left: list[Waiting], desks: list[Desk], now: int, grace: int, promises: Promises
) -> Iterator[tuple[int, int]]:
    """Yield who is called, and at which minute, until nobody is left whom an open window can take."""
    while left and desks:
        desk = min(desks, key=lambda one: (max(one.free_from, now), one.window.code))
        desks.remove(desk)
        at = max(desk.free_from, now)
        called = _next(desk.window, left, at, grace, promises)
        if called is not None:
            left = [replace(one, passed=False) if one.passed else one for one in left if one is not called]
            desks.append(Desk(desk.window, at + called.minutes_at(desk.window)))
            yield called.number, at
        elif later := _something_new(desk.window, left, at, promises):
            desks.append(Desk(desk.window, later))


def _something_new(window: Window, left: Sequence[Waiting], at: int, promises: Promises) -> int:
    """Return the next minute at which the window may call somebody it does not call now; 0 if there is none."""
    dues = [one.due for one in left if one.due is not None and one.due > at and one.minutes_at(window)]
    ahead = promises.next(window.code, at)
    able = any(one.minutes_at(window) for one in left)
    return min([*dues, *([ahead] if ahead is not None else [])], default=0) if able else 0
