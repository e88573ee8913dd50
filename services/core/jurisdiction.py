"""The numbers of the law and the published calendar of one jurisdiction, read from its data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from typing import Any

from services.core.clocks import Limit, PublishedYear, Unit, WorkCalendar, add_working_days
from services.core.refusal import Mistake, Refusal

MOST = 10_000
WEEK = frozenset(range(1, 8))
ENDS = 2
# What becomes of a case when something promised does not come: one or the other, by the place's own law (R5.5).
MISSED = ("withdrawn", "cancelled")
NO_TABLE = "Write a table here."
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
class Retention:
    """How long what is kept about people is kept, and when they are warned before it goes (R14.9, R15.10)."""

    draft_warning_calendar_days: int
    export_calendar_days: int
    case_years: int
    question_years: int
    remembered_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """How long an office waits for people and answers them: at the window, and when they were not content (R6.6, R9.5).

    Working days unless named otherwise.
    """

    late_grace_minutes: int
    not_done_days: int
    rating_contact_days: int
    rating_answer_days: int
    rating_last_days: int
    rating_supplement_days: int
    rating_link_calendar_days: int


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
    renewal_calendar_days: int
    renewal_first_reminder_days: int
    renewal_second_reminder_days: int
    renewal_last_reminder_days: int
    sharing_code_minutes: int
    sharing_code_guesses: int
    fee_days: int
    fee_grace_days: int
    reconsideration_calendar_days: int
    suit_months: int
    draft_calendar_days: int
    acts_told_minutes: int
    received_elsewhere_days: int
    rights_days: int
    rights_basis: str
    identity_basis: str
    standing_basis: str
    consent_basis: str
    commitment_check_days: int
    commitment_repair_days: int
    commitment_bar_months: int
    commitment_bar_most_months: int
    contest_days: int
    promise_reminder_days_before: int
    promise_missed: str
    register_days: int
    cards: CardThresholds
    retention: Retention
    counter: AtCounter

    @property
    def renewal_reminders(self) -> tuple[int, ...]:
        """How many days before its last day a certificate's holder hears of it, the earliest first (R2.25)."""
        return (
            self.renewal_first_reminder_days,
            self.renewal_second_reminder_days,
            self.renewal_last_reminder_days,
        )

    @property
    def reconsideration(self) -> Limit:
        """The time in which a refused applicant may ask for reconsideration (R2.16)."""
        return Limit(self.reconsideration_calendar_days, Unit.CALENDAR_DAY)

    @property
    def suit(self) -> Limit:
        """The time in which a refused applicant may go to court (R2.16)."""
        return Limit(self.suit_months, Unit.MONTH)


# The tables inside the profile's, by name.
TABLES: Mapping[str, Any] = {"cards": CardThresholds, "retention": Retention, "counter": AtCounter}


@dataclass(frozen=True, slots=True)
class Law:
    """The numbers and the calendar of the jurisdiction."""

    profile: ClockProfile
    calendar: WorkCalendar

    def working_days(self, start: date, days: int) -> date:
        """Return the last of so many working days; by ordinary weeks in a year not published yet (R13.3)."""
        return add_working_days(start, days, self.calendar.presuming())


def law_from(tables: Mapping[str, Any]) -> Law:
    """Return the numbers and the calendar that stand in a jurisdiction's data.

    :raises JurisdictionRefused: with every mistake in both.
    """
    given = {name: tables.get(name) for name in ("profile", "calendar")}
    mistakes = [Mistake(name, NO_TABLE) for name, table in given.items() if not isinstance(table, Mapping)]
    mistakes += [
        Mistake(name, "Nothing is known by this name here.") for name in tables.keys() - given.keys()
    ]
    for name, mistakes_of in (("profile", _profile_mistakes), ("calendar", _calendar_mistakes)):
        table = given[name]
        mistakes += mistakes_of(table) if isinstance(table, Mapping) else ()
    if mistakes:
        raise JurisdictionRefused(errors=mistakes)
    return Law(profile_from(tables["profile"]), calendar_from(tables["calendar"]))


def profile_from(mapping: Mapping[str, Any]) -> ClockProfile:
    """Return the profile held by the `[profile]` table of a jurisdiction's data.

    :raises JurisdictionRefused: naming every number that is missing, unknown or of the wrong sort.
    """
    if mistakes := list(_profile_mistakes(mapping)):
        raise JurisdictionRefused(errors=mistakes)
    numbers = {name: value for name, value in mapping.items() if name not in TABLES}
    return ClockProfile(**numbers, **{name: table(**mapping[name]) for name, table in TABLES.items()})


def calendar_from(mapping: Mapping[str, Any]) -> WorkCalendar:
    """Return the calendar held by the `[calendar]` table: only the years listed there are published (R13.3).

    :raises JurisdictionRefused: naming every day that stands in the wrong year or is both work and rest.
    """
    if mistakes := list(_calendar_mistakes(mapping)):
        raise JurisdictionRefused(errors=mistakes)
    years = {int(name): _published_year(table) for name, table in mapping.items() if name != "rest_weekdays"}
    return WorkCalendar(years=years, rest_weekdays=frozenset(mapping["rest_weekdays"]))


