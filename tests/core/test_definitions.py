"""A definition is read whole: every mistake at once, each at its place, with a sentence that says what to do."""

from dataclasses import replace
from typing import Any

import pytest

from services.core.definitions import Definition, Mode
from services.core.parsing import read_definition, read_published
from services.core.reading import DefinitionRefused
from services.core.reference import (
    check_bundles,
    check_evidence_types,
    read_bundles,
    read_evidence_types,
    read_facts,
)
from tests.core.a_service import condition, question, reference, requirement, said, step, table

SHOP = {"==": [{"var": "application.kind"}, "shop"]}


def read(**changes: Any) -> Definition:
    """Return the definition of the table with these changes."""
    return read_definition(table(**changes), file="shops/shop-permit.toml", reference=reference())


def told(**changes: Any) -> list[tuple[str, str]]:
    """Return place and sentence of every mistake in the table with these changes."""
    with pytest.raises(DefinitionRefused) as refused:
        read(**changes)
    return [(error.place, error.told()) for error in refused.value.errors]


def example(**more: Any) -> dict[str, Any]:
    """Return the table of an example."""
    return {"say": said("One applicant"), "facts": {}, "asks": [], "visits": 0, "ends": "granted", **more}


def test_a_right_definition_is_read() -> None:
    service = read(step=[step("look", "review", days=3), step("issue", "issue", ["look"])])

    assert service.code == "shop-permit"
    assert [one.code for one in service.steps_of(Mode.REVIEW)] == ["look"]
    assert service.issue_step.after == ("look",)
    assert service.earlier == {"look": frozenset(), "issue": frozenset({"look"})}
    assert service.requirement == {}


