"""Time that does not count, and time that is added once: pauses and extensions of the office's limits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.core.clocks import (
    NO_DAYS,
    ONE_DAY,
    Due,
    Limit,
    WorkCalendar,
    add_working_days,
    certain_or_provisional,
    days_after,
    due_date,
)
from services.core.facts import Texts
from services.core.refusal import Kind, Mistake, Refusal

# No law's number: whoever writes more working days than a year has made a slip.
MOST_DAYS = 250


class PauseNotLawful(Refusal):
    """The limit may not stand still for this."""

    code = "pause_not_lawful"
    sentence = "The time limit cannot be paused."


class ExtensionNotLawful(Refusal):
    """The limit may not be extended."""

    code = "extension_not_lawful"
    kind = Kind.CONFLICT
    sentence = "The time limit cannot be extended."


class PauseKind(StrEnum):
    """The closed list of what does not count (R2.21). Surveys, interviews, registries do (R2.22)."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert-review"


KIND_NAMES: Mapping[PauseKind, Texts] = {
    PauseKind.HEARING: {"en": "hearing", "zh": "听证"},
    PauseKind.TENDER: {"en": "tender", "zh": "招标"},
    PauseKind.AUCTION: {"en": "auction", "zh": "拍卖"},
    PauseKind.INSPECTION: {"en": "inspection", "zh": "检验"},
    PauseKind.TESTING: {"en": "testing", "zh": "检测"},
    PauseKind.QUARANTINE: {"en": "quarantine", "zh": "检疫"},
    PauseKind.APPRAISAL: {"en": "appraisal", "zh": "鉴定"},
    PauseKind.EXPERT_REVIEW: {"en": "expert review", "zh": "专家评审"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time that does not count: after `start`, up to and including its end.

    It is a period like any other, so its first day is not counted (R13.4). It excludes nothing before the
    applicant was told in writing, and nothing beyond the working days they were told of (R2.23).

    :raises PauseNotLawful: without a legal basis and a planned length, or with days out of order.
    """

    kind: PauseKind
    start: date
    end: date | None
    planned_days: int
    legal_basis: str
    told_on: date | None

    def __post_init__(self) -> None:
        if mistakes := tuple(self._mistakes()):
            raise PauseNotLawful(errors=mistakes)

    def _mistakes(self) -> Iterator[Mistake]:
        if not self.legal_basis.strip():
            yield Mistake("legal_basis", "Name the law that requires this.")
        if self.planned_days < 1:
            yield Mistake("planned_days", "Say how many working days it will take, at least one.")
        if self.planned_days > MOST_DAYS:
            yield Mistake("planned_days", "This can take at most {most} working days.", {"most": MOST_DAYS})
        if self.end is not None and self.end < self.start:
            yield Mistake("end", "A pause cannot end before it starts.")

    @property
    def is_open(self) -> bool:
        """Return whether nobody and no day has ended it yet."""
        return self.end is None

    def last_day(self, calendar: WorkCalendar) -> date:
        """Return the last day of its planned length, after which the time counts again by itself (R2.23).

        :raises CalendarNotPublished: if that runs into a year that is not published.
        """
        return add_working_days(self.start, self.planned_days, calendar)

    def excluded_days(self, calendar: WorkCalendar) -> Iterator[date]:
        """Yield the days that do not count: none while the applicant has not been told (R2.21).

        :raises CalendarNotPublished: if its planned length runs into a year that is not published.
        """
        if self.told_on is None:
            return
        day, left = self.start, self.planned_days
        while left and day != self.end:
            day += ONE_DAY
            left -= calendar.is_working(day)
            if day > self.told_on:
                yield day


@dataclass(frozen=True, slots=True)
class Suspension:
    """The time in which a case waits for the visit that is joint with others of its application (design §7).

    It takes nothing from what the office promised; the law's limit runs on. No `end` while it lasts.
    """

    start: date
    end: date | None = None

    def days(self, until: date) -> frozenset[date]:
        """Return the days that do not count: after its first, up to its end, or `until` while it lasts."""
        last = self.end if self.end is not None else max(until, self.start)
        return frozenset(days_after(self.start, last))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More working days for the office, given once by its head, its reasons told to the applicant (R2.11)."""

    days: int
    granted_on: date
    approver: str
    reasons: str
    told_on: date | None


def pause_kind(name: str) -> PauseKind:
    """Return the kind of pause with that name.

    :raises PauseNotLawful: if it is not in the closed list (R2.22).
    """
    if name not in frozenset(PauseKind):
        sentence = "Only these stop the time: {lawful}."
        raise PauseNotLawful(errors=[Mistake("kind", sentence, {"lawful": ", ".join(PauseKind)})])
    return PauseKind(name)


def excluded_days(pauses: Iterable[Pause], calendar: WorkCalendar) -> frozenset[date]:
    """Return the days that do not count: the union of the pauses, not their sum (R2.23).

    :raises CalendarNotPublished: if a planned length runs into a year that is not published.
    """
    return frozenset(day for pause in pauses for day in pause.excluded_days(calendar))


def counted_working_days(start: date, until: date, pauses: Iterable[Pause], calendar: WorkCalendar) -> int:
    """Return how many working days count after the start, up to and including `until`; pauses are left out.

    :raises CalendarNotPublished: if one of the days, or a pause, lies in a year that is not published.
    """
    excluded = excluded_days(pauses, calendar)
    return sum(calendar.is_working(day) and day not in excluded for day in days_after(start, until))


def moved_on(
    last_day: date, since: date, calendar: WorkCalendar, *, before: Iterable[Pause], after: Iterable[Pause]
) -> date:
    """Return the last day of a period begun on `since`, once its pauses have changed: its working days stay as many.

    What was over when a pause began stays over.
    """
    known = calendar.presuming()
    days = counted_working_days(since, last_day, before, known)
    if not days:
        return last_day
    return add_working_days(since, days, known, excluded=excluded_days(after, known))


def due_with_pauses(
    start: date,
    limit: Limit,
    pauses: Iterable[Pause],
    calendar: WorkCalendar,
    *,
    besides: frozenset[date] = NO_DAYS,
) -> Due:
    """Return the last day of the limit, moved on by the pauses, and by days that do not count besides (R13.3)."""
    pauses = tuple(pauses)

    def last_day(known: WorkCalendar) -> date:
        return due_date(start, limit, known, excluded=excluded_days(pauses, known) | besides)

    return certain_or_provisional(last_day, calendar)


def check_extension(
    extension: Extension, *, due_on: date, longest_days: int, earlier: Iterable[Extension] = ()
) -> None:
    """Do nothing if the limit that ends on `due_on` may be extended so (R2.11, R2.12).

    :raises ExtensionNotLawful: naming everything that stands against it.
    """
    against = {
        "": (any(True for _ in earlier), "A limit is extended once only."),
        "days": (not 1 <= extension.days <= longest_days, "Give between 1 and {longest} working days."),
        "granted_on": (
            extension.granted_on > due_on,
            "The limit ended on {due}: it is too late to extend it.",
        ),
        "approver": (not extension.approver.strip(), "The head who approves it must be named."),
        "reasons": (not extension.reasons.strip(), "The reasons for the applicant are missing."),
        "told_on": (extension.told_on is None, "The applicant must be told, with the reasons."),
    }
    values = {"longest": longest_days, "due": due_on}
    mistakes = [Mistake(place, sentence, values) for place, (broken, sentence) in against.items() if broken]
    if mistakes:
        raise ExtensionNotLawful(errors=mistakes)


def extended(limit: Limit, extension: Extension | None) -> Limit:
    """Return the limit with the days of its extension, which must have been checked before."""
    return limit if extension is None else Limit(limit.amount + extension.days, limit.unit)
