"""What facts and evidence are called, where they are named by code alone: in the record of who read what."""

import json
from collections.abc import Collection

from django.db import connection

from services.catalogue.wording import in_language

LABELS = """
SELECT DISTINCT ON (fact.key) fact.key, fact.value -> 'label'
FROM catalogue_serviceversion AS version
JOIN catalogue_publicservice AS service ON service.current_id = version.id
CROSS JOIN LATERAL jsonb_each(version.definition -> 'facts') AS fact
WHERE version.definition -> 'facts' ?| %s AND fact.key = ANY(%s)
ORDER BY fact.key
"""


NAMES = """
SELECT DISTINCT ON (kind.key) kind.key, kind.value -> 'name'
FROM catalogue_serviceversion AS version
JOIN catalogue_publicservice AS service ON service.current_id = version.id
CROSS JOIN LATERAL jsonb_each(version.definition -> 'evidence_types') AS kind
WHERE version.definition -> 'evidence_types' ?| %s AND kind.key = ANY(%s)
ORDER BY kind.key
"""


def fact_labels(*, codes: Collection[str], language: str) -> dict[str, str]:
    """Return what these facts are called in the reader's language, in one query; unknown codes are left out."""
    return _told(LABELS, codes, language)


def evidence_type_names(*, codes: Collection[str], language: str) -> dict[str, str]:
    """Return what these types of evidence are called, likewise."""
    return _told(NAMES, codes, language)


def _told(question: str, codes: Collection[str], language: str) -> dict[str, str]:
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(question, [sorted(codes), sorted(codes)])
        return {code: in_language(_texts(text), language) for code, text in cursor.fetchall()}


def _texts(label: object) -> dict[str, str]:
    """Return the texts of a label, which the driver hands over read or as written."""
    return dict(label) if isinstance(label, dict) else dict(json.loads(str(label)))
