"""What is known in one matter: its answers, and what evidence proves of it."""

from collections.abc import Mapping
from datetime import date

from services.cases.models import Application
from services.core.definitions import Definition
from services.core.evidence import Shelf
from services.core.facts import Value
from services.core.reference import EvidenceType


def facts_of(
    application: Application, definition: Definition, shelves: Mapping[str, Shelf], filed_on: date
) -> dict[str, Value]:
    """Return all that is known in this matter: what evidence proves goes before what was answered."""
    facts: dict[str, Value] = dict(application.answers)
    for one in definition.requirements:
        shelf = shelves.get(one.party)
        for code in (kind for entry in one.any_of for kind in entry) if shelf else ():
            facts |= _proved(definition.evidence_types[code], shelf, of_applicant=one.party == "applicant")
    facts["application.filed_by"] = application.filed_by
    facts["application.filed_on"] = filed_on.isoformat()
    if application.person is not None:
        facts["person.document_kind"] = application.person.document_kind
    return facts


def _proved(kind: EvidenceType, shelf: Shelf | None, *, of_applicant: bool) -> dict[str, Value]:
    """Return what evidence of the type proves, and nothing else that may stand on it."""
    if shelf is None:
        return {}
    key = str(shelf.keys.get(kind.key, "")) if kind.key else ""
    for one in shelf.held:
        if one.type == kind.code and not one.disputed and (not key or one.key in ("", key)):
            told = {fact: one.facts[fact] for fact in kind.proves if fact in one.facts}
            return {
                fact: value for fact, value in told.items() if of_applicant or fact.startswith("application.")
            }
    return {}
