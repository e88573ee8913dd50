"""What is held is used again where it may be, and what the applicant says of it counts (R3.15, R3.17)."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from services.certificates.actions import NewCertificate, issue_certificates
from services.core.evidence import Grade, Source
from services.core.facts import Holder
from services.core.reference import EvidenceType
from services.core.states import Role
from services.evidence import actions, queries
from services.evidence.actions import About, Said, Wanted
from services.evidence.models import Attempt, Evidence, Preview
from services.ledger.actions import Actor
from tests.services.a_register import (
    ANOTHER,
    APPLICATION,
    CLERK,
    FOUND,
    ID_CARD,
    NOW,
    TODAY,
    Register,
    evidence_type,
    held,
    obtain,
    says,
)

pytestmark = pytest.mark.django_db


def test_evidence_of_an_earlier_application_is_used_again(register: Register, ayse: Holder):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))

    [again] = held(ayse, application_id=ANOTHER)

    assert (again.source, again.grade, again.application_id) == (Source.EARLIER, Grade.A, APPLICATION)


def test_evidence_that_has_expired_is_not(register: Register, ayse: Holder):
    register.will(says(FOUND | {"valid_until": "2026-03-02"}))
    obtain(Wanted(ID_CARD, ayse))

    assert len(held(ayse, application_id=ANOTHER)) == 1
    assert held(ayse, application_id=ANOTHER, on=date(2026, 3, 3)) == ()


def test_evidence_about_one_matter_stays_in_it(register: Register, ayse: Holder):
    """R3.2"""
    contract = evidence_type("trade-contract", about="application", proves=("application.buyer",))
    register.will(says(FOUND | {"facts": {"application.buyer": "Sample Ltd"}}), kind=contract)

    obtain(Wanted(contract, ayse))

    assert len(held(ayse, contract)) == 1
    assert held(ayse, contract, application_id=ANOTHER) == ()


def test_a_certificate_we_issued_is_found_by_the_next_case(ayse: Holder):
    """R12.6"""
    [issued] = issue_certificates(rows=[_certificate(ayse)], now=NOW)

    [one] = held(ayse, evidence_type("marriage-certificate"))

    assert (one.id, one.source, one.grade) == (issued.id, Source.ISSUED, Grade.A)
    assert one.facts == {"person.spouse_name": "Jo Sample"}


def _certificate(holder: Holder) -> NewCertificate:
    return NewCertificate(
        case_id=uuid4(),
        service_code="marriage-registration",
        type="marriage-certificate",
        organisation="civil-affairs",
        holder=holder,
        content={"person.spouse_name": "Jo Sample"},
        issued_on=TODAY,
    )


def test_all_that_is_held_costs_the_same_however_much_it_is(register: Register, ayse: Holder):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))
    issue_certificates(rows=[_certificate(ayse)], now=NOW)
    applications = [uuid4() for _ in range(30)]
    holders = [ayse, *(Holder("business", uuid4()) for _ in range(30))]

    with CaptureQueriesContext(connection) as asked:
        queries.held(
            holders=holders, types=["id-card", "marriage-certificate"], on=TODAY, application_ids=applications
        )

    assert len(asked) == 3


def test_what_we_know_of_a_person_comes_from_what_we_hold_latest_first(register: Register, ayse: Holder):
    register.will(says(FOUND), says(FOUND | {"facts": {"person.full_name": "Ayshe Sample"}}))
    obtain(Wanted(ID_CARD, ayse))
    obtain(Wanted(ID_CARD, ayse), application_id=ANOTHER, now=NOW + timedelta(days=3))
    issue_certificates(rows=[_certificate(ayse)], now=NOW)

    known = queries.known_facts(holder=ayse, on=TODAY + timedelta(days=3))

    assert {fact: one.value for fact, one in known.items()} == {
        "person.full_name": "Ayshe Sample",
        "person.birth_date": "1949-12-31",
        "person.spouse_name": "Jo Sample",
    }
    assert known["person.full_name"].since == TODAY + timedelta(days=3)
    assert known["person.spouse_name"].source is Source.ISSUED


# --- What the applicant says of it (R3.15) ---------------------------------------------------------------


def say(evidence_id: UUID, account: UUID, reason: str = "", application_id: UUID = APPLICATION) -> Said:
    return Said(application_id=application_id, evidence_id=evidence_id, account_id=account, reason=reason)


def test_disputed_evidence_is_marked_and_its_office_told(register: Register, ayse: Holder, account: UUID):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))
    [one] = held(ayse)

    actions.dispute(said=say(one.id, account, "My name is misspelt."), now=NOW)
    actions.dispute(said=say(one.id, account, "My name is misspelt."), now=NOW)

    assert [still.disputed for still in held(ayse)] == [True]
    assert held(ayse, application_id=ANOTHER) == ()
    assert queries.known_facts(holder=ayse, on=TODAY) == {}
    [record] = queries.records_to_mend(organisation="public-security")
    assert (record.type, record.subject_id, record.reason) == ("id-card", one.id, "My name is misspelt.")


def test_a_disputed_register_is_not_asked_again(register: Register, ayse: Holder, account: UUID):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))
    actions.dispute(said=say(held(ayse)[0].id, account, "Wrong."), now=NOW)

    obtain(Wanted(ID_CARD, ayse))

    assert len(register.asked) == 1


def test_evidence_of_an_earlier_application_can_be_disputed_in_this_one(
    register: Register, ayse: Holder, account: UUID
):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse), application_id=ANOTHER)
    [earlier] = held(ayse)

    actions.dispute(said=say(earlier.id, account, "Wrong."), now=NOW)

    assert [(one.source, one.disputed) for one in held(ayse)] == [(Source.EARLIER, True)]


def test_a_certificate_of_ours_can_be_disputed(ayse: Holder, account: UUID):
    [issued] = issue_certificates(rows=[_certificate(ayse)], now=NOW)

    actions.dispute(said=say(issued.id, account, "We are divorced."), now=NOW)

    assert [one.disputed for one in held(ayse, evidence_type("marriage-certificate"))] == [True]
    assert len(queries.records_to_mend(organisation="civil-affairs")) == 1


def test_a_dispute_says_what_is_wrong(ayse: Holder, account: UUID):
    with pytest.raises(actions.ReasonForDispute):
        actions.dispute(said=say(uuid4(), account, "  "), now=NOW)
    with pytest.raises(actions.NoSuchEvidence):
        actions.dispute(said=say(uuid4(), account, "Wrong."), now=NOW)


def test_what_was_confirmed_can_still_be_disputed_but_not_the_other_way(
    register: Register, ayse: Holder, account: UUID
):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))
    [one] = held(ayse)
    actions.confirm(said=say(one.id, account), now=NOW)
    actions.confirm(said=say(one.id, account), now=NOW)
    assert queries.confirmed(application_id=APPLICATION) == {one.id}

    actions.dispute(said=say(one.id, account, "On second thoughts, no."), now=NOW)

    assert queries.confirmed(application_id=APPLICATION) == frozenset()
    assert Preview.objects.count() == 1
    with pytest.raises(actions.AlreadyDisputed):
        actions.confirm(said=say(one.id, account), now=NOW)


# --- Originals (R3.17) -----------------------------------------------------------------------------------


def see(holder: Holder, clerk: Actor = CLERK, now: datetime = NOW, kind: EvidenceType = ID_CARD) -> UUID:
    about = About(application_id=APPLICATION, type=kind, holder=holder)
    return actions.record_seen(about=about, facts=FOUND["facts"], clerk=clerk, now=now)


def test_an_original_is_seen_once_and_by_no_window_again(ayse: Holder):
    evidence_id = see(ayse)

    assert see(ayse) == evidence_id
    [one] = held(ayse)
    assert (one.source, one.grade, one.checked) == (Source.SEEN, Grade.B, True)
    assert [again.source for again in held(ayse, application_id=ANOTHER)] == [Source.EARLIER]
    row = Evidence.objects.get(id=evidence_id)
    assert (row.checked_by, row.checked_at) == (CLERK.account_id, NOW)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.WORKER, Role.ADMINISTRATOR])
def test_only_an_officer_sees_originals(role: Role, ayse: Holder):
    with pytest.raises(actions.OfficersOnly):
        see(ayse, clerk=Actor(account_id=uuid4(), role=role))


# --- What the database never lets in ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "upload", "grade": "B", "checked_by": uuid4(), "checked_at": NOW},
        {"source": "upload", "grade": "A"},
        {"source": "upload", "grade": "C", "reusable": True},
        {"source": "seen", "grade": "B", "checked_by": None, "checked_at": None},
        {"source": "registry", "grade": "D"},
        {"source": "earlier", "grade": "A"},
        {"issued_on": date(2026, 3, 2), "valid_until": date(2026, 3, 1)},
        {"ended_at": NOW},
        {"holder_kind": "office"},
        {"checked_at": None},
    ],
)
def test_the_database_refuses_evidence_that_cannot_be(changed: dict[str, object], ayse: Holder):
    evidence_id = see(ayse)

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(id=evidence_id).update(**changed)


def test_the_database_refuses_an_outcome_that_is_none(register: Register, ayse: Holder):
    register.will(says(FOUND))
    obtain(Wanted(ID_CARD, ayse))

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.update(outcome="perhaps")
