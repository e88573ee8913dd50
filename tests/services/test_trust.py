"""An answer is believed as far as its signature reaches: signed by its office, now, for this very question."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import structlog

from services.core.evidence import Outcome
from services.core.facts import Holder
from services.evidence.actions import Wanted
from services.evidence.models import Attempt, Outage
from services.evidence.registries import signatures
from services.ledger import queries as ledger
from tests.core.a_service import reference
from tests.services.a_register import (
    APPLICATION,
    FALSE_KEY,
    FOUND,
    GONE,
    ID_CARD,
    Answer,
    Register,
    evidence_type,
    forges,
    held,
    obtain,
    published,
    says,
    sealed,
)

pytestmark = pytest.mark.django_db


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def with_another_payload(desk: Any) -> None:
    """Keep header and signature of a true answer, and say something else in between."""
    head, _, signature = sealed(json.dumps({**desk.meant, "answer": "no_record"}).encode()).split(b".")
    _, said, _ = sealed(json.dumps({**desk.meant, **FOUND}).encode()).split(b".")
    desk.write(b".".join([head, said, signature]))


LIES: dict[str, Answer] = {
    "a signature of somebody else": forges(key=FALSE_KEY),
    "what was not signed": with_another_payload,
    "no signature at all": forges(key=None, header={"alg": "none"}),
    "a shared secret for a key": forges(key="x" * 32, header={"alg": "HS256"}),
    "another sort of paper": forges(header={"typ": "JWT"}),
    "a key its office does not publish": forges(header={"kid": "key-9"}),
    "no key named": forges(header={"kid": ""}),
    "an answer to another question": forges(reference=str(uuid4())),
    "an answer to no question": forges(reference=GONE),
    "an answer of another register": forges(register="household-register"),
    "an answer of another office": forges(office="tax"),
    "an answer of an hour ago": forges(answered_at=at(hours=1)),
    "an answer of six minutes ago": forges(answered_at=at(minutes=6)),
    "an answer of tomorrow": forges(answered_at=at(days=-1)),
    "an answer of no time": forges(answered_at=GONE),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_what_its_office_did_not_sign_for_this_question_is_distrusted_and_proves_nothing(
    lie: Answer, register: Register, ayse: Holder
):
    register.will(lie)

    with structlog.testing.capture_logs() as told:
        assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DISTRUSTED]

    assert held(ayse) == ()
    # flagged to those who run the portal, and asked again later: one more question, not three at once
    assert Outage.objects.get().outcome == "distrusted"
    assert [(one["event"], one["register"]) for one in told] == [("register_distrusted", "id-card")]
    assert len(register.asked) == 1


def test_a_distrusted_register_is_asked_again_and_believed_when_it_signs(register: Register, ayse: Holder):
    register.will(forges(key=FALSE_KEY), says(FOUND))
    obtain(Wanted(ID_CARD, ayse))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]

    assert not Outage.objects.exists()


def test_an_answer_within_its_minutes_is_believed(register: Register, ayse: Holder):
    register.will(forges(answered_at=at(minutes=4)))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]


def test_that_there_is_no_record_must_be_signed_too(register: Register, ayse: Holder):
    register.will(forges(key=FALSE_KEY, answer="no_record"))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DISTRUSTED]


def test_a_signature_that_asks_for_more_than_we_know_is_no_answer(register: Register, ayse: Holder):
    register.will(forges(header={"crit": ["exp"], "exp": 1}))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]


FORMLESS = {
    "a name that is a number": {"person.full_name": 7},
    "a name that is a list": {"person.full_name": ["Ayshe"]},
    "a name without end": {"person.full_name": "x" * 3000},
    "a date that is a word": {"person.birth_date": "long ago"},
}


@pytest.mark.parametrize("facts", FORMLESS.values(), ids=FORMLESS.keys())
def test_facts_that_are_not_of_their_form_are_no_answer(
    facts: dict[str, object], register: Register, ayse: Holder, known: Callable[..., Wanted]
):
    register.will(says(FOUND | {"facts": facts}))

    assert obtain(known(ayse)) == [Outcome.DOWN]

    assert held(ayse) == ()


def test_facts_of_their_form_are(register: Register, ayse: Holder, known: Callable[..., Wanted]):
    register.will(says(FOUND))

    assert obtain(known(ayse)) == [Outcome.FOUND]


@pytest.fixture
def known() -> Callable[[Holder], Wanted]:
    """Return what is wanted of the identity card's register, with the forms of its facts."""
    forms = tuple(reference().facts[code] for code in ID_CARD.proves)
    return lambda holder: Wanted(ID_CARD, holder, forms=forms)


