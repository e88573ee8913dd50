"""The numbers of the law and the published calendar of one jurisdiction, read from its data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from typing import Any

from services.core.clocks import Limit, PublishedYear, Unit, WorkCalendar, add_working_days
from services.core.refusal import Mistake, Refusal

SORTS: Mapping[Any, str] = {int: "a whole number", str: "a text", time: "a time of day such as 16:00:00"}


class JurisdictionRefused(Refusal):
    """The data of the jurisdiction cannot be used; `errors` says where and why."""

    code = "jurisdiction_refused"
    sentence = "The jurisdiction's numbers or calendar cannot be used."


@dataclass(frozen=True, slots=True, kw_only=True)
class CardThresholds:
    """When the office's own clock is shown as running out (R10.1-R10.4); days are working days."""

    notice_percent_used: int
    amber_percent_left: int
    amber_short_limit_days: int
    amber_short_days_left: int
    yellow_step_days_late: int
    red_promised_days_over: int
    correction_notice_hour: time


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockProfile:
    """The limits that hold wherever a definition says nothing else; working days unless named otherwise."""

    code: str
    zone: str
    currency: str
    correction_notice_days: int
    correction_days: int
    correction_reminder_days_before: int
    decision_days: int
    extension_days: int
    joint_decision_days: int
    joint_extension_days: int
    concern_days: int
    delivery_days: int
    visit_days: int
    fee_days: int
    fee_grace_days: int
    reconsideration_calendar_days: int
    suit_months: int
    draft_calendar_days: int
    cards: CardThresholds

    @property
    def reconsideration(self) -> Limit:
        """The time in which a refused applicant may ask for reconsideration (R2.16)."""
        return Limit(self.reconsideration_calendar_days, Unit.CALENDAR_DAY)

    @property
    def suit(self) -> Limit:
        """The time in which a refused applicant may go to court (R2.16)."""
        return Limit(self.suit_months, Unit.MONTH)


@dataclass(frozen=True, slots=True)
class Law:
    """The numbers and the calendar of the jurisdiction."""

    profile: ClockProfile
    calendar: WorkCalendar

    def working_days(self, start: date, days: int) -> date:
        """Return the last of so many working days; by ordinary weeks in a year not published yet (R13.3)."""
        return add_working_days(start, days, self.calendar.presuming())


def profile_from(mapping: Mapping[str, Any]) -> ClockProfile:
    """Return the profile held by the `[profile]` table of a jurisdiction's data.

    :raises JurisdictionRefused: naming every number that is missing, unknown or of the wrong sort.
    """
    cards = mapping.get("cards", {})
    numbers = {name: value for name, value in mapping.items() if name != "cards"}
    mistakes = [
        *_mistakes(ClockProfile, numbers, place="profile"),
        *_mistakes(CardThresholds, cards, place="profile.cards"),
    ]
    if mistakes:
        raise JurisdictionRefused(errors=mistakes)
    return ClockProfile(**numbers, cards=CardThresholds(**cards))


def calendar_from(mapping: Mapping[str, Any]) -> WorkCalendar:
    """Return the calendar held by the `[calendar]` table: only the years listed there are published (R13.3).

    :raises JurisdictionRefused: naming every day that stands in the wrong year or is both work and rest.
    """
    rest_weekdays = frozenset(mapping.get("rest_weekdays", ()))
    tables = {name: table for name, table in mapping.items() if name != "rest_weekdays"}
    mistakes = [mistake for name, table in tables.items() for mistake in _year_mistakes(name, table)]
    if not (rest_weekdays and rest_weekdays <= frozenset(range(1, 8))):
        sentence = "Name the days of rest by number, from 1 for Monday to 7 for Sunday."
        mistakes.append(Mistake("calendar.rest_weekdays", sentence))
    if mistakes:
        raise JurisdictionRefused(errors=mistakes)
    years = {int(name): _published_year(table) for name, table in tables.items()}
    return WorkCalendar(years=years, rest_weekdays=rest_weekdays)


def _mistakes(
    of: type[ClockProfile | CardThresholds], given: Mapping[str, Any], *, place: str
) -> Iterator[Mistake]:
    wanted = {field.name: field.type for field in fields(of) if field.name != "cards"}
    for name in given.keys() - wanted.keys():
        yield Mistake(f"{place}.{name}", "No limit has this name.")
    for name, sort in wanted.items():
        if name not in given:
            yield Mistake(f"{place}.{name}", "This is missing.")
        elif type(given[name]) is not sort:
            yield Mistake(f"{place}.{name}", "This must be {sort}.", {"sort": SORTS[sort]})
        elif isinstance(given[name], int) and given[name] < 0:
            yield Mistake(f"{place}.{name}", "This cannot be less than nothing.")


def _published_year(table: Mapping[str, Any]) -> PublishedYear:
    holidays = (day for period in table["holidays"] for day in _days_of(period))
    return PublishedYear(holidays=frozenset(holidays), makeup_workdays=frozenset(table["makeup_workdays"]))


def _days_of(period: date | list[date]) -> Iterator[date]:
    first, last = (period, period) if isinstance(period, date) else period
    for distance in range((last - first).days + 1):
        yield first + timedelta(days=distance)


def _year_mistakes(name: str, table: Mapping[str, Any]) -> Iterator[Mistake]:
    place = f"calendar.{name}"
    if not (name.isdecimal() and len(name) == 4):
        yield Mistake(place, "A calendar is named by its year, such as 2026.")
        return
    if missing := {"holidays", "makeup_workdays"} - table.keys():
        yield Mistake(place, "This is missing: {missing}.", {"missing": ", ".join(sorted(missing))})
        return
    published = _published_year(table)
    for day in sorted(published.holidays | published.makeup_workdays):
        if day.year != int(name):
            yield Mistake(place, "{day} is not a day of this year.", {"day": day})
    for day in sorted(published.holidays & published.makeup_workdays):
        yield Mistake(place, "{day} cannot be both a holiday and a make-up workday.", {"day": day})
