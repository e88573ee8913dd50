"""The ledger can only be added to, and shows every entry that was changed or lost."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from services.core.facts import Holder
from services.core.seals import GENESIS, NotSealable
from services.core.states import Role
from services.ledger import actions, queries
from services.ledger.actions import WORKER, Actor, Head, NewEntry, NewReading
from services.ledger.models import Entry, Reading, ReadingSeal
from tests.emptying import triggers_set_aside

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 1, 30, 15, 123456, tzinfo=UTC)
CLERK = Actor(account_id=UUID(int=7), role=Role.CLERK, name="Window 3")
CASE = UUID(int=1)
HOLDER = Holder("person", UUID(int=2))


def entry(event: str, *, case_id: UUID = CASE, head: Head | None = None, **detail: object) -> NewEntry:
    return NewEntry(case_id=case_id, head=head or Head(), at=NOW, actor=CLERK, event=event, detail=detail)


def reading(**changed: object) -> NewReading:
    known = {
        "at": NOW, "actor": CLERK, "organisation": "civil-affairs", "holder": HOLDER, "matter_kind": "case",
        "matter_id": CASE, "purpose": "handling", "basis": "Deeds Act art. 1", "fields": ("person.full_name",),
        "source": "household-register",
    }  # fmt: skip
    return NewReading(**(known | changed))


def test_entries_of_one_case_follow_each_other():
    head = actions.record_entries(entries=[entry("received"), entry("accepted", by="machine")])[CASE]

    told = [(line.sequence, line.event, line.detail, line.at) for line in queries.entries_of(CASE)]

    assert told == [(1, "received", {}, NOW), (2, "accepted", {"by": "machine"}, NOW)]
    assert head.sequence == 2
    assert Entry.objects.get(case_id=CASE, sequence=1).previous == GENESIS
    assert Entry.objects.get(case_id=CASE, sequence=2).digest == head.digest


def test_a_later_batch_goes_on_from_the_head_of_each_case():
    other = UUID(int=9)
    heads = actions.record_entries(entries=[entry("received"), entry("received", case_id=other)])

    later = actions.record_entries(
        entries=[entry("accepted", head=heads[CASE]), entry("withdrawn", case_id=other, head=heads[other])]
    )

    assert [later[CASE].sequence, later[other].sequence] == [2, 2]
    assert queries.verify_case(CASE, later[CASE]) is None
    assert queries.verify_case(other, later[other]) is None


def test_a_batch_is_one_statement(django_assert_num_queries):
    batch = [entry("received", case_id=uuid4()) for _ in range(200)]

    with django_assert_num_queries(1):
        actions.record_entries(entries=batch)


def test_a_worker_is_nobody():
    head = actions.record_entries(
        entries=[NewEntry(case_id=CASE, head=Head(), at=NOW, actor=WORKER, event="routed", detail={})]
    )[CASE]

    (line,) = queries.entries_of(CASE)

    assert (line.actor_id, line.role) == (None, Role.WORKER)
    assert queries.verify_case(CASE, head) is None


def test_two_who_write_the_same_entry_are_told_apart():
    actions.record_entries(entries=[entry("received")])

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record_entries(entries=[entry("withdrawn")])


def test_a_fraction_has_no_place_in_a_detail():
    with pytest.raises(NotSealable):
        actions.record_entries(entries=[entry("received", share=0.5)])


def test_a_detail_is_sealed_as_it_will_be_read_again():
    detail = {"on": NOW.date(), "id": UUID(int=4), "items": ("甲", "乙"), "nested": {"b": 1, "a": None}}
    head = actions.record_entries(entries=[entry("noted", **detail)])[CASE]

    assert queries.verify_case(CASE, head) is None


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE ledger_entry SET event = 'granted'",
        "UPDATE ledger_entry SET event = event WHERE false",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "DELETE FROM ledger_reading",
        "TRUNCATE ledger_reading",
        "UPDATE ledger_readingseal SET readings = 0",
        "TRUNCATE ledger_readingseal CASCADE",
    ],
)
def test_the_ledger_cannot_be_changed_by_sql(forbidden):
    actions.record_entries(entries=[entry("received")])

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(forbidden)


def test_the_ledger_cannot_be_changed_through_its_records():
    actions.record_entries(entries=[entry("received")])

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(event="granted")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


def test_an_entry_changed_past_the_triggers_shows():
    head = actions.record_entries(entries=[entry("received"), entry("accepted"), entry("granted")])[CASE]

    with triggers_set_aside():
        Entry.objects.filter(sequence=2).update(event="declined")

    assert queries.verify_case(CASE, head) == 2


def test_a_tail_that_was_cut_off_shows():
    head = actions.record_entries(entries=[entry("received"), entry("accepted")])[CASE]

    with triggers_set_aside():
        Entry.objects.filter(sequence=2).delete()

    assert queries.verify_case(CASE, head) == 2


def test_a_person_sees_who_read_what_about_them_newest_first():
    """R3.7, R15.6"""
    actions.record_readings(
        rows=[
            reading(),
            reading(purpose="decision", at=NOW + timedelta(hours=1)),
            reading(holder=Holder("person", CASE)),
        ]
    )

    decision, review = queries.readings_about(HOLDER)

    assert [decision.purpose, review.purpose] == ["decision", "handling"]
    assert (review.fields, review.source, review.organisation) == (
        ("person.full_name",), "household-register", "civil-affairs",
    )  # fmt: skip
    assert queries.readings_about(HOLDER, before=decision.id) == (review,)


def test_readings_are_sealed_in_batches_once():
    actions.record_readings(rows=[reading(), reading()])

    sealed = [actions.seal_readings(now=NOW), actions.seal_readings(now=NOW)]

    assert sealed == [2, 0]
    assert [seal.readings for seal in ReadingSeal.objects.all()] == [2]
    assert all(line.sealed for line in queries.readings_about(HOLDER))


def test_each_batch_of_readings_follows_the_one_before():
    for _ in range(3):
        actions.record_readings(rows=[reading()])
        actions.seal_readings(now=NOW)

    first, second, third = ReadingSeal.objects.order_by("number")

    assert [first.previous, second.previous, third.previous] == [GENESIS, first.digest, second.digest]
    assert queries.verify_readings() is None


def test_a_reading_taken_from_under_its_seal_shows():
    for _ in range(2):
        actions.record_readings(rows=[reading()])
        actions.seal_readings(now=NOW)

    with triggers_set_aside():
        Reading.objects.filter(seal=2).update(purpose="curiosity")

    assert queries.verify_readings() == 2


def test_a_reading_can_be_sealed_and_nothing_else():
    actions.record_readings(rows=[reading()])

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.update(purpose="something else")
    actions.seal_readings(now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Reading.objects.update(seal=None)
