"""Results are handed over to whoever may receive them: on the web, by mandate, or printed where people come."""

from uuid import UUID

import pytest

from services import clock
from services.cases.actions import acting, assisting, drafting, gathering, handing_over
from services.cases.models import ActedFor, Case
from services.cases.queries import readings
from services.cases.queries.handed_over import may_receive, results_at_visit
from services.cases.queries.visibility import NoSuchCase
from services.cases.queries.visits import NotYourDesk
from services.certificates.models import Certificate
from services.certificates.queries import NoSuchCertificate
from services.core.acting import Done
from services.notices.models import Notice
from services.people.queries import AccountView, NotInYourMandate
from tests.services import a_matter
from tests.services.a_matter import officer
from tests.services.a_register import NOW
from tests.services.a_visit import book, serve
from tests.services.test_acting_for import DEED, HOME, LATER, SERVICE, end, filed_for, lend
from tests.services.test_agents_attending import deed_for
from tests.services.test_assisting import SHOWN, filed
from tests.services.test_standing import bound

RECEIVES, ONLY_FILES = ("file", "receive"), ("file",)


@pytest.fixture
def agent(prefecture: object) -> AccountView:
    """Return Li, who may be given a mandate."""
    return bound("li", "440524188001010014")


def issued_in(case: Case) -> UUID:
    return Certificate.objects.get(case_id=case.id).id


def receive(viewer: AccountView, case: Case, language: str = "en") -> bytes:
    return handing_over.hand_over(
        viewer=viewer, case_id=case.id, certificate_id=issued_in(case), language=language, now=NOW
    ).content


# --- By mandate ---------------------------------------------------------------------------------------------


def test_an_agent_receives_what_the_mandate_lets_them_and_it_is_told(ayshe, agent):
    """R11.2: a power of its own, and whom it is for hears of it."""
    lend(ayshe, agent, powers=RECEIVES, may_declare=True)
    case = filed_for(ayshe, agent)

    assert receive(agent, case).startswith(b"%PDF")

    assert may_receive(viewer=agent, application_id=case.application_id)
    assert ActedFor.objects.filter(agent_id=agent.id, done=Done.RECEIVED).exists()
    acting.tell_whom_it_was_for(now=LATER)
    assert Done.RECEIVED in Notice.objects.get(kind="acted_for", account=ayshe.id).values["deeds"]


def test_who_may_only_file_does_not_receive(ayshe, agent):
    lend(ayshe, agent, powers=ONLY_FILES, may_declare=True)
    case = filed_for(ayshe, agent)

    with pytest.raises(NotInYourMandate, match="does not include"):
        receive(agent, case)

    assert not may_receive(viewer=agent, application_id=case.application_id)
    assert receive(ayshe, case).startswith(b"%PDF")


def test_who_lost_the_mandate_receives_nothing(ayshe, agent):
    lent = lend(ayshe, agent, powers=RECEIVES, may_declare=True)
    case = filed_for(ayshe, agent)
    end(lent, ayshe)

    with pytest.raises(NoSuchCase):
        receive(agent, case)


def test_by_one_case_nobody_receives_what_another_came_to(ayshe, agent):
    """The certificates somebody has are theirs: a case opens what was issued in it, and no other."""
    lend(ayshe, agent, powers=RECEIVES, may_declare=True)
    own = a_matter.file(ayshe, SERVICE, HOME)
    case = filed_for(ayshe, agent)

    with pytest.raises(NoSuchCertificate):
        handing_over.hand_over(
            viewer=agent, case_id=case.id, certificate_id=issued_in(own), language="en", now=NOW
        )


def test_an_officer_prints_at_a_visit_and_nowhere_else(ayshe, prefecture):
    case = a_matter.file(ayshe, SERVICE, HOME)

    with pytest.raises(NoSuchCase):
        receive(officer("records-office"), case)


def filed_together(viewer: AccountView) -> UUID:
    """File for a home record, which is granted at once, and a deed, which waits for its visit; return it."""
    begun = drafting.start_application(viewer=viewer, services=[SERVICE, "joint-deed"], now=NOW)
    drafting.answer_questions(viewer=viewer, application_id=begun, answers={**HOME, **DEED}, now=NOW)
    drafting.request_evidence(viewer=viewer, application_id=begun, now=NOW)
    gathering.gather_evidence(now=NOW)
    a_matter.give(viewer, begun)
    a_matter.submit(viewer, begun)
    return begun


def certificates_of(application: UUID) -> list[Certificate]:
    cases = Case.objects.filter(application_id=application).values_list("id", flat=True)
    return list(Certificate.objects.filter(case_id__in=cases))


# --- Printed where people come ------------------------------------------------------------------------------


def printed(clerk: AccountView, booked: UUID, case: Case) -> bytes:
    return handing_over.print_at_visit(
        viewer=clerk, appointment_id=booked, certificate_id=issued_in(case), language="zh", now=clock.now()
    ).content


