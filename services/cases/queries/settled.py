"""How a case keeps the way its requirements stand: ids, codes and days, never what evidence says."""

from services.core.casefile import CaseFile
from services.core.evidence import Settlement, Standing


def settled_as(file: CaseFile) -> dict[str, dict[str, object]]:
    """Return how each requirement stands, as the case keeps it: evidence by id, type, source and grade."""
    return {code: _settlement(one) for code, one in file.settlements.items()}


def _settlement(one: Settlement) -> dict[str, object]:
    evidence = [
        {"id": str(item.id), "type": item.type, "source": item.source, "grade": item.grade}
        for item in one.evidence
    ]
    known: dict[str, object] = {"standing": one.standing}
    if evidence:
        known["evidence"] = evidence
    if one.fetch:
        known["fetch"] = list(one.fetch)
    if one.spared:
        known["spared"] = list(one.spared)
    if one.standing is Standing.OPEN:
        known["asks"] = [[kind, source] for kind, source in one.asks]
    return known
