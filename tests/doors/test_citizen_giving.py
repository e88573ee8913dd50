"""Giving what no office holds, by the pages: until when, how large, taken back, and signed only as it was read."""

import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services import clock
from services.cases.actions import handling
from services.cases.models import Application, Case
from services.evidence.models import Declaration, Upload
from tests.doors.a_citizen import Citizen, text_of, work
from tests.doors.conftest import NUMBERS
from tests.services.a_matter import a_picture, publish_deed, task_of

WORKS = {"application.works": "a shed", "application.height": "3"}
PARTNER = {"application.partner_name": "Partner Test", "application.partner_number": NUMBERS[1]}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def citizen(town, resident):
    return Citizen(resident())


@pytest.fixture
def accepted(citizen, officer):
    """A case that was accepted although its plan is missing."""
    application = citizen.prepares("works-permit", WORKS)
    citizen.sends(f"/apply/{application}/check/", with_gaps="yes")
    work()
    case, clerk = Case.objects.get(), officer("clerk", "works-office")
    handling.accept_case(viewer=clerk, task_id=task_of(case, "acceptance"), now=clock.now())
    return case


def a_plan():
    return SimpleUploadedFile("plan.png", a_picture(SimpleNamespace(id=None)).content, "image/png")


def test_a_case_leads_to_what_is_still_to_be_given_and_takes_it(citizen, accepted):
    assert "Something is still to be given." in text_of(citizen.opens("/my/"))
    page = citizen.opens(f"/my/cases/{accepted.id}/")
    papers = f"/apply/{accepted.application_id}/papers/"
    assert [wait["href"] for wait in page.context["waits"] if wait["what"] == "evidence"] == [papers]
    [line] = [one for one in page.context["evidence"] if one["state"] == "missing"]
    assert line["href"] == f"{papers}plan/"
    assert "Look at the whole application" not in text_of(citizen.opens(papers))

    send = citizen.opens(line["href"]).redirect_chain[-1][0]
    after = citizen.client.post(send, {"copy": a_plan()}, follow=True)

    assert after.redirect_chain[-1][0] == f"/my/cases/{accepted.id}/"
    assert "Something is still to be given." not in text_of(after)
    assert "You gave something that was asked for." in text_of(after)


def test_what_is_not_open_is_not_given(citizen, accepted):
    refused = citizen.opens(f"/apply/{accepted.application_id}/papers/identity/")

    assert refused.status_code == 409
    assert "Nothing can be given for this now" in text_of(refused)


def test_a_file_that_is_too_large_is_refused_with_the_size_and_not_kept(citizen):
    application = citizen.prepares("works-permit", WORKS)
    where = f"/apply/{application}/papers/plan/send/works-plan/"
    large = SimpleUploadedFile("plan.png", b"\x89PNG\r\n\x1a\n" + b"0" * 10 * 1024**2)

    refused = citizen.sends(where, copy=large)

    assert refused.status_code == 422
    assert "This file is larger than 10 MB." in text_of(refused)
    assert not Upload.objects.exists()


def test_what_is_submitted_is_what_the_page_showed(citizen):
    application = citizen.prepares("works-permit", WORKS)
    where = f"/apply/{application}/check/"
    shown = version_in(citizen.opens(where))
    citizen.sends(f"/apply/{application}/questions/application.works/", **{"application.works": "a barn"})

    refused = citizen.sends(where, with_gaps="yes", version=shown)

    assert refused.status_code == 422
    assert "This was changed in another window." in text_of(refused)
    assert not Case.objects.exists()
    assert citizen.sends(where, with_gaps="yes", version="many").status_code == 422
    again = citizen.sends(where, with_gaps="yes", version=version_in(refused))
    assert again["Location"] == f"/apply/{application}/done/"


def version_in(page):
    return re.search(r'name="version" value="(\d+)"', page.content.decode()).group(1)


def test_a_declaration_is_taken_back_after_asking_once_more(citizen):
    application = citizen.prepares("joint-deed", PARTNER)
    sign = f"/apply/{application}/papers/free/sign/free-to-marry/"
    citizen.sends(sign, read="yes", digest=citizen.opens(sign).context["text"].digest)
    given = citizen.opens(f"/apply/{application}/check/").context["given"]
    [back] = [one["href"] for one in given if one["link"] == "Take it back"]
    assert "any time before the decision" in text_of(citizen.opens(back))

    after = citizen.client.post(back, follow=True)

    assert "Taken back. It counts no longer" in text_of(after)
    assert Declaration.objects.get().withdrawn_at is not None


def test_a_co_signer_reads_on_the_page_what_they_state(citizen, resident, settings, tmp_path):
    """R4.6"""
    publish_deed(settings, tmp_path, "account")
    application = citizen.prepares("joint-deed", PARTNER)
    citizen.sends(f"/apply/{application}/check/", with_gaps="yes")
    partner = Citizen(resident("partner"))
    where = f"/my/signatures/{application}/"
    page = partner.opens(where)
    assert "I am not married." in text_of(page)
    version = page.context["invited"].card.version
    stale = partner.sends(where, read="yes", version=version, digest="0" * 64)
    assert "The text has changed since you read it." in text_of(stale)

    [text] = page.context["declarations"]
    partner.sends(where, read="yes", version=version, digest=text["text"].digest)

    assert Application.objects.get().state == "submitted"
    assert Declaration.objects.get().text_digest == text["text"].digest


@pytest.mark.parametrize("language", ["zh-hans", "ug"])
def test_the_pages_speak_the_other_languages_too(citizen, accepted, language):
    page = citizen.opens(f"/my/cases/{accepted.id}/", headers={"Accept-Language": language})

    assert "Something is still to be given." not in text_of(page)
