"""What changes is a new version of the same number (R12.2), and what the database never lets in."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from services.certificates.models import Certificate
from services.core.facts import Holder
from tests.services.a_certificate import (
    held,
    issue,
    licence,
    verify,
)

pytestmark = pytest.mark.django_db


# --- A new version (R12.2) -------------------------------------------------------------------------------


def test_a_changed_certificate_keeps_its_number_and_the_old_version_serves_no_more():
    [old] = issue(licence())

    [new] = issue(licence(supersedes=True, content={"business.name": "Sample Noodles and Soup Ltd"}))

    assert (new.number, new.version) == (old.number, 2)
    assert held() == [new.id]
    assert (verify(old).status, verify(new).status) == ("superseded", "valid")


def test_a_certificate_about_another_thing_is_not_superseded():
    [old] = issue(licence(key="LSVAA4182E2184847"))

    [other] = issue(licence(key="LSVAA4182E2184848", supersedes=True))

    assert other.number != old.number
    assert set(held()) == {old.id, other.id}


def test_of_two_versions_in_one_batch_the_later_one_holds():
    first, second = issue(licence(supersedes=True), licence(supersedes=True))

    assert (first.number, first.version, second.version) == (second.number, 1, 2)
    assert held() == [second.id]


def test_issuing_a_new_version_again_does_not_supersede_itself():
    issue(licence())
    row = licence(supersedes=True)
    [new] = issue(row)

    issue(row)

    assert held() == [new.id]


# --- What the database never lets in ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [{"valid_until": date(2026, 3, 1)}, {"holder": Holder("office", uuid4())}],
)
def test_the_database_refuses_a_certificate_that_cannot_be(changed: dict[str, object]):
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(licence(**changed))


@pytest.mark.parametrize("status", ["revoked", "suspended", "cancelled", "unknown"])
def test_the_database_refuses_a_status_nobody_answers_for(status: str):
    [one] = issue(licence())

    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(id=one.id).update(status=status)
