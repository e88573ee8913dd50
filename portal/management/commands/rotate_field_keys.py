"""Encrypt what stands under older keys anew under the current one, while the portal runs; at the end, prove it.

Put the new key first in FIELD_KEYS and leave the old ones behind it, restart web and workers, run this, and take the
old keys out once it says that nothing is left.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.people.actions.rotating import encrypted_columns, left_over, rotate


class Command(BaseCommand):
    """`manage.py rotate_field_keys [--rest SECONDS] [--check]`: exit status 1 while anything is left."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long to rest between batches, and whether only to look."""
        parser.add_argument("--rest", type=float, default=0.05, metavar="SECONDS")
        parser.add_argument("--check", action="store_true", help="only say what is left")

    def handle(self, *args: Any, rest: float, check: bool, **options: Any) -> None:
        """Work off every column in batches; stopped and begun again it goes on where it was."""
        for column in () if check else encrypted_columns():
            done = 0
            for moved in rotate(column):
                done += moved
                time.sleep(rest)
            if done:
                self.stdout.write(f"{column.called}: {done} values encrypted anew")
        left = left_over()
        for name, number in left.items():
            self.stdout.write(f"{name}: {number} values under an older key")
        if left:
            raise CommandError("Older keys are still needed. Run this again.")
        self.stdout.write("No value stands under an older key.")
