"""Move the legal clock ahead, for demonstrations and rehearsals; production refuses."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import clock
from services.core.refusal import Refusal


class Command(BaseCommand):
    """`manage.py move_clock 3`, or once, at the beginning: `manage.py move_clock --start 2026-03-02`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a number of days, or the first day."""
        parser.add_argument("days", nargs="?", type=int, default=0)
        parser.add_argument("--start", type=date.fromisoformat)

    def handle(self, *args: Any, days: int, start: date | None, **options: Any) -> None:
        """Move, and print the new legal day."""
        try:
            if start is not None:
                clock.start_on(day=start)
            if days:
                clock.shift(days=days)
        except Refusal as refusal:
            raise CommandError(refusal.told()) from None
        self.stdout.write(clock.today().isoformat())
