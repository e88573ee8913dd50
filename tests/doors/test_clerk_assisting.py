"""A clerk applies with somebody at the counter, on the pages of everybody, and sees nothing else of theirs (R11.4)."""

import re

import pytest

from services.cases.models import AssistedFiling, Case
from services.ledger.models import Reading
from tests.doors.a_citizen import APPLICATION, Citizen, text_of, work
from tests.doors.conftest import NUMBERS

TYPED = {
    "document_kind": "resident_id", "number": NUMBERS[0], "full_name": "Walk-in Test",
    "birth_date.year": "1949", "birth_date.month": "12", "birth_date.day": "31",
}  # fmt: skip
HOME = {"application.home": "1 Lane"}


@pytest.fixture
def clerk(town, officer) -> Citizen:
    return Citizen(officer("clerk", "records-office"))


@pytest.fixture
def filed(clerk) -> str:
    """File with somebody who walked in; return the application's address."""
    assert clerk.sends("/desk/assist/", **TYPED).status_code == 302
    application = clerk.prepares("home-record", HOME)
    version = clerk.opens(f"/apply/{application}/check/").context["draft"].version
    sent = clerk.sends(f"/apply/{application}/check/", version=version, read_back="yes")
    assert sent.status_code == 302
    work()
    return f"/apply/{application}/"


def code_on(clerk: Citizen, filed: str) -> tuple[str, str]:
    """Print the sheet, and return the number and the code that stand on it."""
    sheet = clerk.client.post(f"/desk/assist/sheet/{APPLICATION.search(filed).group(1)}/")
    assert sheet.status_code == 200
    return sheet.context["draft"].number, sheet.context["code"]


def test_a_walk_in_is_applied_with_and_gets_a_sheet_in_two_languages(clerk, filed):
    page = clerk.opens(f"{filed}done/")
    assert "You are applying with somebody at the counter" in text_of(page)
    assert "Print the sheet to sign" in text_of(page)

    sheet = clerk.client.post(f"/desk/assist/sheet/{APPLICATION.search(filed).group(1)}/")
    said = text_of(sheet)
    for words in ("申请摘要", "Summary of an application", "1 Lane", "Walk-in Test", "This was read to me."):
        assert words in said
    assert NUMBERS[0] not in said


def test_without_reading_back_nothing_is_submitted(clerk):
    clerk.sends("/desk/assist/", **TYPED)
    application = clerk.prepares("home-record", HOME)

    refused = clerk.sends(f"/apply/{application}/check/")

    assert refused.status_code == 422
    assert "Read the summary back" in text_of(refused)
    assert AssistedFiling.objects.get().confirmed_at is None


def test_the_helper_sees_nothing_else_of_theirs(clerk, filed):
    """Letters, certificates, readings, their businesses, a copy of their data, and signatures are not the helper's."""
    assert clerk.client.get("/my/")["Location"] == "/desk/assist/"
    for page in (
        "letters/",
        "certificates/",
        "readings/",
        "businesses/",
        "data/",
        "identity/",
        "mandates/add/",
    ):
        assert clerk.client.get(f"/my/{page}").status_code == 403
    clerk.sends("/desk/assist/end/")
    assert clerk.client.get(filed).status_code == 403
    assert clerk.client.get("/apply/home-record/").status_code == 403


def test_that_somebody_was_helped_is_on_record(clerk, filed):
    read = Reading.objects.get(purpose="assisting")

    assert (read.organisation, read.basis) == ("records-office", "Identity Act art. 2")


def test_the_sheet_tells_on_the_web_how_it_stands_and_names_nobody(clerk, filed, client):
    number, code = code_on(clerk, filed)

    told = client.post("/sheet/", {"number": number, "code": code.lower()})

    assert "Home record" in text_of(told)
    assert "Walk-in" not in text_of(told)
    assert client.post("/sheet/", {"number": number, "code": "WRONGCODE2"}).status_code == 422


def test_several_services_are_applied_for_with_a_helper_as_with_everybody(clerk):
    """R11.4: the same rules, the same application; its whole page, and the help wanted at its visit, are there too."""
    clerk.sends("/desk/assist/", **TYPED)
    for service in ("home-record", "pilot-card"):
        clerk.sends("/together/change/", add=service)

    begun = clerk.sends("/apply/together/1/", service=["home-record", "pilot-card"], holder="me")

    found = APPLICATION.search(begun["Location"]).group(1)
    assert AssistedFiling.objects.get().application.services == ["home-record", "pilot-card"]
    assert clerk.client.get(f"/my/applications/{found}/").status_code == 200


def test_what_was_applied_for_with_help_is_printed_where_it_was(clerk, filed):
    """R11.6: the result by the web or at the receiving window."""
    case = Case.objects.get()
    page = clerk.opens(f"/my/cases/{case.id}/")
    (href, *_) = re.findall(r'href="(/my/cases/[^"]*\.pdf)"', page.content.decode())

    assert clerk.client.get(href)["Content-Type"] == "application/pdf"
    assert "/my/certificates/" not in page.content.decode()


def test_any_desk_goes_on_with_who_shows_sheet_and_document(clerk, filed, officer):
    number, code = code_on(clerk, filed)
    elsewhere = Citizen(officer("clerk", "works-office"))
    sheet = {"number": number, "code": code, "document_kind": "resident_id"}

    assert elsewhere.sends("/desk/assist/sheet/", **sheet, document_number=NUMBERS[1]).status_code == 422
    found = elsewhere.sends("/desk/assist/sheet/", **sheet, document_number=NUMBERS[0])

    assert found["Location"] == filed
    assert elsewhere.opens(filed).status_code == 200


def test_a_reviewer_applies_with_nobody(town, officer):
    reviewer = Citizen(officer("reviewer", "records-office"))

    assert reviewer.client.get("/desk/assist/").status_code == 403
    assert reviewer.sends("/desk/assist/", **TYPED).status_code == 403


def test_the_desk_shows_that_it_was_filled_in_at_a_counter(clerk, filed):
    case = clerk.opens(filed).context["view"].card.id

    assert "filled in at the counter of" in text_of(clerk.client.get(f"/desk/cases/{case}/"))
