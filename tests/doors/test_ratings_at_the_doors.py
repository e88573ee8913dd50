"""Saying how it went, and being answered: on the case's page, by the link in the letter, and at the desk (R6.6, R9)."""

import re

import pytest
from django.test import Client

from services import clock
from services.cases.actions import handling, rating
from services.cases.models import Case, NotDone, Rating
from services.core.ratings import Said
from services.notices.models import Notice
from services.people.models import Account
from tests.doors.a_desk import Desk, text_of, works_permit_without_plan
from tests.services import a_matter


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def visitor(applicant):
    client = Client()
    client.force_login(Account.objects.get(id=applicant.id))
    return client


@pytest.fixture
def done(applicant):
    """A case whose result came at once."""
    return a_matter.file(applicant, "home-record", {"application.home": "1 Lane"}, now=clock.now())


@pytest.fixture
def supervisor(town, officer):
    return Desk(officer("supervisor", "records-office"))


def page_of(visitor, case, end=""):
    return visitor.get(f"/my/cases/{case.id}/{end}")


def test_nothing_is_chosen_beforehand_and_looking_leaves_nothing(visitor, done):
    """R9.3"""
    page = page_of(visitor, done, "rate/").content.decode()

    assert page.count('name="level"') == 5
    assert not re.search(r'name="level"[^>]*checked', page)
    assert not Rating.objects.exists()


def test_a_case_is_rated_on_its_page_and_what_was_said_stands_there(visitor, done):
    form = {"level": "2", "words": "It took long.", "aspects": ["speed"]}
    page = visitor.post(f"/my/cases/{done.id}/rate/", form, follow=True)

    assert "Dissatisfied" in text_of(page)
    assert "It took long." in text_of(page)
    made = Rating.objects.get()
    visitor.post(f"/my/cases/{done.id}/ratings/{made.id}/", {"words": "Really long."})
    assert "Really long." in text_of(page_of(visitor, done))


def test_without_a_level_what_was_typed_comes_back(visitor, done):
    page = visitor.post(f"/my/cases/{done.id}/rate/", {"words": "Hm."})

    assert page.status_code == 422
    assert "Choose one of the five levels." in text_of(page)
    assert "Hm." in text_of(page)


def test_the_link_in_the_letter_rates_once_and_without_signing_in(applicant, done):
    """R9.9"""
    letter = Notice.objects.get(kind="issued", case_id=done.id)
    path = re.search(r"/rate/[\w-]+/", letter.written)[0]
    assert "Home record" in text_of(Client().get(path))
    assert applicant.display_name not in text_of(Client().get(path))

    assert "Thank you" in text_of(Client().post(path, {"level": "5"}))

    assert Rating.objects.get().level == 5
    assert Client().get(path).status_code == 404


def test_who_was_not_content_is_answered_by_a_supervisor(applicant, done, supervisor, visitor):
    """R9.5, R9.8: the desk reads the words, and no name."""
    made = rating.rate_case(
        viewer=applicant, case_id=done.id, said=Said(level=1, words="Nobody helped."), now=clock.now()
    )
    assert "Very dissatisfied" in text_of(supervisor.opens("/desk/heard/"))
    page = text_of(supervisor.opens(f"/desk/ratings/{made}/"))
    assert "Nobody helped." in page
    assert applicant.display_name not in page
    assert done.number not in page

    answer = supervisor.client.post(f"/desk/ratings/{made}/answer/", {"words": ""})
    assert answer.status_code == 422
    supervisor.client.post(f"/desk/ratings/{made}/contact/", {"words": "We look into it."})
    supervisor.client.post(f"/desk/ratings/{made}/answer/", {"words": "Somebody helps now."})

    assert "Somebody helps now." in text_of(page_of(visitor, done))
    assert "Very dissatisfied" not in text_of(supervisor.opens("/desk/heard/"))


def test_who_could_not_get_it_done_says_so_and_is_answered(applicant, officer, visitor):
    """R6.6"""
    case = works_permit_without_plan(applicant)
    handling.decline_case(
        viewer=officer("clerk", "works-office"), task_id=a_matter.task_of(case, "acceptance"),
        reason="not_competent", explanation="Not ours.", referred_to="records-office", now=clock.now(),
    )  # fmt: skip
    assert "I could not get it done" in text_of(page_of(visitor, Case.objects.get(id=case.id)))
    visitor.post(f"/my/cases/{case.id}/not-done/", {"words": "Sent from window to window."})
    head = Desk(officer("supervisor", "works-office"))
    assert case.number in text_of(head.opens("/desk/heard/"))
    report = NotDone.objects.get()
    assert "Sent from window to window." in text_of(head.opens(f"/desk/not-done/{report.id}/"))

    head.client.post(f"/desk/not-done/{report.id}/", {"words": "Come to us, we do it."})

    assert "Come to us, we do it." in text_of(page_of(visitor, case))
