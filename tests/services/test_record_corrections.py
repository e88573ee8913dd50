"""What an applicant says is wrong in a register goes to its office, and its answer comes back (R3.15)."""

import threading

import pytest
from django.db import connection

from services.cases.actions import drafting, evidence, following, handling, mending, reading
from services.cases.models import OutboxItem
from services.cases.queries import settlements
from services.core.evidence import Grade, Source, Standing
from services.evidence.models import Evidence, RecordCorrection
from services.ledger.models import Entry
from services.notices import queries as notices
from services.notices.models import Notice
from tests.services.a_matter import begin, days, file, give, officer, state_of, submit, task_of, work
from tests.services.a_register import FOUND, NOW, NUMBER, says

SHED = {"application.works": "a shed", "application.height": 3}
TAKEN = says({"reference": "as sent"}, status=202)
DOWN = says({}, status=503)
PATH = "/registers/id-card/corrections"
RIGHT = {**FOUND, "facts": {"person.full_name": "Ayshe Right", "person.birth_date": "1949-12-31"}}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def office(prefecture):
    """The office of the register: it takes requests, and answers them as a test lets it."""
    prefecture.answers[PATH] = [TAKEN]
    return prefecture


def identity(viewer, case):
    sheet = settlements.case_settlements(viewer=viewer, case_id=case.id)
    return next(one for one in sheet.settlements if one.code == "identity")


def dispute(viewer, case):
    proof = identity(viewer, case).proofs[0]
    evidence.dispute_evidence(
        viewer=viewer,
        application_id=case.application_id,
        evidence_id=proof.id,
        reason="My name is Right.",
        now=NOW,
    )


def pleas(register):
    return [one for one in register.asked if "reason" in one]


def answers(register, state, explanation=""):
    reference = RecordCorrection.objects.get().id
    register.answers[f"{PATH}/{reference}"] = [says({"state": state, "explanation": explanation})]


def later(number=1):
    return NOW + days(number)


def test_the_register_is_told_what_is_wrong_once_under_one_reference(office, ayshe):
    case = file(ayshe, "works-permit", SHED)

    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    mending.mend_records(now=later())

    (plea,) = pleas(office)
    assert plea["holder"] == {"kind": "person", "number": NUMBER}
    assert (plea["record"], plea["reason"]) == ("PS-1", "My name is Right.")
    assert plea["reference"] == str(RecordCorrection.objects.get().id)


def test_a_register_that_is_down_gets_it_later_and_the_case_does_not_stall(office, ayshe):
    office.answers[PATH] = [DOWN]
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    item = OutboxItem.objects.get(kind="mend")
    assert (item.done_at, item.due_at > NOW) == (None, True)

    # what the applicant has counts meanwhile: a copy is sent, looked at, and the case is accepted on it
    give(ayshe, case.application_id)
    handling.accept_case(viewer=officer("works-office"), task_id=task_of(case, "acceptance"), now=NOW)
    assert state_of(case) == "in_review"
    assert identity(ayshe, case).proofs[0].source is Source.UPLOAD

    office.answers[PATH] = [TAKEN]
    mending.mend_records(now=later())
    assert RecordCorrection.objects.get().state == "open"
    assert {one["reference"] for one in pleas(office)} == {str(RecordCorrection.objects.get().id)}


def test_a_corrected_entry_is_asked_for_anew_and_settles_the_requirement(office, ayshe):
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    assert identity(ayshe, case).standing is Standing.OPEN

    office.answers["/registers/id-card/query"] = [says(RIGHT)]
    answers(office, "corrected", "A slip of the pen.")
    mending.mend_records(now=later())
    work(later())

    line = identity(ayshe, case)
    (proof,) = line.proofs
    assert (line.standing, proof.source, proof.grade, proof.obtained_at) == (
        Standing.SETTLED, Source.REGISTRY, Grade.A, later(),
    )  # fmt: skip
    assert [one.result for one in line.tried] == ["found", "disputed", "corrected", "found"]
    assert line.tried[2].note == "A slip of the pen."
    assert Entry.objects.filter(case_id=case.id, event="record_corrected").count() == 1
    assert OutboxItem.objects.get(kind="mend").done_at == later()


def test_the_corrected_entry_goes_before_the_copy_that_was_given_meanwhile(office, ayshe):
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    give(ayshe, case.application_id)
    mending.mend_records(now=NOW)

    office.answers["/registers/id-card/query"] = [says(RIGHT)]
    answers(office, "corrected")
    mending.mend_records(now=later())

    assert identity(ayshe, case).proofs[0].source is Source.REGISTRY