# --- Keys ------------------------------------------------------------------------------------------------


def test_an_offices_keys_are_asked_for_once_and_kept_for_an_hour(
    register: Register, ayse: Holder, monkeypatch: pytest.MonkeyPatch
):
    register.will(says({"answer": "no_record"}))
    for application in (uuid4(), uuid4()):
        obtain(Wanted(ID_CARD, ayse), application_id=application)
    assert register.keys_asked == ["/offices/public-security/keys.json"]

    in_an_hour = time.monotonic() + signatures.KEPT_SECONDS + 1
    monkeypatch.setattr("services.evidence.registries.signatures.time.monotonic", lambda: in_an_hour)
    obtain(Wanted(ID_CARD, ayse))

    assert len(register.keys_asked) == 2


def test_a_key_that_is_new_is_looked_up_at_once(register: Register, ayse: Holder):
    register.will(says({"answer": "no_record"}))
    obtain(Wanted(ID_CARD, ayse), application_id=uuid4())
    register.keys = {"keys": [published(), published(FALSE_KEY, "key-2")]}
    register.will(forges(key=FALSE_KEY, header={"kid": "key-2"}))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.FOUND]


def test_a_key_that_was_withdrawn_signs_nothing_once_the_keys_are_read_again(
    register: Register, ayse: Holder
):
    register.keys = {"keys": [published(FALSE_KEY, "key-2")]}
    register.will(says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DISTRUSTED]


@pytest.mark.parametrize("keys", [{}, {"keys": "none"}, {"keys": ["key-1"], "x": "y" * 300_000}])
def test_without_keys_nothing_can_be_told_of_an_answer(
    keys: dict[str, object], register: Register, ayse: Holder
):
    register.keys = keys
    register.will(says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DOWN]


def test_keys_of_another_sort_are_no_keys_for_answers(register: Register, ayse: Holder):
    for_secrets = published() | {"use": "enc"}
    symmetric = {"kty": "oct", "kid": "key-1", "k": "eHh4eHh4eHh4eHh4"}
    register.keys = {"keys": [for_secrets, symmetric, published() | {"alg": "RS256"}, {"kid": 7}, "key-1"]}
    register.will(says(FOUND))

    assert obtain(Wanted(ID_CARD, ayse)) == [Outcome.DISTRUSTED]


# --- The legal basis -------------------------------------------------------------------------------------


def test_r15_1_every_question_names_its_legal_basis_and_it_is_kept(register: Register, ayse: Holder):
    lawful = evidence_type(basis="Resident Identity Card Law art. 13")
    register.will(says(FOUND))

    obtain(Wanted(lawful, ayse))

    assert register.asked[0]["basis"] == "Resident Identity Card Law art. 13"
    assert Attempt.objects.get(application_id=APPLICATION).basis == "Resident Identity Card Law art. 13"


def test_nobodys_data_is_read_where_nobody_was_called(register: Register, ayse: Holder, settings: object):
    settings.REGISTRY_FAILURES_BEFORE_REST = 1
    register.will(says({}, 503))
    obtain(Wanted(ID_CARD, ayse))
    before = len(ledger.readings_about(ayse))

    obtain(Wanted(ID_CARD, ayse))

    assert len(ledger.readings_about(ayse)) == before == 1
