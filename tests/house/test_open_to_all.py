"""Whoever the law does not shut out may apply, in whichever way reality has, and each demand names its law."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from services.core.definitions import Definition, Example
from tests.house.test_catalogue import catalogue
from tests.house.test_catalogue_truth import CITIZENS_ONLY

# Where a business that may apply is known otherwise than by a licence of ours, and how.
KNOWN_OTHERWISE = {
    "tax-clearance-certificate": "tax-registration",
    "tax-residency-certificate": "tax-registration",
    "work-injury-determination": "labour-contract-record",
}


@cache
def definitions() -> tuple[Definition, ...]:
    """Return the services of the whole catalogue."""
    return tuple(one.definition for one in catalogue().definitions)


def kinds(definition: Definition, *, party: str = "") -> frozenset[str]:
    """Return every type of evidence that the service can ask for, of one party or of all."""
    asked = (one for one in definition.requirements if party in ("", one.party))
    return frozenset(code for one in asked for entry in one.any_of for code in entry)


def test_where_an_identity_card_is_asked_for_another_document_of_identity_does_as_well() -> None:
    # R12.10: a passport and the card of a foreign permanent resident count alike.
    shut = {
        one.code
        for one in definitions()
        for party in {requirement.party for requirement in one.requirements}
        if "id-card" in kinds(one, party=party) and "passport" not in kinds(one, party=party)
    }
    assert shut == {place.partition(".")[0] for place in CITIZENS_ONLY}


def test_a_business_that_may_apply_is_known_by_its_licence() -> None:
    either = [one for one in definitions() if one.applicant == "either"]
    assert {one.code for one in either if "business-licence" not in kinds(one)} == KNOWN_OTHERWISE.keys()
    assert [
        one.code for one in either if not {"business-licence", KNOWN_OTHERWISE.get(one.code)} & kinds(one)
    ] == []


def test_every_service_names_its_law_and_every_fee_a_law_or_a_regulation() -> None:
    # R14.1: a price list alone is no basis.
    fees = {one.code: one.fee.legal_basis for one in definitions() if one.fee}
    assert [one.code for one in definitions() if not one.legal_basis] == []
    assert {
        code: basis for code, basis in fees.items() if not re.search(r"\b(Law|Code|Regulation)\b", basis)
    } == {}


@pytest.mark.parametrize(
    ("first", "other"),
    [
        ("id-card", "passport"),
        ("household-register", "residence-permit"),
        ("education-degree", "foreign-document"),
        ("labour-contract-record", "social-insurance-record"),
        ("property-title", "premises-declaration"),
    ],
)
def test_of_two_ways_to_prove_the_same_a_worked_example_takes_each(first: str, other: str) -> None:
    # R1.7: the proof that a register gives comes first, the one that only the applicant has comes last.
    examples = list(examples_with(first, other))
    assert [one for one in examples if first not in one.absent]
    assert [one for one in examples if first in one.absent and (other in one.asks or other not in one.absent)]


def examples_with(first: str, other: str) -> Iterator[Example]:
    """Yield the worked examples of the services that take the one or the other."""
    for definition in definitions():
        if any(one.any_of == ((first,), (other,)) for one in definition.requirements):
            yield from definition.examples


def test_only_what_is_no_main_material_can_follow_later() -> None:
    # R5.1, R5.7: photos and a bank's letter can follow; what the decision rests on cannot.
    later = {code for one in definitions() for item in one.requirements if item.deferrable for entry in item.any_of
             for code in entry}  # fmt: skip
    assert later == {"portrait-photo", "bank-guarantee"}


def test_a_step_that_only_tells_another_office_says_so_and_says_no_more() -> None:
    steps = [step for one in definitions() for step in one.steps if step.mode == "auto" and not step.days]
    silent = {step.code for step in steps if not step.check}
    assert {code for code in silent if not code.startswith("tell-")} == set()
    assert {step.code for step in steps if step.check and step.code.startswith("tell-")} == set()