def test_all_mistakes_are_told_at_once_with_the_file_and_their_number() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        read(
            name="Shop permit",
            organisation="nobody",
            colour="red",
            fee={"amount": "nan", "item": said("Fee")},
        )

    assert str(refused.value).startswith("shops/shop-permit.toml cannot be published: 5 mistakes.")
    assert [error.place for error in refused.value.errors] == [
        "name", "fee.amount", "fee.legal_basis", "colour", "organisation",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ({"code": "Shop Permit"}, "code", "“Shop Permit” is not a code: lower-case words, joined."),
        ({"name": {"en": "Shop permit"}}, "name.zh", "The text in this language is missing."),
        ({"summary": "A permit"}, "summary", "Write this in each language: summary.en and summary.zh."),
        ({"audience": None}, "audience", "Write one of: person, business, both."),
        ({"kind": "favour"}, "kind",
         "“favour” is not one of: permit, confirmation, benefit, filing, public_service."),
        ({"four_eyes": "yes"}, "four_eyes", "Write true or false."),
        ({"limits": {"statutory": "20", "promised": 10}}, "limits.statutory", "Write a whole number from 0 to 365."),
        ({"limits": {"statutory": 60, "promised": 10, "special_law": "Custom"}}, "limits.special_law",
         "This law does not stand in the legal basis."),
        ({"legal_basis": []}, "legal_basis", "Name the law that this rests on."),
        ({"risks": ["bad_luck"]}, "risks", "There is no risk “bad_luck”."),
        ({"organisation": "nobody"}, "organisation", "There is no organisation “nobody”."),
        ({"programme": "nothing"}, "programme", "There is no programme “nothing”."),
        ({"fee": {"amount": "0", "legal_basis": "Fees Law", "item": said("Fee")}}, "fee.amount",
         "Write the amount, such as “80.00”; leave the fee out where there is none."),
        ({"output": {}}, "output", "The result is either a certificate or said in words (result.en, result.zh)."),
        ({"output": {"certificate": "crown"}}, "output.certificate", "There is no certificate “crown”."),
        ({"output": {"result": said("Closed"), "ends": ["crown"]}}, "output.ends", "There is no certificate “crown”."),
        ({"output": {"result": said("Closed"), "ends": ["id-card"]}, "requirement": [requirement("id-card")]},
         "output.ends", "“id-card” is not this office's to end: another one issues it."),
        ({"output": {"result": said("Closed"), "ends": ["permit"]}, "organisation": "police"},
         "output.ends", "Require “permit” of everybody: whoever ends it shows first that it is theirs."),
        ({"output": {"certificate": "permit", "ends": ["permit"]}, "organisation": "police",
          "requirement": [requirement("permit")]},
         "output.ends", "“permit” cannot be issued and ended at once."),
        ({"output": {"result": said("Closed"), "ends": ["permit"]}, "organisation": "police", "kind": "filing",
          "legal_basis": [], "requirement": [requirement("permit")]},
         "output.ends", "Name the law by which this ends a certificate."),
        ({"output": {"certificate": "permit", "gives": {"person.full_name": "person.nickname"}}}, "output.gives",
         "There is no fact “person.nickname”."),
        ({"step": []}, "step", "Exactly one step issues the result."),
        ({"step": "issue"}, "step", "Write a list here: […]."),
        ({"step": [step("a", "auto", ["b"]), step("b", "auto", ["a"]), step("issue", "issue", ["a"])]}, "step",
         "These steps wait for each other for ever: a → b → a."),
        ({"step": [step("issue", "issue", ["look"])]}, "step.issue.after", "There is no step “look”."),
        ({"step": [step("look", "stare"), step("issue", "issue", ["look"])]}, "step.look.mode",
         "“stare” is not one of: auto, review, inspection, counter, decision, issue, deliver."),
        ({"step": [step("look", "review", days=0), step("issue", "issue", ["look"])]}, "step.look.days",
         "Say how many working days the office has for this."),
        ({"step": [step("issue", "issue", days=3)]}, "step.issue.days",
         "This step takes no working days of its own."),
        ({"step": [step("sign", "counter", purpose=""), step("issue", "issue", ["sign"])]}, "step.sign.purpose",
         "A counter step says why somebody must come, and no other step does."),
        ({"step": [step("issue", "issue", when="it_rains")]}, "step.issue.when",
         "There is no condition “it_rains”."),
        ({"step": [step("issue", "issue", organisation="nobody")]}, "step.issue.organisation",
         "There is no organisation “nobody”."),
        ({"step": [step("issue", "issue"), step("issue", "auto")]}, "step", "“issue” stands here twice."),
        ({"requirement": [requirement()]}, "requirement[1].any_of", "Name at least one type of evidence."),
        ({"requirement": [requirement(5)]}, "requirement[1].any_of",
         "Each entry is a type of evidence, or a list of types that go together."),
        ({"requirement": [requirement("crown")]}, "requirement.crown.any_of", "There is no evidence type “crown”."),
        ({"requirement": [requirement("id-card", party="wife")]}, "requirement.id-card.party",
         "There is no party “wife”."),
        ({"requirement": [requirement("id-card", original_at="desk")]}, "requirement.id-card.original_at",
         "There is no step “desk”."),
        ({"question": [question("application.colour")]}, "question.fact", "There is no fact “application.colour”."),
        ({"question": [question("application.filed_by")]}, "question.fact",
         "There is no fact “application.filed_by”."),
        ({"question": [question("application.kind", "curiosity")]}, "question.for",
         "There is no step, requirement, party, condition or output “curiosity”."),
        ({"question": [question("application.kind")] * 2}, "question", "“application.kind” stands here twice."),
        ({"party": [{"role": "wife", "kind": "person", "name": said("Wife"), "signs": "account"}]},
         "party.wife.identified_by",
         "Say which answers name this party, so that nobody else can sign for them."),
        ({"party": [{"role": "wife", "kind": "person", "name": said("Wife"), "signs": "account",
                     "identified_by": ["application.spouse_name"]}]}, "party.wife.identified_by",
         "Nobody is asked for “application.spouse_name”."),
        ({"conditions": {"is_shop": condition(SHOP)}, "question": [question("application.kind")]},
         "conditions.is_shop", "No step, question or requirement uses this condition."),
        ({"conditions": {"is_shop": condition(SHOP)}, "step": [step("issue", "issue", when="is_shop")]},
         "conditions.is_shop.if",
         "Nobody is asked for “application.kind” and nothing required proves it: this would stay unknown."),
        ({"conditions": {"old": condition({"<": [{"var": "person.birth_date"}, "2000-01-01"]})},
          "step": [step("issue", "issue", when="old")], "requirement": [requirement("id-card", party="wife")],
          "party": [{"role": "wife", "kind": "person", "name": said("Wife"), "signs": "none",
                     "identified_by": []}]}, "conditions.old.if",
         "Nobody is asked for “person.birth_date” and nothing required proves it: this would stay unknown."),
        ({"conditions": {f"c{n}": condition(SHOP) for n in range(9)}, "question": [
            question("application.kind"), *(question(fact, when=f"c{n}") for n, fact in enumerate(
                f"application.{name}" for name in ("name", "amount", "wants_help", "opens_on", "vin", "plan",
                                                   "spouse_name", "spouse_number", "goods")))]},
         "conditions", "A definition has eight conditions at the most."),
        ({"example": [example(facts=5)]}, "example[1].facts", "Write a table here: name = value."),
        ({"example": [example(outcomes={"issue": "failed"})]}, "example[1].outcomes",
         "“issue” cannot end as “failed”."),
        ({"example": [example(takes=["look"])]}, "example[1].takes", "There is no step “look”."),
        ({"example": [example(asks=["crown"])]}, "example[1].asks", "There is no evidence type “crown”."),
        ({"example": [example(ends="well")]}, "example[1].ends", "“well” is not one of: granted, refused."),
        ({"before": {"visits": 2, "papers": 3, "tears": 9}}, "before.tears", "Nothing is known by this name here."),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place_with_what_to_do(
    changes: dict[str, Any], place: str, sentence: str
) -> None:
    assert told(**changes) == [(place, sentence)]


def test_a_check_stands_on_an_automatic_step_without_days() -> None:
    found = told(
        conditions={"is_shop": condition(SHOP)}, question=[question("application.kind")],
        step=[step("look", "review", check="is_shop"), step("issue", "issue", ["look"])],
    )  # fmt: skip

    assert found == [("step.look.check", "Only an automatic step without days checks a condition.")]


def test_r4_2_in_a_risky_matter_nothing_rests_on_a_commitment() -> None:
    promise = {
        "name": said("A promise"), "organisation": "tax", "about": "person", "source": "declaration",
        "declaration": "commitment", "states": said("I promise."),
    }  # fmt: skip
    known = reference()
    kinds = {**known.evidence_types, **read_evidence_types({"promise": promise}, [])}
    risky = replace(known, evidence_types=kinds)

    with pytest.raises(DefinitionRefused, match="no commitment may replace a proof"):
        read_definition(
            table(risks=["ecology"], requirement=[requirement("promise")]), file="x.toml", reference=risky
        )


def test_nasty_tables_are_refused_and_never_fall_over() -> None:
    nonsense: list[Any] = [
        5,
        "x",
        True,
        [],
        [[]],
        [5],
        ["x"],
        {},
        {"en": 5},
        [{"code": 5}],
        float("nan"),
        None,
    ]
    for key in table():
        for value in nonsense:
            try:
                read_definition({**table(), key: value}, file="x.toml", reference=reference())
            except DefinitionRefused as refused:
                assert refused.errors


def test_an_empty_file_is_told_everything_that_belongs_into_it() -> None:
    with pytest.raises(DefinitionRefused) as refused:
        read_definition({}, file="x.toml", reference=reference())

    assert {"code", "name", "output", "limits.statutory"} <= {error.place for error in refused.value.errors}


def test_a_published_definition_is_read_again_as_it_was() -> None:
    written = table(requirement=[requirement("id-card", ["deed", "floor-plan"])])

    assert read_published(written, reference=reference()) == read_definition(
        written, file="x.toml", reference=reference()
    )


def test_facts_are_checked_for_their_shape() -> None:
    mistakes: list[Any] = []
    read_facts(
        {
            "planet": {"mass": {"type": "number", "label": said("Mass")}},
            "application": {
                "Size": {"type": "number", "label": said("Size"), "min": 9, "max": 5},
                "kind": {
                    "type": "choice",
                    "label": said("Kind"),
                    "choices": [{"code": "a", "en": "A", "zh": "A"}],
                },
                "goods": {"type": "rows", "label": said("Goods")},
                "filed_by": {"type": "text", "label": said("By")},
            },
        },
        mistakes,
    )

    assert sorted(f"{one.place}: {one.told()}" for one in mistakes) == [
        "application.Size: Names of facts are lower-case words joined by underscores.",
        "application.Size: The least is more than the most.",
        "application.filed_by: This fact is built in: it is known without asking.",
        "application.goods.columns: Rows have columns.",
        "application.kind.choices: A choice offers at least two answers.",
        "planet: Facts have the scopes person, business and application.",
    ]


def test_r1_4_nobody_is_asked_for_other_materials_and_a_declaration_says_what_is_signed() -> None:
    mistakes: list[Any] = []
    kinds = read_evidence_types(
        {
            "rest": {"name": {"en": "Other materials", "zh": "其他材料"}, "organisation": "police", "about": "person",
                     "source": "upload", "proves": ["person.shoe_size"]},
            "word": {"name": said("Word"), "organisation": "nobody", "about": "person", "source": "declaration",
                     "declaration": "statement"},
        },
        mistakes,
    )  # fmt: skip
    known = reference()
    check_evidence_types(replace(known, evidence_types=kinds), mistakes)

    assert [f"{one.place}: {one.told()}" for one in mistakes] == [
        "rest.name: Name the material: nobody can be asked for “other materials” (R1.4).",
        "word.states: Write the sentence that the applicant signs.",
        "rest.proves: There is no fact “person.shoe_size”.",
        "word.organisation: There is no organisation “nobody”.",
    ]


def test_r7_1_a_bundle_joins_several_services_each_once() -> None:
    mistakes: list[Any] = []
    bundles = read_bundles(
        {"bundle": [{"code": "open", "name": said("Open"), "event": said("I open"), "kind": "business",
                     "lead": "nobody", "services": ["shop-permit", "shop-permit"],
                     "situation": [{"service": "tax-number", "ask": said("Tax?"), "hint": "x"}]}]},
        mistakes,
    )  # fmt: skip
    check_bundles(bundles, reference(), ["tax-number"], mistakes)

    assert [f"{one.place}: {one.told()}" for one in mistakes] == [
        "bundle.open.situation[1].hint: Nothing is known by this name here.",
        "bundle.open.services: A service stands in a bundle once.",
        "bundle.open.situation: “tax-number” is no member of this bundle.",
        "open: There is no service “shop-permit”.",
        "open: There is no service “shop-permit”.",
        "open: There is no organisation “nobody”.",
    ]


CHECKED = step("check", "auto", check="helped")
HELPED = {"conditions": {"helped": condition({"==": [{"var": "application.wants_help"}, True]})}}


@pytest.mark.parametrize(
    "more",
    [
        # its check, or another condition, reads it
        {"question": [question("application.wants_help", "check")]},
        # a register is told which thing is meant
        {"question": [question("application.wants_help"), question("application.vin", "check")],
         "requirement": [requirement("car-test")]},
        # it says who the other party is
        {"question": [question("application.wants_help"), question("application.spouse_name", "check")],
         "party": [{"role": "spouse", "kind": "person", "name": said("Spouse"), "signs": "account",
                    "identified_by": ["application.spouse_name"]}]},
        # the result carries it
        {"question": [question("application.wants_help"), question("application.name", "check")],
         "output": {"certificate": "permit", "gives": {"business.name": "application.name"}}},
    ],
)  # fmt: skip
def test_r1_9_what_is_asked_for_an_automatic_step_is_read_by_the_machine(more: dict[str, Any]) -> None:
    steps = [CHECKED, step("issue", "issue", ["check"])]

    assert read_definition(table(step=steps, **HELPED, **more), file="x.toml", reference=reference())


def test_r1_9_what_the_machine_never_reads_is_not_asked_for_its_sake() -> None:
    asked = [question("application.wants_help"), question("application.amount", "check")]
    steps = [CHECKED, step("issue", "issue", ["check"])]

    with pytest.raises(DefinitionRefused) as refused:
        read_definition(table(step=steps, question=asked, **HELPED), file="x.toml", reference=reference())

    assert [error.place for error in refused.value.errors] == ["question.application.amount.for"]
