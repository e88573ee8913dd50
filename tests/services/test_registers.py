"""Registers are asked within bounds of time and size; no record, silence and contradiction differ (R3.18)."""

import logging
import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from services.core.evidence import Grade, Outcome, Source
from services.core.facts import Holder
from services.evidence import actions, queries
from services.evidence.actions import Reader, Wanted
from services.evidence.models import Attempt, Evidence
from services.ledger import queries as ledger
from tests.services.a_register import (
    APPLICATION,
    CLERK,
    FOUND,
    ID_CARD,
    NOW,
    NUMBER,
    STUDENT,
    TODAY,
    VEHICLE,
    VIN,
    Answer,
    Desk,
    Register,
    evidence_type,
    hangs_up,
    held,
    leads_elsewhere,
    obtain,
    says,
    signs,
)
from tests.services.together import together

pytestmark = pytest.mark.django_db


def test_what_a_register_knows_is_evidence_of_grade_a(register: Register, ayse: Holder):
    register.will(says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]

    [one] = held(ayse)
    assert (one.source, one.grade, one.disputed) == (Source.REGISTRY, Grade.A, False)
    assert one.facts == FOUND["facts"]
    assert Evidence.objects.get(id=one.id).register_reference == "PS-1"


def test_the_register_is_told_who_which_thing_and_why(register: Register, ayse: Holder):
    register.will(says(FOUND), kind=VEHICLE)

    obtain(Wanted(VEHICLE, ayse, VIN))

    [asked] = register.asked
    assert asked["holder"] == {"kind": "person", "number": NUMBER}
    assert asked["key"] == VIN
    assert asked["purpose"] == f"application {APPLICATION}"
    assert UUID(str(asked["reference"]))
    assert register.tokens == ["Bearer made-up-token"]


def test_what_the_type_does_not_prove_is_dropped_before_it_is_stored(register: Register, ayse: Holder):
    """R15.3, R15.5"""
    register.will(
        says(FOUND | {"facts": FOUND["facts"] | {"person.mood": "sunny", "person.birth_date": None}})
    )

    obtain(Wanted(ID_CARD, ayse))

    assert held(ayse)[0].facts == {"person.full_name": "Ayshe Test"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"answer": "no_record"}, Outcome.NO_RECORD),
        ({"answer": "contradiction", "detail": "two entries"}, Outcome.CONTRADICTION),
        (FOUND | {"valid_until": "2026-03-01"}, Outcome.NO_RECORD),
    ],
)
def test_no_record_and_contradiction_are_answers(
    answer: dict[str, object], outcome: Outcome, register: Register, ayse: Holder
):
    register.will(says(answer))

    assert obtain(Wanted(ID_CARD, ayse)) == [outcome]
    assert obtain(Wanted(ID_CARD, ayse)) == [outcome]

    assert len(register.asked) == 1
    assert held(ayse) == ()


GARBAGE = {
    "a server error": says({"detail": "no"}, 500),
    "an unknown register": says({"detail": "no"}, 404),
    "a page": says(b"<html>"),
    "nothing": says(b""),
    "a list": says([FOUND]),
    "an unknown word": says({"answer": "maybe"}),
    "a word that is none": says({"answer": ["found"]}),
    "found without facts": says({"answer": "found"}),
    "facts that are a list": says(FOUND | {"facts": ["x"]}),
    "a day that is none": says(FOUND | {"issued_on": "2026-02-30"}),
    "expired before issued": says(FOUND | {"issued_on": "2030-01-01", "valid_until": "2029-01-01"}),
    "half a character": signs(b'{"answer": "found", "facts": {"person.full_name": "\\ud800"}}'),
    "not a number": signs(b'{"answer": "found", "facts": {"person.full_name": NaN}}'),
    "a hundred thousand lists": signs(b'{"answer": ' + b"[" * 100_000),
    "a very long answer": says(FOUND | {"facts": {"person.full_name": "x" * 300_000}}),
    "another address": leads_elsewhere,
    "a closed line": hangs_up,
}


@pytest.mark.parametrize("answer", GARBAGE.values(), ids=GARBAGE.keys())
def test_whatever_is_not_an_answer_is_down_after_three_tries(
    answer: Answer, register: Register, ayse: Holder
):
    register.will(answer)

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]

    assert len(register.asked) == 3
    assert len({asked["reference"] for asked in register.asked}) == 1
    assert held(ayse) == ()


@pytest.mark.parametrize("silence", ["never_answers", "drips"])
def test_a_register_that_does_not_finish_is_down_at_the_deadline(
    silence: str, register: Register, ayse: Holder, settings: object
):
    settings.REGISTRY_TIMEOUT_SECONDS = 0.3
    register.will(getattr(register, silence))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]


def test_a_register_nobody_runs_is_down(register: Register, ayse: Holder, settings: object):
    settings.REGISTRY_URL = "http://127.0.0.1:1"

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]


def test_a_register_that_stumbles_once_has_still_answered(register: Register, ayse: Holder):
    register.will(says({}, 503), says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]


