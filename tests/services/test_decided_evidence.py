"""What a decision rests on stands from then on; until then a declaration can be taken back."""

import pytest
from django.db import connection

from services.cases.actions import evidence, handling, paying, visiting
from services.cases.actions.giving import DecidedAlready
from services.cases.models import Application, Bill, Case, Decision
from services.cases.queries import calls
from services.cases.queries.visibility import NoSuchApplication
from services.certificates import queries as certificates
from services.core.evidence import Standing
from services.evidence.actions import NoSuchDeclaration
from services.evidence.models import Declaration, Evidence
from services.ledger import queries as ledger
from tests.services.a_gift import HOME, PARTNER, dispute, how
from tests.services.a_matter import begin, file, give, officer, state_of, submit, task_of
from tests.services.a_register import NOW, TODAY
from tests.services.a_visit import serve

pytestmark = pytest.mark.usefixtures("folder")


# --- What a decision keeps --------------------------------------------------------------------------------


@pytest.fixture
def unpaid(ayshe):
    """A pilot's case that is decided, and issued once the fee is paid."""
    case = file(ayshe, "pilot-card")
    clerk, reviewer = officer("records-office"), officer("records-office", "reviewer")
    handling.accept_case(viewer=clerk, task_id=task_of(case, "acceptance"), now=NOW)
    handling.complete_task(viewer=clerk, task_id=task_of(case, "review"), favorable=True, now=NOW)
    slot = calls.visit_slots(application_id=case.application_id, now=NOW)[0]
    booked = visiting.book_visit(viewer=ayshe, application_id=case.application_id, slot_id=slot.id, now=NOW)
    serve(clerk, booked, slot.starts_at)
    handling.grant_case(viewer=reviewer, task_id=task_of(case, "decision"), now=slot.starts_at)
    assert state_of(case) == "decided"
    return case


def pay(case):
    bill = Bill.objects.get(case=case)
    paying.record_payment(
        number=bill.number, amount=bill.amount, currency="CNY", receipt="R-1", paid_at=NOW, now=NOW
    )


def test_nothing_said_after_the_decision_changes_what_the_certificate_says(ayshe, unpaid):
    """The facts on which it was granted are sealed: neither a dispute elsewhere nor another answer reaches them."""
    application = Application.objects.get(id=unpaid.application_id)
    found = Evidence.objects.get(application_id=application.id, type="id-card")
    another = begin(ayshe, "home-record", HOME)
    dispute(ayshe, another, found.id)
    application.answers = {"person.full_name": "Somebody Else"}
    application.save(update_fields=["answers"])

    pay(unpaid)

    found.refresh_from_db()
    [issued] = certificates.of_cases(case_ids=[unpaid.id], on=TODAY)
    assert found.disputed_at is not None
    assert (state_of(unpaid), issued.content["person.full_name"]) == ("closed", "Ayshe Test")
    assert Decision.objects.get(case=unpaid).facts["person.full_name"] == "Ayshe Test"


def test_what_a_decision_rests_on_stands_encrypted(unpaid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM cases_decision")
        assert b"Ayshe" not in bytes(cursor.fetchone()[0])


# --- Taking a declaration back ----------------------------------------------------------------------------


def take_back(viewer, application, evidence_id):
    evidence.withdraw_declaration(viewer=viewer, application_id=application, evidence_id=evidence_id, now=NOW)


def test_a_declaration_is_taken_back_before_the_decision_and_no_day_starts_anew(ayshe):
    """R4.8"""
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    case = submit(ayshe, application)
    signed = how(ayshe, application, "free").evidence[0].id

    take_back(ayshe, application, signed)
    take_back(ayshe, application, signed)

    assert how(ayshe, application, "free").standing is not Standing.SETTLED
    assert Declaration.objects.get(evidence_id=signed).withdrawn_at == NOW
    after = Case.objects.get(id=case.id)
    assert (after.received_on, after.state) == (case.received_on, "received")
    events = [one.event for one in ledger.entries_of(case.id)]
    assert events.count("declaration_withdrawn") == 1


def test_only_ones_own_declaration_of_this_application_is_taken_back(ayshe, bo):
    application, another = (begin(ayshe, "joint-deed", PARTNER) for _ in range(2))
    give(ayshe, application)
    signed = how(ayshe, application, "free").evidence[0].id

    with pytest.raises(NoSuchDeclaration):
        take_back(ayshe, another, signed)
    with pytest.raises(NoSuchApplication):
        take_back(bo, application, signed)


def test_once_it_is_decided_a_declaration_stands(ayshe):
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    case = submit(ayshe, application)
    signed = how(ayshe, application, "free").evidence[0].id
    slot = calls.visit_slots(application_id=application, now=NOW)[0]
    booked = visiting.book_visit(viewer=ayshe, application_id=application, slot_id=slot.id, now=NOW)
    serve(officer("records-office"), booked, slot.starts_at)
    assert state_of(case) == "closed"

    with pytest.raises(DecidedAlready):
        take_back(ayshe, application, signed)
