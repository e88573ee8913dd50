"""Emptying the database between tests, which the ledger allows to nobody but the owner of its tables.

Only tests that see commits need it; the others are rolled back.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import TransactionTestCase

APPEND_ONLY = ("ledger_entry", "ledger_reading", "ledger_readingseal")


@contextmanager
def triggers_set_aside() -> Iterator[None]:
    """Set the triggers of append-only tables aside, as only the owner of the tables can."""
    _each("ALTER TABLE {} DISABLE TRIGGER USER")
    yield
    _each("ALTER TABLE {} ENABLE TRIGGER USER")


def _each(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        for table in APPEND_ONLY:
            cursor.execute(statement.format(table))


@pytest.fixture(scope="session", autouse=True)
def emptied_by_the_owner() -> Iterator[None]:
    """Let Django empty the ledger too, after a test that commits."""
    empty = TransactionTestCase._fixture_teardown

    def empty_as_owner(case: TransactionTestCase) -> None:
        with triggers_set_aside():
            empty(case)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TransactionTestCase, "_fixture_teardown", empty_as_owner)
        yield
