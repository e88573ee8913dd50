"""One visit for everything: which centre, day and time take all that somebody is awaited for, in one attendance."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from services.core.appointments import Centre, Need, Slot, Span, Taken, minute_of
from services.core.clocks import CalendarNotPublished, WorkCalendar
from services.core.timetable import fitting_centres, visits_on

Matter = TypeVar("Matter")
# Minutes: a place whose way is not told counts as a day away.
UNKNOWN_WAY = 1440


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One counter step of one case: what for, who must come, and between which days.

    `ready_on`: before it, what must come first is not expected to be there. `last_on`: None if nothing presses.
    """

    case: str
    need: Need
    persons: frozenset[str]
    ready_on: date
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is known when a visit is sought: the places, and when their windows and the visitors are taken.

    `taken` by centre and day, `busy` by person and day. `minutes_away` by centre: how far it is for the visitor,
    where they said it.
    """

    centres: Sequence[Centre]
    calendar: WorkCalendar
    taken: Mapping[tuple[str, date], Collection[Taken]] = field(default_factory=dict)
    busy: Mapping[tuple[str, date], Collection[Span]] = field(default_factory=dict)
    minutes_away: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """A visit that could be booked, and what speaks for it: of all found the earliest, nearest, or least waiting."""

    centre: str
    slot: Slot
    because: tuple[str, ...] = ()


def joint_days(calls: Sequence[Call], from_day: date, days: int) -> Iterator[date]:
    """Yield the days, of so many from a day on, on which every step of the visit is ready and none is too late."""
    first = max([from_day, *(call.ready_on for call in calls)])
    last = min([from_day + timedelta(days=days - 1), *(call.last_on for call in calls if call.last_on)])
    for distance in range((last - first).days + 1):
        yield first + timedelta(days=distance)


def together(
    matters: Mapping[Matter, Sequence[Call]], centres: Sequence[Centre]
) -> tuple[tuple[Matter, ...], ...]:
    """Return the matters as the fewest visits that the places allow; what no place can take stands in none.

    A matter is never divided: all its calls are one visit. Everything is one visit if one centre can do it all;
    otherwise as few centres as can do it share it, and the centre that can do most takes what several could.
    """
    able = {
        centre.code: frozenset(
            matter
            for matter, calls in matters.items()
            if fitting_centres([one.need for one in calls], [centre])
        )
        for centre in centres
    }
    left, visits = frozenset[Matter]().union(*able.values()), []
    for chosen in _fewest(able, left):
        mine = able[chosen] & left
        left -= mine
        if mine:
            visits.append(tuple(matter for matter in matters if matter in mine))
    return tuple(visits)


def _fewest(able: Mapping[str, frozenset[Matter]], wanted: frozenset[Matter]) -> tuple[str, ...]:
    """Return the fewest centres that together can do all that is wanted, the most able first."""
    frontier: dict[frozenset[Matter], tuple[str, ...]] = {frozenset(): ()}
    while wanted not in frontier:
        wider: dict[frozenset[Matter], tuple[str, ...]] = {}
        for done, chosen in frontier.items():
            for code, mine in able.items():
                wider.setdefault(done | mine, (*chosen, code))
        frontier = wider
    return tuple(sorted(frontier[wanted], key=lambda code: (-len(able[code]), code)))


def compose(
    calls: Sequence[Call], situation: Situation, *, from_day: date, days: int, most: int = 3, after: int = -1
) -> tuple[Offer, ...]:
    """Return the best few visits that do all the calls at once, and why each is offered; none if there is no such time.

    `after`: on the first day, minutes past midnight that have gone by. The earliest, the nearest and the one with
    least waiting come first, then the next earliest ones on days of their own.
    """
    fitting = _fitting(calls, situation)
    found: list[Offer] = []
    for day in joint_days(calls, from_day, days) if fitting else ():
        for centre in fitting:
            slots = _slots(centre, calls, day, situation)
            passed = after if day == from_day else -1
            found += _best_of_day(centre.code, (one for one in slots if minute_of(one.starts) > passed))
        if len({one.slot.day for one in found}) > most and _is_settled(found, situation, fitting):
            break
    return _best_few(found, situation.minutes_away, most)


def visits(
    calls: Sequence[Call], situation: Situation, from_day: date, days: int
) -> Iterator[tuple[str, Slot]]:
    """Yield every visit that does all the calls at once, with its centre, on so many days from a day on."""
    for centre in _fitting(calls, situation):
        for day in joint_days(calls, from_day, days):
            for slot in _slots(centre, calls, day, situation):
                yield centre.code, slot


def open_days(
    calls: Sequence[Call], situation: Situation, from_day: date, days: int, *, after: int = -1
) -> Iterator[date]:
    """Yield the days, of so many from a day on, on which some visit does all the calls at once.

    `after`: on the first day, minutes past midnight that have gone by. No day is looked through beyond its first visit.
    """
    fitting = _fitting(calls, situation)
    for day in joint_days(calls, from_day, days) if fitting else ():
        passed = after if day == from_day else -1
        slots = (slot for centre in fitting for slot in _slots(centre, calls, day, situation))
        if any(minute_of(slot.starts) > passed for slot in slots):
            yield day


def _fitting(calls: Sequence[Call], situation: Situation) -> list[Centre]:
    return [one for one in situation.centres if all(one.windows_for(call.need) for call in calls)]


def _slots(centre: Centre, calls: Sequence[Call], day: date, situation: Situation) -> Iterator[Slot]:
    """Yield the day's visits, if its calendar is published, at times at which all who must come are free."""
    needs = [call.need for call in calls]
    persons = frozenset[str]().union(*(call.persons for call in calls))
    busy = [span for person in persons for span in situation.busy.get((person, day), ())]
    taken = situation.taken.get((centre.code, day), ())
    try:
        yield from visits_on(centre, needs, day, taken, situation.calendar, busy=busy)
    except CalendarNotPublished:
        return


