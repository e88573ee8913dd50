"""Counting ratings by programme, month, centre and bundle, as everybody may read it (R9.8)."""

from typing import Any

from django.db.models import Count, F
from django.db.models.functions import TruncMonth

from services import clock
from services.cases.models import Rating
from services.core.ratings import Told, published

DIVISIONS = ("programme", "month", "centre", "bundle")


def public_ratings() -> dict[str, Told]:
    """Return how many rated on which level and in all, by what they are divided; None where that is hidden (R9.8).

    What a review excluded is not counted. All divisions are hidden in one go: none gives away what another one hides.
    """
    divided = {by: _counted(by) for by in DIVISIONS}
    return published(divided) if divided["programme"] else {by: {} for by in DIVISIONS}


def _counted(by: str) -> dict[str, dict[int, int]]:
    """Return how many there are by row and level, in one question; those of no centre, or of no bundle, under `""`."""
    month = TruncMonth("rated_at", tzinfo=clock.zone())
    divided: dict[str, Any] = {"month": month, "bundle": F("case__application__bundle")}
    rows = Rating.objects.filter(is_excluded=False).annotate(by=divided.get(by, F(by)))
    table: dict[str, dict[int, int]] = {}
    for row, level, count in rows.values_list("by", "level").annotate(n=Count("id")).order_by():
        code = row if isinstance(row, str) else f"{row:%Y-%m}"
        table.setdefault(code, {})[level] = count
    return table
