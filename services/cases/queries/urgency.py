"""How urgent work is: the working days that are left, and the color of an office's own clock (R10.1-R10.4)."""

from datetime import date, timedelta

from services import clock
from services.core.cards import Card, Standing, card


def days_left(today: date, due: date) -> int:
    """Return the working days left until the end of the due day, negative when overdue."""
    calendar = clock.calendar().presuming()
    first, last = min(today, due), max(today, due)
    days = sum(calendar.is_working(first + timedelta(days=one)) for one in range(1, (last - first).days + 1))
    return days if due >= today else -days


def color_of_task(left: int) -> str:
    """Return the color of a task's clock, by the working days that are left."""
    thresholds = clock.profile().cards
    if -left > thresholds.red_promised_days_over:
        return Card.RED.name.lower()
    if -left >= thresholds.yellow_step_days_late:
        return Card.YELLOW.name.lower()
    return (Card.AMBER if left <= thresholds.amber_short_days_left else Card.NONE).name.lower()


def color_of_case(*, accepted_on: date, today: date, promised: int, statutory: int) -> str:
    """Return the color of a case's clock, by how much of its limits is used; limits are working days."""
    used = days_left(accepted_on, today) if today > accepted_on else 0
    standing = Standing(used_days=used, promised_days=promised, statutory_days=statutory)
    return card(standing, clock.profile().cards).name.lower()
