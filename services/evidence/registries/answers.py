"""What an answer may say: a schema drawn from the evidence type and its facts, and the answer read by it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from services.core.evidence import Outcome
from services.core.facts import Fact, FactType
from services.evidence.registries.exchange import NotAnAnswer, Question, RegisterAnswer

Schema = dict[str, Any]

BARE_ANSWERS = {"no_record": Outcome.NO_RECORD, "contradiction": Outcome.CONTRADICTION}
LONGEST_TEXT = 2000
MOST_FACTS, MOST_ROWS = 200, 1000
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "maxLength": 10}
NUMBER = {"type": "string", "pattern": "^-?[0-9]{1,15}([.][0-9]{1,6})?$", "maxLength": 24}
TEXT = {"type": "string", "maxLength": LONGEST_TEXT}


def read_answer(answer: Mapping[str, Any], question: Question) -> RegisterAnswer:
    """Return what the register says, keeping only the facts that the type proves (R15.5).

    :raises NotAnAnswer: if it is not of the agreed form.
    """
    if not _validator(question.forms).is_valid(answer):
        raise NotAnAnswer("not of the agreed form")
    if answer["answer"] in BARE_ANSWERS:
        return RegisterAnswer(outcome=BARE_ANSWERS[answer["answer"]])
    issued_on, valid_until = _day(answer, "issued_on"), _day(answer, "valid_until")
    if issued_on and valid_until and valid_until < issued_on:
        raise NotAnAnswer("expired before it was issued")
    facts = answer["facts"]
    return RegisterAnswer(
        outcome=Outcome.FOUND,
        facts={code: facts[code] for code in question.type.proves if facts.get(code) is not None},
        reference=(answer.get("record") or "").replace("\x00", ""),
        issued_on=issued_on,
        valid_until=valid_until,
    )


@lru_cache(maxsize=256)
def _validator(forms: tuple[Fact, ...]) -> Draft202012Validator:
    return Draft202012Validator(schema_of(forms))


def schema_of(forms: tuple[Fact, ...]) -> Schema:
    """Return the schema of an answer that may tell these facts; others are let in here and dropped afterwards."""
    told = {fact.code: _or_nothing(form_of(fact)) for fact in forms}
    optional = {
        "record": _or_nothing({"type": "string", "maxLength": 200}),
        "issued_on": _or_nothing(DAY),
        "valid_until": _or_nothing(DAY),
        "detail": _or_nothing(TEXT),
    }
    facts = {"type": "object", "maxProperties": MOST_FACTS, "properties": told}
    return {
        "type": "object",
        "required": ["answer"],
        "properties": {"answer": {"enum": ["found", *BARE_ANSWERS]}, "facts": _or_nothing(facts), **optional},
        "if": {"properties": {"answer": {"const": "found"}}},
        "then": {"required": ["facts"], "properties": {"facts": {"type": "object"}}},
    }


def form_of(fact: Fact) -> Schema:
    """Return what a register may say of a fact."""
    return _FORMS[fact.type](fact)


def _rows(fact: Fact) -> Schema:
    row = {"type": "object", "properties": {one.code: _or_nothing(form_of(one)) for one in fact.columns}}
    return {"type": "array", "maxItems": MOST_ROWS, "items": row}


def _or_nothing(form: Schema) -> Schema:
    return {"anyOf": [form, {"type": "null"}]}


_FORMS: Mapping[FactType, Callable[[Fact], Schema]] = {
    FactType.TEXT: lambda _: TEXT,
    FactType.ADDRESS: lambda _: TEXT,
    FactType.NUMBER: lambda _: {"anyOf": [{"type": "number"}, NUMBER]},
    FactType.MONEY: lambda _: {"anyOf": [{"type": "number"}, NUMBER]},
    FactType.DATE: lambda _: DAY,
    FactType.CHOICE: lambda fact: {"enum": [one.code for one in fact.choices]},
    FactType.YES_NO: lambda _: {"type": "boolean"},
    # No register sends files: they come in by the applicant's door alone, where they are cleaned.
    FactType.FILE: lambda _: {"not": {}},
    FactType.ROWS: _rows,
}


def _day(answer: Mapping[str, Any], name: str) -> date | None:
    written = answer.get(name)
    try:
        return date.fromisoformat(written) if written is not None else None
    except ValueError as error:
        raise NotAnAnswer(f"no day in {name}") from error
