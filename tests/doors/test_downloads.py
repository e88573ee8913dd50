"""A copy leaves as a download that no browser runs under our name, whatever its sender called it."""

import pytest
from django.conf import settings as portal

from services.evidence.models import Upload
from tests.doors.a_desk import Desk, works_permit

NAMES = [
    'مەكتەپ "diploma".jpg',
    "two\r\nSet-Cookie: a=b.jpg",
    "毕业证; filename=evil.html",
    "x" * 300 + ".jpg",
]


@pytest.fixture
def permit(town, resident):
    return works_permit(resident())


def copy_of(permit) -> Upload:
    return Upload.objects.get(application_id=permit.application_id, type="works-plan")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("door", ["/desk/cases/{case}/copies/{copy}/", "/api/v1/cases/{case}/files/{copy}"])
def test_it_is_attached_under_a_harmless_name_and_runs_nowhere(permit, officer, door, name):
    copy = copy_of(permit)
    copy.name = name
    copy.save(update_fields=["name"])
    client = Desk(officer("clerk", "works-office")).client

    answer = client.get(door.format(case=permit.id, copy=copy.evidence_id))

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert not set("\r\n") & set(answer["Content-Disposition"])
    assert "Set-Cookie: a" not in str(answer.headers.keys()) and "a" not in answer.cookies
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        "sandbox" in answer["Content-Security-Policy"]
        and "default-src 'none'" in answer["Content-Security-Policy"]
    )


def test_no_address_leads_to_the_file_itself(permit, client):
    stored = copy_of(permit).stored_as

    for address in (f"/{stored}", f"/media/{stored}", f"/uploads/{stored}", f"/static/{stored}"):
        assert client.get(address).status_code == 404
    assert portal.MEDIA_URL in ("", "/")


def test_another_offices_copy_is_not_there(permit, officer):
    copy = copy_of(permit)
    client = Desk(officer("clerk", "tax")).client

    for door in (
        f"/desk/cases/{permit.id}/copies/{copy.evidence_id}/",
        f"/api/v1/cases/{permit.id}/files/{copy.evidence_id}",
    ):
        assert client.get(door).status_code == 404
