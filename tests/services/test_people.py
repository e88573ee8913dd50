"""An account belongs to a person only if somebody vouches for it, and to a business only by its register."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from services.core.facts import Holder
from services.core.states import Role
from services.ledger import queries as ledger
from services.ledger.actions import Actor
from services.people import actions, queries
from services.people.actions import BusinessRecord, Identity, MandateTerms
from services.people.fields import blind_index, decrypted, encrypted
from services.people.identifiers import IdentifierKind, IdentifierMistyped, checked
from services.people.models import Account, BindingCode, Business, Mandate, Person
from services.people.queries import Matter, Standing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
# Made up: the standard's own examples, and a passport nobody holds.
AYSE = Identity(
    number="11010519491231002X",
    document_kind="resident_id",
    full_name="Ayshe Test",
    birth_date=date(1949, 12, 31),
)
LI = Identity(
    number="440524188001010014", document_kind="resident_id", full_name="李测试", birth_date=date(1980, 1, 1)
)
GUEST = Identity(
    number="x 000 000 0", document_kind="passport", full_name="Jo Sample", birth_date=date(1990, 5, 17)
)
USCC = "91350100M000100Y43"


def applicant(username: str = "ayse") -> UUID:
    return Account.objects.create_user(username=username).id


def bound(username: str, identity: Identity) -> UUID:
    account_id = applicant(username)
    actions.bind_account(account_id=account_id, basis="Identity Act art. 2", identity=identity, now=NOW)
    return account_id


def officer(role: Role = Role.CLERK) -> Actor:
    made = Account.objects.create_user(
        username=f"{role}-1", role=role, organisation="service-centre", name="Window 3"
    )
    return Actor(account_id=made.id, role=role, name=made.name)


def record(**changed: str) -> BusinessRecord:
    known = {
        "uscc": USCC, "name": "Sample Trade Ltd", "kind": "company", "status": "active",
        "legal_representative_number": AYSE.number,
    }  # fmt: skip
    return BusinessRecord(**(known | changed))


def business_of(account_id: UUID) -> UUID:
    return actions.bind_business(account_id=account_id, business=record(), now=NOW)


def code_for(actor: Actor, identity: Identity = AYSE) -> str:
    issued = actions.issue_binding_code(
        actor=actor, organisation="service-centre", identity=identity, now=NOW
    )
    return issued.code


def mandate(business_id: UUID, giver: UUID, **terms: object) -> UUID:
    known = {"agent_username": "li", "valid_until": date(2026, 12, 31)}
    return actions.grant_mandate(
        account_id=giver, business_id=business_id, terms=MandateTerms(**(known | terms)), now=NOW
    )


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


# --- Businesses -------------------------------------------------------------------------------------------


def test_the_register_binds_a_business_to_its_legal_representative():
    account_id = bound("ayse", AYSE)

    business_id = business_of(account_id)

    (seen,) = queries.businesses_of(account_id, on=TODAY)
    assert (seen.id, seen.uscc, seen.standing) == (business_id, USCC, Standing.REPRESENTATIVE)
    assert business_of(account_id) == business_id


def test_nobody_else_gets_the_business():
    with pytest.raises(actions.NotItsRepresentative):
        business_of(bound("li", LI))
    assert not Business.objects.exists()


def test_an_unbound_account_gets_no_business():
    with pytest.raises(actions.WhoAreYou):
        business_of(applicant())


def test_a_new_representative_takes_over_when_the_register_says_so():
    ayse, li = bound("ayse", AYSE), bound("li", LI)
    business_id = business_of(ayse)

    actions.bind_business(account_id=li, business=record(legal_representative_number=LI.number), now=NOW)

    assert queries.businesses_of(ayse, on=TODAY) == ()
    assert [seen.id for seen in queries.businesses_of(li, on=TODAY)] == [business_id]


def test_a_business_founded_here_gets_a_valid_code_of_its_own():
    founder = actions.record_person(identity=AYSE, now=NOW)

    founded = [
        actions.found_business(name=f"New {kind}", kind=kind, founder_person_id=founder, now=NOW)
        for kind in ("company", "sole_trader", "company")
    ]

    codes = [queries.identity_of(Holder("business", one)).number for one in founded]
    assert len(set(codes)) == 3
    assert [checked(code, IdentifierKind.USCC, today=TODAY) for code in codes] == codes
    assert [checked(code[8:17], IdentifierKind.ORGANISATION_CODE, today=TODAY) for code in codes]
    assert [code[:2] for code in codes] == ["91", "92", "91"]


def test_the_founder_represents_what_they_founded():
    account_id = bound("ayse", AYSE)
    founder = queries.account(account_id).person_id

    business_id = actions.found_business(name="New Ltd", kind="company", founder_person_id=founder, now=NOW)

    standing = queries.may_act_for(
        account_id=account_id, business_id=business_id, service_code="any", on=TODAY
    )
    assert standing is Standing.REPRESENTATIVE
    assert queries.accounts_of(Holder("business", business_id)) == (account_id,)


# --- Mandates ---------------------------------------------------------------------------------------------


@pytest.fixture
def ayse() -> UUID:
    return bound("ayse", AYSE)


@pytest.fixture
def li() -> UUID:
    return bound("li", LI)


def standing(
    account_id: UUID, business_id: UUID, *, service: str = "customs-declarant-filing", on: date = TODAY
):
    return queries.may_act_for(account_id=account_id, business_id=business_id, service_code=service, on=on)


def test_an_agent_acts_once_the_mandate_is_accepted(ayse, li):
    business_id = business_of(ayse)
    mandate_id = mandate(business_id, ayse)

    offered = standing(li, business_id)
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)

    assert (offered, standing(li, business_id)) == (None, Standing.AGENT)
    assert [seen.standing for seen in queries.businesses_of(li, on=TODAY)] == [Standing.AGENT]


def test_a_mandate_holds_for_its_services_and_to_its_last_day(ayse, li):
    business_id = business_of(ayse)
    mandate_id = mandate(
        business_id, ayse, services=("customs-declarant-filing",), valid_until=date(2026, 3, 9)
    )
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)

    assert standing(li, business_id, on=date(2026, 3, 9)) is Standing.AGENT
    assert standing(li, business_id, on=date(2026, 3, 10)) is None
    assert standing(li, business_id, service="company-simple-deregistration") is None
    assert standing(li, business_id, service="") is None


def test_an_agent_declares_only_if_told_so(ayse, li):
    business_id = business_of(ayse)
    mandate_id = mandate(business_id, ayse, may_declare=True)
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)
    asked = {"business_id": business_id, "service_code": "", "on": TODAY}

    assert queries.may_declare_for(account_id=li, **asked)
    Mandate.objects.update(may_declare=False)
    assert not queries.may_declare_for(account_id=li, **asked)
    assert queries.may_declare_for(account_id=ayse, **asked)


@pytest.mark.parametrize("ender", ["ayse", "li"])
def test_either_side_ends_a_mandate_at_once(ender, request, ayse, li):
    business_id = business_of(ayse)
    mandate_id = mandate(business_id, ayse)
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)

    actions.end_mandate(account_id=request.getfixturevalue(ender), mandate_id=mandate_id, now=NOW)

    assert standing(li, business_id) is None
    with pytest.raises(actions.NoSuchMandate):
        actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)


def test_a_stranger_neither_accepts_nor_ends_a_mandate(ayse, li):
    mandate_id = mandate(business_of(ayse), ayse)
    stranger = bound("guest", GUEST)

    for act in (actions.accept_mandate, actions.end_mandate):
        with pytest.raises(actions.NoSuchMandate):
            act(account_id=stranger, mandate_id=mandate_id, now=NOW)


def test_only_the_representative_grants_a_mandate(ayse, li):
    business_id = business_of(ayse)

    with pytest.raises(actions.NotItsRepresentative):
        mandate(business_id, li, agent_username="ayse")


@pytest.mark.parametrize(
    "terms",
    [{"agent_username": "nobody"}, {"agent_username": "ayse"}, {"valid_until": date(2026, 3, 1)}],
    ids=["no such agent", "oneself", "a day that has passed"],
)
def test_a_mandate_needs_an_agent_and_a_day_to_come(terms, ayse, li):
    with pytest.raises(actions.MandateRefused):
        mandate(business_of(ayse), ayse, **terms)


def test_a_second_mandate_waits_for_the_end_of_the_first(ayse, li):
    business_id = business_of(ayse)
    mandate(business_id, ayse)

    with pytest.raises(actions.MandateRefused):
        mandate(business_id, ayse)


def test_a_business_signs_by_its_representative_and_never_by_an_agent(ayse, li):
    business_id = business_of(ayse)
    actions.accept_mandate(account_id=li, mandate_id=mandate(business_id, ayse), now=NOW)

    assert queries.accounts_of(Holder("business", business_id)) == (ayse,)


@pytest.mark.parametrize(
    ("services", "stands"),
    [((), True), (("shop-permit", "shop-sign"), True), (("shop-permit",), False)],
    ids=["every service", "both", "one of two"],
)
def test_an_agent_stands_for_a_matter_whose_every_service_the_mandate_covers(services, stands, ayse, li):
    """R11.2"""
    business_id = business_of(ayse)
    actions.accept_mandate(account_id=li, mandate_id=mandate(business_id, ayse, services=services), now=NOW)
    matter = Matter(business_id, ("shop-permit", "shop-sign"))

    assert queries.accounts_in([matter], on=TODAY)[matter] == ((ayse, li) if stands else (ayse,))


def test_each_act_on_a_mandate_gives_it_a_new_version(ayse, li):
    mandate_id = mandate(business_of(ayse), ayse)
    offered = queries.mandate(account_id=li, mandate_id=mandate_id)
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)
    actions.accept_mandate(account_id=li, mandate_id=mandate_id, now=NOW)

    assert (offered.version, queries.mandate(account_id=ayse, mandate_id=mandate_id).version) == (1, 2)
    with pytest.raises(actions.MandateChanged):
        actions.expect_mandate(viewer=queries.account(ayse), mandate_id=mandate_id, version=1)
    with pytest.raises(queries.NoSuchMandate):
        queries.mandate(account_id=bound("guest", GUEST), mandate_id=mandate_id)


# --- What the database itself refuses ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": Role.CLERK},
        {"role": Role.APPLICANT, "organisation": "customs"},
        {"role": Role.APPLICANT, "name": "Window 3"},
    ],
    ids=["an officer of no office", "an applicant of an office", "a personal name in the open"],
)
def test_an_account_is_of_an_applicant_or_of_an_office(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create_user(username="wrong", **wrong)


def test_an_officer_is_never_a_person(ayse):
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.filter(id=ayse).update(role=Role.CLERK, organisation="customs")


def test_a_mandate_cannot_be_accepted_after_its_end(ayse, li):
    mandate(business_of(ayse), ayse)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.update(ended_at=NOW, accepted_at=NOW + timedelta(hours=1))


def test_one_number_is_one_person():
    actions.record_person(identity=AYSE, now=NOW)
    same = Person.objects.get()
    twin = Person(
        document_kind="passport", number="Z", name="Z", birth_date=TODAY, number_index=same.number_index
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


# --- Encryption -------------------------------------------------------------------------------------------


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
