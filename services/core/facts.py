"""What can be known about a person, a business or a matter, and how an answer is read into it.

A value is kept in plain JSON form: text, choice, file and address as `str`, a date as ISO `str`, money as a
decimal `str` with two places, a number as `int` or `float`, yes/no as `bool`, rows as a list of mappings.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.core.refusal import Mistake, Refusal
from services.core.writing import CHECKS, FORMATS, clean_text, compact, read_date, read_decimal

Value = Any
Texts = Mapping[str, str]

SCOPES = ("person", "business", "application")
CENT = Decimal("0.01")


class FactType(StrEnum):
    """The kinds of answer a question can have."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    ADDRESS = "address"
    FILE = "file"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Holder:
    """The person or business a fact, an evidence or a certificate is about."""

    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    code: str
    texts: Texts = field(hash=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can be known, and the one question that asks for it."""

    code: str
    type: FactType
    label: Texts = field(hash=False)
    ask: Texts = field(hash=False, default_factory=dict)
    hint: Texts = field(hash=False, default_factory=dict)
    format: str = ""
    max_length: int = 200
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    columns: tuple["Fact", ...] = ()
    min_rows: int = 1
    max_rows: int = 50

    @property
    def scope(self) -> str:
        """Return `person`, `business` or `application`; the last is never reused in another matter."""
        return self.code.partition(".")[0]


def _built_in(code: str, kind: FactType, en: str, zh: str, choices: tuple[Choice, ...] = ()) -> Fact:
    return Fact(code=code, type=kind, label={"en": en, "zh": zh}, choices=choices)


# Known from who files and when; never asked.
BUILT_IN: Mapping[str, Fact] = {
    fact.code: fact
    for fact in (
        _built_in(
            "application.filed_by",
            FactType.CHOICE,
            "Who files",
            "由谁申请",
            (
                Choice("self", {"en": "The applicant", "zh": "申请人本人"}),
                Choice("agent", {"en": "An agent", "zh": "代理人"}),
                Choice("guardian", {"en": "A guardian", "zh": "监护人"}),
                Choice("helper", {"en": "A helper at the counter", "zh": "窗口帮办人员"}),
            ),
        ),
        _built_in("application.filed_on", FactType.DATE, "Day of filing", "申请日期"),
        _built_in(
            "person.document_kind",
            FactType.CHOICE,
            "Kind of identity document",
            "身份证件种类",
            (
                Choice("resident_id", {"en": "Resident identity card", "zh": "居民身份证"}),
                Choice("passport", {"en": "Foreign passport", "zh": "外国护照"}),
                Choice(
                    "residence_card", {"en": "Foreign permanent resident card", "zh": "外国人永久居留身份证"}
                ),
            ),
        ),
    )
}


class AnswerNotUnderstood(Refusal):
    """One or more answers are not of the kind their question asks for."""

    code = "answer_not_understood"
    sentence = "Some answers need another look."


def read_answer(fact: Fact, raw: object, *, on: date) -> Value:
    """Return the answer in plain JSON form, tolerant of spaces, full-width digits and the like.

    `on` is the legal day: the day inside a resident's number cannot lie after it (R12.8).

    :raises AnswerNotUnderstood: with a sentence for each thing to put right, at `fact` or `fact.row.column`.
    """
    mistakes: list[Mistake] = []
    value = _READERS[fact.type](fact, raw, fact.code, mistakes)
    mistakes += _slips(fact, value, fact.code, on)
    if mistakes:
        raise AnswerNotUnderstood(errors=mistakes)
    return value


def _slips(fact: Fact, value: Value, place: str, on: date) -> Iterator[Mistake]:
    """Yield a mistake for each number that has the right shape and the wrong check digit (R12.7, R12.8)."""
    if isinstance(value, list):
        for index, row in enumerate(value):
            for column in fact.columns:
                yield from _slips(column, row.get(column.code), f"{place}.{index}.{column.code}", on)
    elif fact.format in CHECKS and isinstance(value, str) and FORMATS[fact.format][0].fullmatch(value):
        may_be, sentence = CHECKS[fact.format]
        if not may_be(value, on):
            yield Mistake(place, sentence)


def is_empty(raw: object) -> bool:
    """Return whether nothing was answered: blanks and characters that nobody can see are no answer."""
    return raw is None or raw == [] or (isinstance(raw, str) and not clean_text(raw))


def _text(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    if not isinstance(raw, str):
        mistakes.append(Mistake(place, "Write this as text."))
        return None
    text = clean_text(raw)
    if len(text) > fact.max_length:
        mistakes.append(Mistake(place, "Use {most} characters at the most.", {"most": fact.max_length}))
        return None
    if not fact.format or not text:
        return text
    pattern, sentence = FORMATS[fact.format]
    text = compact(fact.format, text)
    if not pattern.fullmatch(text):
        mistakes.append(Mistake(place, sentence))
    return text


def _decimal(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Decimal | None:
    number = read_decimal(raw)
    if number is None:
        mistakes.append(Mistake(place, "Write a number."))
        return None
    if fact.minimum is not None and number < fact.minimum:
        mistakes.append(Mistake(place, "This must be {least} or more.", {"least": fact.minimum}))
    if fact.maximum is not None and number > fact.maximum:
        mistakes.append(Mistake(place, "This must be {most} or less.", {"most": fact.maximum}))
    return number


def _number(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    number = _decimal(fact, raw, place, mistakes)
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _money(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    text = re.sub(r"[¥￥元]|CNY|RMB", "", raw) if isinstance(raw, str) else raw
    number = _decimal(fact, text, place, mistakes)
    return None if number is None else str(number.quantize(CENT, ROUND_HALF_UP) + 0)


def _date(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    day = read_date(raw)
    if day is None:
        mistakes.append(Mistake(place, "Write a real date: year, month and day, such as 2026-03-02."))
    return day


def _choice(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    if raw not in [choice.code for choice in fact.choices]:
        mistakes.append(Mistake(place, "Choose one of the answers."))
        return None
    return raw


def _yes_no(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    answers = {"yes": True, "true": True, "no": False, "false": False}
    value = raw if isinstance(raw, bool) else answers.get(clean_text(str(raw)).lower())
    if value is None:
        mistakes.append(Mistake(place, "Answer yes or no."))
    return value


def _file(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    try:
        return str(UUID(str(raw)))
    except ValueError:
        mistakes.append(Mistake(place, "Upload a file for this."))
        return None


def _rows(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
        mistakes.append(Mistake(place, "Give this as rows."))
        return None
    if not fact.min_rows <= len(raw) <= fact.max_rows:
        sentence = "Give between {least} and {most} rows."
        mistakes.append(Mistake(place, sentence, {"least": fact.min_rows, "most": fact.max_rows}))
    rows = raw[: fact.max_rows]
    return [_row(fact, row, f"{place}.{index}", mistakes) for index, row in enumerate(rows)]


def _row(fact: Fact, row: Mapping[str, object], place: str, mistakes: list[Mistake]) -> dict[str, Value]:
    """Return one row with exactly the columns of the question."""
    known = {column.code for column in fact.columns}
    mistakes += [Mistake(f"{place}.{code}", "There is no such column.") for code in row if code not in known]
    values: dict[str, Value] = {}
    for column in fact.columns:
        raw, where = row.get(column.code), f"{place}.{column.code}"
        if is_empty(raw):
            mistakes.append(Mistake(where, "Fill in this column."))
        else:
            values[column.code] = _READERS[column.type](column, raw, where, mistakes)
    return values


_READERS = {
    FactType.TEXT: _text,
    FactType.ADDRESS: _text,
    FactType.NUMBER: _number,
    FactType.MONEY: _money,
    FactType.DATE: _date,
    FactType.CHOICE: _choice,
    FactType.YES_NO: _yes_no,
    FactType.FILE: _file,
    FactType.ROWS: _rows,
}
