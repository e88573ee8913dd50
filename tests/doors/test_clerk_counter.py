"""The reception, a window and the call screen: from the code to the closed visit, by number and nobody's name."""

import pytest
from django.test import Client

from services import clock
from services.cases.models import Case
from services.people.models import Account
from services.visits import queries as appointments
from services.visits.models import Ticket, Visit
from tests.doors.a_desk import Desk, joint_deed, text_of
from tests.services.a_visit import book


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def deed(applicant):
    return joint_deed(applicant)


@pytest.fixture
def clerk(town, officer):
    desk = Desk(officer("clerk", "records-office"))
    desk.client.post("/desk/visits/centre/", {"centre": "hall"})
    desk.client.post("/desk/window/choose/", {"window": "desk-1"})
    return desk


@pytest.fixture
def booked(applicant, deed):
    """The deed's visit, at the first time there is, on the day it is for."""
    made, when = book(applicant, deed, now=clock.now())
    if ahead := (clock.legal_day(when) - clock.today()).days:
        clock.shift(days=ahead)
    return appointments.appointment(appointment_id=made)


def arrives(clerk, **form):
    return clerk.client.post("/desk/reception/", form, follow=True)


def does(clerk, act, **form):
    ticket = Ticket.objects.latest("arrived_at")
    return clerk.client.post(f"/desk/tickets/{ticket.id}/{act}/", form, follow=True)


def screen():
    return text_of(Client().get("/centres/hall/screen/"))


def test_who_has_not_said_where_they_sit_is_asked(town, officer):
    stranger = Desk(officer("clerk", "records-office"))

    for path in ("/desk/reception/", "/desk/window/"):
        assert stranger.opens(path).headers["Location"] == "/desk/visits/"


def test_from_the_code_to_the_closed_visit(booked, clerk, deed):
    """R8.10: book, arrive, be called, be served, and leave with everything done."""
    code = appointments.booking_code(booked.id)
    given = text_of(arrives(clerk, by="code", code=code.lower(), language="ug", help=["wheelchair"]))
    assert "Ticket 001" in given
    assert "1 thing to finish" in given
    assert "A place for a wheelchair" in text_of(clerk.opens("/desk/window/"))

    Ticket.objects.update(due_at=clock.now())
    clerk.client.post("/desk/window/next/")
    assert ("001" in screen()) and ("desk-1" in screen())

    page = does(clerk, "begin")
    assert page.redirect_chain[-1][0] == f"/desk/visits/{booked.id}/"
    assert "Record what is done" in text_of(page)
    assert "Something can still be done" in text_of(does(clerk, "close"))

    version = page.context["version"]
    form = {"version": version, f"outcome:{deed.id}": "served", f"original:{deed.id}:partner-free": "seen"}
    done = clerk.client.post(f"/desk/visits/{booked.id}/", form, follow=True)
    assert "Everything that could be done at this visit is done." in text_of(done)
    does(clerk, "close")

    assert Ticket.objects.get().state == "done"
    assert not Visit.objects.filter(completed_at__isnull=True).exists()
    assert "001" not in screen()


def test_a_visit_is_closed_with_a_cause_while_something_is_open(booked, clerk, deed):
    arrives(clerk, by="appointment", appointment=str(booked.id))
    Ticket.objects.update(due_at=clock.now())
    clerk.client.post("/desk/window/next/")
    does(clerk, "begin")

    does(clerk, "close", cause="system_failed")

    assert Visit.objects.get().fault == "authority"
    assert Case.objects.get(id=deed.id).visits == 1


def test_a_wrong_code_is_told_and_nothing_typed_is_lost(booked, clerk):
    page = arrives(clerk, by="code", code="WRONG222", help=["sign_language"])

    assert page.status_code == 404
    assert "There is no booking with this code here today." in text_of(page)
    assert 'value="WRONG222"' in page.content.decode()


def test_the_square_code_opens_the_reception_with_the_code_typed_in(booked, clerk):
    code = appointments.booking_code(booked.id)

    assert f'value="{code}"' in clerk.opens(f"/desk/reception/?code={code}").content.decode()


def test_whoever_has_a_question_gets_a_ticket_without_a_name(clerk):
    assert "They are called next." in text_of(arrives(clerk, by="question"))
    clerk.client.post("/desk/window/next/")
    does(clerk, "begin")

    assert "Say how it ended." in text_of(does(clerk, "close"))
    assert "How did it end?" in text_of(clerk.opens("/desk/window/"))
    does(clerk, "close", ended="answered")

    assert (Ticket.objects.get().state, Visit.objects.count()) == ("done", 0)


def test_what_is_handed_over_waits_at_the_office_that_goes_on(clerk, officer):
    """R6.5: it is theirs until somebody of the office takes it up."""
    arrives(clerk, by="question")
    clerk.client.post("/desk/window/next/")
    does(clerk, "begin")
    does(clerk, "close", ended="referred", referred_to="works-office")
    works, ticket = Desk(officer("clerk", "works-office")), Ticket.objects.get()

    assert "Questions handed over to your office" in text_of(works.opens("/desk/visits/"))
    assert "Questions handed over" not in text_of(clerk.opens("/desk/visits/"))
    assert clerk.client.post(f"/desk/tickets/{ticket.id}/taken/").status_code == 404
    works.client.post(f"/desk/tickets/{ticket.id}/taken/")

    assert "Questions handed over" not in text_of(works.opens("/desk/visits/"))
    ticket.refresh_from_db()
    assert ticket.taken_up_by is not None


def test_the_screen_says_nobodys_name_and_speaks_three_languages(booked, clerk, applicant):
    arrives(clerk, by="appointment", appointment=str(booked.id))

    answer = Client().get("/centres/hall/screen/")
    page = answer.content.decode()

    assert "Resident" not in page
    for words in (
        "Please come to the window",
        "请到窗口办理",
        "كۆزنەككە كېلىڭ",
        'dir="rtl"',
    ):
        assert words in page
    assert "001" in page
    assert answer["Refresh"] == "10"


def test_whoever_reads_slowly_holds_the_screen_still(town):
    """It moves without scripts, and not for those who do not want it to."""
    assert "Refresh" not in Client().get("/centres/hall/screen/?still")


def test_the_visitor_sees_the_code_and_then_the_ticket(booked, clerk, applicant, deed):
    visitor = Client()
    visitor.force_login(Account.objects.get(id=applicant.id))
    code = appointments.booking_code(booked.id)
    before = text_of(visitor.get(f"/my/visits/{deed.application_id}/"))
    assert f"{code[:4]} {code[4:]}" in before

    arrives(clerk, by="code", code=code)

    page = text_of(visitor.get(f"/my/visits/{deed.application_id}/"))
    assert "Your ticket" in page
    assert "001" in page
    ics = visitor.get(f"/my/visits/{deed.application_id}/visit.ics").content.decode()
    assert f"Code for the reception: {code}" in ics
