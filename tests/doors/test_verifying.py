"""Checking a certificate at the door: by square code, by file, over the API; and taking it along, as its holder."""

import json

import jwt
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from services.certificates.models import Certificate, Paper
from services.certificates.queries.checking import LARGEST_PDF
from tests.doors.a_citizen import Citizen, text_of
from tests.doors.the_api import Api, problem, told
from tests.services.a_paper import code_in

pytestmark = pytest.mark.usefixtures("own_files")


def dropped(content: bytes, name: str = "certificate.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


# --- The holder takes it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh", "ug"])
def test_the_holder_downloads_it_in_a_language_of_their_choice(holder, certificate, language):
    answer = Citizen(holder).opens(f"/my/certificates/{certificate.id}/{language}.pdf")

    name = f"{certificate.number}-1-{language}.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer.content.startswith(b"%PDF-1.7")


def test_its_page_offers_the_readers_language_first(holder, certificate):
    citizen = Citizen(holder)
    page = citizen.opens(f"/my/certificates/{certificate.id}/", headers={"Accept-Language": "ug"})

    assert [code for code, _ in page.context["papers"]] == ["ug", "en", "zh"]
    assert f"/my/certificates/{certificate.id}/ug.pdf" in page.content.decode()


def test_no_file_is_made_before_somebody_asks(holder, certificate, own_files):
    Citizen(holder).opens(f"/my/certificates/{certificate.id}/")

    assert not Paper.objects.exists()
    assert not list(own_files.rglob("*.pdf"))


def test_in_another_language_there_is_none_and_what_is_suspended_is_not_printed(holder, certificate):
    citizen = Citizen(holder)
    assert citizen.opens(f"/my/certificates/{certificate.id}/fr.pdf").status_code == 422

    Certificate.objects.filter(id=certificate.id).update(
        status="suspended", status_by=holder.id, status_reason="kitchen", status_legal_basis="Food Act art. 7"
    )
    refused = citizen.opens(f"/my/certificates/{certificate.id}/en.pdf")
    assert (refused.status_code, "nothing to download" in text_of(refused)) == (409, True)
    assert "Download it" not in text_of(citizen.opens(f"/my/certificates/{certificate.id}/"))


def test_no_address_leads_to_the_stored_file(holder, certificate, own_files):
    Citizen(holder).opens(f"/my/certificates/{certificate.id}/en.pdf")
    [file] = own_files.rglob("*.pdf")
    stored_as = file.relative_to(own_files)

    for path in (f"/media/{stored_as}", f"/{stored_as}", f"/static/{stored_as}"):
        assert Client().get(path).status_code == 404


def test_programs_download_it_too(holder, certificate, resident):
    answer = Api(holder).get(f"/certificates/{certificate.id}/paper", language="zh")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"

    assert problem(Api(resident("another")).get(f"/certificates/{certificate.id}/paper"))[0] == 404
    assert problem(Api(holder, scopes=()).get(f"/certificates/{certificate.id}/paper"))[0] == 403
    assert problem(Api().get(f"/certificates/{certificate.id}/paper"))[0] == 401


# --- Anybody checks it -----------------------------------------------------------------------------------


def test_the_square_code_leads_to_the_answer_without_a_form_or_a_script(paper, certificate):
    page = Client().get(f"/verify/code/{code_in(paper)}")

    assert page.status_code == 200
    assert "Genuine and valid" in text_of(page)
    assert certificate.number in text_of(page)
    assert page["Cache-Control"].startswith("max-age=0")
    # R12.3: whose it is, and what it says, stays with the holder.
    assert "1 Lane" not in text_of(page) and "Ayshe" not in text_of(page)


def test_a_spoilt_square_code_is_not_genuine(paper):
    assert "Not genuine" in text_of(Client().get(f"/verify/code/{code_in(paper)[:-4]}AAAA"))
    assert "Not genuine" in text_of(Client().get("/verify/code/whatever"))


def test_a_file_is_checked_and_forgotten(paper, certificate, own_files):
    before = sorted(own_files.rglob("*"))

    genuine = Client().post("/verify/", {"what": "file", "paper": dropped(paper)})
    altered = Client().post("/verify/", {"what": "file", "paper": dropped(paper + b" ")})

    assert "Genuine and valid" in text_of(genuine) and certificate.number in text_of(genuine)
    assert "Not genuine" in text_of(altered) and "added to the file" in text_of(altered)
    assert sorted(own_files.rglob("*")) == before


def test_without_a_file_or_with_a_huge_one_the_page_says_what_to_do(town):
    nothing = Client().post("/verify/", {"what": "file"})
    huge = Client().post("/verify/", {"what": "file", "paper": dropped(b"%PDF-" + bytes(LARGEST_PDF))})

    assert (nothing.status_code, "Choose the PDF" in text_of(nothing)) == (422, True)
    assert (huge.status_code, "too large" in text_of(huge)) == (422, True)


@pytest.mark.parametrize("language", ["zh-hans", "ug"])
def test_the_reason_is_told_in_the_readers_language(town, language):
    page = Client().post(
        "/verify/",
        {"what": "file", "paper": dropped(b"%PDF-1.7 nothing")},
        headers={"Accept-Language": language},
    )

    assert "carries no electronic seal" not in text_of(page)
    assert page.context["why"]


def test_whoever_tries_one_after_the_other_waits(settings, town):
    settings.API_RATES = {"guess": "2/min"}
    cache.clear()  # who guessed in another test guessed from the same address

    answers = [Client().get("/verify/code/whatever").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert Client().post("/verify/", {"number": "A", "check_code": "B"}).status_code == 429
    assert Client().get("/verify/").status_code == 200


def test_programs_check_code_and_file(paper, certificate):
    by_code = told(Api().post("/certificate-verifications", {"code": code_in(paper)}))
    by_file = told(Client().post("/api/v1/certificate-file-verifications", {"file": dropped(paper)}))
    broken = told(Client().post("/api/v1/certificate-file-verifications", {"file": dropped(paper[:-9])}))

    assert by_code == by_file
    assert (by_code["genuine"], by_code["number"], by_code["reason"]) == (True, certificate.number, "")
    assert (broken["genuine"], broken["reason"], broken["number"]) == (False, "altered", "")


def test_a_program_names_one_whole_way_of_showing_it(town):
    status, name = problem(Api().post("/certificate-verifications", {"number": "A"}))
    assert (status, name) == (422, "invalid")
    huge = dropped(b"%PDF-" + bytes(LARGEST_PDF + 100_000))
    assert problem(Client().post("/api/v1/certificate-file-verifications", {"file": huge}))[0] == 413


def test_the_keys_are_published_for_whoever_checks_alone(paper, certificate):
    published = told(Api().get("/seal-keys"))

    [key] = jwt.PyJWKSet.from_dict(published).keys
    said = jwt.decode(code_in(paper), key.key, algorithms=[key.algorithm_name])
    assert said["number"] == certificate.number
    assert published["keys"][0]["retiredAt"] is None
    assert "Ayshe" not in json.dumps(said)
