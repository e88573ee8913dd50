"""What an applicant gives, and when: about whom offices are asked, what is open, and what is too late."""

import pytest
from django.db import OperationalError, connection, transaction

from services.cases.actions import drafting, evidence, following, handling, submission
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.giving import DecidedAlready, NothingOpen, SignersFirst
from services.cases.models import Application, Case
from services.cases.queries import applications, cases, drafts
from services.core.acts import NotRequired
from services.core.evidence import Standing
from services.evidence.actions import SentFile, TextHasChanged
from services.evidence.actions.standing import open_claim
from services.evidence.cleaning import UploadNotReadable, UploadTooLarge
from services.evidence.models import Declaration, Evidence
from services.ledger import queries as ledger
from services.notices.models import Notice
from services.people.actions import WhoAreYou
from services.people.models import Account
from tests.services.a_gift import BO, HOME, NO_RECORD, PARTNER, WORKS, asked_about, dispute, how, upload
from tests.services.a_matter import a_picture, begin, days, file, give, noon, officer, submit, task_of, work
from tests.services.a_register import NOW, NUMBER, says
from tests.services.together import together

pytestmark = pytest.mark.usefixtures("folder")


# --- About whom offices are asked -------------------------------------------------------------------------


def test_nobody_who_only_comes_along_is_asked_about_before_the_case_is_received(deed, prefecture, ayshe):
    """design §6, R3.1: nor is their applicant asked for what an office may tell later."""
    deed("visit")
    application = begin(ayshe, "joint-deed", PARTNER)

    assert asked_about(prefecture) == {NUMBER}
    assert how(ayshe, application, "partner-identity").standing is Standing.FETCHING
    assert drafts.draft(viewer=ayshe, application_id=application).to_fetch == ()

    give(ayshe, application)
    submit(ayshe, application)
    assert asked_about(prefecture) == {NUMBER, BO}


def test_whoever_is_named_after_the_offices_were_asked_is_asked_about_too_and_not_the_applicant(deed, ayshe):
    """R3.1: the paper of a partner is not asked of whoever named them late."""
    deed("visit")
    application = begin(ayshe, "joint-deed")
    assert how(ayshe, application, "partner-identity").standing is not Standing.FETCHING

    drafting.answer_questions(viewer=ayshe, application_id=application, answers=PARTNER, now=NOW)

    assert how(ayshe, application, "partner-identity").standing is Standing.FETCHING


def test_what_is_held_about_them_does_not_show_in_a_draft_either(deed, ayshe, bo):
    deed("visit")
    file(bo, "home-record", HOME)

    application = begin(ayshe, "joint-deed", PARTNER)

    seen = how(ayshe, application, "partner-identity")
    assert (seen.standing, seen.evidence) == (Standing.FETCHING, ())


def test_a_co_signer_is_asked_about_once_they_have_signed(deed, prefecture, ayshe, bo):
    deed("account")
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    submission.submit_application(viewer=ayshe, application_id=application, with_gaps=True, now=NOW)
    work()
    assert asked_about(prefecture) == {NUMBER}

    invited = applications.invitation(viewer=bo, application_id=application)
    read = [one.digest for one in invited.declarations]
    submission.sign_as_party(viewer=bo, application_id=application, read_digests=read, now=NOW)
    work()

    assert asked_about(prefecture) == {NUMBER, BO}


def test_no_register_is_asked_for_a_stranger(prefecture):
    stranger = Account.objects.create_user(username="stranger")

    with pytest.raises(WhoAreYou):
        open_claim(account_id=stranger.id, uscc="91350211M000100Y43", now=NOW)

    assert prefecture.asked == []


# --- A co-signer reads what they state --------------------------------------------------------------------


def test_a_co_signer_states_only_what_they_have_read(deed, ayshe, bo):
    """R4.6, R4.12"""
    deed("account")
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    submission.submit_application(viewer=ayshe, application_id=application, with_gaps=True, now=NOW)
    with pytest.raises(TextHasChanged):
        submission.sign_as_party(viewer=bo, application_id=application, now=NOW)

    [text] = applications.invitation(viewer=bo, application_id=application).declarations
    submission.sign_as_party(viewer=bo, application_id=application, read_digests=[text.digest], now=NOW)

    kept = Declaration.objects.get(signed_by=bo.id)
    assert "I am not married." in text.text and "Bo Made-up" in text.text
    assert (kept.text, kept.text_digest) == (text.text, text.digest)


# --- When something can be given --------------------------------------------------------------------------


def test_while_others_sign_nothing_is_changed_under_their_hands(deed, ayshe, bo):
    deed("account")
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    found = how(ayshe, application, "identity").evidence[0].id
    submission.submit_application(viewer=ayshe, application_id=application, with_gaps=True, now=NOW)

    with pytest.raises(SignersFirst):
        dispute(ayshe, application, found)
    with pytest.raises(SignersFirst):
        evidence.text_to_sign(
            viewer=ayshe, application_id=application, requirement="free", type="free-to-marry", now=NOW
        )


def test_a_copy_can_be_sent_anew_until_an_officer_has_looked_at_it(ayshe):
    case = file(ayshe, "works-permit", WORKS)
    upload(ayshe, case.application_id, a_picture(ayshe, shade=10))
    clerk = officer("works-office")
    handling.accept_case(viewer=clerk, task_id=task_of(case, "acceptance"), now=NOW)

    with pytest.raises(NothingOpen):
        upload(ayshe, case.application_id, a_picture(ayshe, shade=20))


