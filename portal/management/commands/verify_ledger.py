"""Verify the ledger: every case's chain against the head on its row, and the seals over what was read about people."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.cases.queries import records
from services.cases.queries.records import RecordView
from services.core.refusal import Refusal
from services.ledger.queries import verify_readings


class Command(BaseCommand):
    """`manage.py verify_ledger [--case NUMBER]`: exit status 1 if anything is broken."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the number of one case, to verify only that."""
        parser.add_argument("--case", default="", metavar="NUMBER")

    def handle(self, *args: Any, case: str, **options: Any) -> None:
        """Print what is broken: which case, at which entry, and how; then how much was looked at."""
        try:
            found: Iterable[RecordView] = (
                [records.record_by_number(number=case)] if case else records.records()
            )
            cases, broken = self._tell(found)
        except Refusal as refusal:
            raise CommandError(refusal.told()) from None
        seal = None if case else verify_readings()
        if seal is not None:
            self.stdout.write(f"readings: seal {seal} is broken: a reading under it is altered or missing")
        self.stdout.write(f"{cases} records verified, {broken} broken")
        if broken or seal is not None:
            raise CommandError("The ledger is not whole.")

    def _tell(self, found: Iterable[RecordView]) -> tuple[int, int]:
        cases = broken = 0
        for one in found:
            cases += 1
            if not one.whole:
                broken += 1
                self.stdout.write(f"case {one.number}: entry {one.sequence} is {FAULTS[one.fault]}")
        return cases, broken


FAULTS = {
    "altered": "altered",
    "missing": "missing",
    "beyond": "not known to the case",
    "no_case": "there, and its case is gone",
}