def test_a_register_that_was_down_is_asked_again_later(register: Register, ayse: Holder):
    register.will(says({}, 503), says({}, 503), says({}, 503), says(FOUND))
    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]

    assert [one.outcome for one in _attempts()] == [Outcome.DOWN, Outcome.FOUND]


def _attempts(on: date = TODAY):
    return sorted(
        queries.attempts(application_ids=[APPLICATION], on=on)[APPLICATION], key=lambda one: one.outcome
    )


def test_several_registers_are_asked_together_and_fail_apart(register: Register, ayse: Holder):
    register.will(says(FOUND))
    register.will(says({"answer": "no_record"}), kind=VEHICLE)
    register.will(says({}, 500), kind=STUDENT)

    outcomes = obtain(Wanted(ID_CARD, ayse), Wanted(VEHICLE, ayse, VIN), Wanted(STUDENT, ayse))

    assert outcomes == [Outcome.FOUND, Outcome.NO_RECORD, Outcome.DOWN]
    assert {one.type: one.outcome for one in _attempts()} == {
        "id-card": Outcome.FOUND,
        "vehicle-licence": Outcome.NO_RECORD,
        "student-status": Outcome.DOWN,
    }


def test_one_question_asked_twice_at_once_is_one_question(register: Register, ayse: Holder):
    register.will(says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse), Wanted(ID_CARD, ayse)) == [Outcome.FOUND, Outcome.FOUND]
    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]

    assert len(register.asked) == 1
    assert Evidence.objects.count() == Attempt.objects.count() == 1


def test_two_workers_who_ask_at_once_keep_one_answer(
    transactional_db: None, register: Register, ayse: Holder
):
    both_asked = threading.Barrier(2, timeout=30)

    def answer(desk: Desk) -> None:
        both_asked.wait()
        says(FOUND)(desk)

    register.will(answer)

    outcomes = together(2, lambda: obtain(Wanted(ID_CARD, ayse)))

    assert outcomes == [[Outcome.FOUND], [Outcome.FOUND]]
    assert len(held(ayse)) == 1


def test_another_thing_of_the_same_holder_is_another_question(register: Register, ayse: Holder):
    register.will(says(FOUND | {"facts": {"person.vehicle_plate": "A00001"}}), kind=VEHICLE)

    obtain(Wanted(VEHICLE, ayse, VIN), Wanted(VEHICLE, ayse, "LSVAA4182E2184848"))

    assert {one.key for one in held(ayse, VEHICLE)} == {VIN, "LSVAA4182E2184848"}


def test_an_answer_that_has_run_out_is_fetched_anew(register: Register, ayse: Holder):
    register.will(says(FOUND | {"valid_until": "2026-03-05"}), says(FOUND))
    obtain(Wanted(ID_CARD, ayse))
    later, on = NOW + timedelta(days=7), TODAY + timedelta(days=7)
    assert held(ayse, on=on) == ()
    assert _attempts(on) == []

    assert obtain(Wanted(ID_CARD, ayse), now=later) == [Outcome.FOUND]

    assert [one.valid_until for one in held(ayse, on=on)] == [None]


def test_a_type_that_expires_does_so_counted_from_its_day_of_issue(register: Register, ayse: Holder):
    register.will(says(FOUND | {"issued_on": "2026-01-31"}))

    obtain(Wanted(evidence_type(validity_months=1), ayse))

    assert held(ayse) == ()  # 2026-02-28 has passed: it is no record of today
    assert _attempts()[0].outcome is Outcome.NO_RECORD


def test_every_question_is_on_record_for_the_person_asked_about(register: Register, ayse: Holder):
    register.will(says({"answer": "no_record"}))
    reader = Reader(actor=CLERK, organisation="market-regulation", purpose="decide")

    actions.obtain(application_id=APPLICATION, wanted=[Wanted(ID_CARD, ayse)], now=NOW, reader=reader)

    [row] = ledger.readings_about(ayse)
    assert (row.actor_id, row.role, row.organisation) == (CLERK.account_id, "clerk", "market-regulation")
    assert (row.matter_kind, row.matter_id) == ("application", APPLICATION)
    assert (row.purpose, row.source) == ("decide", "public-security/id-card")
    assert row.fields == ("person.full_name", "person.birth_date")


def test_no_number_and_no_fact_reaches_the_log(
    register: Register, ayse: Holder, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    register.will(says({}, 500), says(FOUND))

    obtain(Wanted(ID_CARD, ayse))

    assert NUMBER not in caplog.text
    assert "Ayshe" not in caplog.text


def test_facts_and_keys_stand_encrypted(register: Register, ayse: Holder):
    register.will(says(FOUND | {"facts": {"person.vehicle_plate": "A00001"}}), kind=VEHICLE)
    obtain(Wanted(VEHICLE, ayse, VIN))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM evidence_evidence t")
        stored = cursor.fetchone()[0]
    plain = [text.encode().hex() for text in ("A00001", VIN)]
    assert not any(text in stored for text in plain)
