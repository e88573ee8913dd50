"""What is personal stands encrypted, each value for its own row and column."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import connection

from services.people import actions
from services.people.fields import blind_index, decrypted, encrypted
from services.people.models import Person
from tests.services.a_person import AYSE, LI, NOW

pytestmark = pytest.mark.django_db


def stored(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM people_person")  # noqa: S608 - a column of ours
        return bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("column", "canary"), [("number", b"11010519491231002X"), ("name", b"Ayshe"), ("birth_date", b"1949")]
)
def test_nothing_personal_stands_in_the_database_in_the_open(column, canary):
    actions.record_person(identity=AYSE, now=NOW)

    assert canary not in stored(column)


def test_a_value_copied_to_another_row_does_not_open():
    actions.record_person(identity=AYSE, now=NOW)
    actions.record_person(identity=LI, now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET number = (SELECT max(number) FROM people_person)")

    opened = 0
    for person in Person.objects.all():
        try:
            opened += bool(person.number)
        except InvalidTag:
            continue
    assert opened == 1


def test_a_value_copied_to_another_column_does_not_open():
    actions.record_person(identity=AYSE, now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET name = number")

    with pytest.raises(InvalidTag):
        _ = Person.objects.get().name


def test_what_an_older_key_closed_is_still_read(settings):
    settings.FIELD_KEYS = {"2025": b"a" * 32}
    old = encrypted("甲".encode(), place="t|c|1")

    settings.FIELD_KEYS = {"2026": b"b" * 32, "2025": b"a" * 32}
    new = encrypted("甲".encode(), place="t|c|1")

    assert [decrypted(one, place="t|c|1").decode() for one in (old, new)] == ["甲", "甲"]
    assert (b"2025" in old, b"2026" in new) == (True, True)


def test_the_same_value_is_encrypted_differently_each_time():
    assert encrypted(b"same", place="t|c|1") != encrypted(b"same", place="t|c|1")


def test_equal_numbers_do_not_show_across_purposes():
    assert blind_index("1", purpose="person.number") != blind_index("1", purpose="binding-code")


def test_an_encrypted_field_is_neither_searched_nor_set_past_its_row():
    with pytest.raises(FieldError):
        Person.objects.filter(name="Ayshe Test").exists()
    with pytest.raises(TypeError):
        Person.objects.update(name="Ayshe Test")
