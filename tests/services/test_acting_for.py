"""A person lets another act for them: both say yes, either ends it at once, nothing is done unseen (R11.2, R11.3)."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions import (
    acting,
    drafting,
    evidence,
    following,
    gathering,
    submission,
    visiting,
)
from services.cases.models import ActedFor, Application, Case
from services.cases.queries import applications, cases, copies, drafts
from services.cases.queries.visibility import NoSuchApplication, NoSuchCase, visible_cases
from services.certificates import queries as certificates
from services.core.acting import Done
from services.notices import queries as notices
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import MandateRefused, MandateTerms, NoSuchMandate, WhoAreYou
from services.people.models import Account, Mandate
from services.people.queries import AccountView, NotInYourMandate
from tests.services import a_matter
from tests.services.a_register import NOW, TODAY
from tests.services.test_standing import bound

SERVICE = "home-record"
HOME = {"application.home": "1 Lane"}
DEED = {"application.partner_name": "Bo Made-up", "application.partner_number": "110105198506153215"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def agent(prefecture: object) -> AccountView:
    """Return Li, who may be given a mandate."""
    return bound("li", "440524188001010014")


def offer(giver: AccountView, agent: AccountView, **terms: object) -> UUID:
    """Offer the agent a mandate of the person's own, and return it."""
    known = {"agent_username": agent.username, "valid_until": date(2026, 12, 31)}
    return people.grant_mandate(account_id=giver.id, terms=MandateTerms(**(known | terms)), now=NOW)


def lend(giver: AccountView, agent: AccountView, **terms: object) -> UUID:
    """Let the agent act for the person."""
    lent = offer(giver, agent, **terms)
    people.accept_mandate(account_id=agent.id, mandate_id=lent, now=NOW)
    return lent


def end(lent: UUID, by: AccountView) -> None:
    people.end_mandate(account_id=by.id, mandate_id=lent, now=NOW)


def draft_for(
    giver: AccountView, agent: AccountView, service: str = SERVICE, answers: Mapping[str, str] = HOME
) -> UUID:
    """Let the agent begin an application for the person, and prepare it to be filed."""
    begun = drafting.start_application(viewer=agent, services=[service], person_id=giver.person_id, now=NOW)
    drafting.answer_questions(viewer=agent, application_id=begun, answers=answers, now=NOW)
    drafting.request_evidence(viewer=agent, application_id=begun, now=NOW)
    gathering.gather_evidence(now=NOW)
    return begun


def filed_for(giver: AccountView, agent: AccountView) -> Case:
    """Let the agent file an application for the person."""
    begun = draft_for(giver, agent)
    a_matter.give(agent, begun)
    return a_matter.submit(agent, begun)


# --- Both say yes, and either ends it -----------------------------------------------------------------------


def test_an_agent_files_for_a_person_who_allowed_it(ayshe, agent):
    """R11.3: the application is the person's, about them and with what is known of them; the agent is who filed it."""
    lend(ayshe, agent, may_declare=True)

    case = filed_for(ayshe, agent)

    application = Application.objects.get(id=case.application_id)
    assert (application.person_id, application.account_id) == (ayshe.person_id, agent.id)
    assert application.filed_by == "agent"
    assert visible_cases(ayshe).get() == visible_cases(agent).get() == case


def test_what_is_granted_an_agent_is_the_persons(ayshe, agent):
    lend(ayshe, agent, may_declare=True)
    filed_for(ayshe, agent)

    assert len(certificates.own_certificates(viewer=ayshe, on=TODAY)) == 1
    assert certificates.own_certificates(viewer=agent, on=TODAY) == ()


def test_nothing_is_begun_before_both_have_said_yes(ayshe, agent):
    offer(ayshe, agent)

    with pytest.raises(NotInYourMandate, match="not accepted"):
        drafting.start_application(viewer=agent, services=[SERVICE], person_id=ayshe.person_id, now=NOW)


def test_nobody_acts_for_a_stranger(ayshe, agent):
    with pytest.raises(NotInYourMandate, match="no mandate"):
        drafting.start_application(viewer=agent, services=[SERVICE], person_id=ayshe.person_id, now=NOW)


def test_who_lost_the_mandate_loses_the_draft_at_once_and_the_person_keeps_it(ayshe, agent):
    """R11.2: ended at once, also for what is being filled in; nothing that was typed is lost."""
    lent = lend(ayshe, agent)
    draft = draft_for(ayshe, agent)
    end(lent, ayshe)

    for act in (
        lambda: drafts.draft(viewer=agent, application_id=draft),
        lambda: drafting.answer_questions(viewer=agent, application_id=draft, answers={}, now=NOW),
        lambda: submission.submit_application(viewer=agent, application_id=draft, now=NOW),
        lambda: drafting.discard_draft(viewer=agent, application_id=draft),
        lambda: visiting.book_visit(viewer=agent, application_id=draft, slot_id="any", now=NOW),
    ):
        with pytest.raises(NoSuchApplication):
            act()
    (kept,) = applications.open_applications(viewer=ayshe)
    assert (kept.id, kept.mine) == (draft, True)
    a_matter.give(ayshe, draft)
    assert a_matter.submit(ayshe, draft).application.account_id == agent.id
    assert applications.open_applications(viewer=agent) == ()


