"""What a published version consists of: the definition and everything it names, so that it needs nothing else."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.catalogue.folder import Folder, Written
from services.core.conditions import used_facts
from services.core.definitions import Definition
from services.core.facts import BUILT_IN
from services.core.parsing import read_published
from services.core.reading import plain
from services.core.reference import Reference, read_evidence_types, read_facts

Content = Mapping[str, Any]


def version_content(written: Written, folder: Folder) -> Content:
    """Return the definition's table together with the facts and evidence types it names, in plain JSON form."""
    kinds = sorted(set(_kinds(written.definition)))
    facts = sorted(set(_facts(written.definition)) - BUILT_IN.keys())
    return {
        "definition": written.table,
        "facts": {code: plain(folder.fact_tables[code]) for code in facts},
        "evidence_types": {code: plain(_kind_table(code, folder)) for code in kinds},
    }


def content_digest(content: Content) -> str:
    """Return the digest that tells a changed version from an unchanged one."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def definition_of(content: Content) -> Definition:
    """Return the definition of a published version."""
    nested: dict[str, dict[str, Any]] = {}
    for code, table in content["facts"].items():
        scope, _, name = code.partition(".")
        nested.setdefault(scope, {})[name] = table
    facts = read_facts(nested, [])
    kinds = read_evidence_types(content["evidence_types"], [])
    reference = Reference(facts, kinds, organisations={}, programmes=frozenset(), legal_resources={})
    return read_published(content["definition"], reference=reference)


def _kind_table(code: str, folder: Folder) -> Mapping[str, Any]:
    table = folder.tables["evidence_types"].get(code)
    return table if table is not None else {**folder.tables["certificate_types"][code], "source": "issued"}


def _kinds(definition: Definition) -> Iterator[str]:
    for one in definition.requirements:
        for entry in one.any_of:
            yield from entry
    if definition.output.certificate:
        yield definition.output.certificate
    if definition.commitments.offer:
        yield definition.commitments.offer


def _facts(definition: Definition) -> Iterator[str]:
    yield from (question.fact for question in definition.questions)
    for condition in definition.conditions.values():
        yield from used_facts(condition.expression)
    for code in _kinds(definition):
        kind = definition.evidence_types[code]
        yield from kind.proves
        yield from [kind.key] if kind.key else []
    yield from (*definition.output.gives, *definition.output.gives.values())
    for party in definition.parties:
        yield from party.identified_by
