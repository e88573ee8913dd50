"""What a demonstration tells at its end: the table, whether all went as it should, and what is kept of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from portal.demonstration.__main__ import INTERRUPTED, NOT_SEEN, main
from portal.demonstration.accounts import Accounts
from portal.demonstration.following import Running
from portal.demonstration.judging import not_as_it_should
from portal.demonstration.lives import OF_OTHERS, OF_THE_USUAL, Life
from portal.demonstration.matters import Matter
from portal.demonstration.remembering import keep, keep_begun, recall
from portal.demonstration.table import closing_lines, missing_sources, papers_now, registers_told, table
from tests.doors.a_made_up_service import example, resident, service

# The table

FIGURES = {
    "services": 2, "servicesResolved": 2, "cases": 3, "resolved": 2, "refused": 1, "otherwiseEnded": 0, "visits": 1,
    "secondVisits": 0, "visitsBefore": 5, "papersBefore": 9, "files": 1, "originals": 2, "statements": 3,
    "meanDays": 4.5, "sources": {"registry": 7, "declaration": 3, "upload": 1, "seen": 2, "issued": 1},
}  # fmt: skip
STATISTICS = {"total": FIGURES, "programmes": {"one": {**FIGURES, "meanDays": None}}}


def test_the_table_shows_a_line_for_each_programme_and_one_for_all():
    lines = table(STATISTICS, {"one": "First programme"}).splitlines()
    assert lines[0].split() == [
        "programme", "services", "resolved", "visits", "papers", "before", "papers", "now", "working", "days"
    ]  # fmt: skip
    assert lines[2].split() == ["First", "programme", "2", "2", "1", "9", "6", "-"]
    assert lines[-1].split() == ["all", "2", "2", "1", "9", "6", "4.5"]
    assert len({len(line) for line in lines}) == 1


def test_the_closing_lines_say_what_it_comes_to_and_which_source_is_silent():
    first, second, third = closing_lines(STATISTICS, services=2)
    assert first == (
        "2 of 2 services resolved; 0 second visits; papers before (assumed) 9 → "
        "now 1 files, 2 originals shown, 3 signed statements"
    )
    assert second == "3 cases: 2 granted, 1 refused, 0 ended otherwise; 1 visits (before: 5)"
    assert "0 by evidence of earlier cases" in third
    assert papers_now(FIGURES) == 6
    assert missing_sources(STATISTICS) == ["earlier"]


def register(code: str, calls: int, failures: int, median: int | None) -> dict[str, Any]:
    return {"code": code, "calls": calls, "failures": failures, "medianMs": median}


def test_registers_are_told_with_calls_failures_and_median_those_that_failed_first():
    found = [register("idle", 0, 0, None), register("quick", 9, 0, 12), register("dead", 3, 3, None)]

    head, *rows, last = registers_told(found)

    assert head.split() == ["register", "calls", "failures", "median", "ms"]
    assert [row.split() for row in rows] == [["dead", "3", "3", "-"], ["quick", "9", "0", "12"]]
    assert last == "2 of 3 registers asked: 12 calls, 3 failures; half of them answer within 12 ms"


# Whether it went as it should


def lived(life: Life, **ended: Any) -> Running:
    matter = Matter(service("one"), example(), resident(1), None, {}, life=life)
    return Running(matter, "application", "case", **{"ended_as": life.ending} | ended)


def every_life() -> list[Running]:
    return [lived(life) for life, count in (OF_THE_USUAL | OF_OTHERS).items() for _ in range(count)]


ALL_WELL = {"total": {**FIGURES, "sources": {**FIGURES["sources"], "earlier": 1}}}


def test_nothing_is_wrong_where_every_life_was_lived_to_its_end():
    assert list(not_as_it_should([lived(Life.PLAIN), *every_life()], ALL_WELL)) == []


@pytest.mark.parametrize(("life", "count"), (OF_THE_USUAL | OF_OTHERS).items())
def test_an_unhappy_life_that_nobody_had_is_told(life, count):
    others = [one for one in every_life() if one.matter.life is not life]

    assert list(not_as_it_should(others, ALL_WELL)) == [f"{life}: 0 of {count} applications"]


def test_a_second_visit_another_ending_and_a_silent_source_are_told():
    second = {"total": {**ALL_WELL["total"], "secondVisits": 1}}

    assert list(not_as_it_should(every_life(), second)) == ["1 second visits, where there must be none"]
    assert list(not_as_it_should(every_life(), STATISTICS)) == ["nothing was settled by the source “earlier”"]
    assert list(not_as_it_should([*every_life(), lived(Life.PLAIN, ended_as="refused")], ALL_WELL)) == [
        "one (plain): ended as refused, not granted, with 0 visits: "
    ]


# What is kept of it, and told again


@pytest.fixture
def site(transactional_db: None, town: object, live_server: Any, monkeypatch: Any) -> Iterator[str]:
    """A portal that answers over HTTP, prepared as `make run` prepares it."""
    # The server's threads are gone before the database is: none may keep its connection.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with override_settings(SITE_URL=live_server.url):
        call_command("create_demo_accounts")
        call_command("register_client", "demonstration", "--without-consent")
        monkeypatch.setenv("SITE_URL", live_server.url)
        yield live_server.url


@pytest.fixture
def begun(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept that a demonstration of that portal has begun."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    stored = tmp_path / "demonstration.json"
    keep_begun(stored, Accounts(site), "works-office")
    return stored


def test_a_demonstration_that_began_and_has_no_outcome_was_interrupted(begun, capsys):
    assert main(["--stored"]) == INTERRUPTED
    assert "was interrupted: AGAIN=1 begins anew" in capsys.readouterr().out


@pytest.mark.parametrize(("well", "status"), [(True, 0), (False, 1)])
def test_a_stored_table_is_told_again_with_the_status_it_ended_with(begun, capsys, well, status):
    keep(begun, {**recall(begun), "told": "the table", "well": well})

    assert main(["--stored"]) == status
    said = capsys.readouterr().out
    assert said.startswith("the table\n")
    assert ("did not end as it should: AGAIN=1 begins anew" in said) is not well


def test_what_was_stored_of_another_database_was_not_seen_here(begun):
    other = json.loads(begun.read_text())
    other["known_by"]["officer"] = "00000000-0000-0000-0000-000000000000"
    keep(begun, {**other, "told": "the table", "well": True})

    assert main(["--stored"]) == NOT_SEEN


def test_nothing_stored_was_not_seen(begun):
    begun.unlink()

    assert main(["--stored"]) == NOT_SEEN
