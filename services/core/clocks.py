"""Legal time: which day a limit ends on, by which calendar, and why each day counted or did not."""

import calendar as civil_calendar
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from services.core.refusal import Kind, Refusal

ONE_DAY = timedelta(days=1)
NO_DAYS: frozenset[date] = frozenset()


class CalendarNotPublished(Refusal):
    """Nobody has yet published which days of the year are worked (R13.3)."""

    code = "calendar_not_published"
    kind = Kind.CONFLICT
    sentence = "The calendar of working days for {year} has not been published yet."


class DayKind(StrEnum):
    """Why a day counts, or does not."""

    FIRST_DAY = "first day"
    WORKING_DAY = "working day"
    MAKEUP_WORKDAY = "make-up workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"


WORKED = frozenset({DayKind.WORKING_DAY, DayKind.MAKEUP_WORKDAY})


class Unit(StrEnum):
    """What a limit is counted in (R13.7)."""

    WORKING_DAY = "wd"
    CALENDAR_DAY = "cal"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of legal time, such as 20 working days or 6 months."""

    amount: int
    unit: Unit = Unit.WORKING_DAY

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("a limit cannot be shorter than nothing")


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """The days off and the make-up workdays that the yearly notice names."""

    holidays: frozenset[date]
    makeup_workdays: frozenset[date]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days on which the offices of a jurisdiction work. Only the years listed are published."""

    years: Mapping[int, PublishedYear]
    rest_weekdays: frozenset[int] = frozenset({6, 7})  # ISO: Monday is 1
    presumes: bool = False

    @property
    def published_years(self) -> frozenset[int]:
        """The years whose working days are known."""
        return frozenset(self.years)

    def kind_of(self, day: date) -> DayKind:
        """Return what sort of day it is (R13.1).

        :raises CalendarNotPublished: for a day of a year that is not listed.
        """
        published = self.years.get(day.year)
        if published is None and not self.presumes:
            raise CalendarNotPublished(year=day.year)
        if published is not None and day in published.makeup_workdays:
            return DayKind.MAKEUP_WORKDAY
        if published is not None and day in published.holidays:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.isoweekday() in self.rest_weekdays else DayKind.WORKING_DAY

    def is_working(self, day: date) -> bool:
        """Say whether the offices work on that day.

        :raises CalendarNotPublished: for a day of a year that is not listed.
        """
        return self.kind_of(day) in WORKED

    def presuming(self) -> "WorkCalendar":
        """Return this calendar with every week of an unpublished year worked as an ordinary one.

        What is computed with it is provisional, and must be shown as such.
        """
        return replace(self, presumes=True)


@dataclass(frozen=True, slots=True)
class Day:
    """One line of an explanation: whether the day counted, and why."""

    on: date
    counted: bool
    why: DayKind


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a limit; provisional while a calendar it needs is not published."""

    on: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class DeemedAcceptance:
    """What happens when nobody says in time that something is missing (R2.4)."""

    last_day: date  # the last day for the notice
    fires_on: date  # at 00:00 of this day the application counts as accepted ...
    accepted_on: date  # ... since the day it was received


def add_working_days(
    start: date, days: int, calendar: WorkCalendar, *, excluded: Container[date] = NO_DAYS
) -> date:
    """Return the day on which the given number of working days has passed; it is always a working day.

    The start day is not counted (R13.4). No days at all end on the start day, or, if that is a
    rest day, on the next working day. Days in `excluded` do not count.

    :raises CalendarNotPublished: if the count runs into a year that is not published.
    """
    if days < 0:
        raise ValueError("a limit cannot be shorter than nothing")
    day, left = start, days
    while left:
        day += ONE_DAY
        left -= calendar.is_working(day) and day not in excluded
    while not calendar.is_working(day):
        day += ONE_DAY
    return day


def add_calendar_days(start: date, days: int) -> date:
    """Return the day that many civil days after the start, which is not counted; rest days stand (R13.4)."""
    return start + timedelta(days=days)


def add_months(start: date, months: int) -> date:
    """Return the day with the same number that many months later, or the last of a shorter month (R13.7)."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, civil_calendar.monthrange(year, month)[1]))


