"""The demonstration's own thinking: what is answered, who comes after whom, who fits, what is told and kept."""

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
from portal.demonstration.answering import another, made_up
from portal.demonstration.applications import cast_all
from portal.demonstration.browser import Forms
from portal.demonstration.casting import Casting, NobodyFits
from portal.demonstration.catalogue import Service, read_service
from portal.demonstration.companions import Companions
from portal.demonstration.conditions import truth, used_facts
from portal.demonstration.following import Running
from portal.demonstration.judging import not_as_it_should
from portal.demonstration.lives import OF_OTHERS, OF_THE_USUAL, Life, can_happen, untrue_answer
from portal.demonstration.matters import Matter
from portal.demonstration.ordering import in_order
from portal.demonstration.pictures import picture
from portal.demonstration.remembering import keep, keep_begun, recall
from portal.demonstration.table import closing_lines, missing_sources, papers_now, table
from portal.demonstration.world import BUSINESS, PERSON, Housemate, Somebody


def fact(code: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "code": code, "type": kind, "format": "", "maxLength": 200, "minimum": None, "maximum": None, "choices": [],
        "columns": [], "minRows": 1, "maxRows": 50, **more,
    }  # fmt: skip


def kind(code: str, source: str = "registry", **more: Any) -> dict[str, Any]:
    known = {"about": "person", "declaration": "", "upload": False, "proves": [], "key": ""}
    return {"code": code, "source": source, **known, **more}


def requirement(code: str, *types: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "anyOf": [list(types)], "party": "applicant", "when": "", **more}


def step(code: str, mode: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "mode": mode, "days": 0, "check": "", "purpose": "", "when": "", **more}


def example(**more: Any) -> dict[str, Any]:
    empty = {
        "facts": {},
        "absent": [],
        "outcomes": {},
        "conditions": {},
        "asks": [],
        "visits": 0,
        "ends": "granted",
    }
    return {**empty, **more}


def service(code: str, **more: Any) -> Service:
    empty = {
        "code": code, "programme": code, "organisation": "office", "applicant": "person", "conditions": [],
        "questions": [], "parties": [], "requirements": [], "steps": [step("issue", "issue")], "facts": [],
        "evidenceTypes": [], "examples": [example()],
        "output": {"certificate": "", "founds": "", "gives": {}},
    }  # fmt: skip
    return read_service({**empty, **more})


class MadeUpWorld:
    """The world outside, as far as casting asks for it: a few people whom the test has made up."""

    def __init__(self, *people: Somebody) -> None:
        self.everybody = people

    def people(self, *, need=(), lack=(), count=20, skip=0) -> list[Somebody]:
        return self._found(PERSON, need, lack)[skip : skip + count]

    def businesses(self, *, need=(), lack=(), count=20, skip=0) -> list[Somebody]:
        return self._found(BUSINESS, need, lack)[skip : skip + count]

    def person(self, username: str) -> Somebody | None:
        return next((one for one in self.everybody if one.kind == PERSON and one.username == username), None)

    def _found(self, kind: str, need, lack) -> list[Somebody]:
        ours = [one for one in self.everybody if one.kind == kind]
        return [one for one in ours if set(need) <= set(one.records) and not set(lack) & set(one.records)]


def cast_from(world: MadeUpWorld) -> Casting:
    return Casting(world, Companions(world))  # type: ignore[arg-type]


def resident(number: int, **records: dict[str, Any]) -> Somebody:
    held = {code.replace("_", "-"): {"": facts} for code, facts in records.items()}
    name = f"resident-{number:04d}"
    return Somebody(
        PERSON, name, f"9900{number}", f"Resident {number}", records=held, in_registers=frozenset(held)
    )


# What is answered


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        (fact("application.name"), "Made-up answer"),
        (fact("application.name", maxLength=4), "Made"),
        (fact("person.phone", format="phone"), "00001234567"),
        (fact("application.place", "address"), "1 Made-up Street, Sample Town"),
        (fact("application.count", "number"), 5),
        (fact("application.count", "number", minimum="12"), 12),
        (fact("application.count", "number", maximum="3"), 3),
        (fact("application.price", "money"), "100.00"),
        (fact("application.day", "date"), "2026-05-04"),
        (fact("application.kind", "choice", choices=[{"code": "first"}, {"code": "second"}]), "first"),
        (fact("application.agrees", "yes_no"), False),
        (
            fact("application.goods", "rows", columns=[fact("name"), fact("quantity", "number")], minRows=2),
            [{"name": "Made-up answer", "quantity": 5}] * 2,
        ),
    ],
)
def test_a_question_without_an_example_gets_a_plain_answer_of_its_kind(asked, answer):
    assert made_up(asked) == answer


