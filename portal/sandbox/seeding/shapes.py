"""What the registers hold, read from the catalogue's data: the facts each one proves, and their types."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REGISTERED = ("registry", "issued")


class CannotRead(Exception):
    """The catalogue's data does not say what the registers hold; the message names the file."""


@dataclass(frozen=True, slots=True)
class FactShape:
    """How the values of a fact look."""

    code: str
    type: str
    format: str
    choices: tuple[str, ...]
    least: float | None
    most: float | None
    max_length: int
    columns: tuple["FactShape", ...]
    rows: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RegisterShape:
    """What one register records, and about whom."""

    code: str
    name: str
    # The organisation that keeps the register and signs its answers.
    office: str
    about: str
    proves: tuple[FactShape, ...]
    key: str
    validity_months: int
    # Asked, it makes out an extract of that day; an office answers with the certificates it issued.
    is_live: bool
    # Some service asks for it; of what none asks for, few hold an earlier one.
    is_asked: bool

    @property
    def holder_kinds(self) -> tuple[str, ...]:
        """Return who can stand in the register: whom its facts are about, or both for a thing of either."""
        if self.about != "application":
            return (self.about,)
        scopes = {fact.code.partition(".")[0] for fact in self.proves} - {"application"}
        return tuple(sorted(scopes)) or ("business", "person")


def read_facts(folder: Path) -> dict[str, FactShape]:
    """Return every fact of the catalogue by its code."""
    kinds = tuple({"code": code} for code in ("resident_id", "passport", "residence_card"))
    found = {"person.document_kind": _fact("person.document_kind", {"type": "choice", "choices": kinds})}
    for file in sorted((folder / "facts").glob("*.toml")):
        for scope, facts in _read(file).items():
            found |= {f"{scope}.{name}": _fact(f"{scope}.{name}", said) for name, said in facts.items()}
    return found


def read_offices(folder: Path) -> dict[str, str]:
    """Return the name of every office by its code."""
    file = folder / "organisations.toml"
    return {code: said["name"]["en"] for code, said in _read(file).items()} if file.exists() else {}


def read_registers(folder: Path) -> tuple[RegisterShape, ...]:
    """Return the registers: one for each type of evidence somebody records or issues."""
    facts = read_facts(folder)
    asked, issued_only = folder / "evidence_types.toml", folder / "certificate_types.toml"
    found = list(_registers(_read(asked), facts, is_asked=True))
    if issued_only.exists():
        found += _registers(_read(issued_only), facts, is_asked=False)
    return tuple(found)


def _registers(
    types: Mapping[str, Any], facts: Mapping[str, FactShape], *, is_asked: bool
) -> Iterator[RegisterShape]:
    for code, said in sorted(types.items()):
        if said["source"] not in REGISTERED:
            continue
        yield RegisterShape(
            code=code,
            name=said["name"]["en"],
            office=said["organisation"],
            about=said["about"],
            # That every fact exists is checked at publishing; one that does not has no values to make up.
            proves=tuple(
                facts[fact] for fact in said["proves"] if fact in facts and facts[fact].type != "file"
            ),
            key=said["key"] if said.get("key") in facts else "",
            validity_months=said.get("validity_months", 0),
            is_live=said["source"] == "registry",
            is_asked=is_asked,
        )


def _fact(code: str, said: Mapping[str, Any]) -> FactShape:
    return FactShape(
        code=code,
        type=said["type"],
        format=said.get("format", ""),
        choices=tuple(choice["code"] for choice in said.get("choices", ())),
        least=said.get("min"),
        most=said.get("max"),
        max_length=said.get("max_length", 200),
        columns=tuple(_fact(f"{code}.{name}", column) for name, column in said.get("columns", {}).items()),
        rows=(said.get("min_rows", 1), said.get("max_rows", 50)),
    )


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CannotRead(f"{file} cannot be read: {error}") from error