@pytest.mark.parametrize("ender", ["ayshe", "agent"])
def test_a_filed_case_closes_to_the_agent_with_the_mandate(ender, request, ayshe, agent):
    lent = lend(ayshe, agent, may_declare=True)
    case = filed_for(ayshe, agent)
    assert notices.inbox(agent.id, language="en") != ()
    end(lent, request.getfixturevalue(ender))

    assert (visible_cases(ayshe).count(), visible_cases(agent).count()) == (1, 0)
    assert notices.inbox(agent.id, language="en") == ()
    with pytest.raises(NoSuchCase):
        following.withdraw_case(viewer=agent, case_id=case.id, now=NOW)


def test_a_mandate_that_has_run_out_opens_nothing(ayshe, agent):
    lend(ayshe, agent, may_declare=True, valid_until=TODAY)
    filed_for(ayshe, agent)

    clock.shift(days=1)

    assert not visible_cases(agent).exists()


def test_nobody_is_their_own_agent(ayshe, agent):
    second = Account.objects.create_user(username="ayshe-again", person_id=ayshe.person_id)

    with pytest.raises(MandateRefused):
        offer(ayshe, persons.account(second.id))


def test_who_is_nobody_yet_lends_nothing(agent):
    stranger = persons.account(Account.objects.create_user(username="stranger").id)

    with pytest.raises(WhoAreYou):
        offer(stranger, agent)


def test_a_stranger_neither_reads_nor_ends_a_persons_mandate(ayshe, agent):
    lent = lend(ayshe, agent)
    other = bound("other", "110105198506153215")

    for act in (
        lambda: persons.mandate(account_id=other.id, mandate_id=lent),
        lambda: end(lent, other),
    ):
        with pytest.raises(NoSuchMandate):
            act()


# --- What it is limited to ---------------------------------------------------------------------------------


def test_a_mandate_is_for_its_services_alone(ayshe, agent):
    lend(ayshe, agent, services=("joint-deed",))

    with pytest.raises(NotInYourMandate, match="other services"):
        drafting.start_application(viewer=agent, services=[SERVICE], person_id=ayshe.person_id, now=NOW)


def test_who_may_only_see_changes_nothing(ayshe, agent):
    """The power to see shows what others filed; it is no power to touch it."""
    lend(ayshe, agent, powers=("view",))
    case = a_matter.file(ayshe, "joint-deed", DEED)

    assert cases.case(viewer=agent, case_id=case.id).card.id == case.id
    for act in (
        lambda: following.withdraw_case(viewer=agent, case_id=case.id, now=NOW),
        lambda: visiting.book_visit(viewer=agent, application_id=case.application_id, slot_id="any", now=NOW),
    ):
        with pytest.raises(NotInYourMandate, match="does not include"):
            act()
    with pytest.raises(NotInYourMandate):
        drafting.start_application(viewer=agent, services=[SERVICE], person_id=ayshe.person_id, now=NOW)


def test_who_may_only_file_sees_nothing_that_others_filed(ayshe, agent):
    lend(ayshe, agent)
    a_matter.file(ayshe, SERVICE, HOME)

    assert not visible_cases(agent).exists()


@pytest.mark.parametrize("powers", [("file",), ("view",)])
def test_letters_about_what_others_filed_are_read_by_the_power_to_see(powers, ayshe, agent):
    """R11.2: of two agents, who may only file reads no letter about what the other filed."""
    second = bound("second", "110105198506153215")
    lend(ayshe, agent, may_declare=True)
    lend(ayshe, second, powers=powers)
    filed_for(ayshe, agent)

    about_it = Notice.objects.filter(case_id__isnull=False)
    read_by = {ayshe.id, agent.id} | ({second.id} if "view" in powers else set())
    assert set(about_it.values_list("account_id", flat=True)) == read_by


@pytest.mark.parametrize("powers", [("attend",), ("receive",)])
def test_who_only_comes_along_sees_no_case_and_files_none(powers, ayshe, agent):
    lend(ayshe, agent, powers=powers)
    a_matter.file(ayshe, SERVICE, HOME)

    assert not visible_cases(agent).exists()
    with pytest.raises(NotInYourMandate, match="does not include"):
        drafting.start_application(viewer=agent, services=[SERVICE], person_id=ayshe.person_id, now=NOW)


def test_an_agent_declares_for_a_person_only_if_told_so(ayshe, agent):
    """R4.12: an agent needs an explicit power for commitments."""
    lend(ayshe, agent)
    draft = draft_for(ayshe, agent, "joint-deed", DEED)

    with pytest.raises(evidence.NotYoursToSign):
        a_matter.give(agent, draft)
    a_matter.give(ayshe, draft)


