"""The catalogue we ship: counted, proved, its examples run, and no service a copy of another."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from itertools import combinations
from pathlib import Path

from django.conf import settings

from services.catalogue.actions import prove_bundles, prove_folder
from services.catalogue.folder import Folder, check_examples, read_folder
from services.core.definitions import Definition
from services.core.facts import BUILT_IN, AnswerNotUnderstood, Fact, FactType, read_answer
from services.core.writing import CHECKS

CATALOGUE = Path(settings.BASE_DIR) / "services" / "catalogue" / "definitions"
# Just above the two that are nearest to each other now.
TOO_ALIKE = 0.79


@cache
def catalogue() -> Folder:
    """Return the catalogue that we ship."""
    return read_folder(CATALOGUE)


def test_it_is_whole() -> None:
    folder = catalogue()

    assert [str(refusal) for refusal in folder.refused] == []
    assert len(folder.definitions) == 145
    assert len(folder.tables["programmes"]) == 24
    assert len(folder.bundles) == 22
    assert len(folder.tables["evidence_types"]) >= 90
    offices = folder.reference.organisations.values()
    assert len([one for one in offices if not one.elsewhere]) == 27
    assert len([one for one in offices if one.elsewhere]) >= 2


def test_no_question_asks_for_a_file() -> None:
    # docs/decisions/0008: a file is a requirement, so that it is checked, reused and limited.
    assert [code for code, fact in catalogue().reference.facts.items() if fact.type is FactType.FILE] == []


def test_somebody_sits_at_every_window() -> None:
    folder = catalogue()

    for centre in folder.centres:
        for window in centre.windows:
            sitting = window.organisations | window.staff
            assert sitting, window.code
            assert sitting <= folder.tables["organisations"].keys(), window.code


def test_every_promise_of_every_service_and_bundle_is_proved() -> None:
    services = {one.definition.code: one.proof.failures for one in prove_folder(catalogue())}
    bundles = {bundle.code: proof.failures for bundle, proof in prove_bundles(catalogue())}

    broken = [f"{code}: {one.told()}" for code, found in (services | bundles).items() for one in found]
    assert broken == []


def test_every_service_has_two_worked_examples_or_more_and_each_goes_as_it_is_written() -> None:
    definitions = [one.definition for one in catalogue().definitions]

    told = {
        one.code: [str(mistake) for mistake in check_examples(one, catalogue().law)] for one in definitions
    }

    assert [one.code for one in definitions if len(one.examples) < 2] == []
    assert {code: mistakes for code, mistakes in told.items() if mistakes} == {}


def test_every_number_in_a_worked_example_could_be_somebodys_by_its_check_digits() -> None:
    facts, on = catalogue().reference.facts, date(2026, 3, 2)
    wrong = []
    for one in (written.definition for written in catalogue().definitions):
        for code, value in (item for example in one.examples for item in example.facts.items()):
            if code in facts and _is_checked(facts[code]):
                try:
                    read_answer(facts[code], value, on=on)
                except AnswerNotUnderstood as refusal:
                    wrong += [f"{one.code}: {error}" for error in refusal.errors]

    assert wrong == []


def _is_checked(fact: Fact) -> bool:
    return fact.format in CHECKS or any(_is_checked(column) for column in fact.columns)


def test_ninety_services_or_more_have_conditions_each_shown_to_hold_and_not_to_hold() -> None:
    with_conditions = [one.definition for one in catalogue().definitions if one.definition.conditions]
    one_sided = [
        f"{one.code}.{code}"
        for one in with_conditions
        for code in one.conditions
        if {example.conditions.get(code) for example in one.examples} < {True, False}
    ]

    assert len(with_conditions) >= 90
    assert one_sided == []


def test_every_service_is_filed_online_or_with_a_helper_at_the_counter() -> None:
    # R3.11: the applicant chooses. Who files is known to every service, and a helper is one of them; none asks for it.
    codes = {choice.code for choice in BUILT_IN["application.filed_by"].choices}
    asks = [
        one.definition.code
        for one in catalogue().definitions
        for question in one.definition.questions
        if question.fact in BUILT_IN
    ]

    assert {"self", "helper"} <= codes
    assert asks == []


def test_the_ten_most_alike_are_printed_and_none_is_a_copy_of_another() -> None:
    texts = {file.stem: file.read_text(encoding="utf-8").split() for file in CATALOGUE.glob("*/*.toml")}
    words = {code: Counter(text) for code, text in texts.items() if code in _codes()}

    def at_most(pair: tuple[str, str]) -> float:
        """Return how alike the two can be at the most: by the words they share, in whatever order."""
        one, other = (words[code] for code in pair)
        return 2 * (one & other).total() / (one.total() + other.total())

    nearest = sorted(combinations(sorted(words), 2), key=at_most, reverse=True)[:60]
    alike = [(SequenceMatcher(None, texts[a], texts[b], autojunk=False).ratio(), a, b) for a, b in nearest]
    for ratio, one, other in sorted(alike, reverse=True)[:10]:
        print(f"{ratio:.3f}  {one}  {other}")  # noqa: T201 - looked at by people, with pytest -s

    assert max(alike)[0] <= TOO_ALIKE


def _codes() -> frozenset[str]:
    return frozenset(one.definition.code for one in catalogue().definitions)


# What a register tells one service of a bundle and another asks for all the same, without certifying it anew, and why.
ASKED_ALL_THE_SAME = {
    (
        "company-registration",
        "person.full_name",
    ): "of who has no identity card, and of whom no register tells it",
    (
        "address-change-notification",
        "person.residence_address",
    ): "the new address; the register knows the old one",
}


def test_nothing_is_asked_in_a_bundle_that_a_register_tells_another_service_of_it() -> None:
    """R7.3: but a service asks for what its own certificate proves: it is about to change."""
    folder = catalogue()
    known = {one.definition.code: one.definition for one in folder.definitions}

    asked = {
        (asking.code, question.fact)
        for bundle in folder.bundles
        for asking in (known[code] for code in bundle.services)
        for question in asking.questions
        if question.fact in told_to_others(asking, [known[code] for code in bundle.services])
        and question.fact not in certified_by(asking)
    }

    assert asked == ASKED_ALL_THE_SAME.keys()


def told_to_others(asking: Definition, members: Iterable[Definition]) -> set[str]:
    """Return what registers tell of the applicant to the other services, of what is theirs and not of one matter."""
    kinds = (
        other.evidence_types[code]
        for other in members
        if other is not asking
        for requirement in other.requirements
        if requirement.party == "applicant"
        for entry in requirement.any_of
        for code in entry
    )
    told = {fact for kind in kinds if kind.registered for fact in kind.proves}
    return {fact for fact in told if not fact.startswith("application.")}


def certified_by(asking: Definition) -> set[str]:
    """Return the facts that the service's own certificate proves."""
    certificate = asking.output.certificate
    return set(asking.evidence_types[certificate].proves) if certificate else set()
