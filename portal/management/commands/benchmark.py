"""Measure routing on a database of its own: cases a second, queries and CPU a case, beside the engines' own limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from portal import benchmark, engines
from services import clock
from services.catalogue.actions import publish


class Command(BaseCommand):
    """`manage.py benchmark [--cases 2000] [--people 200] [--seconds 4]`."""

    help = __doc__ or ""
    # Checks would ask the database, and on a fresh machine it does not run yet.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many cases of how many people, and how long the engines' limits are measured."""
        parser.add_argument("--cases", type=int, default=2000)
        parser.add_argument("--people", type=int, default=200)
        parser.add_argument("--seconds", type=float, default=4.0)

    def handle(self, *args: Any, cases: int, people: int, seconds: float, **options: Any) -> None:
        """Prepare a database, measure, print, and drop it again."""
        with _engines_running(), _own_database():
            publish(folder=Path(settings.CATALOGUE_DIR), now=clock.now())
            self.stdout.write(f"filing {cases} applications of {people} made-up people …")
            definition = benchmark.prepare(cases, people)
            limits = benchmark.raw_limits(seconds)
            try:
                measured, wall = benchmark.route_all()
            except benchmark.Unfinished as unfinished:
                raise CommandError(str(unfinished)) from None
            self.stdout.write("\n".join(benchmark.report(definition, measured, wall, limits)))


@contextmanager
def _engines_running() -> Iterator[None]:
    """Run the embedded engines, if these are used, for as long as it takes; those that run already run on."""
    if not settings.EMBEDDED:
        yield
        return
    idle = not any(engines.running(settings.VAR_DIR).values())
    try:
        engines.start(settings.VAR_DIR)
        yield
    except engines.CannotRun as failure:
        raise CommandError(str(failure)) from None
    finally:
        if idle:
            connection.close()
            engines.stop(settings.VAR_DIR)


@contextmanager
def _own_database() -> Iterator[None]:
    """Work on an empty database beside the portal's own."""
    name = str(settings.DATABASES["default"]["NAME"])
    try:
        connection.ensure_connection()
    except OperationalError:
        raise CommandError("PostgreSQL does not answer at DATABASE_URL: start it first.") from None
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