def test_an_agent_commits_nobody_to_a_higher_fee_than_was_allowed(ayshe, agent):
    """The pilot card costs 120.00."""
    lend(ayshe, agent, most_fee=Decimal("119.99"))
    draft = draft_for(ayshe, agent, "pilot-card", {})
    a_matter.give(agent, draft)

    with pytest.raises(NotInYourMandate, match="higher than"):
        a_matter.submit(agent, draft)
    assert a_matter.submit(ayshe, draft)


def test_a_mandate_that_allows_nothing_is_none(ayshe, agent):
    with pytest.raises(MandateRefused):
        offer(ayshe, agent, powers=())


# --- Nothing is done unseen --------------------------------------------------------------------------------


def told(reader: AccountView) -> list[Notice]:
    return list(Notice.objects.filter(account=reader.id, kind="acted_for").order_by("created_at"))


def test_the_person_is_told_of_every_act_in_one_letter(ayshe, agent):
    """R11.2: the person is told of each act, by whom and what; acts that follow each other come together."""
    lend(ayshe, agent, may_declare=True)
    filed_for(ayshe, agent)
    acting.tell_whom_it_was_for(now=NOW + timedelta(minutes=59))
    assert told(ayshe) == []

    for _ in range(2):
        acting.tell_whom_it_was_for(now=LATER)

    (letter,) = told(ayshe)
    assert letter.values["deeds"] == ["begun", "answered", "asked_offices", "submitted"]
    text = " ".join(notices.letter(letter.id, ayshe.id, "en").paragraphs)
    assert "Li Test" in text
    assert "submitted it" in text
    assert told(agent) == []


def test_a_letter_about_an_agent_holds_no_name(ayshe, agent):
    lend(ayshe, agent)
    draft_for(ayshe, agent)
    acting.tell_whom_it_was_for(now=LATER)

    assert "Li Test" not in str(told(ayshe)[0].values)


def test_the_person_is_told_even_of_a_draft_that_was_thrown_away(ayshe, agent):
    lend(ayshe, agent)
    drafting.discard_draft(viewer=agent, application_id=draft_for(ayshe, agent))

    acting.tell_whom_it_was_for(now=clock.now() + timedelta(hours=1))

    assert told(ayshe)[0].values["deeds"][-1] == "discarded"


def test_what_was_told_of_a_draft_that_is_gone_is_forgotten_in_time(ayshe, agent):
    """R15.10: as long as a draft itself would have been kept; what belongs to a case goes with that case."""
    lend(ayshe, agent, may_declare=True)
    filed_for(ayshe, agent)
    kept = ActedFor.objects.count()
    drafting.discard_draft(viewer=agent, application_id=draft_for(ayshe, agent))
    acting.tell_whom_it_was_for(now=clock.now() + timedelta(hours=1))

    acting.forget_told_drafts(now=clock.now() + timedelta(days=89))
    assert ActedFor.objects.count() > kept
    acting.forget_told_drafts(now=clock.now() + timedelta(days=92))
    assert ActedFor.objects.count() == kept


def test_what_somebody_does_for_themselves_is_told_to_nobody(ayshe, agent):
    lend(ayshe, agent)
    a_matter.file(ayshe, SERVICE, HOME)

    assert not ActedFor.objects.exists()


def test_a_draft_that_the_person_goes_on_with_counts_their_acts_as_their_own(ayshe, agent):
    lend(ayshe, agent)
    draft = draft_for(ayshe, agent)
    before = ActedFor.objects.count()

    drafting.answer_questions(viewer=ayshe, application_id=draft, answers=HOME, now=NOW)

    assert ActedFor.objects.count() == before
    assert set(ActedFor.objects.values_list("done", flat=True)) <= {one.value for one in Done}


def test_what_an_agent_filed_is_in_no_copy_of_their_own_data(ayshe, agent):
    """R15.9: it is about the person, and in theirs."""
    lend(ayshe, agent, may_declare=True)
    case = filed_for(ayshe, agent)

    assert case.id in copies.whose(ayshe).case_ids
    assert case.id not in copies.whose(agent).case_ids


# --- What the database itself refuses ----------------------------------------------------------------------


def test_a_mandate_is_for_a_person_or_for_a_business(ayshe, agent):
    lend(ayshe, agent)

    with pytest.raises(IntegrityError), transaction.atomic():
        Mandate.objects.update(person=None)


def test_nobody_has_two_open_mandates_of_one_person(ayshe, agent):
    lend(ayshe, agent)

    with pytest.raises(MandateRefused, match="open already"):
        offer(ayshe, agent)


def test_what_is_filed_for_another_is_about_nobody_else(ayshe, agent):
    lend(ayshe, agent)
    draft = draft_for(ayshe, agent)

    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(id=draft).update(person=agent.person_id)
