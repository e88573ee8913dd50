"""Certificates an office issued before the portal began, in a CSV file: read row by row, every mistake told at once.

The memory this takes does not grow with the file, but for eight bytes a row, by which doubles are found.
"""

import csv
import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from services.catalogue.queries import DescribedRegister
from services.core.facts import AnswerNotUnderstood, FactType, Value, is_empty, read_answer
from services.core.refusal import Mistake, Refusal
from services.core.writing import read_date
from services.evidence.finding import holder_index, key_index
from services.people.identifiers import IdentifierKind, IdentifierMistyped, checked

HOLDER, DOCUMENT, HOLDER_KIND = "holder_number", "document_kind", "holder_kind"
NUMBER, ISSUED, UNTIL = "record_number", "issued_on", "valid_until"
REQUIRED, OPTIONAL = (HOLDER, NUMBER, ISSUED), (DOCUMENT, HOLDER_KIND, UNTIL)
KINDS = ("person", "business")
DOCUMENTS = ("resident_id", "passport", "residence_card")
LONGEST_NUMBER = 200
MOST_TOLD = 100
# So short a number can stand for two holders by chance: doubles are looked at again.
DIGEST_BYTES = 8


class FileNotGood(Refusal):
    """The file has mistakes: all of them are told, and nothing of it is loaded."""

    code = "file_not_good"
    sentence = "{file} has {count} mistakes. Nothing of it is loaded."


