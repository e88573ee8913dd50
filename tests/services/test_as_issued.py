"""R12.4: what is printed years later says what was sealed: the holder's name of then, and the words of then."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from services.catalogue import queries as catalogue
from services.catalogue.actions import publish
from services.certificates import keys, queries
from services.certificates.models import Certificate, SealForm
from services.certificates.paper.writing import write
from services.certificates.queries.checking import verify_code
from services.core import seals, statements
from services.core.facts import Holder
from services.core.status_lists import reference
from services.people.models import Person
from tests.services.a_matter import PREFECTURE
from tests.services.a_paper import NOW, TODAY, code_in, issued, paper_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(prefecture: object, ayse: Holder, settings: object, tmp_path: Path) -> Certificate:
    """A pilot card, issued by the definition of the day."""
    settings.MEDIA_ROOT = tmp_path / "media"
    version = catalogue.current_version_id("pilot-card")
    return row_of(issued(ayse, service_version=version))


def row_of(one: queries.CertificateView) -> Certificate:
    return Certificate.objects.select_related("seal_key").get(id=one.id)


def written(row: Certificate) -> dict[str, object]:
    return write(Certificate.objects.get(id=row.id), code="a.b.c", language="en")


def rename(holder: Holder, name: str) -> None:
    person = Person.objects.get(id=holder.id)
    person.name = name
    person.save(update_fields=["name"])


def publish_anew(settings: object, folder: Path, **changed: tuple[str, str]) -> None:
    """Publish the small prefecture with some words in its files changed."""
    another = shutil.copytree(PREFECTURE, folder / "prefecture")
    for name, (before, after) in changed.items():
        [file] = another.rglob(f"{name}.toml")
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")
    settings.CATALOGUE_DIR = another
    publish(folder=another, now=NOW + timedelta(days=1))


def test_whoever_is_called_otherwise_now_holds_what_was_issued_under_the_name_of_then(card, ayse):
    rename(ayse, "Ayshe Newname")

    paper = written(card)

    assert paper["holder"] == "Ayshe Test"
    assert "Newname" not in json.dumps(paper)
    # The name in its content is the holder's of then, and is not printed a second time.
    assert {one["fact"] for one in paper["rows"]} == {"person.birth_date"}


def test_what_it_is_called_and_how_its_facts_are_does_not_change_with_the_catalogue(card, settings, tmp_path):
    publish_anew(
        settings, tmp_path, certificate_types=("Pilot card", "Navigator card"), person=("Date of birth", "Born"),
    )  # fmt: skip
    assert (
        catalogue.latest_definition("pilot-card").evidence_types["pilot-card"].name["en"] == "Navigator card"
    )

    paper = written(card)

    assert paper["title"] == "Pilot card"
    assert [one["label"] for one in paper["rows"]] == ["Date of birth"]


def test_what_no_definition_tells_of_is_masked(prefecture, ayse):
    """R12.10: it may have been somebody's number."""
    card = row_of(issued(ayse, content={"person.former_number": "110105199003070033"}))

    [row] = written(card)["rows"]

    assert row["lines"] == ["1***************33"]


def test_name_and_definition_are_under_the_seal(card):
    assert queries.is_genuine(card)
    card.issued_to = {**card.issued_to, "name": "Somebody Else"}
    card.save(update_fields=["issued_to"])

    assert not queries.is_genuine(row_of(card))
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(id=card.id).update(service_version=None)


def test_they_stand_encrypted(card):
    with connection.cursor() as cursor:
        cursor.execute("SELECT issued_to FROM certificates_certificate WHERE id = %s", [card.id])
        [(stored,)] = cursor.fetchall()

    assert b"Ayshe" not in bytes(stored)


def test_its_code_tells_where_its_status_stands_in_the_public_lists(card):
    code = code_in(paper_of(card))

    place = statements.read_statement(code).statement.place
    where = verify_code(code=code, on=TODAY).status_list
    assert reference(place).index == where.index
    assert where.address.endswith(f"/status-lists/{reference(place).number}")


def test_what_was_sealed_before_goes_on_and_is_printed_with_the_name_of_today(card, ayse):
    """Its digest knows of no name, its code of no place; what it says of itself is still told by its own definition."""
    card.seal_form, card.issued_to = SealForm.STATEMENT, None
    card.digest = seals.digest(queries.sealable(card))
    signed = queries.signed_statement(card, bytes(card.seal_key.public_key))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
    card.signature = keys.seal(keys.sealing_key(), signed)
    card.save()
    rename(ayse, "Ayshe Newname")

    assert queries.is_genuine(row_of(card))
    assert written(card)["holder"] == "Ayshe Newname"
    code = code_in(paper_of(card))
    assert verify_code(code=code, on=TODAY).genuine
    assert statements.read_statement(code).statement.place is None
