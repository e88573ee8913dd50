"""Is the ledger whole: its door for operators and officers finds every entry altered, cut off or smuggled in."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from services.cases.models import Case
from services.cases.queries import records
from services.cases.queries.visibility import NoSuchCase
from services.core.states import Role
from services.ledger import queries as ledger
from services.ledger.actions import Actor, Head, NewEntry, record_entries, seal_readings
from services.ledger.models import Entry, Reading
from tests.emptying import triggers_set_aside
from tests.services.a_matter import file, officer
from tests.services.a_register import NOW


@pytest.fixture
def case(ayshe):
    return file(ayshe, "works-permit", {"application.works": "a shed", "application.height": 3})


@pytest.fixture
def other(ayshe):
    return file(ayshe, "home-record", {"application.home": "1 Lane"})


def verified(capsys, *args: str) -> tuple[str, bool]:
    """Return what the command prints, and whether it ended well."""
    try:
        call_command("verify_ledger", *args)
    except CommandError:
        return capsys.readouterr().out, False
    return capsys.readouterr().out, True


def test_a_whole_ledger_is_told_so(case, other, capsys):
    seal_readings(now=NOW)

    assert verified(capsys) == ("2 records verified, 0 broken\n", True)
    assert verified(capsys, "--case", case.number) == ("1 records verified, 0 broken\n", True)


def test_an_altered_entry_is_found_with_its_case_and_number(case, other, capsys):
    with triggers_set_aside():
        Entry.objects.filter(case_id=case.id, sequence=2).update(event="granted")

    told, well = verified(capsys)

    assert (f"case {case.number}: entry 2 is altered\n" in told, well) == (True, False)
    assert "2 records verified, 1 broken" in told
    assert verified(capsys, "--case", other.number)[1]


def test_a_tail_that_was_cut_off_and_a_whole_chain_that_is_gone_are_found(case, other, capsys):
    case.refresh_from_db()
    with triggers_set_aside():
        Entry.objects.filter(case_id=case.id, sequence=case.ledger_sequence).delete()
        Entry.objects.filter(case_id=other.id).delete()

    told, well = verified(capsys)

    assert f"case {case.number}: entry {case.ledger_sequence} is missing" in told
    assert f"case {other.number}: entry 1 is missing" in told
    assert not well


def test_an_entry_added_behind_the_cases_back_is_found(case, capsys):
    case.refresh_from_db()
    head = Head(case.ledger_sequence, case.ledger_head)
    actor = Actor(case.application.account_id, Role.APPLICANT)
    record_entries(
        entries=[NewEntry(case_id=case.id, head=head, at=NOW, actor=actor, event="paid", detail={})]
    )

    told, well = verified(capsys)

    assert (f"entry {head.sequence + 1} is not known to the case" in told, well) == (True, False)


def test_a_record_whose_case_is_gone_is_found(case, capsys):
    lost = uuid4()
    actor = Actor(case.application.account_id, Role.APPLICANT)
    record_entries(
        entries=[NewEntry(case_id=lost, head=Head(), at=NOW, actor=actor, event="received", detail={})]
    )

    assert verified(capsys) == (
        f"case {lost}: entry 1 is there, and its case is gone\n2 records verified, 1 broken\n", False,
    )  # fmt: skip


def test_a_reading_changed_under_its_seal_is_found(case, capsys):
    seal_readings(now=NOW)
    with triggers_set_aside():
        Reading.objects.filter(seal__isnull=False).update(purpose="curiosity")

    told, well = verified(capsys)

    assert ("readings: seal 1 is broken" in told, well) == (True, False)


def test_slice_by_slice_every_case_is_looked_at(case, other, monkeypatch):
    monkeypatch.setattr(records, "SLICE", 1)

    assert sorted(one.number for one in records.records()) == sorted([case.number, other.number])


def test_chains_of_many_cases_are_read_by_one_query(case, other, django_assert_num_queries):
    heads = {one.id: Head(one.ledger_sequence, one.ledger_head) for one in Case.objects.all()}

    with django_assert_num_queries(1):
        assert ledger.verify_cases(heads) == {}


def test_an_unknown_number_is_refused(case, capsys):
    with pytest.raises(CommandError, match="There is no such case"):
        call_command("verify_ledger", "--case", "C-1")


def test_whoever_sees_a_case_can_have_its_record_verified_and_nobody_else(case):
    found = records.record_of_case(viewer=officer("works-office"), case_id=case.id)

    assert (found.whole, found.number, found.entries > 1) == (True, case.number, True)
    with pytest.raises(NoSuchCase):
        records.record_of_case(viewer=officer("records-office"), case_id=case.id)