@dataclass(frozen=True, slots=True)
class OldCertificate:
    """One row: whose it is and which thing of theirs as they are looked up, and what the certificate says."""

    line: int
    holder_index: str
    key_index: str
    number: str
    facts: Mapping[str, Value] = field(hash=False, repr=False)
    issued_on: date
    valid_until: date | None

    @property
    def about(self) -> int:
        """Return a short number that two rows about the same holder and thing have in common."""
        digest = hashlib.blake2b(f"{self.holder_index}|{self.key_index}".encode(), digest_size=DIGEST_BYTES)
        return int.from_bytes(digest.digest())


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file without mistakes: how many rows it has, and the digest by which it is known again."""

    rows: int
    digest: str


def check_file(path: Path, register: DescribedRegister, *, on: date) -> CheckedFile:
    """Return what the file holds, having read all of it.

    :raises FileNotGood: with a sentence for each mistake, at its line and column; beyond a hundred, their count.
    """
    told: list[Mistake] = []
    seen, count, rows = array("Q"), 0, 0
    for row in read_rows(path, register, on=on):
        if isinstance(row, OldCertificate):
            seen.append(row.about)
            rows += 1
        else:
            count += len(row)
            told += row[: MOST_TOLD - len(told)]
    doubles = _doubles(path, register, seen, on)
    count += len(doubles)
    told += doubles[: MOST_TOLD - len(told)]
    if not rows and not count:
        count, told = 1, [Mistake("line 1", "There is no row in it.")]
    if count:
        raise FileNotGood(file=path.name, count=count, errors=told)
    return CheckedFile(rows, _digest(path))


def read_rows(
    path: Path, register: DescribedRegister, *, on: date
) -> Iterator[OldCertificate | list[Mistake]]:
    """Yield for each row its certificate, or what is wrong with it; for a file that is no such table, that alone."""
    try:
        # With the mark in front that Excel writes, or without.
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(csv.reader(file, strict=True), _Sheet(register, on))
    except OSError as error:
        yield [Mistake("", "It cannot be opened: {why}.", {"why": error.strerror or "unknown"})]
    except UnicodeDecodeError:
        yield [Mistake("", "It is not UTF-8. Save it as “CSV UTF-8”.")]


def _rows(lines: Iterator[list[str]], sheet: "_Sheet") -> Iterator[OldCertificate | list[Mistake]]:
    try:
        names = [name.strip() for name in next(lines, [])]
        if mistakes := list(sheet.unfit(names)):
            yield mistakes
            return
        for cells in lines:
            if any(cell.strip() for cell in cells):
                yield sheet.read(lines.line_num, names, cells)
    except csv.Error as error:
        place = f"line {lines.line_num}"
        yield [Mistake(place, "This is not a row of a CSV file: {why}.", {"why": str(error)})]


class _Sheet:
    """The table such a file must be: which columns it has, and what may stand in each."""

    def __init__(self, register: DescribedRegister, on: date) -> None:
        self.kind, self.forms, self.on = register.kind, register.forms, on
        self.facts = [
            code
            for code in self.kind.proves
            if code in self.forms and self.forms[code].type is not FactType.FILE
        ]

    def unfit(self, names: Sequence[str]) -> Iterator[Mistake]:
        """Yield what is wrong with the first line."""
        needed = [*REQUIRED, *([self.kind.key] if self.kind.key else [])]
        needed += [HOLDER_KIND] if self.kind.about == "application" else []
        known = {*needed, *OPTIONAL, *self.facts}
        for name in needed:
            if name not in names:
                yield Mistake("line 1", "The column “{name}” is missing.", {"name": name})
        for name, times in Counter(names).items():
            if name not in known:
                known_names = ", ".join(sorted(known))
                yield Mistake(
                    "line 1", "The column “{name}” is not known. Known are: {known}.",
                    {"name": name, "known": known_names},
                )  # fmt: skip
            elif times > 1:
                yield Mistake("line 1", "The column “{name}” is there twice.", {"name": name})

    def read(self, line: int, names: Sequence[str], cells: Sequence[str]) -> OldCertificate | list[Mistake]:
        """Return the certificate in a row, or everything that is wrong with it."""
        if len(cells) != len(names):
            told = {"cells": len(cells), "columns": len(names)}
            return [Mistake(f"line {line}", "This row has {cells} cells, not {columns}.", told)]
        row = _Row(line, {name: cell.strip() for name, cell in zip(names, cells, strict=True)}, self.on)
        kind = self._holder_kind(row)
        number = row.holder(kind)
        said = row.text(NUMBER, longest=LONGEST_NUMBER)
        issued_on, valid_until = row.day(ISSUED), row.day(UNTIL, required=False)
        row.check_days(issued_on, valid_until)
        key = self._fact(row, self.kind.key, required=True) if self.kind.key else ""
        facts = {code: self._fact(row, code) for code in self.facts if code in names}
        if row.mistakes or issued_on is None:
            return row.mistakes
        return OldCertificate(
            line=line,
            holder_index=holder_index(kind, number),
            key_index=key_index(str(key)),
            number=said,
            facts={code: value for code, value in facts.items() if value is not None},
            issued_on=issued_on,
            valid_until=valid_until,
        )

    def _holder_kind(self, row: "_Row") -> str:
        return self.kind.about if self.kind.about in KINDS else row.one_of(HOLDER_KIND, KINDS)

    def _fact(self, row: "_Row", code: str, *, required: bool = False) -> Value:
        raw: object = row.cells[code]
        if is_empty(raw):
            if required:
                row.note(code, "Say which one it is about.")
            return None
        if self.forms[code].type is FactType.ROWS:
            with suppress(ValueError):
                raw = json.loads(str(raw))
        try:
            return read_answer(self.forms[code], raw, on=self.on)
        except AnswerNotUnderstood as refusal:
            for mistake in refusal.errors:
                row.note(code, mistake.sentence, **mistake.values)
            return None


class _Row:
    """One row being read, with what is wrong in it."""

    def __init__(self, line: int, cells: Mapping[str, str], on: date) -> None:
        self.line, self.cells, self.on = line, cells, on
        self.mistakes: list[Mistake] = []

    def note(self, column: str, sentence: str, /, **values: object) -> None:
        """Note a mistake in a column. What stands there is not repeated: it is somebody's."""
        self.mistakes.append(Mistake(f"line {self.line}, {column}", sentence, values))

    def text(self, column: str, *, longest: int) -> str:
        """Return the text in a column that must not be empty."""
        said = self.cells[column]
        if is_empty(said) or len(said) > longest or "\x00" in said:
            self.note(column, "Write 1 to {longest} characters.", longest=longest)
        return said

    def one_of(self, column: str, allowed: Sequence[str], usual: str = "") -> str:
        """Return the word in a column."""
        said = self.cells.get(column) or usual
        if said not in allowed:
            self.note(column, "Write one of: {allowed}.", allowed=", ".join(allowed))
        return said

    def holder(self, kind: str) -> str:
        """Return the number of whose certificate it is, in its one form."""
        document = IdentifierKind.USCC
        if kind != "business":
            said = self.one_of(DOCUMENT, DOCUMENTS, usual=DOCUMENTS[0])
            document = IdentifierKind(said) if said in DOCUMENTS else IdentifierKind.RESIDENT_ID
        try:
            return checked(self.cells[HOLDER], document, today=self.on)
        except IdentifierMistyped as refusal:
            self.note(HOLDER, refusal.sentence, **refusal.values)
            return ""

    def day(self, column: str, *, required: bool = True) -> date | None:
        """Return the day in a column."""
        said = self.cells.get(column, "")
        if not said and not required:
            return None
        day = read_date(said)
        if day is None:
            self.note(column, "Write the day as 2020-05-31.")
            return None
        return date.fromisoformat(day)

    def check_days(self, issued_on: date | None, valid_until: date | None) -> None:
        """Note a day that has not come, and an end before the beginning."""
        if issued_on is not None and issued_on > self.on:
            self.note(ISSUED, "This day has not come yet.")
        if issued_on is not None and valid_until is not None and valid_until < issued_on:
            self.note(UNTIL, "This day is before the day of issue.")


def _doubles(path: Path, register: DescribedRegister, seen: "array[int]", on: date) -> list[Mistake]:
    """Return a mistake for each row about a holder and thing that another row is about already."""
    ordered = sorted(seen)
    twice = {one for one, other in pairwise(ordered) if one == other}
    first: dict[tuple[str, str], int] = {}
    found = []
    for row in read_rows(path, register, on=on) if twice else ():
        if isinstance(row, OldCertificate) and row.about in twice:
            line = first.setdefault((row.holder_index, row.key_index), row.line)
            if line != row.line:
                told = {"line": line}
                sentence = "Line {line} is about the same holder and thing. Keep the one that counts."
                found.append(Mistake(f"line {row.line}", sentence, told))
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
