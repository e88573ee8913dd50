"""Validate, prove and publish the catalogue, and load its centres; unchanged definitions get no new version."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import clock
from services.catalogue.actions import publish
from services.core.refusal import Refusal
from services.visits.actions import load_centres


class Command(BaseCommand):
    """`manage.py publish_definitions [FOLDER]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of another prefecture."""
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.CATALOGUE_DIR))

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Publish, and say what is new; every mistake is told with file, place and sentence."""
        try:
            report = publish(folder=folder, now=clock.now())
        except Refusal as refusal:
            lines = [str(refusal.told()), *(f"  {mistake}" for mistake in refusal.errors)]
            raise CommandError("\n".join(lines)) from None
        centres = load_centres(folder=folder)
        self.stdout.write(
            f"{len(report.published)} definitions published, {len(report.unchanged)} unchanged, "
            f"{len(report.withdrawn)} withdrawn; {centres} centres open"
        )
