"""A prefecture's catalogue as it lies in a folder: read whole, every mistake told with its file, place and sentence."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.core.appointments import Centre
from services.core.centres import check_centres, read_centres
from services.core.definitions import Definition
from services.core.facts import Fact
from services.core.jurisdiction import JurisdictionRefused, law_from
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
    read_programmes,
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
    ground = _ground(path)
    written, refused = _definitions(path, sorted(path.glob("*/*.toml")), ground.reference)
    bundles = _bundles(ground.tables["bundles"], ground.reference, written, refused)
    return replace(ground, bundles=bundles, definitions=tuple(written), refused=tuple(refused))


def read_loose(path: Path, *, upon: Path) -> Folder:
    """Return the definitions of a folder that holds nothing else, read upon the data of a whole catalogue.

    :raises DefinitionRefused: if the data of that catalogue has mistakes.
    """
    ground = _ground(upon)
    files = sorted([*path.glob("*.toml"), *path.glob("*/*.toml")])
    written, refused = _definitions(path, files, ground.reference)
    return replace(ground, definitions=tuple(written), refused=tuple(refused))


def is_catalogue(path: Path) -> bool:
    """Return whether the folder holds data that definitions rest on, and not definitions alone."""
    return (path / "facts").is_dir() or any((path / f"{name}.toml").is_file() for name in _NAMES)


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


def _table(path: Path, name: str) -> Tables:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mistake = Mistake("", "This file is missing.")
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        mistake = Mistake("", "This cannot be read: {why}.", {"why": str(error)})
    raise DefinitionRefused(file=name, errors=[mistake])


def _ground(path: Path) -> Folder:
    """Return the catalogue without its definitions: what they rest on, with every mistake in it told at once."""
    tables, fact_files = _tables(path)
    mistakes: dict[str, list[Mistake]] = {f"{name}.toml": [] for name in _NAMES}
    reference = _reference(tables, fact_files, mistakes)
    centres = read_centres(tables["centres"], mistakes["centres.toml"])
    check_centres(centres, reference.organisations, mistakes["centres.toml"])
    try:
        law = law_from(tables["jurisdiction"])
        ZoneInfo(law.profile.zone)
    except JurisdictionRefused as refusal:
        mistakes["jurisdiction.toml"] += refusal.errors
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sentence = "Write a zone by its name, such as “Asia/Shanghai”."
        mistakes["jurisdiction.toml"].append(Mistake("profile.zone", sentence))
    if any(mistakes.values()):
        raise DefinitionRefused(file=path.name, errors=_in_their_files(mistakes))
    fact_tables = {
        f"{scope}.{name}": fact
        for file in fact_files.values()
        for scope, facts in file.items()
        for name, fact in facts.items()
    }
    return Folder(reference, tables, fact_tables, law, centres, (), (), ())


def _tables(path: Path) -> tuple[dict[str, Tables], dict[str, Tables]]:
    """Return the data files by name and the files of facts, as written; all that cannot be read are told at once."""
    files = {name: path / f"{name}.toml" for name in _NAMES}
    files |= {f"facts/{file.name}": file for file in sorted((path / "facts").glob("*.toml"))}
    tables: dict[str, Tables] = {}
    mistakes: dict[str, list[Mistake]] = {}
    for name, file in files.items():
        try:
            tables[name] = _table(file, file.name)
        except DefinitionRefused as refusal:
            mistakes[str(file.relative_to(path))] = list(refusal.errors)
    if mistakes:
        raise DefinitionRefused(file=path.name, errors=_in_their_files(mistakes))
    return tables, {name: tables.pop(name) for name in files if name not in _NAMES}


def _in_their_files(mistakes: Mapping[str, list[Mistake]]) -> list[Mistake]:
    """Return the mistakes of several files, each with its file before its place."""
    return [
        replace(one, place=f"{file}: {one.place}" if one.place else file)
        for file, found in mistakes.items()
        for one in found
    ]


def _reference(
    tables: Mapping[str, Tables], fact_files: Mapping[str, Tables], mistakes: dict[str, list[Mistake]]
) -> Reference:
    facts: dict[str, Fact] = {}
    for name, table in fact_files.items():
        found = mistakes.setdefault(name, [])
        read = read_facts(table, found)
        found += [Mistake(code, "This fact stands in another file too.") for code in read if code in facts]
        facts |= read
    ours, issued = mistakes["evidence_types.toml"], mistakes["certificate_types.toml"]
    kinds: dict[str, EvidenceType] = read_evidence_types(tables["evidence_types"], ours)
    certificates = read_evidence_types(tables["certificate_types"], issued, home=Home.ISSUED)
    reference = Reference(
        facts,
        kinds | certificates,
        read_organisations(tables["organisations"], mistakes["organisations.toml"]),
        read_programmes(tables["programmes"], mistakes["programmes.toml"]),
        read_legal_resources(tables["legal_resources"], mistakes["legal_resources.toml"]),
    )
    for read_there, noted in ((kinds, ours), (certificates, issued)):
        check_evidence_types(replace(reference, evidence_types=read_there), noted)
    return reference


def _definitions(
    path: Path, files: list[Path], reference: Reference
) -> tuple[list[Written], list[DefinitionRefused]]:
    written: list[Written] = []
    refused: list[DefinitionRefused] = []
    for file in files:
        if file.parent.name == "facts":
            continue
        name = str(file.relative_to(path))
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
