"""Every requirement has a visible settlement: its source, its grade, since when, what was tried, what happens now."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.cases.actions import evidence, gathering, handling
from services.cases.models import Case, OutboxItem
from services.cases.queries import settlements
from services.cases.queries.settlements import SettlementView
from services.cases.queries.visibility import NoSuchApplication, NoSuchCase
from services.core.evidence import Grade, Outcome, Source, Standing
from services.evidence.models import Evidence
from services.people import queries as persons
from services.people.models import Account
from tests.services.a_matter import (
    a_picture,
    begin,
    days,
    file,
    give,
    officer,
    publish_deed,
    submit,
    task_of,
    work,
)
from tests.services.a_register import FOUND, NOW, says

HOME = {"application.home": "1 Orchard Lane"}
SHED = {"application.works": "a shed", "application.height": 3}
TOWER = {"application.works": "a tower", "application.height": 30}
DOWN = says({}, status=503)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def of_draft(viewer, application, code="identity") -> SettlementView:
    sheet = settlements.application_settlements(viewer=viewer, application_id=application)
    return next(one for one in sheet.settlements if one.code == code)


def of_case(viewer, case, code="identity") -> SettlementView:
    sheet = settlements.case_settlements(viewer=viewer, case_id=case.id)
    return next(one for one in sheet.settlements if one.code == code)


def told(line: SettlementView) -> list[tuple[str, str]]:
    return [(str(one.source), one.result) for one in line.tried]


def test_it_names_the_source_the_grade_the_day_and_until_when(ayshe):
    line = of_draft(ayshe, begin(ayshe, "home-record", HOME))

    assert (line.standing, line.name["en"]) == (Standing.SETTLED, "Identity card")
    (proof,) = line.proofs
    assert (proof.source, proof.organisation, proof.grade) == (Source.REGISTRY, "records-office", Grade.A)
    assert (proof.obtained_at, proof.valid_until.isoformat()) == (NOW, "2040-05-01")
    assert told(line) == [("registry", "found")]


def test_each_try_is_told_with_its_time_and_result_and_when_the_next_one_is(prefecture, ayshe):
    """R3.18: a register that is down is asked again; nothing is asked of the applicant meanwhile."""
    prefecture.answers["/registers/id-card/query"] = [DOWN]
    case = submit(ayshe, begin(ayshe, "home-record", HOME))

    waiting = of_case(ayshe, case)
    assert waiting.standing is Standing.FETCHING
    assert {one.result for one in waiting.tried} == {Outcome.DOWN}
    assert [name["en"] for name in waiting.fetching] == ["Identity card"]
    assert waiting.again_at == OutboxItem.objects.get(kind="gather", done_at=None).due_at > NOW
    assert waiting.ways == ()

    prefecture.answers["/registers/id-card/query"] = [says(FOUND)]
    later = waiting.again_at + days(1)
    work(later)

    found = of_case(ayshe, case)
    assert (found.standing, told(found)[-1]) == (Standing.SETTLED, ("registry", "found"))
    assert found.tried[-1].at == later
    assert found.again_at is None


def test_no_record_waits_for_the_applicant_who_sees_in_which_ways(prefecture, ayshe):
    prefecture.answers["/registers/id-card/query"] = [says({"answer": "no_record"})]

    line = of_draft(ayshe, begin(ayshe, "home-record", HOME))

    assert (line.standing, told(line)) == (Standing.OPEN, [("registry", "no_record")])
    assert [one.way for one in line.ways] == [Source.UPLOAD]


def test_what_was_disputed_or_found_wanting_stays_told(ayshe):
    """R3.15: the register's answer, that it was disputed, the copy that was no good, and the one that is."""
    case = file(ayshe, "works-permit", SHED)
    proof = of_case(ayshe, case).proofs[0]
    evidence.dispute_evidence(
        viewer=ayshe, application_id=case.application_id, evidence_id=proof.id, reason="Not me.", now=NOW
    )

    line = of_case(ayshe, case)

    assert (line.standing, line.proofs) == (Standing.OPEN, ())
    assert told(line) == [("registry", "found"), ("registry", "disputed")]


def test_a_copy_is_grade_c_until_somebody_looked_and_then_says_which_office_did(ayshe):
    """R3.17: officers see their colleague, the applicant the office."""
    case = file(ayshe, "works-permit", SHED)
    reviewer = officer("works-office")
    before = of_case(ayshe, case, "plan")
    assert (before.standing, before.proofs[0].grade) == (Standing.UNCHECKED, Grade.C)
    assert before.proofs[0].checked_at is None

    handling.accept_case(viewer=reviewer, task_id=task_of(case, "acceptance"), now=NOW)

    mine, theirs = of_case(ayshe, case, "plan").proofs[0], of_case(reviewer, case, "plan").proofs[0]
    assert (mine.grade, mine.checked_at, mine.checked_at_office) == (Grade.C, NOW, "works-office")
    assert (mine.checked_by, theirs.checked_by) == ("", "Clerk-Works-Office")


def test_what_the_decision_rests_on_is_shown_as_it_was_decided_upon(ayshe):
    """design §6: whatever becomes of the evidence afterwards."""
    case = file(ayshe, "home-record", HOME)
    case.refresh_from_db()
    before = of_case(ayshe, case)
    Evidence.objects.update(ended_at=NOW, ended_as="replaced")

    work(NOW + days(400))

    assert case.decided_on is not None
    sheet = settlements.case_settlements(viewer=ayshe, case_id=case.id)
    assert sheet.decided_on == case.decided_on
    assert sheet.settlements[0].proofs == before.proofs
    assert Case.objects.get(id=case.id).settlements == case.settlements


def test_the_sheet_takes_the_same_number_of_questions_however_much_was_tried(prefecture, ayshe):
    case = file(ayshe, "works-permit", SHED)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            settlements.case_settlements(viewer=ayshe, case_id=case.id)
        return len(queries)

    few = asked()
    prefecture.answers["/registers/id-card/query"] = [DOWN]
    for number in range(5):
        evidence.upload_copy(
            viewer=ayshe, application_id=case.application_id, requirement="plan", type="works-plan",
            sent=a_picture(ayshe, shade=number), now=NOW,
        )  # fmt: skip
    assert asked() == few <= 22


def test_nobody_else_sees_it(ayshe):
    case = file(ayshe, "works-permit", SHED)
    stranger = persons.account(Account.objects.create_user(username="stranger").id)

    with pytest.raises(NoSuchCase):
        settlements.case_settlements(viewer=stranger, case_id=case.id)
    with pytest.raises(NoSuchApplication):
        settlements.application_settlements(viewer=stranger, application_id=case.application_id)


def test_what_registers_said_of_a_partner_is_not_told_to_the_applicant(prefecture, ayshe, settings, tmp_path):
    """R15.2: how the office came to know it is between the partner and the office."""
    publish_deed(settings, tmp_path, "visit")
    partner = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}
    application = begin(ayshe, "joint-deed", partner)
    give(ayshe, application)
    case = submit(ayshe, application)
    gathering.gather_evidence(now=NOW)

    assert of_case(ayshe, case, "partner-identity").tried == ()
    assert told(of_case(officer("records-office"), case, "partner-identity")) == [("registry", "found")]
