"""The made-up prefecture that is foreseen: how many come, how they are, who works; read from a file of data."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from services.core.refusal import Mistake, Refusal

OURS = Path(__file__).with_name("prefecture.toml")
DAYS_OF_WEEK, HOURS_OF_DAY = 7, 24
Part = TypeVar("Part")


class PrefectureRefused(Refusal):
    """The file of the prefecture cannot be used; `errors` says where and why."""

    code = "prefecture_refused"
    sentence = "The file of the prefecture cannot be used."


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How many applications come, when, and for what."""

    applications_a_day: float
    first_day: date
    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    bundles: float
    programmes: Mapping[str, float]
    services: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How applicants are, in shares; and how long they take for their own part."""

    like_an_example: float
    known: float
    contradicted: float
    disputed: float
    flawed: float
    silent: float
    commit: float
    walk_in: float
    miss: float
    book_hours: float
    answer_days: float
    pay_hours: float
    unpaid: float
    early_minutes: float
    late: float
    late_minutes: float
    homes: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """How often each office's register is down, and for how long."""

    outages_a_month: float
    outage_hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """Who works in the offices, when, and how long a task takes them."""

    opens: str
    closes: str
    at_work: float
    officers: int
    against: float
    refused: float
    fetch_days: int
    minutes: Mapping[str, float]
    named: Mapping[str, int]

    def staff(self, organisation: str) -> int:
        """Return how many officers the organisation has."""
        return self.named.get(organisation, self.officers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """How steps at a window go."""

    pace: float
    failed: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefecture:
    """Everything that is assumed."""

    demand: Demand
    people: People
    registers: Registers
    offices: Offices
    counter: Counter


def read_prefecture(path: Path = OURS) -> Prefecture:
    """Return the prefecture of the file.

    :raises PrefectureRefused: with everything that is missing, unknown or of the wrong sort.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PrefectureRefused(
            errors=[Mistake("", "This cannot be read: {why}.", {"why": error})]
        ) from error
    return prefecture_from(tables)


def prefecture_from(tables: Mapping[str, Any]) -> Prefecture:
    """Return the prefecture that the tables describe.

    :raises PrefectureRefused: with everything that is missing, unknown or of the wrong sort.
    """
    mistakes: list[Mistake] = []
    parts = {
        one.name: _part(one.type, one.name, tables.get(one.name), mistakes) for one in fields(Prefecture)
    }
    mistakes += [Mistake(name, UNKNOWN) for name in tables if name not in parts]
    if not mistakes:
        mistakes += _nonsense(Prefecture(**parts))
    if mistakes:
        raise PrefectureRefused(errors=mistakes)
    return Prefecture(**parts)


UNKNOWN = "Nothing is known by this name here."


def _part(kind: type[Part], place: str, table: Any, mistakes: list[Mistake]) -> Part | None:
    if not isinstance(table, Mapping):
        mistakes.append(Mistake(place, "Write a table here."))
        return None
    wanted = {one.name: one.type for one in fields(kind)}  # type: ignore[arg-type]
    mistakes += [Mistake(f"{place}.{name}", UNKNOWN) for name in table.keys() - wanted.keys()]
    values = {}
    for name, sort in wanted.items():
        try:
            values[name] = _value(sort, table[name])
        except (KeyError, TypeError, ValueError):
            mistakes.append(Mistake(f"{place}.{name}", "This is missing, or of the wrong sort."))
    return kind(**values) if len(values) == len(wanted) else None


def _value(sort: Any, value: Any) -> Any:
    """Return the value as this sort of number, text, day, list or table of numbers."""
    if sort is date:
        return date.fromisoformat(value)
    if sort is str:
        hour, minute = value.split(":")
        return f"{int(hour):02}:{int(minute):02}"
    if isinstance(value, list):
        return tuple(map(_number, value))
    if isinstance(value, Mapping):
        return {key: _number(one) for key, one in value.items()}
    return int(_number(value)) if sort is int else _number(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError("a number that is not less than nothing")
    return value


SHARES = {
    "demand": ("bundles",),
    "people": (
        "like_an_example", "known", "contradicted", "disputed", "flawed", "silent", "commit", "walk_in", "miss",
        "unpaid", "late",
    ),
    "offices": ("at_work", "against", "refused"),
}  # fmt: skip
TASKS = {"acceptance", "review", "inspection", "decision", "concern"}


def _nonsense(found: Prefecture) -> Iterator[Mistake]:
    """Yield what is of the right sort, and cannot be."""
    for part, names in SHARES.items():
        for name in names:
            if getattr(getattr(found, part), name) > 1:
                yield Mistake(f"{part}.{name}", "A share lies between 0 and 1.")
    demand, offices = found.demand, found.offices
    conditions = {
        "demand.weekdays": len(demand.weekdays) == DAYS_OF_WEEK and any(demand.weekdays),
        "demand.hours": len(demand.hours) == HOURS_OF_DAY and any(demand.hours),
        "demand.applications_a_day": demand.applications_a_day > 0,
        "people.homes": any(found.people.homes.values()),
        "offices.closes": offices.opens < offices.closes and offices.at_work > 0,
        "offices.officers": min([offices.officers, *offices.named.values()]) > 0,
        "offices.minutes": offices.minutes.keys() >= TASKS,
    }
    sentences = {
        "demand.weekdays": "Write seven weights, from Monday to Sunday.",
        "demand.hours": "Write twenty-four weights, from midnight on.",
        "demand.applications_a_day": "Nobody ever applies.",
        "people.homes": "Say near which places people live.",
        "offices.closes": "Nobody is ever at work.",
        "offices.officers": "An office has an officer at least.",
        "offices.minutes": "Say for each task how long it takes: acceptance, review, inspection, decision, concern.",
    }
    yield from (Mistake(place, sentences[place]) for place, holds in conditions.items() if not holds)
