"""A certificate is sealed once for its case, checked by whoever holds it, and taken away by a person only."""

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.certificates import actions, keys, queries
from services.certificates.models import Certificate, SealKey, Status
from services.certificates.queries import NOT_GENUINE
from services.core.facts import Holder
from services.core.states import Role
from services.ledger.actions import WORKER, Actor
from tests.services.a_certificate import (
    HOLDER,
    LAST_DAY,
    LAW,
    NOW,
    SUPERVISOR,
    TODAY,
    held,
    issue,
    licence,
    verify,
)
from tests.services.together import together

pytestmark = pytest.mark.django_db


def test_what_is_issued_can_be_verified_without_showing_its_content():
    """R12.3"""
    [one] = issue(licence())

    answer = verify(one)

    assert answer == queries.VerifyAnswer(
        genuine=True,
        status="valid",
        number=one.number,
        type="food-business-licence",
        organisation="market-regulation",
        version=1,
        issued_on=TODAY,
        valid_until=LAST_DAY,
    )


def test_issuing_twice_for_one_case_gives_the_same_certificate():
    row = licence()
    [first] = issue(row)

    [again] = issue(row)

    assert again == first
    assert Certificate.objects.count() == 1


def test_a_batch_costs_as_many_statements_as_one():
    issue(licence())  # the key is read, and its public part kept
    with CaptureQueriesContext(connection) as for_one:
        issue(licence(supersedes=True, key="A"))

    with CaptureQueriesContext(connection) as for_twenty:
        issued = issue(*[licence(supersedes=True, key=f"thing {number}") for number in range(20)])

    assert len(for_twenty) == len(for_one)
    assert len({one.number for one in issued}) == 20


def test_the_batch_comes_back_in_the_order_it_was_given():
    rows = [licence() for _ in range(5)]

    assert [one.case_id for one in issue(*rows)] == [row.case_id for row in rows]


def test_two_workers_issuing_for_one_case_get_the_same_certificate(transactional_db: None):
    row = licence()

    numbers = together(2, lambda: issue(row)[0].number)

    assert numbers == [Certificate.objects.get().number] * 2


# --- The seal --------------------------------------------------------------------------------------------


def test_a_certificate_whose_content_was_altered_is_not_genuine():
    """R3.4"""
    [one] = issue(licence())
    row = Certificate.objects.get(id=one.id)
    row.content = {"business.name": "Another Name Ltd"}
    row.save(update_fields=["content"])

    assert verify(one) == NOT_GENUINE


def test_a_certificate_under_the_seal_of_another_is_not_genuine():
    """R3.4"""
    one, other = issue(licence(), licence())
    stolen = Certificate.objects.get(id=other.id)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE certificates_certificate SET digest = %s, signature = %s WHERE id = %s",
            [stolen.digest, bytes(stolen.signature), one.id],
        )

    assert verify(one) == NOT_GENUINE


@pytest.mark.parametrize(
    ("column", "value"),
    [("valid_until", date(2099, 1, 1)), ("number", "0000-0000-0000"), ("holder_id", uuid4())],
)
def test_the_database_keeps_what_is_sealed_from_change(column: str, value: object):
    [one] = issue(licence())

    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(id=one.id).update(**{column: value})


def test_the_database_keeps_certificates_and_keys_from_removal():
    issue(licence())

    for model in (Certificate, SealKey):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_fractions_have_one_way_of_being_sealed():
    [one] = issue(licence(content={"business.area": 12.5, "rows": [{"weight": 0.1}]}))

    assert verify(one).genuine
    assert queries.of_holder(holder=HOLDER, on=TODAY)[0].content == {
        "business.area": 12.5,
        "rows": [{"weight": 0.1}],
    }


def test_a_number_is_read_as_people_type_it():
    [one] = issue(licence())
    typed = one.number.replace("-", " ").lower().replace("0", "o")

    answer = queries.verify(number=typed, check_code=one.check_code.lower(), on=TODAY)

    assert answer.genuine


def test_a_wrong_number_and_a_wrong_check_code_get_the_same_answer():
    """R12.3"""
    [one] = issue(licence())

    wrong_code = queries.verify(number=one.number, check_code="0000000000", on=TODAY)
    wrong_number = queries.verify(number="0000-0000-0000", check_code=one.check_code, on=TODAY)

    assert wrong_code == wrong_number == NOT_GENUINE


@pytest.mark.parametrize("typed", ["", "x" * 5000, "﷽\x00", "é"])
def test_whatever_is_typed_gets_an_answer(typed: str):
    assert queries.verify(number=typed, check_code=typed, on=TODAY) == NOT_GENUINE


