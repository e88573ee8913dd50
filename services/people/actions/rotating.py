"""Encrypting anew under the current key, while readers and writers go on (design §10.7).

Both keys are open meanwhile: the first of `settings.FIELD_KEYS` closes, the others still open. A row is taken for a
moment, its old values are closed anew, and written only if nobody changed it in between. What is left is found by what
the rows themselves say, so that stopping, or running twice at once, loses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from services.people.fields import EncryptedTextField, encrypted_anew

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One encrypted column of one table."""

    table: str
    key: str
    name: str

    @property
    def called(self) -> str:
        """Return the column as an operator reads it."""
        return f"{self.table}.{self.name}"


def encrypted_columns() -> tuple[Column, ...]:
    """Return every encrypted column there is, as the records say it."""
    return tuple(
        Column(model._meta.db_table, model._meta.pk.column, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    )


def rotate(column: Column, *, at_once: int = AT_ONCE) -> Iterator[int]:
    """Encrypt a column's old values anew, batch by batch, and yield how many each batch had; nothing when done."""
    while moved := _rotate_batch(column, at_once):
        yield moved


@transaction.atomic
def _rotate_batch(column: Column, at_once: int) -> int:
    """Take the next old values; a row that somebody is writing is passed over, and found again."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_quoted(column.key)}, {_quoted(column.name)} FROM {_quoted(column.table)} "  # noqa: S608
            f"WHERE {_quoted(column.name)} IS NOT NULL AND {_is_old(column)} "
            f"LIMIT %s FOR NO KEY UPDATE SKIP LOCKED",
            [_head(), at_once],
        )
        rows = cursor.fetchall()
        for key, value in rows:
            place = f"{column.table}|{column.name}|{key}"
            cursor.execute(
                f"UPDATE {_quoted(column.table)} SET {_quoted(column.name)} = %s "  # noqa: S608
                f"WHERE {_quoted(column.key)} = %s",
                [encrypted_anew(bytes(value), place=place), key],
            )
    return len(rows)


def left_over() -> dict[str, int]:
    """Return how many values of each column still stand under another key than the current one; none when done.

    This is the proof: an old key may be taken out of the settings once every column says nothing.
    """
    found = {}
    for column in encrypted_columns():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {_quoted(column.table)} "  # noqa: S608
                f"WHERE {_quoted(column.name)} IS NOT NULL AND {_is_old(column)}",
                [_head()],
            )
            found[column.called] = cursor.fetchone()[0]
    return {name: number for name, number in found.items() if number}


def _head() -> bytes:
    """Return the bytes that every value under the current key begins with: the length of its id, and the id."""
    named = next(iter(settings.FIELD_KEYS)).encode()
    return bytes([len(named)]) + named


def _is_old(column: Column) -> str:
    return f"substring({_quoted(column.name)} FROM 1 FOR {len(_head())}) <> %s"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
