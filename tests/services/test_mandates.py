"""A business belongs to whom its register names, and is lent by mandate."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from services.core.facts import Holder
from services.core.mandates import Deed, Why
from services.core.states import Role
from services.people import actions, queries
from services.people.identifiers import IdentifierKind, checked
from services.people.models import Account, Business, Mandate, Person
from services.people.queries import Matter, Standing
from services.people.series import next_uscc
from tests.services.a_person import (
    AYSE,
    GUEST,
    LI,
    NOW,
    TODAY,
    USCC,
    applicant,
    bound,
    business_of,
    mandate,
    record,
)

pytestmark = pytest.mark.django_db


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


def test_a_code_that_somebody_named_in_advance_is_given_to_no_business_founded_here():
    """The series can be foreseen; whoever names its next codes keeps nobody from founding a business."""
    founder = actions.record_person(identity=AYSE, now=NOW)
    foreseen = [next_uscc("company") for _ in range(2)]
    named = {actions.record_named_business(uscc=one, name="A joke", now=NOW) for one in foreseen}
    wind_back(2)

    founded = actions.found_business(name="New Ltd", kind="company", founder_person_id=founder, now=NOW)

    assert founded not in named
    assert queries.identity_of(Holder("business", founded)).name == "New Ltd"


def wind_back(places: int) -> None:
    """Let the series give its last codes once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('people_uscc_series', nextval('people_uscc_series') - %s)", [places + 1]
        )


def test_a_business_that_applicants_alone_have_named_is_called_as_the_last_one_did():
    """A slip or a joke sticks to nobody; whoever leaves the name out takes none away."""
    named = [
        actions.record_named_business(uscc=USCC, name=one, now=NOW) for one in ("A joke", "Sample Ltd", "")
    ]

    assert len(set(named)) == 1
    assert queries.identity_of(Holder("business", named[0])).name == "Sample Ltd"


def test_what_its_register_calls_a_business_no_applicant_changes():
    business_id = business_of(bound("ayse", AYSE))

    assert actions.record_named_business(uscc=USCC, name="A joke", now=NOW) == business_id
    assert queries.identity_of(Holder("business", business_id)).name == "Sample Trade Ltd"


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
    asked = {"holder": Holder("business", business_id), "services": ["any"], "on": TODAY}

    assert queries.may(Deed.DECLARE, account_id=li, **asked) is None
    Mandate.objects.update(may_declare=False)
    assert queries.may(Deed.DECLARE, account_id=li, **asked) is Why.NOT_GIVEN
    assert queries.may(Deed.DECLARE, account_id=ayse, **asked) is None


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
    matter = Matter(business_id, ("shop-permit", "shop-sign"), filed_by=li)

    assert queries.accounts_in([matter], on=TODAY)[matter] == ((ayse, li) if stands else (ayse,))


@pytest.mark.parametrize("powers", [("file",), ("file", "view")])
def test_an_agent_who_may_only_file_stands_for_no_matter_of_others(powers, ayse, li):
    """R11.2: what others filed is seen by the power to see."""
    business_id = business_of(ayse)
    actions.accept_mandate(account_id=li, mandate_id=mandate(business_id, ayse, powers=powers), now=NOW)
    matter = Matter(business_id, ("shop-permit",), filed_by=ayse)

    assert queries.accounts_in([matter], on=TODAY)[matter] == ((ayse, li) if "view" in powers else (ayse,))


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