def test_a_kept_entry_is_explained_to_both_and_what_was_given_counts(office, ayshe):
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    answers(office, "kept", "Your card says so, too.")
    asked_before = len(office.asked)
    mending.mend_records(now=later())

    reviewer = officer("works-office")
    for viewer in (ayshe, reviewer):
        told = identity(viewer, case).tried[-1]
        assert (told.result, told.note) == ("kept", "Your card says so, too.")
    (line,) = reading.open_case(viewer=reviewer, case_id=case.id, now=later()).disputes
    assert (line.said.correction, line.said.explanation) == ("kept", "Your card says so, too.")
    assert identity(ayshe, case).standing is Standing.OPEN  # the applicant's own material counts
    assert len(office.asked) == asked_before  # nobody asks the register again for the same
    assert Entry.objects.filter(case_id=case.id, event="record_kept").count() == 1


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [("corrected", "record_corrected", "has corrected it"), ("kept", "record_kept", "keeps it as it is")],
)
def test_the_applicant_gets_the_offices_answer_by_letter(office, ayshe, state, kind, said):
    """R3.15: once, in the office's own words, in the name of the office that keeps the record."""
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    answers(office, state, "We compared it with your birth record.")
    mending.mend_records(now=later())
    mending.mend_records(now=later(2))

    (one,) = [one for one in notices.inbox(ayshe.id, language="en") if one.kind == kind]
    text = "\n".join(notices.letter(one.id, ayshe.id, "en").paragraphs)
    told = (said, "We compared it with your birth record.", "Identity card")
    assert [word for word in told if word not in text] == []
    assert "birth record" not in str(Notice.objects.get(id=one.id).values)


def test_what_a_corrected_entry_told_serves_in_no_new_matter(office, ayshe):
    """R3.15, R3.17"""
    other = begin(ayshe, "works-permit", SHED)
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    answers(office, "corrected")
    mending.mend_records(now=later())

    told_before = Evidence.objects.filter(type="id-card", source="registry", obtained_at=NOW)
    assert told_before.filter(application_id=other).exists()
    assert not told_before.filter(reusable=True).exists()


def test_what_is_asked_anew_for_a_draft_that_was_thrown_away_is_not_kept(transactional_db, office, ayshe):
    """R15.10"""
    application = begin(ayshe, "works-permit", SHED)
    sheet = settlements.application_settlements(viewer=ayshe, application_id=application)
    wrong = sheet.settlements[0].proofs[0].id
    evidence.dispute_evidence(
        viewer=ayshe, application_id=application, evidence_id=wrong, reason="Not me.", now=NOW
    )
    mending.mend_records(now=NOW)

    def meanwhile(desk):
        """The draft is thrown away while the register is being asked."""
        drafting.discard_draft(viewer=ayshe, application_id=application)
        says(RIGHT)(desk)

    def elsewhere(desk):
        worker = threading.Thread(target=lambda: (meanwhile(desk), connection.close()))
        worker.start()
        worker.join()

    office.answers["/registers/id-card/query"] = [elsewhere]
    answers(office, "corrected")
    mending.mend_records(now=later())

    assert not Evidence.objects.filter(application_id=application).exists()


def test_an_office_that_says_nothing_yet_is_asked_again_ever_more_rarely(office, ayshe):
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    answers(office, "open")
    mending.mend_records(now=later())
    item = OutboxItem.objects.get(kind="mend")

    assert (item.done_at, item.attempts, item.due_at > later()) == (None, 2, True)
    assert RecordCorrection.objects.get().state == "open"


def test_an_answer_that_is_none_changes_nothing(office, ayshe):
    case = file(ayshe, "works-permit", SHED)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    for wrong in ({"state": "granted"}, [], {"state": "kept", "explanation": 7}):
        reference = RecordCorrection.objects.get().id
        office.answers[f"{PATH}/{reference}"] = [says(wrong)]
        OutboxItem.objects.filter(kind="mend").update(due_at=NOW)
        mending.mend_records(now=later())

    assert RecordCorrection.objects.get().state == "open"


def test_for_a_draft_the_register_is_told_too_and_for_one_thrown_away_it_is_not(office, ayshe):
    application = begin(ayshe, "works-permit", SHED)
    sheet = settlements.application_settlements(viewer=ayshe, application_id=application)
    wrong = sheet.settlements[0].proofs[0].id
    evidence.dispute_evidence(
        viewer=ayshe, application_id=application, evidence_id=wrong, reason="Not me.", now=NOW
    )
    drafting.discard_draft(viewer=ayshe, application_id=application)

    mending.mend_records(now=NOW)

    assert pleas(office) == []
    assert OutboxItem.objects.get(kind="mend").done_at == NOW


def test_after_the_decision_the_answer_is_told_and_the_decision_stands(office, ayshe):
    case = submit(ayshe, begin(ayshe, "works-permit", SHED), with_gaps=True)
    dispute(ayshe, case)
    mending.mend_records(now=NOW)
    following.withdraw_case(viewer=ayshe, case_id=case.id, now=NOW)
    answers(office, "corrected")
    before = len(office.asked)
    mending.mend_records(now=later())

    assert OutboxItem.objects.get(kind="mend").done_at == later()
    assert len(office.asked) == before
