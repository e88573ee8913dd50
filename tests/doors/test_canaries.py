"""Made-up words of a person's, followed from the first question to the letter: they stay where they belong.

Personal data never reaches logs, broker messages, cache keys, errands, the ledger or addresses (design §10.8).
"""

import base64
import json

import pytest
from django.core.cache import cache

from services import clock
from services.cases.models import Case, OutboxItem, Task
from services.certificates.models import Certificate
from services.ledger.models import Entry, Reading
from services.notices.models import Notice
from services.people.queries import AccountView
from tests.doors.a_citizen import Citizen
from tests.doors.a_desk import Desk
from tests.doors.canaries import (
    ANSWER,
    NAME,
    NOTE,
    addresses,
    everything_in,
    found_in,
    valkey,
    written,
    zumrat,
)
from tests.services.a_matter import file, task_of, work

HOME, TOWER = "home-record", {"application.works": ANSWER, "application.height": 3}
__all__ = ["addresses", "valkey", "written", "zumrat"]  # fixtures

# Only what is committed rings for a worker, and only what rings reaches the broker.
pytestmark = pytest.mark.django_db(transaction=True)


def her_home_is_recorded(zumrat: AccountView) -> None:
    """File on the pages; the machine decides, and the certificate and its letter are read."""
    citizen = Citizen(zumrat)
    citizen.files(HOME, {"application.home": ANSWER})
    work(clock.now())
    case, certificate = Case.objects.get(service=HOME), Certificate.objects.get()
    letters = Notice.objects.filter(account=zumrat.id)
    pages = [
        "/my/",
        f"/my/cases/{case.id}/",
        f"/my/certificates/{certificate.id}/",
        "/my/letters/",
        "/my/readings/",
    ]
    seen = [citizen.opens(page) for page in [*pages, *(f"/my/letters/{one.id}/" for one in letters)]]
    assert case.state == "closed"
    assert any(ANSWER in page.content.decode() for page in seen)
    citizen.sends("/verify/", number=certificate.number, check_code="0000-0000")


def her_tower_is_reviewed(zumrat: AccountView, clerk: Desk) -> None:
    """File for works; an officer reads everything, accepts, and writes a note with the review."""
    case = file(zumrat, "works-permit", TOWER, now=clock.now())
    assert ANSWER in clerk.opens_case(case).content.decode()
    clerk.does(task_of(case, "acceptance"), "accept")
    review = Task.objects.get(case=case, step="review", closed_at__isnull=True)
    clerk.does(review.id, "complete", outcome="against", note=NOTE)
    assert NOTE in clerk.opens_case(case).content.decode()


def test_what_is_personal_stays_out_of_everything_that_is_passed_on(
    zumrat, officer, written, addresses, valkey
):
    her_home_is_recorded(zumrat)
    her_tower_is_reviewed(zumrat, Desk(officer("clerk", "works-office")))

    kept = everything_in(valkey)
    errands = [f"{one.dedup_key} {json.dumps(one.payload)}" for one in OutboxItem.objects.all()]
    ledger = [f"{one.event} {json.dumps(one.detail, ensure_ascii=False)}" for one in Entry.objects.all()]
    readings = [f"{one.purpose} {one.source} {one.fields}" for one in Reading.objects.all()]

    # Nothing is proved of a place in which nothing was written.
    assert all((written.getvalue(), "route" in kept, errands, ledger, readings, addresses))
    assert {
        "logs": found_in(written.getvalue()),
        "valkey": {key: found_in(f"{key} {text}") for key, text in kept.items() if found_in(f"{key} {text}")},
        "errands": found_in("\n".join(errands)),
        "ledger": found_in("\n".join(ledger)),
        "readings": found_in("\n".join(readings)),
        "addresses": found_in("\n".join(addresses)),
    } == {"logs": [], "valkey": {}, "errands": [], "ledger": [], "readings": [], "addresses": []}


def test_the_canaries_would_be_found(valkey):
    cache.set("a-key", {"name": NAME})
    body = base64.b64encode(json.dumps([[], {"home": ANSWER}]).encode()).decode()
    valkey.lpush("route", json.dumps({"body": body}))

    found = {one for text in everything_in(valkey).values() for one in found_in(text)}
    assert found == {NAME, ANSWER}
    assert found_in("GET /search/?q=zumrat+canary") == [NAME]
