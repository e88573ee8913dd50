"""Ask every register how it is: which answer, how fast, which do not and since when. Nobody's data is read."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services import clock
from services.evidence.actions.checking import CheckedRegister, check_registers
from services.evidence.queries.registers import RECENT_DAYS

HEADS = (
    "register",
    "office",
    "state",
    "since",
    "keys",
    "office ms",
    "calls",
    "failures",
    "median ms",
    "last answer",
)
NUMERIC = range(4, 9)
MINUTES = "%Y-%m-%d %H:%M"


class Command(BaseCommand):
    """`manage.py check_registries`: exit status 1 if any register fails or its office shows no keys."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each register, those that fail first, and how many there are of each."""
        found = check_registers(language="en", now=clock.now())
        rows = [HEADS, *(_cells(one) for one in found)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
        for row in rows:
            self.stdout.write(_line(row, widths))
        ill = [one for one in found if not one.well]
        self.stdout.write(f"{len(found)} registers, {len(ill)} not well; calls of {RECENT_DAYS} days")
        if ill:
            raise CommandError("Not every register can be relied on.")


def _cells(one: CheckedRegister) -> tuple[str, ...]:
    register, lately, knock = one.register, one.register.lately, one.knock
    # A register nobody asked lately is as well as its office.
    state = str(register.condition) if one.well or register.since else "no keys"
    return (
        register.code, register.organisation, state, register.since.strftime(MINUTES) if register.since else "",
        str(knock.keys), str(knock.took_ms), str(lately.calls), str(lately.failures),
        "" if lately.median_ms is None else str(lately.median_ms),
        lately.answered_at.strftime(MINUTES) if lately.answered_at else "",
    )  # fmt: skip


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if place in NUMERIC else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