def served(viewer: AccountView, case: Case, **told: object) -> UUID:
    """Serve the case's visit today, and let what it comes to be issued."""
    booked, at = book(viewer, case)
    if days := (at.date() - clock.today()).days:
        clock.shift(days=days)
    serve(officer("records-office"), booked, at, **told)
    a_matter.work(now=at)
    return booked


def test_what_a_visit_came_to_is_printed_there_and_then(ayshe, prefecture):
    """R8.8: nobody comes again to collect; that it was printed is on record (R15.6)."""
    case = a_matter.file(ayshe, "joint-deed", DEED)
    booked = served(ayshe, case)
    clerk = officer("records-office")
    (ready,) = results_at_visit(viewer=clerk, appointment_id=booked, on=clock.today())

    assert ready.id == issued_in(case)
    assert printed(clerk, booked, case).startswith(b"%PDF")

    seen = [one.view for one in readings.my_readings(viewer=ayshe) if one.view.purpose == "visit"]
    assert any(ready.type in one.fields for one in seen)
    case.refresh_from_db()
    assert case.visits == 1


def test_another_desk_prints_nothing_of_it(ayshe, prefecture):
    case = a_matter.file(ayshe, "joint-deed", DEED)
    booked = served(ayshe, case)

    with pytest.raises(NotYourDesk):
        printed(officer("works-office"), booked, case)


def test_after_the_day_of_the_visit_it_is_in_their_account_and_at_no_desk(ayshe, prefecture):
    case = a_matter.file(ayshe, "joint-deed", DEED)
    booked = served(ayshe, case)
    clock.shift(days=1)

    assert results_at_visit(viewer=officer("records-office"), appointment_id=booked, on=clock.today()) == ()


@pytest.mark.parametrize(
    ("powers", "carries"), [(("file", "attend"), False), (("file", "attend", "receive"), True)]
)
def test_an_agent_carries_home_what_they_may_receive(powers, carries, ayshe, agent):
    lend(ayshe, agent, powers=powers, may_declare=True)
    case = deed_for(ayshe, agent)
    booked = served(agent, case, agents={str(case.id): str(agent.id)})

    ready = results_at_visit(viewer=officer("records-office"), appointment_id=booked, on=clock.today())

    assert bool(ready) is carries


def test_who_comes_themself_takes_along_what_an_agent_filed(ayshe, agent):
    """R11.2: whom it is for needs no mandate of their own."""
    lend(ayshe, agent, powers=("file", "attend"), may_declare=True)
    booked = served(agent, deed_for(ayshe, agent))

    assert results_at_visit(viewer=officer("records-office"), appointment_id=booked, on=clock.today())


def test_an_agent_takes_along_nothing_of_the_application_that_nobody_lets_them_receive(ayshe, agent):
    """R11.2: neither what they came for, nor another service of it that needed no visit."""
    lend(ayshe, agent, powers=("attend",))
    begun = filed_together(ayshe)
    deed = Case.objects.get(application_id=begun, service="joint-deed")
    booked = served(ayshe, deed, agents={str(deed.id): str(agent.id)})

    assert len(certificates_of(begun)) == 2
    assert results_at_visit(viewer=officer("records-office"), appointment_id=booked, on=clock.today()) == ()


def test_nothing_is_printed_for_somebody_who_has_not_come(ayshe, prefecture):
    """R15.6: that a time is booked opens no certificate at the desk."""
    begun = filed_together(ayshe)
    booked, at = book(ayshe, Case.objects.get(application_id=begun, service="joint-deed"))
    if days := (at.date() - clock.today()).days:
        clock.shift(days=days)

    assert results_at_visit(viewer=officer("records-office"), appointment_id=booked, on=clock.today()) == ()


def test_a_receiving_place_prints_what_was_applied_for_with_a_helper(prefecture):
    """R11.6: the result by the web or at the receiving window; to come for it is nobody's duty and no visit (R8.3)."""
    window = officer("works-office")
    assisting.begin_assistance(viewer=window, identity=SHOWN, now=NOW)
    helped = assisting.helped_view(viewer=window, now=NOW)
    case = filed(helped)

    assert receive(helped, case, "ug").startswith(b"%PDF")
    case.refresh_from_db()
    assert case.visits == 0


def test_a_helper_prints_nothing_else_of_theirs(ayshe, prefecture):
    """R11.7: what was applied for elsewhere, or alone, is not the receiving place's to see."""
    case = a_matter.file(ayshe, SERVICE, HOME)
    assisting.begin_assistance(viewer=officer("works-office"), identity=SHOWN, now=NOW)
    helped = assisting.helped_view(viewer=officer("works-office"), now=NOW)

    with pytest.raises(NoSuchCertificate):
        receive(helped, case)