def due_date(
    start: date, limit: Limit, calendar: WorkCalendar, *, excluded: Container[date] = NO_DAYS
) -> date:
    """Return the last day of the limit; a last day that is a rest day moves to the next working day (R13.4).

    Days in `excluded` do not count, whatever the limit is counted in.

    :raises CalendarNotPublished: if the date depends on a year that is not published.
    """
    if limit.unit is Unit.WORKING_DAY:
        return add_working_days(start, limit.amount, calendar, excluded=excluded)
    day, left = start, limit.amount
    if limit.unit is Unit.MONTH:
        left = (add_months(start, limit.amount) - start).days
    while left:
        day += ONE_DAY
        left -= day not in excluded
    return add_working_days(day, 0, calendar)


def due_or_provisional(
    start: date, limit: Limit, calendar: WorkCalendar, *, excluded: Container[date] = NO_DAYS
) -> Due:
    """Return the last day of the limit, marked provisional if a year it needs is not published (R13.3)."""
    return certain_or_provisional(lambda known: due_date(start, limit, known, excluded=excluded), calendar)


def certain_or_provisional(count: Callable[[WorkCalendar], date], calendar: WorkCalendar) -> Due:
    """Count by the published calendar, or else by ordinary weeks, and say which it was (R13.3)."""
    try:
        return Due(count(calendar))
    except CalendarNotPublished:
        return Due(count(calendar.presuming()), provisional=True)


def explain(
    start: date, days: int, calendar: WorkCalendar, *, excluded: Container[date] = NO_DAYS
) -> tuple[Day, ...]:
    """Return every day from the start to the last day of a limit in working days, with its reason.

    :raises CalendarNotPublished: if the count runs into a year that is not published.
    """
    last_day = add_working_days(start, days, calendar, excluded=excluded)
    later = (_explained(day, calendar, excluded) for day in days_after(start, last_day))
    return (Day(start, False, DayKind.FIRST_DAY), *later)


def days_after(start: date, last: date) -> Iterator[date]:
    """Yield the civil days after the start, up to and including the last."""
    for distance in range(1, (last - start).days + 1):
        yield start + timedelta(days=distance)


def deemed_acceptance(received_on: date, notice_days: int, calendar: WorkCalendar) -> DeemedAcceptance:
    """Return when silence counts as acceptance, and since when (R2.4).

    :raises CalendarNotPublished: if the notice's last day lies in a year that is not published.
    """
    last_day = add_working_days(received_on, notice_days, calendar)
    return DeemedAcceptance(last_day=last_day, fires_on=last_day + ONE_DAY, accepted_on=received_on)


def reminder_days(start: date, days: int, calendar: WorkCalendar, *, before_end: int) -> tuple[date, ...]:
    """Return the days to remind on: at half of the limit, and so many working days before its end (R2.8)."""
    passed = sorted({days // 2, max(days - before_end, 0)})
    return tuple(add_working_days(start, gone, calendar) for gone in passed if 0 < gone < days)


def civil_date(moment: datetime, zone: tzinfo) -> date:
    """Return the legal day of a moment, in the jurisdiction's zone and no other (R13.6)."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone belongs to no legal day")
    return moment.astimezone(zone).date()


def first_moment(day: date, zone: tzinfo) -> datetime:
    """Return the moment, in UTC, at which a legal day begins."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _explained(day: date, calendar: WorkCalendar, excluded: Container[date]) -> Day:
    why = calendar.kind_of(day)
    if why in WORKED and day in excluded:
        return Day(day, False, DayKind.PAUSED)
    return Day(day, why in WORKED, why)
