"""How urgent work is: the working days that are left, and the color of an office's own clock (R10.1-R10.4)."""

from collections.abc import Container
from datetime import date, timedelta

from services import clock
from services.core.cards import Card, Standing, card
from services.core.casefile import CaseFile
from services.core.clocks import NO_DAYS
from services.core.limits import suspended_days
from services.core.pauses import counted_working_days, excluded_days


def days_left(today: date, due: date, *, excluded: Container[date] = NO_DAYS) -> int:
    """Return the working days left until the end of the due day, negative when overdue; `excluded` do not count."""
    calendar = clock.calendar().presuming()
    first, last = min(today, due), max(today, due)
    between = (first + timedelta(days=one) for one in range(1, (last - first).days + 1))
    days = sum(calendar.is_working(day) and day not in excluded for day in between)
    return days if due >= today else -days


def paused_days(file: CaseFile) -> frozenset[date]:
    """Return the days of the case that do not count."""
    return excluded_days(file.pauses, clock.calendar().presuming())


def color_of_task(left: int, *, paused: bool = False) -> str:
    """Return the color of a task's clock, by the working days that are left; while the case is paused, none (R10.5)."""
    if paused:
        return Card.NONE.name.lower()
    thresholds = clock.profile().cards
    if -left > thresholds.red_promised_days_over:
        return Card.RED.name.lower()
    if -left >= thresholds.yellow_step_days_late:
        return Card.YELLOW.name.lower()
    return (Card.AMBER if left <= thresholds.amber_short_days_left else Card.NONE).name.lower()


def used_days(file: CaseFile, today: date) -> int:
    """Return how many working days of its limits a case has used, today included; paused days do not count (R10.5)."""
    if file.accepted_on is None or today <= file.accepted_on:
        return 0
    return counted_working_days(file.accepted_on, today, file.pauses, clock.calendar().presuming())


def _waited_days(file: CaseFile, today: date) -> int:
    """Return the working days that the case has waited for the joint visit: its promise stood still (design §7)."""
    calendar = clock.calendar().presuming()
    return sum(calendar.is_working(day) for day in suspended_days(file) if day <= today)


def color_of_case(file: CaseFile, today: date) -> str:
    """Return the color of a case's clock, by how much of its limits is used; an extension makes both longer."""
    more = file.extension.days if file.extension else 0
    standing = Standing(
        used_days=used_days(file, today),
        promised_days=file.definition.promised + more + _waited_days(file, today),
        statutory_days=file.definition.statutory + more,
    )
    return card(standing, clock.profile().cards).name.lower()
