"""Workers: the database is the truth, the broker a doorbell; every errand may run twice, late or at once."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import InternalError

from services.cases import tasks
from services.cases.actions import gathering, routing, submission
from services.cases.actions.figures import count_figures
from services.cases.models import Case, OutboxItem, Ready
from services.cases.queries import cases, desk, statistics
from services.core.routing import Event
from services.core.states import MOVES, CaseState
from services.errands import Errand
from services.ledger import queries as ledger
from services.ledger.actions import Head
from tests.services.a_matter import begin, file, officer, state_of, work
from tests.services.a_register import NOW, says

HOME = {"application.home": "1 Orchard Lane"}


@pytest.fixture
def case(ayshe):
    return file(ayshe, "home-record", HOME)


def submitted(viewer):
    application = begin(viewer, "home-record", HOME)
    (case_id,) = submission.submit_application(viewer=viewer, application_id=application, now=NOW)
    return Case.objects.get(id=case_id)


def test_a_case_at_rest_leaves_the_queue(case):
    assert (state_of(case), Ready.objects.count()) == ("closed", 0)


def test_routing_twice_changes_nothing(ayshe):
    case = submitted(ayshe)
    routing.route_cases(now=NOW)
    first = ledger.entries_of(case.id)

    routing.route_cases(now=NOW)
    routing.wake_cases(case_ids=[case.id], now=NOW)
    routing.route_cases(now=NOW)

    assert ledger.entries_of(case.id) == first


def test_ten_cases_are_turned_with_as_many_statements_as_one(ayshe, django_assert_max_num_queries):
    """Design §8: a constant number of statements, whatever the batch."""
    for _ in range(10):
        submitted(ayshe)

    with django_assert_max_num_queries(45):
        assert routing.route_cases(now=NOW) == 10


def test_one_poisoned_case_never_stops_the_batch(ayshe):
    good, bad = submitted(ayshe), submitted(ayshe)
    # An outcome that no code knows, as a faulty deployment might have written it.
    Case.objects.filter(id=bad.id).update(progress={"age-check": {"outcome": "??", "since": "2026-03-02"}})

    routing.route_cases(now=NOW)

    assert (state_of(good), state_of(bad)) == ("closed", "received")
    assert Ready.objects.get(case=bad).attempts == 1


def test_a_case_that_fails_for_good_goes_to_a_supervisor_and_comes_back(ayshe):
    case = submitted(ayshe)
    Case.objects.filter(id=case.id).update(progress={"age-check": {"outcome": "??", "since": "2026-03-02"}})
    for _ in range(routing.MOST_ATTEMPTS):
        Ready.objects.update(due_at=NOW)
        routing.route_cases(now=NOW)
    supervisor = officer("records-office", "supervisor")
    assert [one.id for one in desk.set_aside(viewer=supervisor)] == [case.id]

    Case.objects.filter(id=case.id).update(progress={})
    routing.retry_case(case_id=case.id, now=NOW)
    work()

    assert (state_of(case), desk.set_aside(viewer=supervisor)) == ("closed", ())


def test_the_chain_of_a_case_is_whole_and_its_head_stands_on_the_case(case):
    """Design §10.3"""
    case.refresh_from_db()

    assert ledger.verify_case(case.id, Head(case.ledger_sequence, case.ledger_head)) is None


def test_no_state_changes_without_its_ledger_entry(case):
    """Design §10.3: the database refuses it, from whatever hand."""
    with pytest.raises((DatabaseError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET state = 'received' WHERE id = %s", [case.id])


def test_every_move_that_routing_made_stands_in_the_table(case, ayshe):
    moves = {
        Event.ACCEPTED: CaseState.ACCEPTED,
        Event.REVIEW_BEGUN: CaseState.IN_REVIEW,
        Event.DECIDED: CaseState.DECIDED,
        Event.ISSUED: CaseState.ISSUED,
        Event.DELIVERED: CaseState.DELIVERED,
        Event.CLOSED: CaseState.CLOSED,
    }
    states = [moves[one.event] for one in cases.timeline(viewer=ayshe, case_id=case.id) if one.event in moves]

    assert states == list(moves.values())
    for before, after in zip([CaseState.RECEIVED, *states], states, strict=False):
        assert after in MOVES[before]


def test_what_a_case_issues_is_found_by_the_next(ayshe, case, prefecture):
    held = file(ayshe, "home-record", HOME)

    assert held.settlements["identity"]["evidence"][0]["source"] == "earlier"
    asked = [question for question in prefecture.asked if "holder" in question]
    assert len(asked) == 1


def test_other_offices_are_told_once_under_a_reference(prefecture, case):
    told = [notice for notice in prefecture.asked if "step" in notice]

    assert [(one["case"], one["step"]) for one in told] == [(case.number, "tell-works")]
    gathering.deliver_outbox(now=NOW)
    assert len([notice for notice in prefecture.asked if "step" in notice]) == 1


def test_an_office_that_does_not_answer_is_told_later(prefecture, ayshe):
    prefecture.answers["/offices/works-office/notices"] = [says(b"", status=503), says({"noted": True}, 201)]
    case = file(ayshe, "home-record", HOME)
    item = OutboxItem.objects.get(kind="tell")
    assert (state_of(case), item.done_at, item.attempts) == ("closed", None, 1)

    gathering.deliver_outbox(now=item.due_at)

    item.refresh_from_db()
    assert item.done_at is not None


def test_the_ledger_holds_no_personal_value(case, ayshe):
    """Design §10.3"""
    written = str([one.detail for one in cases.timeline(viewer=ayshe, case_id=case.id)])

    assert "Orchard" not in written
    assert "Ayshe" not in written


def test_every_errand_of_the_room_can_be_run_by_a_worker(case):
    for errand in (
        tasks.route_cases,
        tasks.sweep,
        tasks.gather_evidence,
        tasks.deliver_outbox,
        tasks.run_clock,
        tasks.count_figures,
    ):
        errand()

    assert tasks.sweep.name == Errand.SWEEP


def test_figures_count_sources_visits_and_papers_and_hide_small_cells(case):
    """R15.14"""
    total = statistics.statistics(viewer=officer("records-office", "supervisor")).total

    assert (total.resolved, total.visits, total.second_visits, total.papers_before) == (1, 0, 0, 1)
    assert dict(total.sources) == {"registry": 1}
    count_figures(now=NOW)
    assert statistics.public_statistics().hidden == ("papers",)
    with pytest.raises(statistics.SupervisorsFigures):
        statistics.statistics(viewer=officer("records-office"))
