"""Find files that no record knows, and with --delete remove them: their data was deleted, or never came to be."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from services.cases.actions.orphans import delete_orphans, orphan_files


class Command(BaseCommand):
    """`manage.py sweep_files [--delete]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to delete what is found."""
        parser.add_argument("--delete", action="store_true")

    def handle(self, *args: Any, delete: bool, **options: Any) -> None:
        """Print how many there are; their names say nothing, and stay untold."""
        now = timezone.now()
        if delete:
            self.stdout.write(f"{delete_orphans(now=now)} files deleted")
        else:
            self.stdout.write(f"{sum(1 for _ in orphan_files(now=now))} files that no record knows")
