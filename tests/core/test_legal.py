"""What a rule rests on: acts of law that the catalogue lists, told in the reader's language, of the rank they need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.legal import (
    Citation,
    LegalResource,
    Rank,
    check_citation,
    citations,
    cited_in,
    may_charge,
    read_legal_resources,
)
from services.core.parsing import read_definition
from services.core.reading import DefinitionRefused
from tests.core.a_service import reference, said, table

CODE = LegalResource("civil-code", {"en": "Civil Code", "zh": "民法典"}, Rank.LAW)
NOTICE = LegalResource(
    "notice-42", {"en": "Office Notice 2020 No. 42", "zh": "国办发〔2020〕42号"}, Rank.DECISION
)
PRICES = LegalResource("prices", {"en": "Price List", "zh": "价目表"}, Rank.LOCAL)
ACTS = (CODE, NOTICE, PRICES)


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        # an article of a law, and the whole of it
        ("Civil Code art. 1049", "Civil Code art. 1049", "《民法典》第1049条"),
        ("Civil Code", "Civil Code", "《民法典》"),
        # an officer may write it in Chinese, and everybody reads it in their own language
        ("《民法典》第1049条", "Civil Code art. 1049", "《民法典》第1049条"),
        # a notice is called by its number
        ("Office Notice 2020 No. 42", "Office Notice 2020 No. 42", "国办发〔2020〕42号"),
        # several, and one that the catalogue does not list
        ("Civil Code art. 2; Old Custom", "Civil Code art. 2; Old Custom", "《民法典》第2条; Old Custom"),
    ],
)
def test_a_legal_basis_is_told_in_the_readers_language(written: str, en: str, zh: str) -> None:
    assert (cited_in(written, ACTS, "en"), cited_in(written, ACTS, "zh")) == (en, zh)


@given(st.sampled_from(ACTS), st.integers(1, 2000), st.sampled_from(["en", "zh"]))
def test_a_citation_is_read_as_it_was_told(act: LegalResource, article: int, tongue: str) -> None:
    told = Citation(act, str(article)).told(tongue)
    if tongue == "zh" and act is NOTICE:
        return  # an article of a numbered notice is cited in English only

    assert list(citations(told, ACTS)) == [Citation(act, str(article))]


def test_what_is_no_act_of_law_is_told_at_its_place() -> None:
    found = list(check_citation("legal_basis", "Civil Code art. 3; Rumour art. 1", ACTS))

    assert [f"{one.place}: {one.told()}" for one in found] == [
        "legal_basis: “Rumour art. 1” is no act of law in legal_resources.toml."
    ]


def test_r14_1_only_a_law_or_an_administrative_regulation_may_charge() -> None:
    assert may_charge("Civil Code art. 223; Price List", ACTS)
    assert not may_charge("Price List", ACTS)
    assert not may_charge("Office Notice 2020 No. 42", ACTS)


@pytest.mark.parametrize(
    ("basis", "sentence"),
    [
        ("Price List", "Only a law or an administrative regulation may charge (R14.1)."),
        ("Somebody's Price List", "“Somebody's Price List” is no act of law in legal_resources.toml."),
    ],
)
def test_r14_1_a_fee_by_a_price_list_is_refused_at_publish(basis: str, sentence: str) -> None:
    fee = {"amount": "80.00", "legal_basis": basis, "item": said("Permit")}

    with pytest.raises(DefinitionRefused) as refused:
        read_definition(table(fee=fee), file="permit.toml", reference=reference())

    assert sentence in [one.told() for one in refused.value.errors]


def test_two_acts_of_one_name_could_not_be_told_apart() -> None:
    same = {"name": {"en": "Shops Law", "zh": "商铺法"}, "rank": "law"}
    mistakes: list = []

    read_legal_resources({"shops-law": same, "shops-act": same}, mistakes)

    assert {one.place for one in mistakes} == {"shops-act.name"}
