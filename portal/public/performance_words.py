"""How a public figure is said: itself, or why it is not there."""

from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from services.cases.queries.centres import PublicPlace
from services.cases.queries.public_bundles import PublicBundle
from services.cases.queries.public_figures import PublicFigures
from services.cases.queries.satisfaction import PublicRatings
from services.core.suppression import SMALLEST_CELL

Public = PublicFigures | PublicBundle | PublicPlace | PublicRatings


def number(figures: Public, name: str) -> Any:
    """Return a number as everybody may read it: itself, or why it is not there."""
    if name in figures.few:
        return gettext("fewer than %(smallest)s") % {"smallest": SMALLEST_CELL}
    if name in figures.withheld:
        return gettext("not shown")
    value = figures.numbers[name] if name in figures.numbers else figures.sources[name]  # type: ignore[union-attr]
    return "–" if value is None else value


def saved(figures: Public, hours: float) -> Any:
    """Return the visits that those were spared who got what they applied for, in hours of so many each."""
    numbers = figures.numbers
    before, now = (
        numbers["visits_before"],
        numbers["visits_of_resolved" if "visits_of_resolved" in numbers else "visits"],
    )
    if before is None or now is None:
        return gettext("not shown")
    return number_format(round(max(0, before - now) * hours), use_l10n=True)


def known(figures: Public, *names: str) -> list[int] | None:
    """Return these numbers, or None if one of them is hidden, or if they are all nothing."""
    values = [figures.numbers[name] for name in names]
    found = [int(one) for one in values if one is not None]
    return found if len(found) == len(values) and any(found) else None


def month(code: str) -> str:
    """Return the month in words."""
    return date_format(date.fromisoformat(f"{code}-01"), "YEAR_MONTH_FORMAT")


def share(part: int, whole: int) -> str:
    """Return a share in percent."""
    return gettext("%(percent)s%%") % {"percent": number_format(round(100 * part / whole), use_l10n=True)}
