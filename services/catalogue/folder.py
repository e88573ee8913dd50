"""A prefecture's catalogue as it lies in a folder: read whole, every mistake told with its file, place and sentence."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Any

from services.core.appointments import Centre, Opening, Window
from services.core.definitions import Definition
from services.core.facts import Fact
from services.core.jurisdiction import calendar_from, profile_from
from services.core.legal import read_legal_resources
from services.core.parsing import read_definition
from services.core.reading import DefinitionRefused, plain
from services.core.reference import (
    Bundle,
    EvidenceType,
    Home,
    Reference,
    check_bundles,
    check_evidence_types,
    read_bundles,
    read_evidence_types,
    read_facts,
    read_organisations,
)
from services.core.refusal import Mistake
from services.core.rehearsal import run_example
from services.core.routing import Law

Tables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One definition as written and as read."""

    file: str
    table: Tables
    definition: Definition


@dataclass(frozen=True, slots=True)
class Folder:
    """A catalogue that can be read; `refused` holds, by file, what cannot."""

    reference: Reference
    tables: Mapping[str, Tables]
    fact_tables: Tables
    law: Law
    centres: tuple[Centre, ...]
    bundles: tuple[Bundle, ...]
    definitions: tuple[Written, ...]
    refused: tuple[DefinitionRefused, ...]


def read_folder(path: Path) -> Folder:
    """Return the catalogue in the folder.

    :raises DefinitionRefused: if the data that definitions rest on (facts, evidence types, …) has mistakes.
    """
    tables = {name: _table(path / f"{name}.toml") for name in _NAMES}
    fact_tables = _fact_tables(path)
    reference = _reference(path, tables)
    written, refused = _definitions(path, reference)
    return Folder(
        reference=reference,
        tables=tables,
        fact_tables=fact_tables,
        law=Law(
            profile_from(tables["jurisdiction"]["profile"]), calendar_from(tables["jurisdiction"]["calendar"])
        ),
        centres=tuple(centre_from(code, table) for code, table in tables["centres"].items()),
        bundles=_bundles(tables["bundles"], reference, written, refused),
        definitions=tuple(written),
        refused=tuple(refused),
    )


_NAMES = (
    "jurisdiction",
    "organisations",
    "programmes",
    "legal_resources",
    "evidence_types",
    "certificate_types",
    "centres",
    "bundles",
)


def _table(path: Path, name: str = "") -> Tables:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mistake = Mistake("", "This file is missing.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        mistake = Mistake("", "This cannot be read: {why}.", {"why": str(error)})
    raise DefinitionRefused(file=name or path.name, errors=[mistake])


def _fact_tables(path: Path) -> Tables:
    """Return every fact's own table by its code, as written."""
    files = [_table(file) for file in sorted((path / "facts").glob("*.toml"))]
    return {
        f"{scope}.{name}": fact
        for file in files
        for scope, facts in file.items()
        for name, fact in facts.items()
    }


def _reference(path: Path, tables: Mapping[str, Tables]) -> Reference:
    mistakes: list[Mistake] = []
    facts: dict[str, Fact] = {}
    for file in sorted((path / "facts").glob("*.toml")):
        found: list[Mistake] = []
        read = read_facts(_table(file), found)
        found += [Mistake(code, "This fact stands in another file too.") for code in read if code in facts]
        facts |= read
        mistakes += [replace(one, place=f"facts/{file.name}: {one.place}") for one in found]
    kinds: dict[str, EvidenceType] = read_evidence_types(tables["evidence_types"], mistakes)
    kinds |= read_evidence_types(tables["certificate_types"], mistakes, home=Home.ISSUED)
    organisations = read_organisations(tables["organisations"], mistakes)
    acts = read_legal_resources(tables["legal_resources"], mistakes)
    reference = Reference(facts, kinds, organisations, frozenset(tables["programmes"]), acts)
    check_evidence_types(reference, mistakes)
    if mistakes:
        raise DefinitionRefused(file=path.name, errors=mistakes)
    return reference


def _definitions(path: Path, reference: Reference) -> tuple[list[Written], list[DefinitionRefused]]:
    written: list[Written] = []
    refused: list[DefinitionRefused] = []
    for file in sorted(path.glob("*/*.toml")):
        if file.parent.name == "facts":
            continue
        name = f"{file.parent.name}/{file.name}"
        try:
            table = _table(file, name)
            written.append(
                Written(name, plain(table), read_definition(table, file=name, reference=reference))
            )
        except DefinitionRefused as refusal:
            refused.append(refusal)
    return written, refused


def _bundles(
    table: Tables, reference: Reference, written: list[Written], refused: list[DefinitionRefused]
) -> tuple[Bundle, ...]:
    """Return the bundles whose members can all be read; a definition that cannot be is told once, by itself."""
    unreadable = {Path(str(one.values["file"])).stem for one in refused}
    mistakes: list[Mistake] = []
    bundles = read_bundles(table, mistakes)
    known = {one.definition.code for one in written} | unreadable
    check_bundles(bundles, reference, sorted(known), mistakes)
    if mistakes:
        raise DefinitionRefused(file="bundles.toml", errors=mistakes)
    return tuple(one for one in bundles if unreadable.isdisjoint(one.services))


def centre_from(code: str, table: Tables) -> Centre:
    """Return the centre with its windows; a window with a count stands for as many alike."""
    opens, closes = (time.fromisoformat(str(table[key])) for key in ("opens", "closes"))
    hours = (Opening(frozenset(range(1, 6)), opens, closes),)
    windows = tuple(
        Window(
            code=f"{window['code']}-{number}",
            centre=code,
            skills=frozenset(window["skills"]),
            hours=hours,
            minutes=window.get("minutes", 20),
            organisations=frozenset(window.get("organisations", ())),
            staff=frozenset(window.get("staff", ())),
        )
        for window in table.get("windows", ())
        for number in range(1, window.get("count", 1) + 1)
    )
    rooms = frozenset(table.get("rooms", ()))
    return Centre(code=code, general=bool(table.get("general", False)), rooms=rooms, windows=windows)


def check_examples(definition: Definition, law: Law) -> Iterator[Mistake]:
    """Yield what is wrong with the definition's worked examples, each run through the real routing."""
    if len(definition.examples) < 2:
        yield Mistake("example", "Write at least two worked examples.")
    for number, example in enumerate(definition.examples, start=1):
        yield from run_example(definition, example, law, f"example[{number}]")
    for code in definition.conditions:
        seen = {example.conditions.get(code) for example in definition.examples}
        if not {True, False} <= seen:
            yield Mistake(
                f"conditions.{code}", "Show in the examples both when this holds and when it does not."
            )
