"""No file of a catalogue makes its reader fall over: whatever stands at any place in it is read, or refused."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from services.catalogue.folder import read_folder
from services.core.centres import check_centres, read_centres
from services.core.jurisdiction import JurisdictionRefused, law_from
from services.core.legal import read_legal_resources
from services.core.parsing import read_definition
from services.core.reading import DefinitionRefused
from services.core.reference import (
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

WRONG = Path(__file__).parent / "wrong"
FILES = [str(file.relative_to(WRONG)) for file in sorted(WRONG.rglob("*.toml"))]
NONSENSE: list[Any] = [
    5, -1, 10**30, 0.5, float("nan"), True, "", "x", "{x}", [], [[]], [5], ["x"], {}, {"en": 5}, [{"code": 5}],
    [{}], {"x": {"x": []}}, date(1, 1, 1), [[date(2026, 1, 2), date(2026, 1, 1)]], time(9),
    datetime(2026, 1, 1, tzinfo=UTC),
]  # fmt: skip
Tables = Mapping[str, Any]


@cache
def reference() -> Reference:
    """Return what the definitions of the prefecture may name."""
    return read_folder(WRONG).reference


def read(name: str, tables: Tables) -> list[Mistake]:
    """Read the file as the catalogue reads it, and return its mistakes."""
    mistakes: list[Mistake] = []
    try:
        if name in READERS:
            READERS[name](tables, mistakes)
        else:
            read_definition(tables, file=name, reference=reference())
    except (DefinitionRefused, JurisdictionRefused) as refusal:
        mistakes += refusal.errors
    return mistakes


def _read_centres(tables: Tables, mistakes: list[Mistake]) -> None:
    check_centres(read_centres(tables, mistakes), reference().organisations, mistakes)


def _read_bundles(tables: Tables, mistakes: list[Mistake]) -> None:
    check_bundles(read_bundles(tables, mistakes), reference(), [], mistakes)


def _read_kinds(tables: Tables, mistakes: list[Mistake], home: Home | None = None) -> None:
    kinds = read_evidence_types(tables, mistakes, home=home)
    check_evidence_types(replace(reference(), evidence_types=kinds), mistakes)


READERS: Mapping[str, Callable[[Tables, list[Mistake]], object]] = {
    "jurisdiction.toml": lambda tables, _: law_from(tables),
    "organisations.toml": read_organisations,
    "programmes.toml": read_programmes,
    "legal_resources.toml": read_legal_resources,
    "centres.toml": _read_centres,
    "bundles.toml": _read_bundles,
    "facts/all.toml": read_facts,
    "evidence_types.toml": _read_kinds,
    "certificate_types.toml": partial(_read_kinds, home=Home.ISSUED),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in the tables, the innermost too."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def put(tables: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return the tables with another value at the path."""
    changed = deepcopy(tables)
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return changed


@pytest.mark.parametrize("name", FILES)
def test_nonsense_at_any_place_is_told_and_nothing_falls_over(name: str) -> None:
    tables = tomllib.loads((WRONG / name).read_text(encoding="utf-8"))
    everywhere = list(places(tables))

    assert everywhere
    for number, path in enumerate(everywhere):
        # At the top everything is tried; deeper, each place meets a third of it, and its neighbors the rest.
        tried = NONSENSE if len(path) == 1 else NONSENSE[number % 3 :: 3]
        for value in tried:
            assert all(str(mistake) for mistake in read(name, put(tables, path, value))), (path, value)


@pytest.mark.parametrize("name", FILES)
def test_a_table_that_is_none_is_always_a_mistake(name: str) -> None:
    tables = tomllib.loads((WRONG / name).read_text(encoding="utf-8"))
    top = [key for key, value in tables.items() if isinstance(value, dict)]

    assert [key for key in top if not read(name, put(tables, (key,), 5))] == []
