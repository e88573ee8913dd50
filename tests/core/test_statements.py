"""What a square code says is written in one way, and is nobody else's text (R12.3)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import date

import pytest

from services.core.statements import LONGEST, NotAStatement, Statement, compact, read_statement, signing_input

KEY = "0123456789abcdef"
SIGNATURE = bytes(range(64))
STATEMENT = Statement(
    number="82V5-MX3X-YHCV",
    version=2,
    type="food-business-licence",
    organisation="market-regulation",
    issued_on=date(2026, 3, 2),
    valid_until=date(2031, 3, 1),
    digest="ab" * 32,
)


def text(statement: Statement = STATEMENT) -> str:
    return compact(signing_input(statement, key_id=KEY, algorithm="ES256"), SIGNATURE)


def encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, object]:
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize(
    "statement", [STATEMENT, replace(STATEMENT, valid_until=None), replace(STATEMENT, place=70_000)]
)
def test_what_was_written_is_read_again(statement: Statement):
    read = read_statement(text(statement))

    assert read.statement == statement
    assert (read.key_id, read.algorithm, read.signature) == (KEY, "ES256", SIGNATURE)
    assert read.signed == signing_input(statement, key_id=KEY, algorithm="ES256")


def test_it_is_a_json_web_signature_that_says_what_it_is_for():
    head, payload, _ = text().split(".")

    assert decoded(head) == {"alg": "ES256", "kid": KEY, "typ": "certificate+jws"}
    assert set(decoded(payload)) == {"number", "version", "type", "office", "issued", "until", "digest"}


def test_it_fits_into_a_square_code_that_a_telephone_reads():
    assert len(text()) < 450


@pytest.mark.parametrize(
    "changed",
    [
        {"alg": "none", "kid": KEY, "typ": "certificate+jws"},
        {"alg": "HS256", "kid": KEY, "typ": "certificate+jws"},
        {"alg": "ES256", "kid": "somebody else's key", "typ": "certificate+jws"},
        {"alg": "ES256", "kid": KEY, "typ": "JWT"},
        {"alg": "ES256", "kid": KEY},
        {"alg": "ES256", "kid": KEY, "typ": "certificate+jws", "crit": ["exp"]},
        ["ES256"],
    ],
)
def test_another_head_is_not_ours(changed: object):
    _, payload, signature = text().split(".")

    with pytest.raises(NotAStatement):
        read_statement(f"{encoded(changed)}.{payload}.{signature}")


@pytest.mark.parametrize(
    "changed",
    [
        {"issued": "2 March"},
        {"version": "two"},
        {"version": 10**400},
        {"digest": "short"},
        {"until": 7},
        {"number": None},
        {"holder": "Ayshe"},
    ],
)
def test_other_content_is_not_ours(changed: dict[str, object]):
    head, payload, signature = text().split(".")
    said = decoded(payload) | changed

    with pytest.raises(NotAStatement):
        read_statement(f"{head}.{encoded(dict(sorted(said.items())))}.{signature}")


@pytest.mark.parametrize(
    "shown",
    ["", "abc", "a.b.c", text() + "=", text()[:-1], text() + ".x", " " + text(), "x" * (LONGEST + 1), "é.é.é",
     "W1tbW1tb." * 2 + "A" * 86],
)  # fmt: skip
def test_whatever_else_is_shown_is_refused(shown: str):
    with pytest.raises(NotAStatement):
        read_statement(shown)


def test_each_letter_counts():
    whole = text()
    for place in range(whole.rindex(".")):
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        try:
            assert read_statement(changed).signed != read_statement(whole).signed
        except NotAStatement:
            continue
