"""What can be known about a person, a business or a matter, and how an answer is read into it.

A value is kept in plain JSON form: text, choice, file and address as `str`, a date as ISO `str`, money as a
decimal `str` with two places, a number as `int` or `float`, yes/no as `bool`, rows as a list of mappings.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.core.refusal import Mistake, Refusal

Value = Any
Texts = Mapping[str, str]

SCOPES = ("person", "business", "application")


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

# Fixed shapes, so that no definition brings a pattern of its own (and none can hang a worker).
FORMATS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "phone": (re.compile(r"\+?[0-9]{5,15}"), "Write a phone number with digits only, such as 0000-1234567."),
    "email": (
        re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"),
        "Write an e-mail address, such as name@example.org.",
    ),
    "uscc": (
        re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}"),
        "Write the 18 characters of the unified social credit code.",
    ),
    "identity_number": (
        re.compile(r"[0-9A-Z]{5,20}"),
        "Write the number as it stands on the identity document.",
    ),
    "vin": (
        re.compile(r"[0-9A-HJ-NPR-Z]{17}"),
        "Write the 17 characters of the vehicle identification number.",
    ),
    "plate": (re.compile(r"\w{5,9}"), "Write the number plate without spaces."),
    "hs_code": (re.compile(r"[0-9]{4,10}"), "Write the customs goods code, 4 to 10 digits."),
    "postcode": (re.compile(r"[0-9]{6}"), "Write the six digits of the postcode."),
}


class AnswerNotUnderstood(Refusal):
    """One or more answers are not of the kind their question asks for."""

    code = "answer_not_understood"
    sentence = "Some answers need another look."


def read_answer(fact: Fact, raw: object) -> Value:
    """Return the answer in plain JSON form, tolerant of spaces, full-width digits and the like.

    :raises AnswerNotUnderstood: with a sentence for each thing to put right, at `fact.code` or `fact.code.row.column`.
    """
    mistakes: list[Mistake] = []
    value = _READERS[fact.type](fact, raw, fact.code, mistakes)
    if mistakes:
        raise AnswerNotUnderstood(errors=mistakes)
    return value


def is_empty(raw: object) -> bool:
    """Return whether nothing was answered."""
    return raw is None or (isinstance(raw, str) and not raw.strip()) or raw == []


def _clean(raw: object) -> str:
    """Return the text without control, bidirectional and zero-width characters, in composed form."""
    text = unicodedata.normalize("NFC", str(raw))
    kept = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).strip()


def _digits(raw: object) -> str:
    """Return full-width and other scripts' digits as 0-9, without grouping commas and spaces."""
    text = unicodedata.normalize("NFKC", _clean(raw))
    return "".join(str(unicodedata.digit(c, c)) for c in text).replace(",", "").replace(" ", "")


def _text(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    if not isinstance(raw, str):
        mistakes.append(Mistake(place, "Write this as text."))
        return None
    text = _clean(raw)
    if len(text) > fact.max_length:
        mistakes.append(Mistake(place, "Use {most} characters at the most.", {"most": fact.max_length}))
    if fact.format and text:
        return _formatted(fact.format, text, place, mistakes)
    return text


def _formatted(name: str, text: str, place: str, mistakes: list[Mistake]) -> str:
    pattern, sentence = FORMATS[name]
    compact = (
        text if name == "email" else re.sub(r"[\s\-·()]", "", unicodedata.normalize("NFKC", text)).upper()
    )
    if not pattern.fullmatch(compact):
        mistakes.append(Mistake(place, sentence))
    return compact


def _decimal(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Decimal | None:
    try:
        # Bounded before it is read: a huge exponent would hang the arithmetic that follows.
        number = Decimal(_digits(raw)[:30]) if not isinstance(raw, bool | list | dict) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or abs(number) >= Decimal("1e15"):
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
    return None if number is None else str(number.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _date(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    parts = re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?", _digits(raw)) if isinstance(raw, str) else None
    try:
        if parts is None:
            raise ValueError
        return date(*(int(part) for part in parts.groups())).isoformat()
    except ValueError:
        mistakes.append(Mistake(place, "Write a real date: year, month and day, such as 2026-03-02."))
        return None


def _choice(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    if raw not in [choice.code for choice in fact.choices]:
        mistakes.append(Mistake(place, "Choose one of the answers."))
        return None
    return raw


def _yes_no(fact: Fact, raw: object, place: str, mistakes: list[Mistake]) -> Value:
    answers = {"yes": True, "true": True, "no": False, "false": False}
    value = raw if isinstance(raw, bool) else answers.get(str(raw).lower())
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
