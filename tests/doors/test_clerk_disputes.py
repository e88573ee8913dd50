"""What an applicant says is wrong reaches the officers (R3.15); and pages of the desk stay cheap."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import clock
from services.cases.actions import evidence
from services.cases.models import Task
from services.evidence.models import Evidence
from tests.doors.a_desk import Desk, text_of, works_permit
from tests.services import a_matter

# Who is asking (4), the legal clock, the case with its people (2), that it was read (3: in a test the transaction is a
# savepoint), the evidence (3), visits, certificates, tasks, ledger, names, copies, statements, disputes, offices, and
# letters with the names of their services (2), pauses; how each thing is proved and what was tried before (13): each
# once, however long the case is and however much was tried.
CASE_PAGE = 38
# Who is asking (4), the legal clock, tasks, who has them, which are disputed, how many there are, offices.
QUEUE_PAGE = 12


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def permit(applicant):
    return works_permit(applicant)


@pytest.fixture
def clerk(town, officer):
    return Desk(officer("clerk", "works-office"))


@pytest.fixture
def reviewer(town, officer):
    return Desk(officer("reviewer", "works-office"))


def dispute(applicant, case, reason="I was born a year later."):
    row = Evidence.objects.get(application_id=case.application_id, type="id-card")
    evidence.dispute_evidence(
        viewer=applicant, application_id=case.application_id, evidence_id=row.id, reason=reason,
        now=clock.now(),
    )  # fmt: skip
    a_matter.work(clock.now())
    return row


def send_a_copy(applicant, case):
    evidence.upload_copy(
        viewer=applicant, application_id=case.application_id, requirement="identity", type="id-card",
        sent=a_matter.a_picture(applicant), now=clock.now(),
    )  # fmt: skip
    a_matter.work(clock.now())


@pytest.fixture
def disputed(applicant, permit):
    dispute(applicant, permit)
    return permit


def test_the_case_page_shows_what_is_disputed_whose_record_it_is_and_why(disputed, clerk):
    page = clerk.opens_case(disputed)

    (line,) = page.context["disputes"]
    assert (line["what"], line["office"], line["reason"]) == (
        "Identity card", "Records Office", "I was born a year later.",
    )  # fmt: skip
    assert (line["instead"], line["answered"]) == ([], False)
    assert "The office was asked to look at its record again" in text_of(page)
    assert "Nothing was given instead yet." in text_of(page)


def test_what_was_given_instead_stands_beside_it(disputed, applicant, clerk):
    send_a_copy(applicant, disputed)

    (line,) = clerk.opens_case(disputed).context["disputes"]

    assert [one["what"] for one in line["instead"]] == ["Identity card"]
    assert "a copy the applicant sent" in line["instead"][0]["source"]


def test_a_record_that_was_changed_since_says_so(disputed, clerk):
    old = Evidence.objects.get(application_id=disputed.application_id, type="id-card", source="registry")
    Evidence.objects.create(
        application_id=old.application_id, type=old.type, organisation=old.organisation,
        holder_kind=old.holder_kind, holder_id=old.holder_id, source=old.source, grade=old.grade,
        facts=old.facts, obtained_at=clock.now(), obtained_on=clock.today(), reusable=True,
    )  # fmt: skip

    page = clerk.opens_case(disputed)

    assert page.context["disputes"][0]["answered"]
    assert "The office has changed its record since." in text_of(page)


def test_whoever_accepts_is_told_in_the_panel(disputed, applicant, clerk):
    send_a_copy(applicant, disputed)

    page = clerk.opens_case(disputed)

    (panel,) = page.context["panels"]
    assert (panel["task"].kind, panel["disputed"]) == ("acceptance", ["Identity card"])
    assert "The applicant says this is wrong, see below:" in text_of(page)


def test_whoever_decides_is_told_too(disputed, applicant, clerk, reviewer, officer):
    send_a_copy(applicant, disputed)
    clerk.does(a_matter.task_of(disputed, "acceptance"), "accept")
    archivist = Desk(officer("clerk", "records-office"))
    for desk, step, outcome in ((clerk, "review", "against"), (archivist, "records", "for")):
        task = Task.objects.get(case=disputed, step=step, closed_at__isnull=True)
        desk.does(task.id, "complete", outcome=outcome, note="It leans.")

    page = reviewer.opens_case(disputed)

    kinds = {one["task"].kind: one["disputed"] for one in page.context["panels"]}
    assert kinds == {"concern": ["Identity card"]}


def test_the_queue_marks_the_case_and_no_other(disputed, applicant, resident, clerk):
    send_a_copy(applicant, disputed)
    other = works_permit(resident("neighbor"))

    rows = {one["task"].case_id: one["task"].disputed for one in clerk.opens("/desk/").context["tasks"]}

    assert rows == {disputed.id: True, other.id: False}


def test_an_undisputed_case_says_nothing_of_disputes(permit, clerk):
    page = clerk.opens_case(permit)

    assert page.context["disputes"] == []
    assert "is wrong" not in text_of(page)


# --- What the pages cost ---------------------------------------------------------------------------------


def queries_of(desk: Desk, path: str) -> int:
    desk.opens(path)
    with CaptureQueriesContext(connection) as seen:
        assert desk.opens(path).status_code == 200
    return len(seen)


def test_a_case_is_read_once_for_its_page(disputed, applicant, clerk):
    send_a_copy(applicant, disputed)

    assert queries_of(clerk, f"/desk/cases/{disputed.id}/") <= CASE_PAGE


def test_the_queue_asks_no_more_with_many_tasks_than_with_one(disputed, clerk):
    with_one = queries_of(clerk, "/desk/")
    task = Task.objects.filter(case=disputed, closed_at__isnull=True).first()
    Task.objects.bulk_create(
        Task(
            case=disputed, kind="review", step=f"step-{number}", organisation="works-office",
            opened_at=clock.now(), due_on=task.due_on, claimed_by_id=clerk.viewer.id if number % 2 else None,
        )
        for number in range(60)
    )  # fmt: skip

    with_many = queries_of(clerk, "/desk/")

    assert with_one <= with_many <= min(with_one + 1, QUEUE_PAGE)
