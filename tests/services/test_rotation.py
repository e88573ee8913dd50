"""Keys of encrypted fields change while the portal runs; nothing opens in another's place (ecosystem test 40)."""

import threading
from io import StringIO

import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import CommandError, call_command
from django.db import connection

from services.cases.models import Application
from services.certificates.models import Certificate
from services.certificates.queries import is_genuine
from services.notices.models import Notice
from services.people.actions.rotating import Column, encrypted_columns, left_over, rotate
from services.people.fields import blind_index
from services.people.models import Person
from tests.services.a_matter import file
from tests.services.a_register import NOW
from tests.services.together import together

OLD, NEW = {"2025": b"a" * 32}, {"2026": b"b" * 32, "2025": b"a" * 32}
NAME = Column("people_person", "id", "name")


def people(number: int) -> list[Person]:
    """Make persons, whose values stand under the current key."""
    made = [
        Person(document_kind="passport", name=f"Person {one}", number=f"X{one:07}", number_index=f"{one:064}")
        for one in range(number)
    ]
    return Person.objects.bulk_create(made)


@pytest.mark.django_db
def test_every_value_is_encrypted_anew_and_that_is_proved(settings):
    settings.FIELD_KEYS = OLD
    people(7)
    settings.FIELD_KEYS = NEW
    assert left_over() == {"people_person.name": 7, "people_person.number": 7}

    out = StringIO()
    call_command("rotate_field_keys", rest=0, stdout=out)

    assert "No value stands under an older key." in out.getvalue()
    settings.FIELD_KEYS = {"2026": NEW["2026"]}  # the old key is gone, and everything still opens
    assert sorted(one.name for one in Person.objects.all()) == sorted(f"Person {one}" for one in range(7))


@pytest.mark.django_db
def test_what_was_stopped_goes_on_where_it_was(settings):
    settings.FIELD_KEYS = OLD
    people(5)
    settings.FIELD_KEYS = NEW

    assert next(rotate(NAME, at_once=2)) == 2
    assert left_over()["people_person.name"] == 3
    assert list(rotate(NAME, at_once=2)) == [2, 1]
    assert list(rotate(NAME, at_once=2)) == []


@pytest.mark.django_db
def test_while_something_is_left_the_command_says_so(settings):
    settings.FIELD_KEYS = OLD
    people(1)
    settings.FIELD_KEYS = NEW

    with pytest.raises(CommandError, match="Older keys are still needed"):
        call_command("rotate_field_keys", check=True, stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_readers_and_writers_go_on_meanwhile(settings):
    """Nobody who reads finds a value closed, and what is written meanwhile is not overwritten by its old self."""
    settings.FIELD_KEYS = OLD
    ids = [one.id for one in people(60)]
    settings.FIELD_KEYS = NEW
    over = threading.Event()

    def turn() -> None:
        try:
            while any(rotate(NAME, at_once=5)):
                continue
        finally:
            over.set()

    def read() -> None:
        while not over.is_set():
            assert all(one.name.startswith(("Person", "Changed")) for one in Person.objects.all())

    def write() -> None:
        for one in ids:
            row = Person.objects.get(id=one)
            row.name = f"Changed {one}"
            row.save(update_fields=["name"])

    acts = [turn, read, write]
    assert together(3, lambda: acts.pop()()) == [None, None, None]
    list(rotate(NAME))

    assert {one.name for one in Person.objects.all()} == {f"Changed {one}" for one in ids}
    assert "people_person.name" not in left_over()


@pytest.mark.django_db
def test_two_values_that_change_places_open_in_neither(settings):
    """AAD: a value belongs to its row and column."""
    settings.FIELD_KEYS = OLD
    first, second = people(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET name = number WHERE id = %s", [first.id])
        cursor.execute(
            "UPDATE people_person SET number = (SELECT number FROM people_person WHERE id = %s) WHERE id = %s",
            [first.id, second.id],
        )

    with pytest.raises(InvalidTag):
        _ = Person.objects.get(id=first.id).name
    with pytest.raises(InvalidTag):
        _ = Person.objects.get(id=second.id).number
    settings.FIELD_KEYS = NEW
    with pytest.raises(InvalidTag):
        list(rotate(NAME))  # and rotating does not launder them


def test_the_same_value_is_found_under_another_hash_in_each_place():
    marks = {
        blind_index("X0000001", purpose=purpose)
        for purpose in ("person.number", "evidence.key", "binding-code")
    }

    assert len(marks) == 3


@pytest.mark.django_db
def test_a_whole_matter_is_turned_letters_and_sealed_certificates_too(settings, ayshe):
    """No trigger that keeps a record forbids encrypting it anew, and its seal still holds."""
    case = file(ayshe, "home-record", {"application.home": "1 Lane"})
    Notice.objects.create(
        account_id=ayshe.id, kind="identity_code", values={}, written="Words", created_at=NOW
    )
    used = next(iter(settings.FIELD_KEYS.items()))
    settings.FIELD_KEYS = {"new": b"n" * 32, used[0]: used[1]}
    assert {"cases_application.answers", "certificates_certificate.content", "notices_notice.written"} <= set(
        left_over()
    )

    for column in encrypted_columns():
        list(rotate(column))

    assert left_over() == {}
    settings.FIELD_KEYS = {"new": b"n" * 32}
    certificate = Certificate.objects.get(case_id=case.id)
    assert is_genuine(certificate)
    assert Application.objects.get(id=case.application_id).answers["application.home"] == "1 Lane"
