"""Everything that is kept about a person, in one file, for that person alone and for a short time (R15.9)."""

import json
import zipfile
from pathlib import Path

import pytest

from services.cases.actions import copying, reading
from services.cases.models import Party, PersonalCopy
from services.cases.queries import copies
from services.people import queries as people
from services.people.models import Account, Person
from services.people.queries import AccountView
from tests.services.a_matter import begin, days, file, give, officer, submit
from tests.services.a_register import NOW, NUMBER

pytestmark = pytest.mark.django_db

WORKS = {"application.works": "a tower", "application.height": 30}
PARTNER = {"application.partner_name": "Bo Made-up", "application.partner_number": "440524188001010014"}


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def copy_of(viewer: AccountView) -> dict[str, object]:
    """Have a copy made, and return what is in it by name."""
    made = copying.ask_for_copy(viewer=viewer, now=NOW)
    assert copying.make_copies(now=NOW) == 1
    with copying.fetch_copy(viewer=viewer, copy_id=made, now=NOW) as file, zipfile.ZipFile(file) as copy:
        return {
            name: json.loads(copy.read(name)) if name.endswith(".json") else copy.read(name)
            for name in copy.namelist()
        }


def test_it_holds_what_every_room_keeps(ayshe):
    case = file(ayshe, "works-permit", WORKS)
    reading.open_case(viewer=officer("works-office"), case_id=case.id, now=NOW)

    copy = copy_of(ayshe)

    assert copy["persons.json"][0]["number"] == NUMBER
    assert copy["applications.json"][0]["answers"] == WORKS
    assert [one["number"] for one in copy["cases.json"]] == [case.number]
    assert {one["type"] for one in copy["uploads.json"]} == {"works-plan"}
    assert [name for name in copy if name.startswith("files/")]
    assert any("works" in " ".join(one["text"]).lower() for one in copy["notices.json"])
    assert {"handling", "gather_evidence"} <= {one["purpose"] for one in copy["readings.json"]}
    for section in ("evidences", "attempts", "certificates", "visits", "mandates", "entries", "decisions"):
        assert f"{section}.json" in copy, section


def test_hashes_secrets_and_officers_stay_out_of_it(ayshe):
    case = file(ayshe, "works-permit", WORKS)
    clerk = officer("works-office")
    reading.open_case(viewer=clerk, case_id=case.id, now=NOW)

    whole = json.dumps({name: text for name, text in copy_of(ayshe).items() if name.endswith(".json")})

    assert str(clerk.id) not in whole
    for word in ("password", "number_index", "digest", "ledger_head", "stored_as"):
        assert f'"{word}"' not in whole, word


def test_what_belongs_to_somebody_else_is_not_in_it(ayshe):
    """R15.6: a party gets what is about them, and not whose matter it was."""
    application = begin(ayshe, "joint-deed", PARTNER)
    give(ayshe, application)
    case = submit(ayshe, application)
    reading.open_case(viewer=officer("records-office"), case_id=case.id, now=NOW)
    partner = Party.objects.get(application=application).person_id
    bo = people.account(Account.objects.create_user(username="bo", person_id=partner).id)

    whole = json.dumps({name: text for name, text in copy_of(bo).items() if name.endswith(".json")})

    for secret in (NUMBER, "Ayshe", str(application), str(case.id), case.number, "Deeds Act"):
        assert secret not in whole, secret
    assert Person.objects.get(id=partner).number in whole


def test_asking_twice_gives_one_and_making_twice_makes_one(ayshe):
    first = copying.ask_for_copy(viewer=ayshe, now=NOW)

    assert copying.ask_for_copy(viewer=ayshe, now=NOW) == first
    assert (copying.make_copies(now=NOW), copying.make_copies(now=NOW)) == (1, 0)


def test_a_file_that_was_set_apart_is_told_of(ayshe, files):
    file(ayshe, "works-permit", WORKS)
    for one in (files / "evidence").rglob("*.*"):
        one.unlink()

    copy = copy_of(ayshe)

    assert [name.rpartition("/")[2] for name in copy if name.startswith("files/")] == ["not-here.txt"]


def test_one_that_cannot_be_made_keeps_nobody_else_waiting(ayshe, resident_of_elsewhere, monkeypatch):
    lost = copying.ask_for_copy(viewer=ayshe, now=NOW)
    account = people.account
    monkeypatch.setattr(people, "account", lambda id: account(id) if id != ayshe.id else 1 / 0)
    made = copying.ask_for_copy(viewer=resident_of_elsewhere, now=NOW + days(1))

    assert copying.make_copies(now=NOW + days(1)) == 1

    assert PersonalCopy.objects.get(id=lost).made_at is None
    assert copying.fetch_copy(viewer=resident_of_elsewhere, copy_id=made, now=NOW + days(1))


def test_it_is_its_owners_alone(ayshe, resident_of_elsewhere):
    made = copying.ask_for_copy(viewer=ayshe, now=NOW)
    copying.make_copies(now=NOW)

    with pytest.raises(copies.NoSuchCopy):
        copying.fetch_copy(viewer=resident_of_elsewhere, copy_id=made, now=NOW)


@pytest.fixture
def resident_of_elsewhere() -> AccountView:
    return people.account(Account.objects.create_user(username="stranger").id)


def test_after_its_days_it_is_deleted_with_its_file(ayshe, files, django_capture_on_commit_callbacks):
    """R15.10"""
    made = copying.ask_for_copy(viewer=ayshe, now=NOW)
    copying.make_copies(now=NOW)
    assert list(files.rglob("*.zip"))
    assert copying.delete_copies(now=NOW + days(7)) == 0

    with django_capture_on_commit_callbacks(execute=True):
        assert copying.delete_copies(now=NOW + days(8)) == 1

    assert list(files.rglob("*.zip")) == []
    assert PersonalCopy.objects.get(id=made).stored_as == ""
    with pytest.raises(copies.NoSuchCopy):
        copying.fetch_copy(viewer=ayshe, copy_id=made, now=NOW + days(8))
