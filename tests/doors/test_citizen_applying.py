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

FREE_NAME = {"application.company_name_taken": False}


@pytest.fixture
def citizen(published, registers, resident):
    """A resident of whom the register of identity cards knows, and names that nobody else holds."""
    recorded(registers, "id-card", **ID_CARD)
    recorded(registers, "company-names", **FREE_NAME)
    return Citizen(resident())


def test_an_application_leads_from_page_to_page_until_it_is_submitted(citizen):
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
    assert next_page.redirect_chain[-1][0] == f"/apply/{application}/waiting/"
    work()

    assert "company name free" in text_of(citizen.opens(f"/apply/{application}/waiting/"))
    next_page = citizen.client.post(f"/apply/{application}/found/", follow=True)
    assert next_page.redirect_chain[-1][0] == f"/apply/{application}/check/"
    assert ANSWERS["application.company_name"] in text_of(next_page)

    done = citizen.client.post(f"/apply/{application}/check/", follow=True)
    reference = Application.objects.get(id=application).number
    assert "Application submitted" in text_of(done) and reference in text_of(done)


def test_what_was_applied_for_is_a_certificate_that_anybody_can_check(citizen):
    citizen.files(NAME)
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
    assert b"data-once" not in check.content
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
    assert papers.context["tasks"][0]["title"] == "Resident identity card"


MARRIAGE = "marriage-registration"
SPOUSE = {
    "application.spouse_name": "Another Test",
    "application.spouse_number": NUMBERS[1],
    "application.spouse_document": "resident_id",
}


def test_a_statement_is_signed_once_it_is_ticked_and_only_as_it_was_read(citizen):
    application = citizen.prepares(MARRIAGE, SPOUSE)
    where = f"/apply/{application}/papers/single/sign/single-status-declaration/"
    page = citizen.opens(where)
    digest = page.context["text"].digest
    assert "I accept liability if it is untrue." in text_of(page)
    assert "Tick that you have read the text" in text_of(citizen.sends(where, digest=digest))
    stale = citizen.sends(where, read="yes", digest="0" * 64)
    assert "The text has changed since you read it." in text_of(stale)
    assert citizen.sends(where, read="yes", digest=digest)["Location"] == f"/apply/{application}/papers/"
    assert _statuses(citizen, application)["Signed declaration of single status"] == "completed"


def test_a_file_that_is_no_picture_is_refused_and_a_photo_is_taken(citizen):
    application = citizen.prepares(MARRIAGE, SPOUSE)
    where = f"/apply/{application}/papers/photo/send/portrait-photo/"
    assert "up to 10 MB" in text_of(citizen.opens(where))
    assert "Choose a photo or a PDF first." in text_of(citizen.sends(where))
    program = SimpleUploadedFile("photo.png", b"MZ this is a program")
    assert "This file cannot be opened." in text_of(citizen.sends(where, copy=program))
    assert citizen.sends(where, copy=_photo()).status_code == 302
    assert _statuses(citizen, application)["Recent portrait photo"] == "completed"


def test_what_is_missing_is_named_and_can_be_left_for_the_office_to_ask(citizen):
    application = citizen.prepares(MARRIAGE, SPOUSE)
    refused = citizen.sends(f"/apply/{application}/check/")
    assert refused.status_code == 422
    assert "Submit without what is missing" in text_of(refused)
    assert citizen.sends(f"/apply/{application}/check/", with_gaps="yes").status_code == 302
    assert Case.objects.get().service == MARRIAGE


def test_rows_keep_what_was_typed_right_and_wrong(citizen_with_business):
    citizen, business = citizen_with_business
    started = citizen.sends("/apply/certificate-of-origin/for/", holder=str(business))
    goods = f"{started['Location']}questions/application.goods/"
    typed = {"application.goods.0.name": "Mushrooms", "application.goods.0.hs_code": "abc"}
    page = citizen.sends(goods, **typed)
    assert page.status_code == 422
    assert "1, Tariff code: Write the customs goods code, 4 to 10 digits." in text_of(page)
    assert 'value="Mushrooms"' in page.content.decode() and 'value="abc"' in page.content.decode()

    more = citizen.sends(goods, **typed, add_row="application.goods")
    assert [row["fields"][0]["value"] for row in more.context["field"]["rows"]] == ["Mushrooms", None]
    fewer = citizen.sends(
        goods, **typed, **{"application.goods.1.name": "Tea"}, remove_row="application.goods-0"
    )
    assert [row["fields"][0]["value"] for row in fewer.context["field"]["rows"]] == ["Tea"]


def test_a_service_for_businesses_asks_first_for_whom(citizen_with_business):
    citizen, _ = citizen_with_business
    page = citizen.opens("/apply/certificate-of-origin/for/")
    assert [name for _, name, _ in page.context["field"]["choices"]] == ["Example Mill Co., Ltd."]
    assert citizen.sends("/apply/certificate-of-origin/for/", holder="me").status_code == 422


def test_somebody_elses_application_is_not_there(citizen, resident):
    application = citizen.prepares(NAME)
    other = Citizen(resident("other"))
    pages = ["", "fetch/", "waiting/", "found/", "papers/", "parties/", "check/", "done/", "discard/"]
    pages += ["questions/application.company_name/", "papers/identity/"]
    assert {
        page: other.client.get(f"/apply/{application}/{page}").status_code for page in pages
    } == dict.fromkeys(pages, 404)
    acts = ("fetch/", "found/", "check/", "discard/", "questions/application.company_name/")
    assert {act: other.sends(f"/apply/{application}/{act}").status_code for act in acts} == dict.fromkeys(
        acts, 404
    )


def test_a_draft_is_discarded_after_asking_once_more(citizen):
    application = citizen.begins(NAME)
    assert "cannot be undone" in text_of(citizen.opens(f"/apply/{application}/discard/"))
    citizen.sends(f"/apply/{application}/discard/")
    assert not Application.objects.exists()


def test_a_service_that_is_not_there_is_a_page_of_its_own(citizen):
    page = citizen.opens("/apply/no-such-service/")
    assert page.status_code == 404
    assert "There is no service “no-such-service”." in text_of(page)


def test_who_is_not_signed_in_signs_in_and_comes_back(client, published):
    assert client.get(f"/apply/{NAME}/")["Location"] == f"/accounts/login/?next=/apply/{NAME}/"


def test_an_office_account_has_no_matters_of_its_own(published, officer):
    clerk = Citizen(officer("clerk", "customs"))
    page = clerk.opens("/my/")
    assert page.status_code == 403
    assert "This is an office account." in text_of(page)


@pytest.fixture
def citizen_with_business(citizen):
    """A resident who represents a business."""
    account = Account.objects.get(username="resident")
    record = people.BusinessRecord(
        uscc="91350100M000100Y43", name="Example Mill Co., Ltd.", kind="company", status="active",
        legal_representative_number=NUMBERS[0],
    )  # fmt: skip
    return citizen, people.bind_business(account_id=account.id, business=record, now=clock.now())


def _statuses(citizen: Citizen, application: UUID) -> dict[str, str]:
    tasks = citizen.opens(f"/apply/{application}/papers/").context["tasks"]
    return {task["title"]: task["status"] for task in reversed(tasks)}


def _photo() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (40, 60), (200, 90, 90)).save(drawn, "PNG")
    return SimpleUploadedFile("photo.png", drawn.getvalue(), content_type="image/png")