def _best_of_day(centre: str, slots: Iterable[Slot]) -> list[Offer]:
    """Return the first visit of the day at the centre, and the first with the least waiting."""
    best: list[Offer] = []
    for slot in slots:
        if not best or slot.waiting < best[-1].slot.waiting:
            best.append(Offer(centre, slot))
        if slot.waiting == 0:
            break
    return [*best[:1], *best[1:][-1:]]


def _is_settled(found: Sequence[Offer], situation: Situation, fitting: Sequence[Centre]) -> bool:
    """Say whether no later day can be nearer or have less waiting."""
    away = situation.minutes_away
    nearest = min(away.get(one.code, UNKNOWN_WAY) for one in fitting)
    return any(one.slot.waiting == 0 for one in found) and any(
        away.get(one.centre, UNKNOWN_WAY) == nearest for one in found
    )


def _best_few(found: Sequence[Offer], away: Mapping[str, int], most: int) -> tuple[Offer, ...]:
    reasons = {
        "earliest": min(found, key=lambda one: _when(one), default=None),
        "least_waiting": min(found, key=lambda one: (one.slot.waiting, *_when(one)), default=None),
    }
    if away:
        reasons["nearest"] = min(
            found, key=lambda one: (away.get(one.centre, UNKNOWN_WAY), *_when(one)), default=None
        )
    chosen = [one for one in dict.fromkeys(reasons.values()) if one is not None]
    days = {one.slot.day for one in chosen}
    for one in sorted(found, key=_when):
        if len(chosen) < most and one.slot.day not in days:
            chosen.append(one)
            days.add(one.slot.day)
    told = (
        Offer(one.centre, one.slot, tuple(name for name, best in reasons.items() if best == one))
        for one in chosen[:most]
    )
    return tuple(sorted(told, key=_when))


def _when(one: Offer) -> tuple[date, int, str]:
    return one.slot.day, minute_of(one.slot.ends), one.centre
