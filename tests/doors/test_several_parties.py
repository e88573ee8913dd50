"""Who else takes part, on services of the catalogue: each signs in their own account, or comes to the same visit."""

from collections.abc import Iterator

import pytest

from services import clock
from services.cases.actions import drafting
from services.cases.actions.parties import enter_parties
from services.cases.models import Application, ApplicationState, Case, Party
from services.cases.queries import applications
from services.cases.queries.calls import awaited_people
from services.cases.queries.visibility import application_for
from services.catalogue import queries as catalogue
from services.core.definitions import Definition, Example
from services.people.queries import AccountView
from tests.doors.conftest import NUMBERS

# Pairs of people, as a service of the catalogue has them: who is named, and how they sign.
SIGN_FROM_HOME = [
    ("marriage-certificate-replacement", "spouse"),
    ("provident-fund-withdrawal", "spouse"),
    ("home-contract-filing", "seller"),
    ("company-registration", "co-owner"),
    ("residence-permit", "landlord"),
    ("water-connection", "title-holder"),
    ("birth-certificate", "other-parent"),
]
COME_ALONG = [
    ("marriage-registration", "spouse"),
    ("property-transfer-registration", "seller"),
    ("property-transfer-registration", "spouse"),
    ("provident-fund-loan", "spouse"),
]
CHILDREN = ["birth-certificate", "newborn-household-registration", "newborn-medical-insurance", "student-aid"]


@pytest.fixture
def pair(published, resident) -> tuple[AccountView, AccountView, AccountView]:
    """Return who applies, who is named, and somebody else."""
    return resident("first"), resident("second"), resident("stranger")


def party_of(definition: Definition, role: str):
    return next(one for one in definition.parties if one.role == role)


def examples_with(definition: Definition, role: str) -> Iterator[Example]:
    """Yield the worked examples in which this party takes part."""
    when = party_of(definition, role).when
    yield from (one for one in definition.examples if not when or one.conditions.get(when))


def named(applicant: AccountView, other: str, service: str, role: str) -> Application:
    """Begin as in a worked example, with this number for the party, and have the parties entered."""
    definition = catalogue.definition(catalogue.current_version_id(service))
    example = next(examples_with(definition, role))
    numbered = {
        code: other for code in party_of(definition, role).identified_by if definition.facts[code].format
    }
    begun = drafting.start_application(viewer=applicant, services=[service], now=clock.now())
    draft = Application.objects.get(id=begun)
    draft.answers = {
        code: value for code, value in example.facts.items() if code in definition.facts
    } | numbered
    draft.save()
    enter_parties(application_for(applicant, begun), now=clock.now())
    return application_for(applicant, begun)


@pytest.mark.parametrize(("service", "role"), SIGN_FROM_HOME)
def test_each_signs_remotely_in_their_own_account(service, role, pair):
    """R3.3, R4.12: spouses, buyer and seller, owners of a company, landlord and tenant, two parents."""
    applicant, other, stranger = pair
    application = named(applicant, NUMBERS[1], service, role)
    party = Party.objects.get(application=application, role=role)
    assert (party.person_id, party.signs) == (other.person_id, "account")

    Application.objects.filter(id=application.id).update(state=ApplicationState.AWAITING_SIGNATURES)

    asked = [one for one in applications.open_applications(viewer=other) if one.to_sign]
    assert [one.id for one in asked] == [application.id]
    assert applications.invitation(viewer=other, application_id=application.id).signed is False
    assert applications.open_applications(viewer=stranger) == ()


@pytest.mark.parametrize(("service", "role"), COME_ALONG)
def test_both_are_awaited_at_the_same_visit(service, role, pair):
    """R8.4: attendance is counted per person, and the composer finds a time for all of them."""
    applicant, other, _ = pair
    application = named(applicant, NUMBERS[1], service, role)
    case = Case(
        application=application, service=service, service_version_id=catalogue.current_version_id(service)
    )

    assert set(awaited_people(case)) >= {applicant.person_id, other.person_id}


@pytest.mark.parametrize("service", CHILDREN)
def test_a_child_signs_nothing_and_is_filed_for_by_its_guardian(service, pair):
    applicant, _, _ = pair
    begun = drafting.start_application(
        viewer=applicant, services=[service], as_guardian=True, now=clock.now()
    )
    definition = catalogue.definition(catalogue.current_version_id(service))

    assert Application.objects.get(id=begun).filed_by == "guardian"
    assert party_of(definition, "child").signs == "none"
