"""A published catalogue as rows of the database: proved and stored once for each code, copied for every test.

The rows are kept beside the engines, and serve every worker and run until any code of the house, or anything in the
folder, changes.
"""

import hashlib
import pickle
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from services.catalogue.actions import publish
from services.visits.actions import load_centres
from tests.services.a_register import NOW
from tests.template import alone, name_of_template

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
        # What was copied took no number: a window made next would meet one of these, and be taken for it.
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('visits_window', 'id'), max(id)) FROM visits_window"
        )


@cache
def rows_of(folder: Path) -> dict[str, bytes]:
    """Return the rows that publishing this folder stores, by table; nothing of them stays in the database."""
    with alone("published"):
        kept = Path(settings.VAR_DIR) / f"published-{folder.name}.pickle"
        name = _name_of(folder)
        before, rows = pickle.loads(kept.read_bytes()) if kept.exists() else ("", {})  # noqa: S301 - our own file
        if before != name:
            rows = _publish(folder)
            kept.write_bytes(pickle.dumps((name, rows)))
    return rows


def _name_of(folder: Path) -> str:
    """Return a name that changes with whatever has a say in the rows: tables, code of the house, the folder."""
    code = Path(settings.BASE_DIR, "services").rglob("*.py")
    files = sorted([*code, *(one for one in folder.rglob("*") if one.is_file())])
    made_by = hashlib.sha256(f"{name_of_template()} {NOW.isoformat()}".encode())
    for file in files:
        made_by.update(f"\n{file}\n".encode() + file.read_bytes())
    return made_by.hexdigest()


def _publish(folder: Path) -> dict[str, bytes]:
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
