"""The same made-up words on a wider way: a copy, a statement, a dispute, a visit, a question, a copy of everything.

Nothing of them stands in logs, the broker, the cache, addresses or a dump of the database (ecosystem tests 38 and 40).
"""

import json

import pytest
from django.test import Client

from services import clock
from services.cases.actions import copying
from services.cases.models import Case, OutboxItem
from services.cases.queries import readings, visits
from services.evidence.models import Evidence
from services.ledger.models import Entry, Reading
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk
from tests.doors.canaries import (
    ANSWER,
    NAME,
    NOTE,
    NUMBER,
    addresses,
    everything_in,
    found_in,
    rows_of_every_table,
    valkey,
    written,
    zumrat,
)
from tests.doors.the_api import Api
from tests.services.a_matter import begin, give, submit, task_of
from tests.services.a_visit import book

__all__ = ["addresses", "valkey", "written", "zumrat"]  # fixtures
pytestmark = pytest.mark.django_db(transaction=True)

WORKS = {"application.works": ANSWER, "application.height": 30}
DEED = {"application.partner_name": NAME, "application.partner_number": "440524188001010014"}


def her_tower_with_a_copy_and_a_dispute(zumrat: AccountView, clerk: Desk) -> Case:
    """Say that a record is wrong, send a copy named like herself, and have it opened at the desk."""
    citizen, application = Citizen(zumrat), begin(zumrat, "works-permit", WORKS, now=clock.now())
    found = Evidence.objects.get(application_id=application, source="registry")
    citizen.sends(f"/apply/{application}/found/{found.id}/", reason=f"My name is {NAME}.")
    give(zumrat, application, now=clock.now())
    case = submit(zumrat, application, now=clock.now())
    assert ANSWER in clerk.opens_case(case).content.decode()
    for copy in Evidence.objects.filter(application_id=application, source="upload"):
        assert clerk.opens(f"/desk/cases/{case.id}/copies/{copy.id}/").status_code == 200
    clerk.does(task_of(case, "acceptance"), "accept")
    return case


def her_deed_is_signed_at_the_counter(zumrat: AccountView, archivist: Desk) -> Case:
    """Name another, state something, come in, and be served with a note."""
    application = begin(zumrat, "joint-deed", DEED, now=clock.now())
    give(zumrat, application, now=clock.now())
    case = submit(zumrat, application, now=clock.now())
    booked, when = book(zumrat, case, now=clock.now())
    ahead = (clock.legal_day(when) - clock.today()).days
    if ahead:  # the first free time may be later on the same day
        clock.shift(days=ahead)
    assert NAME in archivist.opens(f"/desk/visits/{booked}/").content.decode()
    version = visits.counter_visit(viewer=archivist.viewer, appointment_id=booked, on=clock.today()).version
    archivist.client.post(
        f"/desk/visits/{booked}/",
        {
            "version": version,
            f"outcome:{case.id}": "served",
            f"original:{case.id}:partner-free": "seen",
            "note": NOTE,
        },
    )
    return case


def she_asks_why_and_takes_a_copy(zumrat: AccountView, supervisor: Desk) -> None:
    """Ask about an entry in her own words, be answered, and take everything that is kept."""
    citizen, entry = Citizen(zumrat), readings.my_readings(viewer=zumrat)[0].id
    citizen.sends(f"/my/readings/{entry}/question/", words=f"Who at {ANSWER} reads about {NAME}?")
    (asked,) = Api(supervisor.viewer).get("/reading-questions").json()["items"]
    supervisor.client.post(f"/desk/questions/{asked['id']}/", {"words": NOTE})
    assert NOTE in citizen.opens(f"/my/readings/{entry}/question/").content.decode()
    b"".join(citizen.opens("/my/readings/all.csv").streaming_content)
    copy = copying.ask_for_copy(viewer=zumrat, now=clock.now())
    copying.make_copies(now=clock.now())
    assert NUMBER.encode() not in b"".join(
        citizen.opens(f"/my/data/{copy}/").streaming_content
    )  # it is packed


def what_goes_wrong(zumrat: AccountView) -> list[str]:
    """Send what is refused and what is not there; return what is said of it."""
    citizen, api = Citizen(zumrat), Api(zumrat)
    return [
        citizen.sends("/verify/", number=NAME, check_code=NUMBER).content.decode(),
        citizen.sends("/my/identity/", code="WRONG").content.decode(),
        api.post("/applications", {"services": [NAME]}).content.decode(),
        api.get("/cases/00000000-0000-0000-0000-000000000000").content.decode(),
    ]


def test_made_up_words_stay_where_they_belong_on_every_way(
    zumrat, officer, written, addresses, valkey, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    archivist = Desk(officer("clerk", "records-office"))
    her_tower_with_a_copy_and_a_dispute(zumrat, Desk(officer("clerk", "works-office")))
    her_deed_is_signed_at_the_counter(zumrat, archivist)
    she_asks_why_and_takes_a_copy(zumrat, Desk(officer("supervisor", readings_office(zumrat))))
    what_goes_wrong(zumrat)

    kept, tables = everything_in(valkey), rows_of_every_table()
    places = {
        "logs": written.getvalue(),
        "addresses": "\n".join(addresses),
        "errands": "\n".join(
            f"{one.dedup_key} {json.dumps(one.payload)}" for one in OutboxItem.objects.all()
        ),
        "ledger": "\n".join(json.dumps(one.detail, ensure_ascii=False) for one in Entry.objects.all()),
        "readings": "\n".join(f"{one.purpose} {one.source} {one.fields}" for one in Reading.objects.all()),
        **{f"valkey {key}": f"{key} {text}" for key, text in kept.items()},
        **{f"table {name}": text for name, text in tables.items()},
    }

    assert all(places[name] for name in ("logs", "addresses", "errands", "ledger", "readings"))
    assert tables["people_person"] and tables["cases_readingquestion"] and tables["evidence_upload"]
    assert {place: found_in(text) for place, text in places.items() if found_in(text)} == {}


def readings_office(zumrat: AccountView) -> str:
    """Return the office of the newest entry."""
    return readings.my_readings(viewer=zumrat)[0].view.organisation


def test_there_are_no_metrics_to_leak_into():
    """No address of ours gives metrics; one that is added is looked at here."""
    assert Client().get("/metrics").status_code == 404