def test_a_dispute_of_what_was_decided_is_shown_the_remedies(ayshe):
    """R2.16, R3.15"""
    case = file(ayshe, "home-record", HOME)
    found = cases.case(viewer=ayshe, case_id=case.id).requirements[0].evidence[0].id

    with pytest.raises(DecidedAlready, match="reconsideration"):
        dispute(ayshe, case.application_id, found)

    assert not Evidence.objects.get(id=found).disputed_at


def test_nothing_is_given_to_a_case_that_has_ended_or_for_what_is_not_there(ayshe):
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    with pytest.raises(NotRequired):
        dispute(ayshe, case.application_id, case.id)
    following.withdraw_case(viewer=ayshe, case_id=case.id, now=NOW)

    with pytest.raises(NothingOpen):
        upload(ayshe, case.application_id, a_picture(ayshe))


def test_a_dispute_under_way_opens_ones_own_way_and_stands_in_the_ledger(ayshe):
    """R3.15"""
    case = file(ayshe, "works-permit", WORKS)
    handling.accept_case(viewer=officer("works-office"), task_id=task_of(case, "acceptance"), now=NOW)
    found = how(ayshe, case.application_id, "identity").evidence[0].id

    dispute(ayshe, case.application_id, found)

    case.refresh_from_db()
    assert "applicant:evidence" in case.waits_for
    assert [one.event for one in ledger.entries_of(case.id)][-2:] == ["evidence_disputed", "evidence_asked"]


# --- What an accepted case still waits for ----------------------------------------------------------------


def letters(case):
    return Notice.objects.filter(case_id=case.id, kind="evidence_asked")


def test_what_is_missing_after_acceptance_is_asked_for_once_and_can_be_given(ayshe):
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    assert letters(case).count() == 0

    for hour in range(3):
        work(noon(10) + days(hour))
    case.refresh_from_db()
    assert (case.state, case.waits_for.count("applicant:evidence")) == ("in_review", 1)
    [letter] = letters(case)
    assert letter.values["items"] == [{"en": "Plan of the works", "zh": "施工图"}]

    give(ayshe, case.application_id)
    case.refresh_from_db()
    assert "applicant:evidence" not in case.waits_for
    assert [one.event for one in ledger.entries_of(case.id)][-1] == "evidence_given"


def test_a_register_that_late_has_no_record_opens_the_applicants_own_way(prefecture, ayshe):
    """R3.1: while it may still tell, nothing is asked of anybody."""
    prefecture.answers["/registers/id-card/query"] = [says(b"", status=503)]
    case = submit(ayshe, begin(ayshe, "works-permit", WORKS), with_gaps=True)
    upload(ayshe, case.application_id, a_picture(ayshe))
    handling.accept_case(viewer=officer("works-office"), task_id=task_of(case, "acceptance"), now=NOW)
    work()
    case.refresh_from_db()
    assert "applicant:evidence" not in case.waits_for
    with pytest.raises(NothingOpen):
        evidence.upload_copy(
            viewer=ayshe, application_id=case.application_id, requirement="identity", type="id-card",
            sent=a_picture(ayshe), now=NOW,
        )  # fmt: skip

    prefecture.answers["/registers/id-card/query"] = [NO_RECORD]
    work(NOW + days(1))

    case.refresh_from_db()
    assert "applicant:evidence" in case.waits_for
    assert [one.values["items"][0]["en"] for one in letters(case)] == ["Identity card"]


# --- Copies -----------------------------------------------------------------------------------------------


class Huge:
    """A file that says how large it is, and must not be read."""

    name, size = "plan.png", 10 * 1024**2 + 1

    def read(self):
        raise AssertionError("it was read")


def test_a_file_that_is_too_large_is_refused_by_its_size(ayshe):
    with pytest.raises(UploadTooLarge, match="10 MB"):
        SentFile.taken(Huge(), account_id=ayshe.id)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_behind_the_lock_while_a_file_is_redrawn(ayshe):
    application = begin(ayshe, "works-permit", WORKS)
    broken = SentFile(name="plan.png", content=b"no picture", account_id=ayshe.id)

    def send_while_another_holds_it():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        upload(ayshe, application, broken)

    with transaction.atomic():
        Application.objects.select_for_update().get(id=application)
        [refused] = together(1, send_while_another_holds_it)

    assert not isinstance(refused, OperationalError)
    assert isinstance(refused, UploadNotReadable)


# --- Versions ---------------------------------------------------------------------------------------------


def version_of(application):
    return Application.objects.values_list("version", flat=True).get(id=application)


def test_every_act_on_evidence_makes_a_new_version(ayshe):
    application = begin(ayshe, "works-permit", WORKS)
    found = how(ayshe, application, "identity").evidence[0].id
    acts = [
        lambda: evidence.confirm_evidence(
            viewer=ayshe, application_id=application, evidence_id=found, now=NOW
        ),
        lambda: evidence.confirm_findings(viewer=ayshe, application_id=application, now=NOW),
        lambda: upload(ayshe, application, a_picture(ayshe)),
        lambda: dispute(ayshe, application, found),
    ]
    for act in acts:
        before = version_of(application)
        act()
        assert version_of(application) == before + 1


def test_nobody_files_what_they_have_not_seen(ayshe):
    application = begin(ayshe, "home-record", HOME)
    shown = version_of(application)
    dispute(ayshe, application, how(ayshe, application, "identity").evidence[0].id)

    with pytest.raises(ChangedMeanwhile):
        submission.submit_application(viewer=ayshe, application_id=application, version=shown, now=NOW)

    assert not Case.objects.exists()
