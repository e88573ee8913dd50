"""Figures over the wire, what is in hand, and the legal clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from rest_framework.permissions import AllowAny

from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import figures as shapes
from services import clock
from services.cases.queries import in_hand, statistics
from services.clock import ClockNotShifted
from services.evidence.queries import registers


class Statistics(Door):
    """All figures."""

    scope = Scope.STATISTICS_READ

    @operation(
        "Read all figures, counted now", tells=shapes.Statistics, raises=[statistics.SupervisorsFigures]
    )
    def get(self) -> Any:
        """Resolved, visits, papers, days and sources, in all and by programme."""
        return statistics.statistics(viewer=self.viewer)


class PublicStatistics(Door):
    """The figures for everybody."""

    permission_classes = [AllowAny]

    @operation("Read the figures for everybody", tells=shapes.PublicStatistics)
    def get(self) -> Any:
        """As counted within the last minute; null for what rests on fewer than ten cases, or gives one away."""
        return Told(statistics.public_statistics(), demonstration=settings.DEMONSTRATION)


@dataclass(frozen=True, slots=True)
class Told:
    """The public figures, and whether they are of people who do not exist."""

    found: statistics.PublicStatistics
    demonstration: bool


class Registers(Door):
    """How the offices' registers do."""

    scope = Scope.STATISTICS_READ

    @operation(
        "Read how registers do", wants=shapes.RegistersWanted, tells=shapes.Register, paged=True,
        raises=[registers.OperatorsOnly],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any]) -> Page:
        """Every register with its calls, failures and median time; those that fail come first."""
        language = get_language()
        found = registers.registers(viewer=self.viewer, language=language, now=clock.now(), **wanted)
        return Page(found)


class WorkInHand(Door):
    """What is still to be done today."""

    scope = Scope.STATISTICS_READ

    @operation("Read what is still to be done today", tells=shapes.WorkInHand)
    def get(self) -> Any:
        """By workers, by officers and by visitors; whoever moves the clock waits until nothing is."""
        return in_hand.work_in_hand(viewer=self.viewer, now=clock.now())


class Clock(Door):
    """The legal clock."""

    permission_classes = [AllowAny]

    @operation("Read the legal clock", tells=shapes.LegalClock)
    def get(self) -> dict[str, Any]:
        """The legal moment and day, which a demonstration may have moved ahead."""
        return _clock_at(clock.now())


class ClockMovements(Door):
    """Moving the legal clock."""

    scope = Scope.CLOCK_MOVE

    @operation(
        "Move the legal clock ahead", asks=shapes.ClockMovement, tells=shapes.LegalClock, status=201,
        raises=[ClockNotShifted],
    )  # fmt: skip
    def post(self, asked: dict[str, Any]) -> dict[str, Any]:
        """For demonstrations and rehearsals, by administrators; production refuses."""
        start = asked.get("start_on")
        return _clock_at(clock.start_on(day=start) if start else clock.shift(days=asked["days"]))


def _clock_at(moment: datetime) -> dict[str, Any]:
    return {"now": moment, "today": clock.legal_day(moment)}
