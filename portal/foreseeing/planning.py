"""How many officers and windows a target takes: searched by letting the same people come again and again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from portal.foreseeing.places import group
from portal.foreseeing.prefecture import Prefecture
from portal.foreseeing.tally import Tally, Work
from portal.foreseeing.world import Catalogue, World
from services.core.appointments import Centre, Window

# The share of their time that people can be at work on cases without a queue that grows: a beginning for the search.
FULL = 0.85
MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted: the share decided on time, and how long 95 of 100 wait, in minutes and for an appointment."""

    on_time: float = 0.95
    minutes: int = 15
    days: int = 3
    of_people: float = 0.95


@dataclass(frozen=True, slots=True)
class Plan:
    """Officers by office and windows by group: as they are, as they are needed, and what came of it in the sample."""

    officers: Mapping[str, tuple[int, int]]
    windows: Mapping[str, tuple[int, int]]
    tally: Tally
    met: bool
    rounds: int


def plan(catalogue: Catalogue, prefecture: Prefecture, target: Target, *, seed: str, sample: int) -> Plan:
    """Return the officers and windows that the target takes; the same people come in every round."""
    before = World(catalogue, prefecture, seed).run(sample)
    officers = {code: _needed(one) for code, one in before.offices.items()}
    windows = {code: _needed(one) for code, one in before.windows.items()}
    rounds, is_short = 0, True
    while is_short and rounds < MOST_ROUNDS:
        rounds += 1
        centres = with_windows(catalogue.centres, windows)
        tally = World(replace(catalogue, centres=centres), with_officers(prefecture, officers), seed).run(
            sample
        )
        more_officers, more_windows = list(_short_offices(tally, target)), list(_short_windows(tally, target))
        is_short = bool(more_officers or more_windows)
        if is_short and rounds < MOST_ROUNDS:
            officers |= {code: officers[code] + max(1, officers[code] // 10) for code in more_officers}
            windows |= {code: windows[code] + 1 for code in more_windows}
    return Plan(
        officers={code: (one.places, officers[code]) for code, one in sorted(before.offices.items())},
        windows={code: (one.places, windows[code]) for code, one in sorted(before.windows.items())},
        tally=tally,
        met=is_met(tally, target),
        rounds=rounds,
    )


def is_met(tally: Tally, target: Target) -> bool:
    """Return whether the run was as good as wanted."""
    waits = tally.at_counter.share(target.minutes), tally.of_walk_ins.share(target.minutes)
    soon = tally.to_appointment.share(target.days)
    return tally.share_on_time >= target.on_time and min(*waits, soon) >= target.of_people


def _needed(one: Work) -> int:
    """Return how many can do all that was asked of them, with some time to spare."""
    a_place = one.there / one.places if one.places else 0
    return max(1, ceil(one.asked / (a_place * FULL))) if a_place and one.asked else one.places


def _short_offices(tally: Tally, target: Target) -> Iterator[str]:
    """Yield the offices that are late too often; the one with most late work, if all keep their days and it is late."""
    late = [code for code, one in tally.offices.items() if one.late > (1 - target.on_time) * one.tasks]
    if not late and tally.share_on_time < target.on_time:
        late = sorted(tally.offices, key=lambda code: -tally.offices[code].used)[:3]
    yield from late


def _short_windows(tally: Tally, target: Target) -> Iterator[str]:
    """Yield the windows at which people wait too long, and the fullest where an appointment is too far ahead."""
    far = tally.to_appointment.share(target.days) < target.of_people
    fullest = max(tally.windows, key=lambda code: tally.windows[code].used, default="")
    for code, one in tally.windows.items():
        waits = one.waited.share(target.minutes) < target.of_people
        if waits or (far and (one.used > FULL or code == fullest)):
            yield code


def with_officers(prefecture: Prefecture, officers: Mapping[str, int]) -> Prefecture:
    """Return the prefecture with so many officers in each office."""
    named = {**prefecture.offices.named, **officers}
    return replace(prefecture, offices=replace(prefecture.offices, named=named))


def with_windows(centres: Sequence[Centre], numbers: Mapping[str, int]) -> tuple[Centre, ...]:
    """Return the centres with so many windows of each group, each like the first of its group."""
    return tuple(replace(one, windows=tuple(_windows(one.windows, numbers))) for one in centres)


def _windows(windows: Sequence[Window], numbers: Mapping[str, int]) -> Iterator[Window]:
    groups: dict[str, list[Window]] = {}
    for one in windows:
        groups.setdefault(group(one), []).append(one)
    used: dict[str, int] = {}
    for code, alike in groups.items():
        name = alike[0].code.rsplit("-", 1)[0]
        for _ in range(numbers.get(code, len(alike))):
            used[name] = used.get(name, 0) + 1
            yield replace(alike[0], code=f"{name}-{used[name]}")
