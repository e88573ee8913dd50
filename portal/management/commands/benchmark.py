"""Measure routing on a database of its own: cases a second, queries and CPU a case, beside the engines' own limit."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from portal import benchmark
from services import clock
from services.catalogue.actions import publish


class Command(BaseCommand):
    """`manage.py benchmark [--cases 2000] [--people 200]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many cases of how many people."""
        parser.add_argument("--cases", type=int, default=2000)
        parser.add_argument("--people", type=int, default=200)

    def handle(self, *args: Any, cases: int, people: int, **options: Any) -> None:
        """Prepare a database, measure, print, and drop it again."""
        name = str(settings.DATABASES["default"]["NAME"])
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            publish(folder=Path(settings.CATALOGUE_DIR), now=clock.now())
            self.stdout.write(f"filing {cases} applications of {people} made-up people …")
            definition = benchmark.prepare(cases, people)
            raw = benchmark.raw_limit()
            measured, wall = benchmark.route_all()
            self.stdout.write("\n".join(benchmark.report(definition, measured, wall, raw)))
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)
