"""A declaration is signed with the very text that was read, and can be taken back until decided (R4)."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from services.core.evidence import Grade, Source
from services.core.facts import Holder
from services.core.reference import EvidenceType
from services.evidence import actions, queries, wording
from services.evidence.actions import About, Signature
from services.evidence.models import Declaration
from services.evidence.queries import Declared
from tests.services.a_register import ANOTHER, APPLICATION, ID_CARD, NOW, SINGLE, STUDENT, TODAY, held

pytestmark = pytest.mark.django_db


def declared(kind: EvidenceType, on: date = TODAY) -> Declared:
    return Declared(
        type=kind,
        matter={"en": "Marriage registration", "zh": "结婚登记"},
        legal_basis=("Civil Code art. 1049",),
        facts=[({"en": "Single", "zh": "单身"}, "yes")],
        signatory="Ayshe Test",
        on=on,
    )


def signed(account: UUID, kind: EvidenceType, language: str = "en", digest: str = "") -> Signature:
    text = queries.compose_declaration(declared(kind), language)
    return Signature(account_id=account, text=text, read_digest=digest or text.digest)


def state(
    holder: Holder, signature: Signature, kind: EvidenceType, application_id: UUID = APPLICATION
) -> UUID:
    return actions.state(
        about=About(application_id=application_id, type=kind, holder=holder),
        facts={"person.is_single": True, "person.school": "Sample School"},
        signature=signature,
        now=NOW,
    )


def test_a_statement_is_evidence_of_grade_d_and_serves_again(ayse: Holder, account: UUID):
    evidence_id = state(ayse, signed(account, SINGLE), SINGLE)

    [one] = held(ayse, SINGLE)
    assert (one.id, one.source, one.grade) == (evidence_id, Source.DECLARATION, Grade.D)
    assert one.facts == {"person.is_single": True}
    assert [again.source for again in held(ayse, SINGLE, application_id=ANOTHER)] == [Source.EARLIER]


def test_a_commitment_serves_in_its_own_case_only(ayse: Holder, account: UUID):
    """R4.13"""
    state(ayse, signed(account, STUDENT), STUDENT)

    assert len(held(ayse, STUDENT)) == 1
    assert held(ayse, STUDENT, application_id=ANOTHER) == ()


def test_the_text_is_kept_as_it_was_read_and_signed(ayse: Holder, account: UUID):
    """R4.6"""
    signature = signed(account, STUDENT, "zh")

    state(ayse, signature, STUDENT)

    [kept] = queries.declarations(application_ids=[APPLICATION])
    assert (kept.kind, kept.language, kept.text) == ("commitment", "zh", signature.text.text)
    assert (kept.text_digest, kept.signed_by) == (signature.text.digest, account)
    assert Declaration.objects.get().wording == wording.WORDING


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "en",
            [
                "Matter: Marriage registration", "Civil Code art. 1049", "What is to be proved",
                "How to commit", "civil, administrative and criminal", "may check", "not made public",
                "I have read this notice", "I meet the conditions", "I accept liability", "my own true will",
                "Signed: Ayshe Test, 2026-03-02",
            ],
        ),
        (
            "zh",
            [
                "事项名称：结婚登记", "Civil Code art. 1049", "证明内容", "承诺方式", "核查", "不向社会公开",
                "民事、行政、刑事责任", "已经阅读", "符合条件", "愿意承担", "真实意思",
                "签名：Ayshe Test，2026-03-02",
            ],
        ),
    ],
)  # fmt: skip
def test_notice_and_commitment_hold_all_that_they_must(language: str, parts: list[str]):
    """R4.4, R4.5"""
    text = queries.compose_declaration(declared(STUDENT), language).text

    assert [part for part in parts if part not in text] == []


def test_braces_in_an_answer_are_only_text():
    tricky = Declared(
        type=SINGLE,
        matter={"en": "x", "zh": "x"},
        signatory="{name} {0}",
        on=TODAY,
        facts=[({"en": "{a}"}, "{b}")],
    )

    assert "Signed: {name} {0}" in queries.compose_declaration(tricky, "en").text


def test_nobody_signs_another_text_than_they_read(ayse: Holder, account: UUID):
    yesterday = queries.compose_declaration(declared(SINGLE, on=date(2026, 3, 1)), "en")

    with pytest.raises(actions.TextHasChanged):
        state(ayse, signed(account, SINGLE, digest=yesterday.digest), SINGLE)


def test_what_needs_proof_cannot_be_declared(ayse: Holder, account: UUID):
    with pytest.raises(actions.NotDeclarable):
        state(ayse, signed(account, ID_CARD), ID_CARD)


def test_signing_twice_is_signing_once(ayse: Holder, account: UUID):
    first = state(ayse, signed(account, SINGLE), SINGLE)

    assert state(ayse, signed(account, SINGLE), SINGLE) == first
    assert Declaration.objects.count() == 1


def test_a_declaration_signed_anew_replaces_the_one_before(ayse: Holder, account: UUID):
    first = state(ayse, signed(account, SINGLE), SINGLE)

    second = state(ayse, signed(account, SINGLE, "zh"), SINGLE)

    assert second != first
    assert [one.id for one in held(ayse, SINGLE)] == [second]


def test_a_withdrawn_declaration_counts_no_more(ayse: Holder, account: UUID):
    state(ayse, signed(account, STUDENT), STUDENT)
    [kept] = queries.declarations(application_ids=[APPLICATION])

    actions.withdraw_declaration(declaration_id=kept.id, account_id=account, now=NOW)
    actions.withdraw_declaration(declaration_id=kept.id, account_id=account, now=NOW)

    assert held(ayse, STUDENT) == ()
    assert queries.declarations(application_ids=[APPLICATION])[0].withdrawn_at == NOW


def test_only_who_signed_withdraws(ayse: Holder, account: UUID):
    state(ayse, signed(account, STUDENT), STUDENT)
    [kept] = queries.declarations(application_ids=[APPLICATION])

    with pytest.raises(actions.NoSuchDeclaration):
        actions.withdraw_declaration(declaration_id=kept.id, account_id=uuid4(), now=NOW)


def test_the_database_keeps_what_was_signed_from_change(ayse: Holder, account: UUID):
    """R3.3"""
    state(ayse, signed(account, STUDENT), STUDENT)

    with pytest.raises(Exception, match="read"), transaction.atomic():
        Declaration.objects.update(text_digest="0" * 64)
