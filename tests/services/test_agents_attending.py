"""An agent comes to the counter in somebody else's place where the law allows it; the trip is theirs (R11.3, R8.4)."""

import pytest

from services.cases.actions import handling
from services.cases.models import Case
from services.cases.queries import visits
from services.core.attendance import InPersonOnly
from services.ledger.queries import entries_of
from services.people.queries import AccountView, NotInYourMandate
from services.visits.queries import appointments_of
from tests.services import a_matter
from tests.services.a_matter import officer
from tests.services.a_register import NOW
from tests.services.a_visit import book, serve
from tests.services.test_acting_for import DEED, draft_for, lend
from tests.services.test_standing import bound


@pytest.fixture
def agent(prefecture: object) -> AccountView:
    """Return Li, who may be given a mandate."""
    return bound("li", "440524188001010014")


def deed_for(giver: AccountView, agent: AccountView) -> Case:
    """File for a deed that is signed at the counter, where the law lets an agent come."""
    draft = draft_for(giver, agent, "joint-deed", DEED)
    a_matter.give(agent, draft)
    return a_matter.submit(agent, draft)


def test_an_agent_comes_where_the_law_allows_it_and_the_trip_is_the_applicants(ayshe, agent):
    """R8.4, R11.3"""
    lend(ayshe, agent, may_declare=True)
    case = deed_for(ayshe, agent)
    booked, at = book(agent, case)
    clerk = officer("records-office")
    (open_case,) = visits.counter_visit(viewer=clerk, appointment_id=booked, on=at.date()).cases
    assert open_case.agents == ((agent.id, "Li Test"),)

    serve(clerk, booked, at, agents={str(case.id): str(agent.id)})

    case.refresh_from_db()
    assert case.visits == 1
    (kept,) = [one for one in entries_of(case.id) if one.event == "visit_kept"]
    assert kept.detail["agent"] == str(agent.id)


def test_nobody_comes_in_anybodys_place_without_the_power_to(ayshe, agent):
    lend(ayshe, agent, powers=("file",), may_declare=True)
    case = deed_for(ayshe, agent)
    booked, at = book(agent, case)

    with pytest.raises(NotInYourMandate):
        serve(officer("records-office"), booked, at, agents={str(case.id): str(agent.id)})


def test_where_the_law_wants_the_person_no_agent_is_served_and_none_is_awaited(ayshe, agent):
    """R11.3: an examination is taken by whom it is about."""
    lend(ayshe, agent)
    draft = draft_for(ayshe, agent, "pilot-card", {})
    a_matter.give(agent, draft)
    case = a_matter.submit(agent, draft)
    clerk = officer("records-office")
    handling.accept_case(viewer=clerk, task_id=a_matter.task_of(case, "acceptance"), now=NOW)
    a_matter.work()
    handling.complete_task(
        viewer=clerk, task_id=a_matter.task_of(case, "review"), favorable=True, note="", now=NOW
    )
    a_matter.work()
    booked, at = book(agent, case)
    (shown,) = appointments_of(application_ids=[case.application_id])
    (open_case,) = visits.counter_visit(viewer=clerk, appointment_id=booked, on=at.date()).cases

    assert (shown.people, open_case.agents) == ((ayshe.person_id,), ())
    with pytest.raises(InPersonOnly):
        serve(clerk, booked, at, agents={str(case.id): str(agent.id)})