@pytest.mark.parametrize(
    ("asked", "known", "untrue"),
    [
        (fact("person.name"), "Somebody", "Made-up answer"),
        (fact("person.homes", "number"), 2, "3"),
        (fact("person.homes", "number", maximum="2"), 2, "1"),
        (fact("person.kind", "choice", choices=[{"code": "first"}, {"code": "second"}]), "first", "second"),
        (fact("person.agrees", "yes_no"), True, False),
        (fact("person.phone", format="phone"), "00001234567", None),
    ],
)
def test_an_untrue_answer_is_of_the_same_kind_and_not_what_is_known(asked, known, untrue):
    assert another(asked, known) == untrue


# Conditions, read from the catalogue


@pytest.mark.parametrize(
    ("expression", "comes_to"),
    [
        ({"==": [{"var": "a"}, 3]}, True),
        ({"==": [{"var": "a"}, "3.00"]}, True),
        ({">": [{"var": "day"}, "2026-03-01"]}, True),
        ({"<": [{"var": "unknown"}, 3]}, None),
        ({"and": [{"==": [{"var": "unknown"}, 3]}, {"==": [{"var": "a"}, 4]}]}, False),
        ({"or": [{"==": [{"var": "unknown"}, 3]}, {"==": [{"var": "a"}, 3]}]}, True),
        ({"!": [{"==": [{"var": "a"}, 4]}]}, True),
        ({"in": [{"var": "word"}, ["one", "two"]]}, True),
        ({">=": [{"sum": [{"var": "rows"}, "share"]}, 100]}, True),
        ({"==": [{"count": [{"var": "rows"}]}, 2]}, True),
        ({"<": [{"years": [{"var": "born"}, {"var": "day"}]}, 18]}, True),
        ({"known": [{"var": "unknown"}]}, False),
    ],
)
def test_a_condition_comes_to_true_false_or_not_known(expression, comes_to):
    facts = {
        "a": 3, "word": "two", "day": "2026-03-02", "born": "2008-03-03", "rows": [{"share": 60}, {"share": "40"}]
    }  # fmt: skip
    assert truth(expression, facts) is comes_to


def test_a_condition_names_the_facts_it_looks_at():
    expression = {"and": [{"==": [{"var": "a"}, 1]}, {"known": [{"var": "b"}]}]}
    assert used_facts(expression) == {"a", "b"}


# Who comes after whom


def test_what_one_service_issues_comes_before_the_service_that_asks_for_it():
    issuing = {"certificate": "licence", "founds": "", "gives": {}}
    kinds = [kind("licence", "issued")]
    later = service("a-later", requirements=[requirement("licence", "licence")], evidenceTypes=kinds)
    first = service("z-first", output=issuing, evidenceTypes=kinds)

    assert [one.code for one in in_order([later, first])] == ["z-first", "a-later"]


def test_two_services_that_ask_for_each_other_stand_in_some_order():
    kinds = [kind("x", "issued"), kind("y", "issued")]
    one = service(
        "one", requirements=[requirement("y", "y")], evidenceTypes=kinds,
        output={"certificate": "x", "founds": "", "gives": {}},
    )  # fmt: skip
    other = service(
        "other", requirements=[requirement("x", "x")], evidenceTypes=kinds,
        output={"certificate": "y", "founds": "", "gives": {}},
    )  # fmt: skip

    assert {found.code for found in in_order([one, other])} == {"one", "other"}


# Who fits


def test_somebody_is_found_whose_records_make_the_example_come_true():
    old_enough = {"code": "old_enough", "expression": {"<": [{"var": "person.birth_date"}, "1966-01-01"]}}
    pension = service(
        "pension", conditions=[old_enough], steps=[step("check", "auto", check="old_enough"), step("issue", "issue")],
        requirements=[requirement("identity", "id-card")],
        evidenceTypes=[kind("id-card", proves=["person.birth_date"])],
        facts=[fact("person.birth_date", "date")],
        examples=[example(conditions={"old_enough": True})],
    )  # fmt: skip
    young = resident(1, id_card={"person.birth_date": "1990-05-05"})
    old = resident(2, id_card={"person.birth_date": "1950-05-05"})

    casting = cast_from(MadeUpWorld(young, old))
    assert casting.matter(pension, pension.good).person is old
    with pytest.raises(NobodyFits):
        cast_from(MadeUpWorld(young)).matter(pension, pension.good)


