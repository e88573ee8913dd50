"""An account belongs to a person only if somebody vouches for it: an identity provider, or a clerk."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.core.facts import Holder
from services.core.states import Role
from services.ledger import queries as ledger
from services.ledger.actions import Actor
from services.people import actions, queries
from services.people.actions import Identity
from services.people.identifiers import IdentifierMistyped
from services.people.models import BindingCode, Person
from tests.services.a_person import AYSE, GUEST, LI, NOW, applicant, bound, code_for, officer

pytestmark = pytest.mark.django_db


# --- Persons and accounts ---------------------------------------------------------------------------------


def test_an_account_is_bound_to_the_person_its_provider_vouches_for():
    account_id = applicant()

    person_id = actions.bind_account(account_id=account_id, identity=AYSE, now=NOW)

    assert queries.account(account_id).person_id == person_id
    assert queries.account(account_id).display_name == "Ayshe Test"


def test_binding_twice_is_binding_once():
    account_id = applicant()

    first, second = (actions.bind_account(account_id=account_id, identity=AYSE, now=NOW) for _ in range(2))

    assert first == second
    assert Person.objects.count() == 1


def test_an_account_never_changes_hands():
    account_id = bound("ayse", AYSE)

    with pytest.raises(actions.AccountBoundElsewhere):
        actions.bind_account(account_id=account_id, identity=LI, now=NOW)
    assert Person.objects.count() == 1


def test_an_office_account_belongs_to_no_person():
    clerk = officer()

    with pytest.raises(actions.NotForStaff):
        actions.bind_account(account_id=clerk.account_id, identity=AYSE, now=NOW)


def test_a_mistyped_number_binds_nobody_and_is_not_repeated():
    mistyped = Identity(
        number="110105194912310021",
        document_kind="resident_id",
        full_name="Ayshe Test",
        birth_date=AYSE.birth_date,
    )

    with pytest.raises(IdentifierMistyped) as refused:
        actions.bind_account(account_id=applicant(), identity=mistyped, now=NOW)

    assert mistyped.number not in str(refused.value)


def test_nobody_is_born_tomorrow():
    unborn = Identity(
        number="P0000001", document_kind="passport", full_name="Jo", birth_date=date(2026, 3, 3)
    )

    with pytest.raises(actions.BirthDateImplausible):
        actions.record_person(identity=unborn, now=NOW)


def test_a_passport_is_as_good_as_a_card():
    account_id = bound("guest", GUEST)

    seen = queries.person(queries.account(account_id).person_id)

    assert (seen.document_kind, seen.number, seen.birth_date) == ("passport", "X*****00", date(1990, 5, 17))


def test_a_number_is_shown_masked_and_told_whole_only_to_registers():
    person_id = actions.record_person(identity=AYSE, now=NOW)

    assert queries.person(person_id).number == "1***************2X"
    assert queries.identity_of(Holder("person", person_id)).number == AYSE.number


def test_a_person_is_found_by_the_whole_number_and_the_kind_of_document():
    person_id = actions.record_person(identity=AYSE, now=NOW)

    assert queries.person_with(document_kind="resident_id", number="110105 19491231 002x") == person_id
    assert queries.person_with(document_kind="passport", number=AYSE.number) is None
    assert queries.person_with(document_kind="resident_id", number="1101051949") is None


def test_a_name_that_changed_is_kept_as_the_document_now_says():
    before = actions.record_person(identity=AYSE, now=NOW)
    renamed = Identity(
        number=AYSE.number, document_kind="resident_id", full_name="Ayshe Sample", birth_date=AYSE.birth_date
    )

    after = actions.record_person(identity=renamed, now=NOW)

    assert before == after
    assert queries.holder_name(Holder("person", after)) == "Ayshe Sample"


def test_whoever_is_unknown_is_refused():
    with pytest.raises(queries.NobodyThere):
        queries.account(uuid4())


# --- Codes from the counter -------------------------------------------------------------------------------


def test_a_clerks_code_binds_the_account_of_whoever_brings_it():
    code = code_for(officer())
    account_id = applicant()

    person_id = actions.bind_by_code(account_id=account_id, code=f" {code.lower()[:6]}-{code[6:]}", now=NOW)

    assert queries.account(account_id).person_id == person_id


def test_a_code_is_kept_only_as_a_keyed_hash():
    code = code_for(officer())

    assert code not in str(BindingCode.objects.values().get())


def test_a_code_is_used_once():
    code = code_for(officer())
    actions.bind_by_code(account_id=applicant(), code=code, now=NOW)

    with pytest.raises(actions.BindingCodeRefused):
        actions.bind_by_code(account_id=applicant("another"), code=code, now=NOW)


def test_a_code_lasts_a_day():
    code = code_for(officer())

    with pytest.raises(actions.BindingCodeRefused):
        actions.bind_by_code(account_id=applicant(), code=code, now=NOW + timedelta(days=1))


def test_a_new_code_ends_the_one_before():
    clerk = officer()
    lost, found = (code_for(clerk) for _ in range(2))

    with pytest.raises(actions.BindingCodeRefused):
        actions.bind_by_code(account_id=applicant(), code=lost, now=NOW)
    assert actions.bind_by_code(account_id=applicant("another"), code=found, now=NOW)


def test_no_code_is_ever_lost():
    clerk = officer()
    code_for(clerk)
    actions.bind_by_code(account_id=applicant(), code=code_for(clerk), now=NOW)
    code_for(clerk)

    kept = BindingCode.objects.order_by("issued_at", "id")
    fates = sorted((one.replaced_at is not None, one.used_at is not None) for one in kept)
    assert fates == [(False, False), (False, True), (True, False)]
    assert {one.issued_by_id for one in kept} == {clerk.account_id}


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.REVIEWER])
def test_only_who_sees_documents_issues_codes(role):
    somebody = officer(role) if role.is_staff else Actor(account_id=applicant(), role=role)

    with pytest.raises(actions.OnlyAtTheCounter):
        code_for(somebody)
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"full_name": "Ayshe Wrong"}, {"birth_date": date(1950, 1, 1)}], ids=["name", "birth date"]
)
def test_what_a_clerk_types_never_overwrites_who_is_known(typed):
    known = actions.record_person(identity=AYSE, now=NOW)

    with pytest.raises(actions.IdentityDiffers):
        code_for(officer(), replace(AYSE, **typed))

    assert queries.person(known).name == AYSE.full_name
    assert queries.person(known).birth_date == AYSE.birth_date
    assert not BindingCode.objects.exists()


def test_the_same_name_written_otherwise_is_the_same_name():
    actions.record_person(identity=AYSE, now=NOW)

    assert code_for(officer(), replace(AYSE, full_name=" AYSHE  test"))


def test_whom_only_an_applicant_has_named_is_identified_by_the_document():
    named = actions.record_named(document_kind="resident_id", number=AYSE.number, name="My aunt", now=NOW)

    actions.bind_by_code(account_id=applicant(), code=code_for(officer()), now=NOW)

    assert (queries.person(named).name, queries.person(named).birth_date) == (AYSE.full_name, AYSE.birth_date)


def test_who_looked_a_person_up_for_a_code_stands_among_the_readings():
    """R15.6"""
    clerk = officer()
    code_for(clerk)

    (reading,) = ledger.readings_about(Holder("person", Person.objects.get().id))
    assert (reading.actor_id, reading.organisation, reading.purpose) == (
        clerk.account_id, "service-centre", "identity_code",
    )  # fmt: skip
    assert reading.matter_id == BindingCode.objects.get().id
