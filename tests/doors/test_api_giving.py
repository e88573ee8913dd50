"""Evidence over the REST API: one writer a version, a copy's size told, declarations taken back or read to sign."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services.cases.models import Application, Case
from services.evidence.models import Declaration, Upload
from tests.doors.a_citizen import work
from tests.doors.conftest import NUMBERS
from tests.doors.the_api import Api, problem, told
from tests.services.a_matter import publish_deed

PARTNER = {"application.partner_name": "Partner Test", "application.partner_number": NUMBERS[1]}
FREE = {"requirement": "free", "type": "free-to-marry"}


@pytest.fixture
def applicant(town, resident):
    return Api(resident())


def drafted(applicant, service, answers):
    begun = applicant.post("/applications", {"services": [service]})
    application = begun["Location"].removeprefix("/api/v1")
    told(applicant.patch(f"{application}/answers", {"answers": answers}, tag="*"))
    told(applicant.post(f"{application}/evidence-requests", tag="*"), 201)
    work()
    return application


def found_in(applicant, application, code="identity"):
    wanted = told(applicant.get(application))["requirements"]
    return next(one["evidence"][0]["id"] for one in wanted if one["code"] == code)


def declares(applicant, application):
    text = told(applicant.get(f"{application}/declarations", **FREE))
    signed = applicant.post(f"{application}/declarations", FREE | {"readDigest": text["digest"]}, tag="*")
    return told(signed, 201)["evidenceId"]


def test_of_two_writers_with_one_version_one_is_told(applicant):
    application = drafted(applicant, "home-record", {"application.home": "1 Lane"})
    here, tag = f"{application}/evidence/{found_in(applicant, application)}", applicant.tag(application)
    told(applicant.post(f"{here}/disputes", {"reason": "Not so."}, tag=tag), 201)

    late = applicant.post(f"{application}/submission", {}, tag=tag)

    assert problem(late) == (412, "changed-meanwhile")
    assert not Case.objects.exists()


def test_what_was_decided_is_not_disputed_but_its_remedies_are_named(applicant):
    application = drafted(applicant, "home-record", {"application.home": "1 Lane"})
    found = found_in(applicant, application)
    told(applicant.post(f"{application}/submission", {}, tag="*"), 201)
    work()

    late = applicant.post(f"{application}/evidence/{found}/disputes", {"reason": "Not so."}, tag="*")

    assert problem(late) == (409, "decided-already")
    assert "reconsideration" in late.json()["detail"]


def test_a_file_that_is_too_large_is_refused_with_the_size(applicant):
    application = drafted(applicant, "works-permit", {"application.works": "a shed"})
    for more in (1, 200_000):
        large = SimpleUploadedFile("plan.png", b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1024**2 + more))
        asked = {"requirement": "plan", "type": "works-plan", "file": large}
        refused = applicant.upload(f"{application}/uploads", tag="*", **asked)
        assert problem(refused) == (413, "upload-too-large")
        assert "10 MB" in refused.json()["detail"]
    assert not Upload.objects.exists()


def test_a_declaration_is_taken_back(applicant, resident):
    application = drafted(applicant, "joint-deed", PARTNER)
    signed = declares(applicant, application)
    where, tag = f"{application}/declarations/{signed}", applicant.tag(application)
    assert problem(Api(resident("stranger")).delete(where, tag="*"))[0] == 404
    assert problem(applicant.delete(where))[0] == 428

    draft = told(applicant.delete(where, tag=tag))

    assert draft["missing"] == ["free"]
    assert problem(applicant.delete(where, tag=tag)) == (412, "changed-meanwhile")


def test_a_co_signer_sends_what_they_read(applicant, resident, settings, tmp_path):
    """R4.6"""
    publish_deed(settings, tmp_path, "account")
    application = drafted(applicant, "joint-deed", PARTNER)
    told(applicant.post(f"{application}/submission", {"withGaps": True}, tag="*"), 201)
    partner = Api(resident("partner"))
    [text] = told(partner.get(f"{application}/invitation"))["declarations"]
    assert "I am not married." in text["text"]
    unread = partner.post(f"{application}/signatures", {}, tag="*")
    assert problem(unread) == (412, "declaration-text-has-changed")

    told(partner.post(f"{application}/signatures", {"readDigests": [text["digest"]]}, tag="*"), 201)

    assert Application.objects.get().state == "submitted"
    assert Declaration.objects.get().text_digest == text["digest"]
