"""Filing: by somebody known, complete or knowingly with gaps, once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.cases.actions import drafting, submission
from services.cases.actions.drafting import ChangedMeanwhile, NotADraft, NotAsked
from services.cases.actions.submission import NotComplete
from services.cases.models import Case, Party
from services.cases.queries import drafts
from services.cases.queries.visibility import NoSuchApplication
from services.core.facts import AnswerNotUnderstood
from services.people import queries as people
from services.people.actions import WhoAreYou
from services.people.models import Account, Person
from tests.services.a_matter import begin, file, give, submit
from tests.services.a_register import NOW

HOME = {"application.home": "1 Orchard Lane"}
WORKS = {"application.works": "a shed", "application.height": "３"}
PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}


def stranger():
    account = Account.objects.create_user(username="stranger")
    return people.account(account.id)


def test_what_an_office_holds_is_fetched_and_never_asked(ayshe):
    draft = drafts.draft(viewer=ayshe, application_id=begin(ayshe, "home-record", HOME))

    assert [(one.code, one.standing, one.evidence[0].source) for one in draft.requirements] == [
        ("identity", "settled", "registry")
    ]
    assert [one.fact.code for one in draft.questions] == ["application.home", "person.phone"]
    assert draft.complete


def test_an_account_that_nobody_vouched_for_drafts_but_fetches_and_files_nothing(prefecture):
    nobody = stranger()
    application = drafting.start_application(viewer=nobody, services=["home-record"], now=NOW)
    drafting.answer_questions(viewer=nobody, application_id=application, answers=HOME, now=NOW)

    with pytest.raises(WhoAreYou):
        drafting.request_evidence(viewer=nobody, application_id=application, now=NOW)
    with pytest.raises(WhoAreYou):
        submission.submit_application(viewer=nobody, application_id=application, now=NOW)
    assert prefecture.asked == []


@pytest.mark.parametrize("services", [["home-record"], ["home-record", "works-permit"]])
def test_what_is_at_hand_is_read_once_for_all_services_of_a_draft(ayshe, services):
    """R3.17: what may serve again is one shelf, from which every service of the application takes."""
    application = drafting.start_application(viewer=ayshe, services=services, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        drafts.draft(viewer=ayshe, application_id=application)

    tables = ('FROM "evidence_evidence"', 'FROM "evidence_attempt"', 'FROM "certificates_certificate"')
    read = [table for one in asked.captured_queries for table in tables if table in one["sql"]]
    assert sorted(read) == sorted(tables)


def test_somebody_elses_application_is_not_there(ayshe):
    application = begin(ayshe, "home-record", HOME)

    with pytest.raises(NoSuchApplication):
        drafts.draft(viewer=stranger(), application_id=application)


def test_answers_are_read_kindly_and_refused_with_a_sentence_each(ayshe):
    application = begin(ayshe, "works-permit", WORKS)

    with pytest.raises(AnswerNotUnderstood) as refused:
        drafting.answer_questions(
            viewer=ayshe,
            application_id=application,
            answers={"application.height": "high", "application.works": 7},
            now=NOW,
        )

    assert [one.place for one in refused.value.errors] == ["application.height", "application.works"]
    heights = [one.value for one in drafts.draft(viewer=ayshe, application_id=application).questions]
    assert 3 in heights


def test_nothing_outside_the_definition_can_be_answered(ayshe):
    """R1.9"""
    application = begin(ayshe, "home-record", HOME)

    with pytest.raises(NotAsked):
        drafting.answer_questions(
            viewer=ayshe, application_id=application, answers={"application.works": "x"}, now=NOW
        )


def test_a_stale_window_changes_nothing(ayshe):
    application = begin(ayshe, "home-record", HOME)
    seen = drafts.draft(viewer=ayshe, application_id=application).version
    drafting.answer_questions(
        viewer=ayshe,
        application_id=application,
        answers={"application.home": "2 Lane"},
        version=seen,
        now=NOW,
    )

    with pytest.raises(ChangedMeanwhile):
        drafting.answer_questions(
            viewer=ayshe,
            application_id=application,
            answers={"application.home": "3 Lane"},
            version=seen,
            now=NOW,
        )


def test_an_incomplete_application_says_everything_that_is_missing(ayshe):
    application = begin(ayshe, "works-permit", {"application.works": "a shed"})

    with pytest.raises(NotComplete) as refused:
        submission.submit_application(viewer=ayshe, application_id=application, now=NOW)

    assert [one.place for one in refused.value.errors] == ["application.height", "plan"]


def test_gaps_can_be_filed_knowingly_and_the_office_then_asks(ayshe):
    application = begin(ayshe, "works-permit", WORKS)

    case = submit(ayshe, application, with_gaps=True)

    assert (case.state, case.waits_for) == ("received", ["office:works-office:acceptance"])


def test_submitting_twice_makes_one_case(ayshe):
    application = begin(ayshe, "home-record", HOME)
    first = submission.submit_application(viewer=ayshe, application_id=application, now=NOW)

    again = submission.submit_application(viewer=ayshe, application_id=application, now=NOW)

    assert (again, Case.objects.count()) == (first, 1)
    with pytest.raises(NotADraft):
        drafting.answer_questions(viewer=ayshe, application_id=application, answers=HOME, now=NOW)


def test_an_instant_service_is_granted_issued_and_delivered_without_anybody(ayshe):
    """R1.1"""
    case = file(ayshe, "home-record", HOME)

    assert (case.state, case.verdict, case.visits, case.waits_for) == ("closed", "granted", 0, [])


def test_what_was_told_once_is_remembered_and_shown_to_confirm(ayshe):
    file(ayshe, "home-record", {**HOME, "person.phone": "0000-1234567"})

    later = drafts.draft(viewer=ayshe, application_id=begin(ayshe, "home-record"))
    remembered = {one.fact.code: one.value for one in later.questions if one.remembered}

    assert remembered == {"person.phone": "00001234567"}


def test_a_party_is_entered_by_number_and_shows_theirs_at_the_visit(ayshe):
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    case = submit(ayshe, application)

    party = Party.objects.get(application_id=application)
    assert (party.role, party.signs, Person.objects.get(id=party.person_id).name) == (
        "partner",
        "visit",
        "Bo Made-up",
    )
    assert (case.state, case.waits_for) == ("received", ["applicant:visit"])
