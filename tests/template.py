"""The tables that tests begin with: made by the migrations once, and copied until the code that makes them changes.

Making them takes many times as long as copying them, and each worker of each run would otherwise do so.
"""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

ROOT = Path(settings.BASE_DIR)
PREFIX = "template_onevisit_"
UNFINISHED = f"{PREFIX}unfinished"
# Those of earlier code, which a run beside this one may be copying.
KEPT = 3
# What migrations are written in, what they read, and what comes into the tables after them.
HAVE_A_SAY = {"migrations", "models", "fields", "apps", "settings"}


def name_of_template() -> str:
    """Return a name that changes with whatever has a say in the tables: code of ours, and what is installed."""
    code = [*ROOT.glob("services/**/*.py"), *ROOT.glob("portal/**/*.py")]
    files = [one for one in code if HAVE_A_SAY & {*one.parts, one.stem}]
    made_by = hashlib.sha256(django.__version__.encode())
    for file in sorted([*files, ROOT / "requirements.txt"]):
        made_by.update(f"\n{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return PREFIX + made_by.hexdigest()[:16]


def provide_template() -> str:
    """Make the template unless there is one for this code, and return its name."""
    name = name_of_template()
    with alone("template"), closing(_keeper()) as keeper:
        found = keeper.execute("SELECT datname FROM pg_database ORDER BY oid").fetchall()
        templates = [one for (one,) in found if one.startswith(PREFIX)]
        if name not in templates:
            for old in {UNFINISHED, *templates[:-KEPT]}:
                keeper.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
            keeper.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(UNFINISHED)))
            _migrate(UNFINISHED)
            named = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            keeper.execute(named.format(sql.Identifier(UNFINISHED), sql.Identifier(name)))
    return name


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Let one worker at a time look for what all begin with: the others find what it made."""
    with open(settings.VAR_DIR / f"{what}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keeper() -> psycopg.Connection:
    """Open the database from which others are made."""
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"], port=known["PORT"] or None, user=known["USER"], password=known["PASSWORD"],
        dbname="postgres", autocommit=True,
    )  # fmt: skip


def _migrate(name: str) -> None:
    """Run every migration on an empty database, and leave it."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