def _profile_mistakes(mapping: Mapping[str, Any]) -> Iterator[Mistake]:
    numbers = {name: value for name, value in mapping.items() if name not in TABLES}
    yield from _mistakes(ClockProfile, numbers, place="profile")
    for name, table in TABLES.items():
        given = mapping.get(name, {})
        if isinstance(given, Mapping):
            yield from _mistakes(table, given, place=f"profile.{name}")
        else:
            yield Mistake(f"profile.{name}", NO_TABLE)
    missed = numbers.get("promise_missed")
    if isinstance(missed, str) and missed not in MISSED:
        yield Mistake("profile.promise_missed", "Write one of: {options}.", {"options": ", ".join(MISSED)})


def _calendar_mistakes(mapping: Mapping[str, Any]) -> Iterator[Mistake]:
    for name, table in mapping.items():
        if name != "rest_weekdays":
            yield from _year_mistakes(name, table)
    rest = mapping.get("rest_weekdays")
    # Where every day is one of rest, no limit would ever end.
    known = isinstance(rest, list) and all(type(day) is int for day in rest)
    if not (known and rest and set(rest) < WEEK):
        sentence = "Name the days of rest by number, from 1 for Monday to 7 for Sunday."
        yield Mistake("calendar.rest_weekdays", sentence)


def _mistakes(
    of: type[ClockProfile | CardThresholds | Retention | AtCounter], given: Mapping[str, Any], *, place: str
) -> Iterator[Mistake]:
    wanted = {field.name: field.type for field in fields(of) if field.name not in TABLES}
    for name in given.keys() - wanted.keys():
        yield Mistake(f"{place}.{name}", "No limit has this name.")
    for name, sort in wanted.items():
        if name not in given:
            yield Mistake(f"{place}.{name}", "This is missing.")
        elif type(given[name]) is not sort:
            yield Mistake(f"{place}.{name}", "This must be {sort}.", {"sort": SORTS[sort]})
        elif isinstance(given[name], int) and given[name] < 0:
            yield Mistake(f"{place}.{name}", "This cannot be less than nothing.")
        elif isinstance(given[name], int) and given[name] > MOST:
            yield Mistake(f"{place}.{name}", "This cannot be more than {most}.", {"most": MOST})


def _published_year(table: Mapping[str, Any]) -> PublishedYear:
    holidays = (day for period in table["holidays"] for day in _days_of(period))
    return PublishedYear(holidays=frozenset(holidays), makeup_workdays=frozenset(table["makeup_workdays"]))


def _days_of(period: date | list[date]) -> Iterator[date]:
    first, last = (period, period) if isinstance(period, date) else period
    for distance in range((last - first).days + 1):
        yield first + timedelta(days=distance)


def _is_day(value: object) -> bool:
    # A moment is a date too, but no day of a calendar.
    return type(value) is date


def _is_period(value: Any) -> bool:
    if not isinstance(value, list):
        return _is_day(value)
    return len(value) == ENDS and all(map(_is_day, value)) and bool(value[0] <= value[1])


def _year_mistakes(name: str, table: Any) -> Iterator[Mistake]:
    place = f"calendar.{name}"
    if not (name.isdecimal() and len(name) == 4):
        yield Mistake(place, "A calendar is named by its year, such as 2026.")
        return
    if not isinstance(table, Mapping):
        yield Mistake(place, NO_TABLE)
        return
    if missing := {"holidays", "makeup_workdays"} - table.keys():
        yield Mistake(place, "This is missing: {missing}.", {"missing": ", ".join(sorted(missing))})
        return
    unread = list(_unread_days(place, table))
    yield from unread
    if unread:
        return
    year, makeup = int(name), set(table["makeup_workdays"])
    periods = [one if isinstance(one, list) else [one, one] for one in table["holidays"]]
    # By their ends, and not day by day: there would be many of a period that begins in the year 1.
    for day in sorted({day for ends in (*periods, makeup) for day in ends if day.year != year}):
        yield Mistake(place, "{day} is not a day of this year.", {"day": day})
    for day in sorted(day for day in makeup if any(first <= day <= last for first, last in periods)):
        yield Mistake(place, "{day} cannot be both a holiday and a make-up workday.", {"day": day})


def _unread_days(place: str, table: Mapping[str, Any]) -> Iterator[Mistake]:
    holidays, makeup = table["holidays"], table["makeup_workdays"]
    if not (isinstance(holidays, list) and all(map(_is_period, holidays))):
        yield Mistake(
            f"{place}.holidays", "Write a list of days here, and [first, last] for several in a row."
        )
    if not (isinstance(makeup, list) and all(map(_is_day, makeup))):
        yield Mistake(f"{place}.makeup_workdays", "Write a list of days here.")
