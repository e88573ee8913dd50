"""No record about people is forgotten: by the copy of one's data, by masking, by the words for why it is read."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey

from portal.citizen.reading_words import purpose_words
from services.cases.personal import OF_ALL_ROOMS
from services.core.purposes import Purpose
from services.people.fields import EncryptedTextField
from services.people.models import Person
from services.people.queries.identity import person_view
from tests.house.test_catalogue import catalogue
from tests.house.test_house import sources

ROOT = Path(settings.BASE_DIR)
OURS = [model for model in apps.get_models() if model.__module__.startswith("services.")]
ABOUT = {"holder_id", "person_id", "account_id", "application_id", "case_id", "signed_by", "uploaded_by"}

# Records that point at somebody and are nobody's own data, and why. A new line here is reviewed.
NOBODYS = {
    "Ready": "that a case can move; it goes with the case",
    "OutboxItem": "ids of what is to be done, for workers",
    "LoadedRecord": "an office's own register: what it says of somebody is told as evidence once it is asked",
    "Reminder": "that a reminder was sent, under a key",
}  # fmt: skip


def is_about_people(model: type) -> bool:
    """Return whether the record has an encrypted value, or says whose it is."""
    fields = model._meta.concrete_fields
    secret = any(isinstance(one, EncryptedTextField) for one in fields)
    pointed = any(
        isinstance(one, ForeignKey) and one.related_model._meta.label == "people.Account" for one in fields
    )
    return secret or pointed or bool(ABOUT & {one.attname for one in fields})


def test_the_copy_of_ones_data_knows_every_record_about_people():
    """R15.9: whoever adds a record about people says whose rows are whose."""
    missing = [
        model.__name__
        for model in OURS
        if is_about_people(model) and model not in OF_ALL_ROOMS and model.__name__ not in NOBODYS
    ]

    assert missing == []


def test_whatever_is_excused_is_still_there():
    assert {model.__name__ for model in OURS} >= NOBODYS.keys()


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_is_told_in_plain_words(purpose):
    """R15.6"""
    assert purpose_words()[purpose]


def test_every_register_is_asked_by_a_law_that_is_named():
    """R15.1"""
    kinds = catalogue().reference.evidence_types.values()

    assert [one.code for one in kinds if one.registered and not one.basis] == []


# Who needs a number in full, and why: registers are asked by it, and somebody is found by it.
IN_FULL = {
    "services/people/queries/identity.py": "where the question stands",
    "services/people/queries/__init__.py": "where it is offered",
    "services/certificates/actions/__init__.py": "whom a certificate was issued to is sealed in it",
    "services/cases/actions/results.py": "the code of a business is public",
    "services/certificates/paper/writing.py": "a certificate on paper, for its holder",
    "services/evidence/actions/correcting.py": "a register is asked to look at somebody's record",
    "services/evidence/actions/fetching.py": "registers are asked by number",
}


def test_only_registers_are_told_a_number_in_full():
    """R12.10: everything else gets it masked, pages and shapes alike; only one's own copy has it whole."""
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in sources()}

    assert {
        name for name, text in texts.items() if re.search(r"\bidentit(y|ies)_of\b", text)
    } == IN_FULL.keys()


def test_who_is_shown_is_shown_masked():
    """R12.10"""
    somebody = Person(document_kind="resident_id", name="Ayshe", number="11010519491231002X")

    assert person_view(somebody).number == "1***************2X"
