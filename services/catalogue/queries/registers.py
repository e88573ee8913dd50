"""Which registers the published services rest on: every type of evidence that an office can be asked for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from services.catalogue.queries.services import definition
from services.catalogue.wording import in_language
from services.core.facts import Fact
from services.core.reference import EvidenceType
from services.core.refusal import Kind, Refusal

REGISTERS = """
SELECT DISTINCT ON (kind.key) kind.key, kind.value ->> 'organisation', kind.value -> 'name'
FROM catalogue_serviceversion AS version
JOIN catalogue_publicservice AS service ON service.current_id = version.id
CROSS JOIN LATERAL jsonb_each(version.definition -> 'evidence_types') AS kind
WHERE kind.value ->> 'source' IN ('registry', 'issued')
ORDER BY kind.key
"""

RESTING_ON = """
SELECT version.id FROM catalogue_serviceversion AS version
JOIN catalogue_publicservice AS service ON service.current_id = version.id
WHERE version.definition -> 'evidence_types' -> %s ->> 'source' IN ('registry', 'issued')
ORDER BY service.code LIMIT 1
"""


class NoSuchRegister(Refusal):
    """No published service can ask an office for this type of evidence."""

    code = "no_such_register"
    kind = Kind.MISSING
    sentence = (
        "No service asks an office for “{code}”. Write the evidence type's code, as in evidence_types.toml."
    )


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register by the type of evidence it tells, and the office that keeps it."""

    code: str
    organisation: str
    name: str


@dataclass(frozen=True)
class DescribedRegister:
    """A register as a service has it: its type of evidence, and the facts it tells or is asked by, by their codes."""

    kind: EvidenceType
    forms: Mapping[str, Fact]


def known_registers(language: str) -> tuple[KnownRegister, ...]:
    """Return the registers of everything that can be applied for, by code."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTERS)
        return tuple(
            KnownRegister(code, organisation, in_language(_texts(name), language))
            for code, organisation, name in cursor.fetchall()
        )


def described_register(code: str) -> DescribedRegister:
    """Return what the register of this type of evidence may tell, as a published service has it.

    :raises NoSuchRegister: if none of them can ask it.
    """
    with connection.cursor() as cursor:
        cursor.execute(RESTING_ON, [code])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchRegister(code=code)
    resting = definition(found[0])
    kind = resting.evidence_types[code]
    forms = {fact: resting.facts[fact] for fact in (*kind.proves, kind.key) if fact in resting.facts}
    return DescribedRegister(kind, forms)


def _texts(name: object) -> dict[str, str]:
    """Return the texts of a name, which the driver hands over read or as written."""
    return dict(name) if isinstance(name, dict) else dict(json.loads(str(name)))