def test_whoever_was_issued_something_is_who_asks_with_it_and_comes_afterwards():
    kinds = [kind("licence", "issued", proves=["person.level"])]
    issuing = service(
        "issuing", questions=[{"fact": "application.level", "when": ""}],
        facts=[fact("application.level", "number"), fact("person.level", "number")], evidenceTypes=kinds,
        output={"certificate": "licence", "founds": "", "gives": {"person.level": "application.level"}},
        examples=[example(facts={"application.level": 3})],
    )  # fmt: skip
    high = {"code": "high", "expression": {">=": [{"var": "person.level"}, 3]}}
    using = service(
        "using", conditions=[high], requirements=[requirement("licence", "licence")], evidenceTypes=kinds,
        facts=[fact("person.level", "number")], examples=[example(conditions={"high": True})],
    )  # fmt: skip
    matters, left = cast_all([issuing, using], cast_from(MadeUpWorld(resident(1), resident(2))))

    assert left == []
    assert [one.person.username for one in matters] == ["resident-0001", "resident-0001"]
    assert matters[1].after == {"issuing"}


def test_a_child_named_in_the_answers_is_one_at_home():
    enrolment = service(
        "enrolment", questions=[{"fact": f"application.child_{what}", "when": ""} for what in ("name", "number")],
        facts=[fact("application.child_name"), fact("application.child_number", format="identity_number")],
        examples=[example(facts={"application.child_name": "Example", "application.child_number": "E00000001"})],
    )  # fmt: skip
    parent = resident(1)
    parent.housemates = (Housemate("Made-up Child", "990099", "resident-2001", "2019-02-02", "child"),)

    matter = cast_from(MadeUpWorld(parent)).matter(enrolment, enrolment.good)
    assert matter.answers == {"application.child_name": "Made-up Child", "application.child_number": "990099"}


# What can go wrong


def test_what_a_register_says_can_be_stated_otherwise_only_where_nothing_depends_on_it():
    reviewed = service(
        "reviewed", requirements=[requirement("identity", "id-card")], facts=[fact("person.full_name")],
        evidenceTypes=[kind("id-card", proves=["person.full_name"])],
        steps=[step("review", "review", days=2), step("issue", "issue")],
    )  # fmt: skip
    usual = reviewed.good[0]

    assert can_happen(Life.UNTRUE, reviewed, usual)
    assert untrue_answer(reviewed, usual, lambda _: "Resident 1") == {"person.full_name": "Made-up answer"}
    assert untrue_answer(reviewed, usual, lambda _: None) == {}
    assert not can_happen(Life.WITHDRAWN, reviewed, usual)
    assert not can_happen(Life.EXAM_FAILED, reviewed, usual)


def test_an_examination_can_be_failed_only_where_there_is_one():
    steps = [step("exam", "counter", purpose="exam"), step("issue", "issue")]
    failing = example(outcomes={"exam": "failed"}, visits=1, ends="refused")
    examined = service("examined", steps=steps, examples=[example(visits=1), failing])

    assert [can_happen(Life.EXAM_FAILED, examined, one) for one in examined.examples] == [False, True]
    assert Life.EXAM_FAILED.ending == "refused"


# What is sent and read


def test_a_form_is_filled_in_as_it_stands_on_the_page():
    page = '<form action="/go"><input name="csrf" value="x"><input name="login"></form><form action="/else"></form>'
    assert [(one.action, one.values) for one in Forms(page).found] == [
        ("/go", {"csrf": "x", "login": ""}),
        ("/else", {}),
    ]


def test_pictures_of_different_papers_differ():
    assert picture("lease").startswith(b"\x89PNG")
    assert picture("lease") == picture("lease") != picture("degree")


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
        "2 of 2 services resolved; 0 second visits; papers before (assumed) 9; "
        "now 1 files, 2 originals shown, 3 signed statements"
    )
    assert second == "3 cases: 2 granted, 1 refused, 0 ended otherwise; 1 visits (before: 5)"
    assert "0 by evidence of earlier cases" in third
    assert papers_now(FIGURES) == 6
    assert missing_sources(STATISTICS) == ["earlier"]


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
