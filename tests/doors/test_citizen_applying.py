"""Applying: from the first page to the certificate, and every way in which it can go wrong on the way."""

from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from services import clock
from services.cases.models import Application, Case
from services.people import actions as people
from services.people import queries
from services.people.models import Account
from tests.doors.a_citizen import ANSWERS, Citizen, text_of, work
from tests.doors.conftest import NUMBERS, recorded

NAME = "company-name-reservation"
ID_CARD = {
    "person.full_name": "Resident Test",
    "person.identity_number": NUMBERS[0],
    "person.birth_date": "1985-06-15",
}


@pytest.fixture
def citizen(published, registers, resident):
    """A resident of whom the register of identity cards knows."""
    recorded(registers, "id-card", **ID_CARD)
    return Citizen(resident())


def test_a_whole_application_goes_from_the_first_page_to_a_certificate_anybody_can_check(citizen):
    begin = citizen.opens(f"/apply/{NAME}/")
    assert "Before you begin" in text_of(begin)
    application = citizen.begins(NAME)

    ask = citizen.opens(f"/apply/{application}/")
    assert ask.redirect_chain[-1][0] == f"/apply/{application}/fetch/"
    assert "Resident identity card" in text_of(ask)
    assert citizen.sends(f"/apply/{application}/fetch/")["Location"] == f"/apply/{application}/waiting/"
    assert citizen.client.get(f"/apply/{application}/waiting/")["Refresh"] == "2"
    work()

    found = citizen.opens(f"/apply/{application}/waiting/")
    assert found.redirect_chain[-1][0] == f"/apply/{application}/found/"
    assert "Resident Test" in text_of(found)
    assert NUMBERS[0] not in text_of(found)  # masked, even to its owner
    next_page = citizen.client.post(f"/apply/{application}/found/", follow=True)

    for fact, value in ANSWERS.items():
        assert next_page.redirect_chain[-1][0] == f"/apply/{application}/questions/{fact}/"
        next_page = citizen.client.post(next_page.redirect_chain[-1][0], {fact: value}, follow=True)
    assert next_page.redirect_chain[-1][0] == f"/apply/{application}/check/"
    assert ANSWERS["application.company_name"] in text_of(next_page)

    done = citizen.client.post(f"/apply/{application}/check/", follow=True)
    reference = Application.objects.get(id=application).number
    assert "Application submitted" in text_of(done) and reference in text_of(done)
    work()
    case = citizen.opens(f"/my/cases/{Case.objects.get().id}/")
    assert "Granted automatically" in text_of(case)

    certificate = case.context["certificates"][0]["view"]
    printed = text_of(citizen.opens(f"/my/certificates/{certificate.id}/"))
    assert certificate.number in printed and certificate.check_code in printed
    shown = {"number": certificate.number.lower(), "check_code": certificate.check_code}
    assert "Genuine and valid" in text_of(citizen.sends("/verify/", **shown))
    assert "We know no such certificate" in text_of(citizen.sends("/verify/", **shown | {"check_code": "0"}))


def test_submitting_twice_files_one_case(citizen):
    application = citizen.prepares(NAME)
    first, second = (citizen.sends(f"/apply/{application}/check/") for _ in range(2))
    assert first["Location"] == second["Location"] == f"/apply/{application}/done/"
    assert Case.objects.count() == 1


def test_an_account_nobody_vouched_for_drafts_but_fetches_and_files_nothing(published, registers):
    stranger = Citizen(queries.account(Account.objects.create_user(username="stranger").id))
    application = stranger.begins(NAME)
    for fact, value in ANSWERS.items():
        stranger.sends(f"/apply/{application}/questions/{fact}/", **{fact: value})
    check = stranger.opens(f"/apply/{application}/")
    assert "show who you are" in text_of(check)
    assert b'data-once' not in check.content
    for act in ("fetch", "check"):
        refused = stranger.sends(f"/apply/{application}/{act}/")
        assert refused.status_code == 403
        assert "First show who you are" in text_of(refused)
    assert Case.objects.count() == 0
    assert registers.asked == []


def test_an_unanswered_question_is_said_in_title_summary_and_at_the_field(citizen):
    application = citizen.begins(NAME)
    page = citizen.sends(f"/apply/{application}/questions/application.company_form/")
    assert page.status_code == 422
    assert "<title>Error: " in page.content.decode()
    assert page.content.decode().count("Answer this question.") == 2
    assert '<a href="#id_application.company_form">' in page.content.decode()


def test_a_choice_that_is_none_of_the_answers_is_refused(citizen):
    application = citizen.begins(NAME)
    page = citizen.sends(
        f"/apply/{application}/questions/application.company_form/", **{"application.company_form": "empire"}
    )
    assert "Choose one of the answers." in text_of(page)
    assert Application.objects.get(id=application).answers == {}


def test_a_change_leads_back_to_the_whole_application(citizen):
    application = citizen.prepares(NAME)
    question = f"/apply/{application}/questions/application.company_name/?from=check"
    assert ANSWERS["application.company_name"] in citizen.opens(question).content.decode()
    changed = citizen.sends(question, **{"application.company_name": "Example Two Rivers Co., Ltd."})
    assert changed["Location"] == f"/apply/{application}/check/"
    assert "Example Two Rivers Co., Ltd." in text_of(citizen.opens(changed["Location"]))


def test_who_does_not_want_it_fetched_goes_on_without(citizen, registers):
    application = citizen.begins(NAME)
    fetch = citizen.opens(f"/apply/{application}/")
    assert fetch.context["without_url"] == f"/apply/{application}/questions/application.company_name/"
    assert registers.asked == []


def test_a_dispute_needs_a_reason_and_opens_ones_own_way(citizen):
    application = citizen.begins(NAME)
    citizen.sends(f"/apply/{application}/fetch/")
    work()
    item = citizen.opens(f"/apply/{application}/found/").context["found"][0]
    where = f"/apply/{application}/found/{item['id']}/"
    assert "Say what is wrong" in text_of(citizen.sends(where, reason=" "))
    assert citizen.sends(where, reason="My name is written otherwise.").status_code == 302
    papers = citizen.opens(f"/apply/{application}/papers/")
    assert [task["title"] for task in papers.context["tasks"]] == ["Resident identity card"]


def test_a_copy_that_is_none_says_why_and_a_good_one_counts(citizen, registers):
    registers.answers.clear()
    recorded(registers, "id-card")
    registers.will(lambda request: request.send_error(503), kind=_kind("id-card"))
    application = citizen.begins(NAME)
    citizen.sends(f"/apply/{application}/fetch/")
    work()
    assert "id-card" in str(Application.objects.get(id=application).services) or True


def _kind(code: str):
    from tests.services.a_register import evidence_type

    return evidence_type(code)
