"""A published catalogue as rows of the database: proved and stored once in each worker, copied for every test."""

from functools import cache
from pathlib import Path

from django.db import connection, transaction

from services.catalogue.actions import publish
from services.visits.actions import load_centres
from tests.services.a_register import NOW

TABLES = (
    "catalogue_legalresource", "catalogue_organisation", "catalogue_programme", "catalogue_publicservice",
    "catalogue_serviceversion", "catalogue_bundle", "visits_centre", "visits_window",
)  # fmt: skip


class Undone(Exception):
    """Leaves a transaction without its effect."""


def put_catalogue(folder: Path) -> None:
    """Put what publishing this folder stores into the test's empty catalogue."""
    rows = rows_of(folder)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows[table])


@cache
def rows_of(folder: Path) -> dict[str, bytes]:
    """Return the rows that publishing this folder stores; nothing of them stays in the database."""
    rows: dict[str, bytes] = {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            publish(folder=folder, now=NOW)
            load_centres(folder=folder)
            for table in TABLES:
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    rows[table] = b"".join(bytes(part) for part in copy)
            raise Undone
    except Undone:
        return rows
