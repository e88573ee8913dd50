"""Who stands for a matter today may see it, act in it, and gets its letters; who does not, may not (R11.2)."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services import clock
from services.cases.actions import (
    drafting,
    evidence,
    following,
    gathering,
    identifying,
    reading,
    representing,
    submission,
    visiting,
)
from services.cases.actions.letters import application_letter, case_letter
from services.cases.models import Application, Case, Party
from services.cases.queries import cases, drafts
from services.cases.queries.visibility import NoSuchApplication, NoSuchCase, visible_cases
from services.certificates import queries as certificates
from services.certificates.queries import NoSuchCertificate
from services.core.facts import Holder
from services.core.states import Role
from services.ledger import queries as ledger
from services.notices import queries as notices
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import BusinessRecord, Identity, MandateTerms, WhoAreYou
from services.people.models import Account, Business
from services.people.queries import AccountView
from tests.services import a_matter
from tests.services.a_matter import officer, submit
from tests.services.a_register import NOW, NUMBER, TODAY

SERVICE = "works-permit"
WORKS = {"application.works": "a tower", "application.height": 30}
USCC = "91350100M000100Y43"
SUCCESSOR = "110105198506153215"


def bound(username: str, number: str) -> AccountView:
    account = Account.objects.create_user(username=username).id
    identity = Identity(
        number=number, document_kind="resident_id", full_name=f"{username.title()} Test",
        birth_date=date(1980, 1, 1),
    )  # fmt: skip
    people.bind_account(account_id=account, identity=identity, now=NOW)
    return persons.account(account)


def register_names(viewer: AccountView, number: str) -> UUID:
    record = BusinessRecord(
        uscc=USCC, name="Made-up Trade", kind="company", status="active", legal_representative_number=number
    )
    return people.bind_business(account_id=viewer.id, business=record, now=NOW)


@pytest.fixture
def business(ayshe: AccountView) -> UUID:
    """Return a business whose representative is Ayshe."""
    return register_names(ayshe, NUMBER)


@pytest.fixture
def agent(prefecture: object) -> AccountView:
    """Return Li, who may be given a mandate."""
    return bound("li", "440524188001010014")


def lend(business: UUID, giver: AccountView, agent: AccountView, *services: str) -> UUID:
    """Let the agent act for the business in these services, or in all."""
    terms = MandateTerms(
        agent_username=agent.username, services=services, may_declare=True, valid_until=date(2026, 12, 31)
    )
    lent = people.grant_mandate(account_id=giver.id, business_id=business, terms=terms, now=NOW)
    people.accept_mandate(account_id=agent.id, mandate_id=lent, now=NOW)
    return lent


def end(lent: UUID, by: AccountView) -> None:
    people.end_mandate(account_id=by.id, mandate_id=lent, now=NOW)


def draft_for(viewer: AccountView, business: UUID) -> UUID:
    """Begin and prove an application for the business."""
    begun = drafting.start_application(viewer=viewer, services=[SERVICE], business_id=business, now=NOW)
    drafting.answer_questions(viewer=viewer, application_id=begun, answers=WORKS, now=NOW)
    drafting.request_evidence(viewer=viewer, application_id=begun, now=NOW)
    gathering.gather_evidence(now=NOW)
    a_matter.give(viewer, begun)
    return begun


@pytest.fixture
def lent(business: UUID, ayshe: AccountView, agent: AccountView) -> UUID:
    """Give Li a mandate for works permits."""
    return lend(business, ayshe, agent, SERVICE)


@pytest.fixture
def filed(lent: UUID, agent: AccountView, business: UUID) -> Case:
    """Return a case that Li filed for the business."""
    return submit(agent, draft_for(agent, business))


# --- Who may see and act ----------------------------------------------------------------------------------


def test_a_mandate_for_another_service_opens_nothing(ayshe, agent, business, lent, filed):
    end(lent, ayshe)
    lend(business, ayshe, agent, "home-record")

    assert not visible_cases(agent).exists()
    for act in (
        lambda: cases.case(viewer=agent, case_id=filed.id),
        lambda: following.withdraw_case(viewer=agent, case_id=filed.id, now=NOW),
    ):
        with pytest.raises(NoSuchCase):
            act()
    with pytest.raises(NoSuchApplication):
        drafts.draft(viewer=agent, application_id=filed.application_id)


def test_a_mandate_must_cover_every_service_of_the_application(ayshe, agent, business, filed):
    Application.objects.filter(id=filed.application_id).update(services=[SERVICE, "home-record"])

    assert not visible_cases(agent).exists()
    assert visible_cases(ayshe).exists()


def test_a_mandate_for_every_service_covers_each(ayshe, agent, business, lent, filed):
    end(lent, ayshe)
    lend(business, ayshe, agent)

    assert visible_cases(agent).get() == filed


def test_a_mandate_that_has_run_out_covers_nothing(agent, filed, lent):
    clock.shift(days=306)

    assert not visible_cases(agent).exists()


def test_who_lost_the_mandate_neither_submits_signs_nor_books(ayshe, agent, business, lent):
    draft = draft_for(agent, business)
    end(lent, ayshe)

    for act in (
        lambda: submission.submit_application(viewer=agent, application_id=draft, now=NOW),
        lambda: submission.sign_as_party(viewer=agent, application_id=draft, now=NOW),
        lambda: visiting.book_visit(viewer=agent, application_id=draft, slot_id="any", now=NOW),
        lambda: evidence.confirm_evidence(viewer=agent, application_id=draft, evidence_id=uuid4(), now=NOW),
    ):
        with pytest.raises(NoSuchApplication):
            act()


# --- Who gets the letters ---------------------------------------------------------------------------------


def readers() -> list[str]:
    return sorted(Notice.objects.filter(kind="received").values_list("account__username", flat=True))


def test_a_letter_goes_to_the_agent_who_filed_and_to_the_representative(ayshe, agent, filed):
    assert readers() == sorted([ayshe.username, agent.username])


def test_a_letter_goes_to_nobody_whose_mandate_has_ended(ayshe, agent, business, lent):
    draft = draft_for(agent, business)
    end(lent, agent)

    letter = application_letter(Application.objects.get(id=draft), NoticeKind.RECEIVED, "works-office")
    notify(rows=[letter], now=NOW)

    assert readers() == [ayshe.username]


def test_an_inbox_closes_with_the_mandate(ayshe, agent, lent, filed):
    letter = Notice.objects.get(account=agent.id, kind="received")
    before = len(notices.inbox(agent.id, language="en"))
    end(lent, ayshe)

    assert (before > 0, notices.inbox(agent.id, language="en"), notices.unread(agent.id)) == (True, (), 0)
    assert notices.letters_of(filed.id, language="en", account_id=agent.id) == ()
    with pytest.raises(notices.NoSuchLetter):
        notices.letter(letter.id, agent.id, "en")
    assert len(notices.inbox(ayshe.id, language="en")) == before


def test_a_new_representative_gets_what_comes_and_the_old_one_reads_no_more(ayshe, agent, filed):
    successor = bound("successor", SUCCESSOR)
    register_names(successor, SUCCESSOR)

    assert notices.inbox(ayshe.id, language="en") == ()
    notify(rows=[case_letter(filed, NoticeKind.GRANTED)], now=NOW)
    assert [one.kind for one in notices.inbox(successor.id, language="en")] == ["granted"]


def test_a_persons_letters_are_their_own(ayshe):
    a_matter.file(ayshe, SERVICE, WORKS)

    assert readers() == [ayshe.username]


def test_the_desk_sees_each_letter_once(filed):
    shown = [one.kind for one in notices.letters_of(filed.id, language="en")]

    assert shown.count("received") == 1


def test_letters_of_many_matters_are_addressed_in_as_many_questions_as_of_one(
    ayshe, agent, filed, django_assert_num_queries
):
    letters = [case_letter(filed, NoticeKind.RECEIVED) for _ in range(20)]

    with django_assert_num_queries(3):
        notify(rows=letters, now=NOW)


def test_an_inbox_costs_the_same_however_long_it_is(agent, filed, django_assert_num_queries):
    with django_assert_num_queries(4):
        notices.inbox(agent.id, language="en")


# --- Who reads, and who sees that -------------------------------------------------------------------------


def test_a_reading_is_told_to_everybody_whom_the_case_names(ayshe):
    """R15.6"""
    partner = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}
    application = a_matter.begin(ayshe, "joint-deed", partner)
    a_matter.give(ayshe, application)
    case = submit(ayshe, application)
    other = Party.objects.get(application=application).person_id

    reading.note_reading(viewer=officer(case.organisation), case_id=case.id, purpose="handling", now=NOW)

    for person in (ayshe.person_id, other):
        (seen,) = [
            one for one in ledger.readings_about(Holder("person", person)) if one.purpose == "handling"
        ]
        assert seen.matter_id == case.id


def test_a_reading_of_a_business_matter_is_told_to_the_business(filed, business):
    reading.note_reading(viewer=officer(filed.organisation), case_id=filed.id, purpose="handling", now=NOW)

    assert ledger.readings_about(Holder("business", business))[0].purpose == "handling"


# --- Certificates -----------------------------------------------------------------------------------------


def test_a_mandate_lends_no_certificate_of_the_business(ayshe, agent, business):
    case = a_matter.file(ayshe, "home-record", {"application.home": "1 Lane"})
    own = certificates.own_certificates(viewer=ayshe, on=TODAY)
    assert [one.case_id for one in own] == [case.id]
    assert certificates.own_certificate(viewer=ayshe, certificate_id=own[0].id, on=TODAY) == own[0]

    lend(business, ayshe, agent)

    assert certificates.own_holders(ayshe, on=TODAY) == (
        Holder("person", ayshe.person_id), Holder("business", business),
    )  # fmt: skip
    assert certificates.own_holders(agent, on=TODAY) == (Holder("person", agent.person_id),)
    assert certificates.own_certificates(viewer=agent, on=TODAY) == ()
    with pytest.raises(NoSuchCertificate):
        certificates.own_certificate(viewer=agent, certificate_id=own[0].id, on=TODAY)


# --- Identity ---------------------------------------------------------------------------------------------


def test_an_unbound_account_asks_no_register_about_a_business(prefecture):
    stranger = persons.account(Account.objects.create_user(username="stranger").id)
    asked = len(prefecture.asked)

    with pytest.raises(WhoAreYou):
        representing.claim_business(viewer=stranger, uscc=USCC, now=NOW)

    assert len(prefecture.asked) == asked
    assert not Business.objects.exists()


def test_a_code_from_the_counter_is_told_to_the_accounts_the_person_has(ayshe):
    clerk = officer("records-office")
    identity = Identity(
        number=NUMBER, document_kind="resident_id", full_name="Ayshe Test", birth_date=date(1949, 12, 31)
    )

    identifying.issue_binding_code(viewer=clerk, identity=identity, now=NOW)

    (letter,) = notices.inbox(ayshe.id, language="en")
    told = notices.letter(letter.id, ayshe.id, "en")
    assert letter.kind == "identity_code"
    assert any("was given a code" in one for one in told.paragraphs)
    assert NUMBER not in str(Notice.objects.values().get())
    assert clerk.role is Role.CLERK
