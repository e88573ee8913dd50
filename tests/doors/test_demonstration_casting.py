"""The demonstration's own thinking: what is answered, who comes after whom, who fits, what can go wrong."""

import pytest

from portal.demonstration.answering import another, made_up
from portal.demonstration.applications import cast_all
from portal.demonstration.browser import Forms
from portal.demonstration.casting import Casting, NobodyFits
from portal.demonstration.companions import Companions
from portal.demonstration.conditions import truth, used_facts
from portal.demonstration.lives import Life, can_happen, untrue_answer
from portal.demonstration.ordering import in_order
from portal.demonstration.pictures import picture
from portal.demonstration.world import BUSINESS, PERSON, Housemate, Somebody
from tests.doors.a_made_up_service import example, fact, kind, requirement, resident, service, step


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
    issuing = {"certificate": "licence", "founds": "", "gives": {}, "ends": []}
    kinds = [kind("licence", "issued")]
    later = service("a-later", requirements=[requirement("licence", "licence")], evidenceTypes=kinds)
    first = service("z-first", output=issuing, evidenceTypes=kinds)

    assert [one.code for one in in_order([later, first])] == ["z-first", "a-later"]


def test_two_services_that_ask_for_each_other_stand_in_some_order():
    kinds = [kind("x", "issued"), kind("y", "issued")]
    one = service(
        "one", requirements=[requirement("y", "y")], evidenceTypes=kinds,
        output={"certificate": "x", "founds": "", "gives": {}, "ends": []},
    )  # fmt: skip
    other = service(
        "other", requirements=[requirement("x", "x")], evidenceTypes=kinds,
        output={"certificate": "y", "founds": "", "gives": {}, "ends": []},
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
        output={"certificate": "licence", "founds": "", "gives": {"person.level": "application.level"}, "ends": []},
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


def test_whoever_closes_something_has_everything_else_of_theirs_done_first_and_applies_for_nothing_more():
    ended = {"certificate": "", "founds": "", "gives": {}, "ends": ["licence"]}
    needs = {"requirements": [requirement("licence", "licence")], "evidenceTypes": [kind("licence")]}
    casting = cast_from(MadeUpWorld(resident(1, licence={}), resident(2, licence={})))

    first = casting.matter(service("use", **needs), [read(needs)])
    closing = casting.matter(service("close", output=ended, **needs), [read(needs)])
    next_one = casting.matter(service("use-again", **needs), [read(needs)])

    assert closing.person is first.person
    assert closing.after == {"use"}
    assert next_one.person is not closing.person


def read(needs):
    """Return the one worked example of a service with these needs."""
    return service("any", **needs).examples[0]