def test_the_content_stands_encrypted():
    issue(licence())

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM certificates_certificate")
        assert b"Noodles" not in bytes(cursor.fetchone()[0])


@pytest.fixture
def no_key(settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    yield settings.SEAL_KEY_FILE


def test_the_first_key_is_made_for_its_owner_alone(no_key: Path):
    [one] = issue(licence())
    made = no_key.read_bytes()

    keys.make_key(no_key)

    assert no_key.read_bytes() == made
    assert stat.S_IMODE(no_key.stat().st_mode) == 0o600
    assert verify(one).genuine


def test_in_production_no_key_is_made(no_key: Path, settings: pytest.FixtureRequest):
    settings.ENVIRONMENT = "production"

    with pytest.raises(ImproperlyConfigured, match="SEAL_KEY_FILE"):
        issue(licence())
    assert not no_key.exists()


def test_a_certificate_of_an_earlier_key_stays_genuine(no_key: Path, tmp_path: Path, settings: object):
    [before] = issue(licence())
    settings.SEAL_KEY_FILE = tmp_path / "next.pem"

    [after] = issue(licence())

    assert verify(before).genuine
    assert verify(after).genuine
    assert SealKey.objects.count() == 2


# --- Whether it holds (R12.1) ----------------------------------------------------------------------------


def test_a_certificate_holds_to_the_end_of_its_last_day():
    [one] = issue(licence())

    assert held(on=LAST_DAY) == [one.id]
    assert held(on=date(2027, 3, 3)) == []
    assert verify(one, on=date(2027, 3, 3)).status == "expired"


def test_a_certificate_without_a_last_day_holds_for_good():
    [one] = issue(licence(valid_until=None))

    assert held(on=date(2999, 1, 1)) == [one.id]


def test_only_the_holders_own_certificates_of_the_types_asked_for_are_found():
    issue(licence(holder=Holder("person", HOLDER.id)), licence(type="export-licence"))

    assert held() == []


def test_a_revoked_certificate_is_genuine_and_serves_no_more():
    [one] = issue(licence())

    actions.revoke_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="untrue", legal_basis=LAW, now=NOW
    )

    assert held() == []
    assert (verify(one).genuine, verify(one).status) == (True, "revoked")


def test_a_revoked_certificate_cannot_come_back():
    [one] = issue(licence())
    actions.revoke_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="untrue", legal_basis=LAW, now=NOW
    )
    actions.revoke_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="untrue", legal_basis=LAW, now=NOW
    )

    with pytest.raises(actions.CertificateCannotChange, match="revoked cannot become valid"):
        actions.reinstate_certificate(
            certificate_id=one.id, actor=SUPERVISOR, reason="mended", legal_basis=LAW, now=NOW
        )


def test_a_suspended_certificate_can():
    [one] = issue(licence())
    actions.suspend_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="kitchen", legal_basis=LAW, now=NOW
    )
    assert held() == []

    actions.reinstate_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="mended", legal_basis=LAW, now=NOW
    )

    assert held() == [one.id]


def test_a_cancelled_certificate_has_ended():
    [one] = issue(licence())

    actions.cancel_certificate(
        certificate_id=one.id, actor=SUPERVISOR, reason="closed", legal_basis=LAW, now=NOW
    )

    assert verify(one).status == "cancelled"


def test_the_table_of_moves_names_every_status():
    assert set(queries.MOVES) == set(Status)


@pytest.mark.parametrize(
    "actor",
    [WORKER, *(Actor(account_id=uuid4(), role=role) for role in (Role.APPLICANT, Role.CLERK, Role.REVIEWER))],
)
def test_neither_the_machine_nor_a_counter_takes_a_certificate_away(actor: Actor):
    [one] = issue(licence())

    with pytest.raises(actions.NeedsNamedOfficer):
        actions.revoke_certificate(
            certificate_id=one.id, actor=actor, reason="untrue", legal_basis=LAW, now=NOW
        )


@pytest.mark.parametrize("missing", [{"reason": " "}, {"legal_basis": " "}])
def test_nothing_is_taken_away_without_a_reason_and_a_law(missing: dict[str, str]):
    [one] = issue(licence())
    why = {"reason": "untrue", "legal_basis": LAW} | missing

    with pytest.raises(actions.ReasonNeeded):
        actions.revoke_certificate(certificate_id=one.id, actor=SUPERVISOR, **why, now=NOW)


def test_what_is_not_there_cannot_be_revoked():
    with pytest.raises(actions.NoSuchCertificate):
        actions.revoke_certificate(
            certificate_id=uuid4(), actor=SUPERVISOR, reason="untrue", legal_basis=LAW, now=NOW
        )
