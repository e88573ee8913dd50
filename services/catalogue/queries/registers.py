"""Which registers the published services rest on: every type of evidence that an office can be asked for."""

import json
from dataclasses import dataclass

from django.db import connection

from services.catalogue.wording import in_language

REGISTERS = """
SELECT DISTINCT ON (kind.key) kind.key, kind.value ->> 'organisation', kind.value -> 'name'
FROM catalogue_serviceversion AS version
JOIN catalogue_publicservice AS service ON service.current_id = version.id
CROSS JOIN LATERAL jsonb_each(version.definition -> 'evidence_types') AS kind
WHERE kind.value ->> 'source' IN ('registry', 'issued')
ORDER BY kind.key
"""


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """A register by the type of evidence it tells, and the office that keeps it."""

    code: str
    organisation: str
    name: str


def known_registers(language: str) -> tuple[KnownRegister, ...]:
    """Return the registers of everything that can be applied for, by code."""
    with connection.cursor() as cursor:
        cursor.execute(REGISTERS)
        return tuple(
            KnownRegister(code, organisation, in_language(_texts(name), language))
            for code, organisation, name in cursor.fetchall()
        )


def _texts(name: object) -> dict[str, str]:
    """Return the texts of a name, which the driver hands over read or as written."""
    return dict(name) if isinstance(name, dict) else dict(json.loads(str(name)))
