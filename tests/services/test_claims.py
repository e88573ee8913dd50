"""Who represents a business is asked of its register by a worker, on record, and nobody waits (design §6, §8)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from services.cases.actions import gathering, representing, retention
from services.cases.models import OutboxItem
from services.cases.queries import readings
from services.core.facts import Holder
from services.evidence.actions import standing
from services.evidence.actions.standing import TooManyClaims
from services.evidence.models import BusinessClaim
from services.evidence.queries import claims
from services.evidence.queries.claims import NoSuchClaim
from services.ledger import queries as ledger
from services.people import queries as people
from services.people.actions import record_named_business
from services.people.queries import AccountView
from services.people.series import next_uscc
from tests.services.a_register import NOW, NUMBER, TODAY, Desk, Register, evidence_type, says
from tests.services.test_standing import bound

USCC = "91350100M000100Y43"
REGISTER = evidence_type("business-register", organisation="market-regulation")
DEAD = says({}, 503)
LATER = NOW + timedelta(hours=2)


def named(number: str = NUMBER, **changed: object) -> dict[str, object]:
    """Return what the register says of the business, and whom it names."""
    facts = {
        "uscc": USCC, "name": "Made-up Trade", "kind": "company", "status": "active",
        "legal_representative_number": number,
    }  # fmt: skip
    return {
        "answer": "found", "facts": facts | changed, "record": "B-1", "issued_on": None, "valid_until": None,
    }  # fmt: skip


@pytest.fixture
def li(prefecture: Register) -> AccountView:
    """Return Li, whom the register does not name."""
    return bound("li", "440524188001010014")


def claim(viewer: AccountView) -> UUID:
    return representing.claim_business(viewer=viewer, uscc=USCC, now=NOW)


def state(viewer: AccountView, claim_id: UUID) -> str:
    return claims.claim(claim_id=claim_id, account_id=viewer.id).state


def test_claiming_a_business_asks_no_register_before_a_worker_does(ayshe: AccountView, register: Register):
    """A register that takes nine seconds takes them from no web request."""
    register.will(says(named()), kind=REGISTER)

    claimed = claim(ayshe)
    assert (register.asked, state(ayshe, claimed)) == ([], "asking")
    gathering.gather_evidence(now=NOW)

    (business,) = people.businesses_of(ayshe.id, on=TODAY)
    view = claims.claim(claim_id=claimed, account_id=ayshe.id)
    assert (view.state, view.business_id, business.uscc) == ("bound", business.id, USCC)


def test_claiming_twice_asks_once(ayshe: AccountView, register: Register):
    register.will(says(named()), kind=REGISTER)

    assert claim(ayshe) == claim(ayshe)
    gathering.gather_evidence(now=NOW)
    gathering.gather_evidence(now=LATER)

    assert len(register.asked) == 1


def test_the_register_is_told_that_it_is_asked_for_a_claim_and_by_which_law(
    ayshe: AccountView, register: Register
):
    """R15.1: the purpose is the claim, which is no application."""
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)

    (asked,) = register.asked
    assert (asked["purpose"], asked["basis"]) == (f"claim {claimed}", "Identity Act art. 2")


def test_the_person_sees_that_the_register_was_asked_because_they_said_so(
    ayshe: AccountView, register: Register
):
    """R15.6"""
    register.will(says(named()), kind=REGISTER)
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)

    (line,) = readings.my_readings(viewer=ayshe)
    assert (line.view.purpose, line.view.source, line.elsewhere) == ("claim", "business-register", False)
    assert (line.view.matter_kind, line.view.matter_id) == ("claim", claimed)


def test_a_business_sees_that_its_register_was_asked_and_not_who_claimed_it(
    ayshe: AccountView, li: AccountView, register: Register
):
    """R15.6"""
    register.will(says(named()), kind=REGISTER)
    for viewer in (ayshe, li):
        claim(viewer)
        gathering.gather_evidence(now=NOW)
    business = people.business_with(uscc=USCC)
    assert business is not None

    lines = readings.my_readings(viewer=ayshe, business_id=business)
    assert [one.view.purpose for one in lines] == ["claim", "claim"]
    assert all(one.elsewhere and one.view.matter_id == readings.NOBODYS for one in lines)
    assert len(ledger.readings_about(Holder("person", li.person_id))) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [(says(named("440524188001010014")), "not_named"), (says({"answer": "no_record"}), "no_business")],
)
def test_whom_the_register_does_not_name_represents_nothing(ayshe, register, answer, told):
    register.will(answer, kind=REGISTER)
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)

    assert state(ayshe, claimed) == told
    assert people.businesses_of(ayshe.id, on=TODAY) == ()


@pytest.mark.parametrize("half", [DEAD, says(named(legal_representative_number=None))])
def test_a_register_that_gives_no_whole_answer_is_asked_again_later(ayshe, register, half):
    """R3.18: by itself, with a pause in between that grows."""
    register.will(half, kind=REGISTER)
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)
    view = claims.claim(claim_id=claimed, account_id=ayshe.id)
    assert (view.state, view.failures) == ("asking", 1)
    assert OutboxItem.objects.get().due_at > NOW

    register.will(says(named()), kind=REGISTER)
    gathering.gather_evidence(now=LATER)
    assert state(ayshe, claimed) == "bound"


def test_a_business_register_that_answers_again_is_asked_at_once(ayshe: AccountView, register: Register):
    register.will(DEAD, kind=REGISTER)
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)
    register.will(says(named()), kind=REGISTER)

    gathering.hasten_evidence(register="business-register", now=NOW)
    gathering.gather_evidence(now=NOW)

    assert state(ayshe, claimed) == "bound"


def test_a_claim_is_forgotten_after_a_month_and_what_came_of_it_stands(ayshe, register):
    """R15.10"""
    register.will(says(named()), kind=REGISTER)
    claimed = claim(ayshe)
    gathering.gather_evidence(now=NOW)

    retention.keep_retention(now=NOW + timedelta(days=29))
    assert BusinessClaim.objects.exists()
    retention.keep_retention(now=NOW + timedelta(days=31))

    with pytest.raises(NoSuchClaim):
        claims.claim(claim_id=claimed, account_id=ayshe.id)
    assert len(people.businesses_of(ayshe.id, on=TODAY)) == 1


def test_a_claim_is_nobody_elses(ayshe: AccountView, li: AccountView):
    with pytest.raises(NoSuchClaim):
        claims.claim(claim_id=claim(ayshe), account_id=li.id)


def test_an_account_has_so_many_questions_open_and_no_more(ayshe: AccountView, register: Register, settings):
    """However many codes somebody tries, the register is asked about few; an answer makes room."""
    settings.CLAIMS_MOST_OPEN = 1
    register.will(says({"answer": "no_record"}), kind=REGISTER)
    another = next_uscc("company")
    first = claim(ayshe)

    with pytest.raises(TooManyClaims) as refusal:
        representing.claim_business(viewer=ayshe, uscc=another, now=NOW)
    assert refusal.value.values == {"most": 1}
    assert (claim(ayshe), BusinessClaim.objects.count()) == (first, 1)
    gathering.gather_evidence(now=NOW)

    assert representing.claim_business(viewer=ayshe, uscc=another, now=NOW)


def test_a_call_is_on_record_though_its_claim_was_forgotten_meanwhile(
    transactional_db, ayshe: AccountView, register: Register
):
    """R15.6: the register was called, whatever has become of the question."""

    def forgets_and_answers(desk: Desk) -> None:
        standing.forget_claims(now=NOW + timedelta(days=31))
        connection.close()
        says(named())(desk)

    register.will(forgets_and_answers, kind=REGISTER)
    claimed = claim(ayshe)

    assert standing.ask_about_claim(claim_id=claimed, now=NOW)

    (reading,) = ledger.readings_about(Holder("person", ayshe.person_id))
    assert (reading.matter_kind, reading.matter_id, reading.source) == ("claim", claimed, "business-register")
    assert people.businesses_of(ayshe.id, on=TODAY) == ()


def test_a_business_is_called_as_its_register_answers_whomever_it_names(
    ayshe: AccountView, register: Register
):
    """What an applicant called it before holds no longer, though the register names somebody else."""
    named_before = record_named_business(uscc=USCC, name="A joke", now=NOW)
    register.will(says(named("440524188001010014")), kind=REGISTER)
    claim(ayshe)
    gathering.gather_evidence(now=NOW)

    record_named_business(uscc=USCC, name="Another joke", now=NOW)

    assert people.identity_of(Holder("business", named_before)).name == "Made-up Trade"
