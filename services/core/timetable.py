"""How one centre can take a visit on one day: every need at a window, in the order that is over first.

From any moment on, the earliest end of a need is known, and who begins later never ends earlier. So of every set of
needs only the least waiting until it is done matters; needs that are alike count as one.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import heappop, heappush

from services.core.appointments import (
    MONDAY,
    Centre,
    Leg,
    Need,
    Slot,
    Span,
    Taken,
    Window,
    minute_of,
    time_of,
)
from services.core.clocks import DayKind, WorkCalendar

# Minutes: nobody is offered a visit in which they wait longer than this between its windows.
LONGEST_WAIT = 30


def visits_on(
    centre: Centre,
    needs: Sequence[Need],
    day: date,
    taken: Collection[Taken],
    calendar: WorkCalendar,
    *,
    busy: Sequence[Span] = (),
) -> Iterator[Slot]:
    """Yield, by their beginnings, the visits for these needs that the centre could still take on the day.

    From each beginning the one that is over first; none in which somebody waits longer than `LONGEST_WAIT` in all, and
    none at minutes at which whoever comes is `busy`.

    :raises CalendarNotPublished: for a day of a year that is not published.
    """
    hours = hours_on(centre, day, calendar)
    if needs and hours:
        yield from _Day(centre, tuple(needs), hours, taken).visits(day, busy)


def hours_on(centre: Centre, day: date, calendar: WorkCalendar) -> dict[str, tuple[Span, ...]]:
    """Return, by window, when it is open on the day; nothing on holidays and while the place is closed.

    A make-up workday keeps Monday's hours where a window has none of its own.

    :raises CalendarNotPublished: for a day of a year that is not published.
    """
    kind = calendar.kind_of(day)
    if kind is DayKind.HOLIDAY or centre.is_closed(day):
        return {}
    spare = MONDAY if kind is DayKind.MAKEUP_WORKDAY else None
    return {
        one.code: one.hours_on(day.isoweekday(), spare) for one in centre.windows if not one.is_closed(day)
    }


def fitting_centres(needs: Sequence[Need], centres: Iterable[Centre]) -> tuple[Centre, ...]:
    """Return the centres that can take all the counter steps of one visit, in the order given.

    It is not enough that each step finds a window: on some weekday all must find room one after another.
    """
    return tuple(centre for centre in centres if _fits(centre, tuple(needs)))


def _fits(centre: Centre, needs: tuple[Need, ...]) -> bool:
    if not all(centre.windows_for(need) for need in needs):
        return False
    weeks = (
        _Day(centre, needs, {one.code: one.hours_on(weekday) for one in centre.windows}, ())
        for weekday in range(1, 8)
    )
    return not needs or any(True for one in weeks for _ in one.visits(date.min, ()))


@dataclass(frozen=True, eq=False)
class _Kind:
    """Needs that are alike for whoever seeks a time: the same windows can take them, and they last as long.

    `firsts` and `lasts`: the minutes at which one of them can begin, span by span.
    """

    needs: tuple[Need, ...]
    windows: tuple[Window, ...]
    minutes: int
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def begin(self, at: int) -> int | None:
        """Return the first minute from `at` on at which one can begin, None if there is none."""
        place = bisect_right(self.firsts, at)
        if place and at <= self.lasts[place - 1]:
            return at
        return self.firsts[place] if place < len(self.firsts) else None


# What has begun, the last first: its kind by number, and when.
_Order = tuple[int, int, "_Order"] | None


@dataclass(frozen=True)
class _Day:
    """One centre on one day: when each of its windows is open and what is taken, and what the visit needs."""

    centre: Centre
    needs: tuple[Need, ...]
    hours: Mapping[str, tuple[Span, ...]]
    taken: Collection[Taken]

    @cached_property
    def free(self) -> Mapping[str, tuple[Span, ...]]:
        """Return, by window, the spans in which it is open and promised to nobody."""
        held: dict[str, list[Span]] = {}
        for one in self.taken:
            held.setdefault(one.window, []).append((minute_of(one.starts), minute_of(one.ends)))
        return {
            code: tuple(_without(spans, sorted(held.get(code, ())))) for code, spans in self.hours.items()
        }

    @cached_property
    def kinds(self) -> tuple[_Kind, ...]:
        """Return the needs of the visit, those that are alike as one."""
        alike: dict[tuple[tuple[str, ...], int], list[Need]] = {}
        for need in self.needs:
            windows = tuple(one.code for one in self.centre.windows_for(need))
            alike.setdefault((windows, need.minutes), []).append(need)
        return tuple(self._kind(needs) for needs in alike.values())

    def _kind(self, needs: Sequence[Need]) -> _Kind:
        windows, minutes = self.centre.windows_for(needs[0]), needs[0].minutes
        spans = (span for one in windows for span in self.free.get(one.code, ()))
        begins = _joined((opens, closes - minutes) for opens, closes in spans if closes - opens >= minutes)
        return _Kind(tuple(needs), windows, minutes, *begins)

    def visits(self, day: date, busy: Sequence[Span]) -> Iterator[Slot]:
        """Yield the visits of the day by their beginnings, in whose time nobody who comes is elsewhere."""
        if not all(kind.firsts for kind in self.kinds):
            return
        for starts in self._grid():
            order = self._order(starts)
            if order and not _meets(busy, starts, order[1] + self.kinds[order[0]].minutes):
                yield Slot(day, tuple(self._legs(order)))

    def _grid(self) -> list[int]:
        """Return the minutes at which visits may begin: by the rhythm of a window that can take a need first."""
        windows = {one.code: one for kind in self.kinds for one in kind.windows}
        return sorted(
            {
                start
                for code, window in windows.items()
                for opens, closes in self.hours.get(code, ())
                for start in range(opens, closes, window.minutes)
            }
        )

    def _order(self, starts: int) -> _Order:
        """Return what begins when, with the least waiting if the visit begins then; None if that is too long.

        The least waiting until a set of needs is done is final when it is looked at (Dijkstra), deeper sets first.
        """
        nothing = (0,) * len(self.kinds)
        found: dict[tuple[int, ...], tuple[int, _Order]] = {nothing: (0, None)}
        ahead = [(0, len(self.needs), nothing)]
        while ahead:
            waited, left, done = heappop(ahead)
            order = found[done][1]
            if not left:
                return order
            at = starts + waited + self._work(done)
            for n, begins in self._next(done, at, latest=at + LONGEST_WAIT - waited if order else starts):
                after, waits = (*done[:n], done[n] + 1, *done[n + 1 :]), waited + begins - at
                if after not in found or waits < found[after][0]:
                    found[after] = waits, (n, begins, order)
                    heappush(ahead, (waits, left - 1, after))
        return None

    def _next(self, done: Sequence[int], at: int, *, latest: int) -> Iterator[tuple[int, int]]:
        """Yield what can follow, by the number of its kind, and when it begins."""
        for n, kind in enumerate(self.kinds):
            begins = kind.begin(at) if done[n] < len(kind.needs) else None
            if begins is not None and begins <= latest:
                yield n, begins

    def _work(self, done: Sequence[int]) -> int:
        return sum(count * kind.minutes for count, kind in zip(done, self.kinds, strict=True))

    def _legs(self, order: _Order) -> list[Leg]:
        """Return the steps in this order; whoever sits at a window is not sent to another without need."""
        waiting = [list(kind.needs) for kind in self.kinds]
        legs: list[Leg] = []
        for n, begins in _in_time(order):
            kind = self.kinds[n]
            ends = begins + kind.minutes
            able = [one.code for one in kind.windows if _within(self.free.get(one.code, ()), begins, ends)]
            here = legs[-1].window if legs and legs[-1].window in able else able[0]
            legs.append(Leg(waiting[n].pop(0), here, time_of(begins), time_of(ends)))
        return legs


def _in_time(order: _Order) -> list[tuple[int, int]]:
    begun = []
    while order is not None:
        n, begins, order = order
        begun.append((n, begins))
    return begun[::-1]


def _without(spans: Iterable[Span], held: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of the spans when the sorted ones that are held are taken out."""
    for opens, closes in spans:
        at = opens
        for starts, ends in held:
            if at < min(starts, closes):
                yield at, min(starts, closes)
            at = max(at, ends)
        if at < closes:
            yield at, closes


def _joined(spans: Iterable[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the firsts and lasts of the spans, those that meet made one."""
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in sorted(spans):
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return tuple(firsts), tuple(lasts)


def _within(spans: Iterable[Span], starts: int, ends: int) -> bool:
    return any(opens <= starts and ends <= closes for opens, closes in spans)


def _meets(spans: Iterable[Span], starts: int, ends: int) -> bool:
    return any(begins < ends and starts < finishes for begins, finishes in spans)
