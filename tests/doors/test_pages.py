"""Copies over the wire, page by page by tus 1.0.0, and on the page of the form, with and without its script."""

import base64
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from services.evidence import files as files_stored
from services.evidence.models import SentPage, Upload
from services.people.models import Account
from tests.doors.a_citizen import text_of
from tests.services.a_matter import a_picture, begin
from tests.services.test_pages import colors, near, photo

SHED = {"application.works": "a shed", "application.height": 3}
PIECE = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def applicant(town, resident):
    return resident()


@pytest.fixture
def client(applicant) -> Client:
    client = Client()
    client.force_login(Account.objects.get(id=applicant.id))
    return client


@pytest.fixture
def application(applicant):
    return begin(applicant, "works-permit", SHED)


def metadata(**told: str) -> str:
    return ",".join(f"{name} {base64.b64encode(word.encode()).decode()}" for name, word in told.items())


KEYS = itertools.count(1)


def announce(client, application, length, key="", **more):
    told = {"requirement": "plan", "type": "works-plan", "filename": "第一页.jpg"} | more
    headers = {
        "Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": metadata(**told),
        "Idempotency-Key": key or f"page-{next(KEYS)}",
    }  # fmt: skip
    return client.post(f"/api/v1/applications/{application}/pages", headers=headers)


def send(client, where, offset, content):
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset)}
    return client.patch(where, content, content_type=PIECE, headers=headers)


def test_a_page_announced_again_under_its_key_is_the_same_page(client, application):
    """Of an answer that was lost no page is left behind that never arrives, and that would hold back the others."""
    first, again = (announce(client, application, 10, key="mine") for _ in range(2))

    assert (again.status_code, again["Location"], again["Tus-Resumable"]) == (201, first["Location"], "1.0.0")
    assert SentPage.objects.count() == 1
    assert announce(client, application, 11, key="mine").status_code == 422
    assert announce(client, application, 10, key="\u00fc").status_code == 400


def test_a_page_arrives_in_pieces_and_goes_on_after_a_broken_line(client, application):
    content = photo(size=(300, 200))
    begun = announce(client, application, len(content))
    assert (begun.status_code, begun["Tus-Resumable"], begun["Upload-Offset"]) == (201, "1.0.0", "0")

    first = send(client, begun["Location"], 0, content[:500])
    assert (first.status_code, first["Upload-Offset"]) == (204, "500")
    assert send(client, begun["Location"], 0, content[:500]).status_code == 409

    asked = client.head(begun["Location"], headers={"Tus-Resumable": "1.0.0"})
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("500", str(len(content)))
    assert asked["Cache-Control"] == "no-store"
    assert send(client, begun["Location"], 500, content[500:])["Upload-Offset"] == str(len(content))

    handed = client.post(
        f"/api/v1/applications/{application}/uploads", {"requirement": "plan", "type": "works-plan"},
        content_type="application/json", headers={"Idempotency-Key": "one", "If-Match": "*"},
    )  # fmt: skip
    assert handed.status_code == 201, handed.content
    copy = Upload.objects.get(evidence_id=handed.json()["evidenceId"])
    assert (copy.kind, copy.name, SentPage.objects.count()) == ("image/jpeg", "第一页.jpg", 0)


def test_it_says_what_it_speaks_and_takes_nothing_else(client, application, settings):
    told = client.options(f"/api/v1/applications/{application}/pages")
    assert (told.status_code, told["Tus-Version"], told["Tus-Extension"]) == (
        204,
        "1.0.0",
        "creation,termination",
    )
    assert told["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)

    other = client.post(f"/api/v1/applications/{application}/pages", headers={"Tus-Resumable": "0.2.2"})
    assert (other.status_code, other["Tus-Version"]) == (412, "1.0.0")
    assert announce(client, application, settings.UPLOAD_MAX_BYTES + 1).status_code == 413
    assert announce(client, application, 10, type="").status_code == 400
    begun = announce(client, application, 10)
    wrong = client.patch(
        begun["Location"],
        b"x",
        content_type="text/plain",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )
    assert wrong.status_code == 415
    assert client.delete(begun["Location"], headers={"Tus-Resumable": "1.0.0"}).status_code == 204
    assert client.head(begun["Location"], headers={"Tus-Resumable": "1.0.0"}).status_code == 404


def test_another_persons_page_is_not_there(client, application, resident):
    begun = announce(client, application, 10)
    stranger = Client()
    stranger.force_login(Account.objects.get(id=resident("stranger").id))

    assert stranger.head(begun["Location"], headers={"Tus-Resumable": "1.0.0"}).status_code == 404
    assert send(stranger, begun["Location"], 0, b"%PDF-").status_code == 404


def test_what_is_no_photo_is_told_at_its_first_piece_in_a_sentence_that_helps(client, application):
    begun = announce(client, application, 500)

    refused = send(
        client, begun["Location"], 0, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    )

    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert "take a picture of it" in refused.json()["detail"]


def address(application) -> str:
    return f"/apply/{application}/papers/plan/send/works-plan/"


def files(*shades) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile(f"{number}.jpg", photo(shade=shade), content_type="image/jpeg")
        for number, shade in enumerate(shades, start=1)
    ]


def test_without_scripts_pages_are_added_put_in_order_and_sent_as_one(client, application):
    red, green, blue = (200, 0, 0), (0, 200, 0), (0, 0, 200)
    client.post(address(application), {"act": "add", "copy": files(red, green)})
    client.post(address(application), {"act": "add", "copy": files(blue)})
    pages = client.get(address(application)).context["pages"]
    assert [page.name for page in pages] == ["1.jpg", "2.jpg", "1.jpg"]

    client.post(address(application), {"act": f"later:{pages[0].id}"})
    client.post(address(application), {"act": f"remove:{pages[2].id}"})
    sent = client.post(address(application))

    assert sent.status_code == 302
    with files_stored.opened(Upload.objects.get().stored_as) as stream:
        first, second = colors(stream.read())
    assert near(first, green) and near(second, red)


def test_several_photos_chosen_at_once_are_one_copy(client, application):
    client.post(address(application), {"copy": files((200, 0, 0), (0, 0, 200))})

    assert [copy.kind for copy in Upload.objects.all()] == ["application/pdf"]


def test_nothing_chosen_and_what_cannot_be_used_say_what_to_do(client, application, applicant):
    nothing = client.post(address(application))
    assert nothing.status_code == 422 and "Choose a photo or a PDF first." in text_of(nothing)

    good = SimpleUploadedFile("plan.png", a_picture(applicant).content)
    bad = SimpleUploadedFile("plan.docx", b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml")
    refused = client.post(address(application), {"act": "add", "copy": [good, bad]})
    assert refused.status_code == 422 and "Save or print it as a PDF" in text_of(refused)
    assert [page.name for page in refused.context["pages"]] == ["plan.png"]  # nothing already sent is lost
    assert client.post(address(application), {"act": "remove:nonsense"}).status_code == 422
