"""What changes is a new version of the same number (R12.2), and what the database never lets in."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from services.certificates.actions import reinstate_certificate, suspend_certificate
from services.certificates.models import Certificate
from services.core.facts import Holder
from tests.services.a_certificate import (
    LAW,
    NOW,
    SUPERVISOR,
    held,
    issue,
    licence,
    verify,
)
from tests.services.together import together

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


def test_of_several_versions_made_at_once_one_holds(transactional_db: None):
    """R12.2: whoever waited finds the version of whoever came first, and replaces that."""
    [old] = issue(licence(key="a stall"))

    made = together(4, lambda: issue(licence(key="a stall", supersedes=True)))

    assert {one.number for [one] in made} == {old.number}
    assert sorted(one.version for [one] in made) == [2, 3, 4, 5]
    assert len(held()) == 1


def test_a_suspended_one_is_renewed_and_stays_suspended_by_the_same_officer():
    """R15.8: the machine neither takes away nor restores; whoever suspended it, or their office, lifts it."""
    [old] = issue(licence())
    suspend_certificate(
        certificate_id=old.id, actor=SUPERVISOR, reason="safety", legal_basis=LAW, now=NOW - timedelta(days=9)
    )

    [new] = issue(licence(supersedes=True))

    assert (new.number, new.version, new.status) == (old.number, 2, "suspended")
    assert (new.status_by, new.status_reason, new.status_legal_basis, new.status_at) == (
        SUPERVISOR.account_id, "safety", LAW, NOW - timedelta(days=9),
    )  # fmt: skip
    assert held() == []
    reinstate_certificate(
        certificate_id=new.id, actor=SUPERVISOR, reason="put_right", legal_basis=LAW, now=NOW
    )
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
