"""The doors to a certificate for others: a code that shows it once (R12.3), and the lists to poll (R12.1)."""

import re

import pytest

from services.certificates.models import Certificate
from services.ledger.models import Reading
from tests.doors.a_citizen import Citizen, text_of
from tests.doors.the_api import Api, problem, told
from tests.services import a_matter

CODE = re.compile(r'class="reference" dir="ltr">([0-9A-Z]{4}-[0-9A-Z]{4})<')


@pytest.fixture
def holder(town, resident):
    return resident()


@pytest.fixture
def record(holder):
    return Certificate.objects.get(
        case_id=a_matter.file(holder, "home-record", {"application.home": "1 Lane"}).id
    )


def makes_code(citizen, record) -> str:
    page = citizen.sends(f"/my/certificates/{record.id}/share/", act="make")
    return CODE.search(page.content.decode()).group(1)


def looks(client, record, code):
    return client.post("/verify/shared/", {"number": record.number, "sharing_code": code})


def test_the_page_of_a_certificate_leads_to_a_code_that_is_told_once(record, holder):
    citizen = Citizen(holder)
    share = f"/my/certificates/{record.id}/share/"
    assert share in citizen.opens(f"/my/certificates/{record.id}/").content.decode()

    code = makes_code(citizen, record)

    again = citizen.opens(share)
    assert code not in again.content.decode()
    assert "Take the code back" in text_of(again)


def test_whoever_has_it_sees_the_certificate_once(record, holder, client):
    code = makes_code(Citizen(holder), record)
    assert "/verify/shared/" in client.get("/verify/").content.decode()

    first, second = looks(client, record, code), looks(client, record, code)

    assert "1 Lane" in text_of(first) and "Resident Test" in text_of(first)
    assert "no-store" in first["Cache-Control"]
    assert second.status_code == 422 and "1 Lane" not in text_of(second)


def test_a_wrong_code_answers_like_none(record, holder, client):
    makes_code(Citizen(holder), record)

    wrong = looks(client, record, "0000-0000")
    none = client.post("/verify/shared/", {"number": "AAAA-AAAA-AAAA", "sharing_code": "0000-0000"})

    assert wrong.status_code == none.status_code == 422
    assert "Ask the holder for a new code" in text_of(wrong)
    assert text_of(wrong).replace(record.number, "") == text_of(none).replace("AAAA-AAAA-AAAA", "")


def test_whoever_tries_one_code_after_the_other_waits(settings, record, client):
    settings.API_RATES = {"guess": "2/min"}

    assert [looks(client, record, "0000-0000").status_code for _ in range(3)] == [422, 422, 429]
    assert client.get("/verify/shared/").status_code == 200


def test_nothing_typed_asks_for_both(town, client):
    page = client.post("/verify/shared/", {})

    assert page.status_code == 422
    assert "Write the sharing code that the holder gave you." in text_of(page)


def test_a_code_that_was_taken_back_opens_nothing(record, holder, client):
    citizen = Citizen(holder)
    code = makes_code(citizen, record)

    citizen.sends(f"/my/certificates/{record.id}/share/", act="revoke")

    assert looks(client, record, code).status_code == 422


def test_the_holder_reads_in_plain_words_that_somebody_looked(record, holder, client):
    citizen = Citizen(holder)
    looks(client, record, makes_code(citizen, record))

    readings = text_of(citizen.opens("/my/readings/"))
    assert "Somebody with your sharing code" in readings
    assert "to see a certificate you gave a sharing code for" in readings


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "凭出示码查看证照"), ("ug", "كۆرسىتىش كودى بىلەن گۇۋاھنامە كۆرۈش")]
)
def test_it_speaks_the_readers_language(town, client, language, words):
    assert words in text_of(client.get("/verify/shared/", headers={"Accept-Language": language}))


def test_over_rest_a_code_is_made_used_once_and_taken_back(record, holder):
    api, anybody = Api(holder), Api()
    codes = f"/certificates/{record.number}/sharing-codes"
    made = told(api.post(codes), 201)
    asked = {"number": record.number, "sharingCode": made["code"]}

    shown = told(anybody.post("/certificate-showings", asked))

    assert (shown["holderName"], shown["content"]) == ("Resident Test", {"person.home": "1 Lane"})
    assert problem(anybody.post("/certificate-showings", asked)) == (404, "nothing-shown")
    again = told(api.post(codes), 201)
    assert api.delete(codes).status_code == 204
    assert problem(anybody.post("/certificate-showings", {**asked, "sharingCode": again["code"]})) == (
        404,
        "nothing-shown",
    )
    assert Reading.objects.filter(matter_kind="certificate").count() == 1


def test_nobody_else_makes_a_code_over_rest(record, resident):
    codes = f"/certificates/{record.number}/sharing-codes"

    assert problem(Api(resident("stranger")).post(codes)) == (404, "no-such-certificate")


def test_anybody_polls_the_status_list_and_keeps_it_while_it_is_fresh(record, client):
    listed = client.get("/api/v1/status-lists").json()["items"]
    assert listed == [{"number": 1, "address": listed[0]["address"]}]

    first = client.get("/api/v1/status-lists/1", headers={"Accept": "application/statuslist+jwt"})
    again = client.get("/api/v1/status-lists/1", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, first["Content-Type"]) == (200, "application/statuslist+jwt")
    assert {"public", "max-age=300"} <= set(first["Cache-Control"].split(", "))
    assert again.status_code == 304 and not again.content


def test_there_is_no_list_that_nothing_stands_in(record):
    assert problem(Api().get("/status-lists/2")) == (404, "no-such-status-list")
    assert problem(Api().get("/status-lists/0")) == (404, "no-such-status-list")
