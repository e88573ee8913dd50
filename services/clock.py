"""The legal clock: the only place the rooms and doors take `now` from, and the law's calendar beside it.

It is the real time, except that a demonstration may move it ahead. The shift is one row, `legal_clock`,
shared by all processes; its record is `services.ledger.models.ClockShift`, because this file stands below the
rooms and asks PostgreSQL directly. In production there is no shift, and the row is not even looked at.
"""

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from services.core import clocks
from services.core.clocks import WorkCalendar
from services.core.jurisdiction import ClockProfile, Law, law_from
from services.core.refusal import Kind, Refusal

OPENING = time(9)
NO_SHIFT = timedelta(0)


class ClockNotShifted(Refusal):
    """The legal clock stays as it is; `reason` says why."""

    code = "clock_not_shifted"
    kind = Kind.CONFLICT
    sentence = "The legal clock was not moved: {reason}"


def now() -> datetime:
    """Return the legal moment, in UTC."""
    return datetime.now(UTC) + _shift()


def today() -> date:
    """Return the legal day, in the jurisdiction's zone (R13.6)."""
    return legal_day(now())


def legal_day(moment: datetime) -> date:
    """Return the day a moment belongs to, in the jurisdiction's zone."""
    return clocks.civil_date(moment, zone())


def shift(*, days: int) -> datetime:
    """Move the legal clock ahead by whole days and return the new moment.

    :raises ClockNotShifted: in production, and for less than a day: the law's time does not run back.
    """
    _may_shift()
    if days < 1:
        raise ClockNotShifted(reason="it only moves ahead, by one day or more.")
    moved = "UPDATE SET shift = legal_clock.shift + excluded.shift"
    _write(timedelta(days=days), on_conflict=moved)
    return now()


def start_on(*, day: date) -> datetime:
    """Set the legal clock, once, to nine o'clock of a day and return that moment.

    :raises ClockNotShifted: in production, and if it was set or moved before.
    """
    _may_shift()
    start = datetime.combine(day, OPENING, tzinfo=zone())
    if not _write(start - datetime.now(UTC), on_conflict="NOTHING"):
        raise ClockNotShifted(reason="it has been set before; it can only be moved ahead.")
    return now()


def profile() -> ClockProfile:
    """Return the numbers of the law in this jurisdiction."""
    return _jurisdiction(settings.CATALOGUE_DIR).profile


def calendar() -> WorkCalendar:
    """Return the published calendar of working days."""
    return _jurisdiction(settings.CATALOGUE_DIR).calendar


def zone() -> ZoneInfo:
    """Return the zone in which legal days begin and end."""
    return ZoneInfo(profile().zone)


@lru_cache(maxsize=4)
def _jurisdiction(folder: str | Path) -> Law:
    return law_from(tomllib.loads((Path(folder) / "jurisdiction.toml").read_text(encoding="utf-8")))


def _is_fixed() -> bool:
    return settings.PRODUCTION or not settings.ALLOW_CLOCK_SHIFT


def _may_shift() -> None:
    if _is_fixed():
        raise ClockNotShifted(reason="in production the law's time is the real time.")


def _shift() -> timedelta:
    if _is_fixed():
        return NO_SHIFT
    with connection.cursor() as cursor:
        cursor.execute("SELECT shift FROM legal_clock")
        row = cursor.fetchone()
    return row[0] if row else NO_SHIFT


def _write(length: timedelta, *, on_conflict: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            # Both endings are written above; nothing of them comes from outside.
            "INSERT INTO legal_clock (id, shift) VALUES (1, %s) ON CONFLICT (id) DO " + on_conflict,  # noqa: S608
            [length],
        )
        return cursor.rowcount == 1
