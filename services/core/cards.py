"""Warning cards: how the office's own clock is shown running out, and why. Never the applicant's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import IntEnum, StrEnum

from services.core.clocks import WorkCalendar, add_working_days
from services.core.jurisdiction import CardThresholds


class Card(IntEnum):
    """The colors, from calm to grave."""

    NONE = 0
    NOTICE = 1
    AMBER = 2
    YELLOW = 3
    RED = 4


class Trigger(StrEnum):
    """What raised a card; its sentence stands with the pages that show it."""

    HALF_USED = "half-used"
    ENDING_SOON = "ending-soon"
    PROMISED_PASSED = "promised-passed"
    STEP_LATE = "step-late"
    CORRECTION_NOTICE_LATE = "correction-notice-late"
    DELIVERY_LATE = "delivery-late"
    STATUTORY_PASSED = "statutory-passed"
    PROMISED_LONG_PASSED = "promised-long-passed"
    DEEMED_ACCEPTED = "deemed-accepted"
    FEE_NOT_LISTED = "fee-not-listed"
    REFUSED_WITHOUT_REASONS = "refused-without-reasons"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands against its limits, in working days that count: pauses are left out (R10.5)."""

    used_days: int  # today included: on the last lawful day it equals the limit
    promised_days: int
    statutory_days: int
    step_days_late: int = 0
    correction_notice_late: bool = False
    delivery_late: bool = False
    deemed_accepted: bool = False
    fee_not_listed: bool = False
    refused_without_reasons: bool = False


def _half_used(standing: Standing, thresholds: CardThresholds) -> bool:
    return standing.used_days * 100 >= standing.promised_days * thresholds.notice_percent_used


def _ending_soon(standing: Standing, thresholds: CardThresholds) -> bool:
    left = standing.promised_days - standing.used_days
    if standing.promised_days <= thresholds.amber_short_limit_days:
        return left <= thresholds.amber_short_days_left
    return left * 100 <= standing.promised_days * thresholds.amber_percent_left


def _promised_long_passed(standing: Standing, thresholds: CardThresholds) -> bool:
    return standing.used_days - standing.promised_days > thresholds.red_promised_days_over


RULES: dict[Trigger, tuple[Card, Callable[[Standing, CardThresholds], bool]]] = {
    Trigger.HALF_USED: (Card.NOTICE, _half_used),  # R10.1
    Trigger.ENDING_SOON: (Card.AMBER, _ending_soon),  # R10.2
    Trigger.PROMISED_PASSED: (Card.YELLOW, lambda at, _: at.used_days > at.promised_days),  # R10.3
    Trigger.STEP_LATE: (Card.YELLOW, lambda at, law: at.step_days_late >= law.yellow_step_days_late),
    Trigger.CORRECTION_NOTICE_LATE: (Card.YELLOW, lambda at, _: at.correction_notice_late),
    Trigger.DELIVERY_LATE: (Card.YELLOW, lambda at, _: at.delivery_late),  # R14.7
    Trigger.STATUTORY_PASSED: (Card.RED, lambda at, _: at.used_days > at.statutory_days),  # R10.4
    Trigger.PROMISED_LONG_PASSED: (Card.RED, _promised_long_passed),
    Trigger.DEEMED_ACCEPTED: (Card.RED, lambda at, _: at.deemed_accepted),
    Trigger.FEE_NOT_LISTED: (Card.RED, lambda at, _: at.fee_not_listed),
    Trigger.REFUSED_WITHOUT_REASONS: (Card.RED, lambda at, _: at.refused_without_reasons),
}


def triggers(standing: Standing, thresholds: CardThresholds) -> dict[Trigger, Card]:
    """Return everything that raises a card now, each with its color (R10.1-R10.4)."""
    return {trigger: card for trigger, (card, holds) in RULES.items() if holds(standing, thresholds)}


def card(standing: Standing, thresholds: CardThresholds) -> Card:
    """Return the gravest card that is due now, or `Card.NONE`."""
    return max(triggers(standing, thresholds).values(), default=Card.NONE)


def correction_notice_is_late(
    received_on: date,
    now: datetime,
    *,
    notice_days: int,
    thresholds: CardThresholds,
    calendar: WorkCalendar,
    zone: tzinfo,
) -> bool:
    """Say whether a notice still unsent at `now` is late: its last day has come, and the hour (R10.3).

    :raises CalendarNotPublished: if the notice's last day lies in a year that is not published.
    """
    last_day = add_working_days(received_on, notice_days, calendar)
    return now >= datetime.combine(last_day, thresholds.correction_notice_hour, tzinfo=zone)
