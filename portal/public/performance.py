"""The performance page: what the reform comes to, in figures that single out nobody (R15.14)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from services.cases.queries import statistics
from services.cases.queries.figures import PublicFigures
from services.catalogue import queries as catalogue
from services.core.suppression import SMALLEST_CELL

SHOWN = (
    "cases", "resolved", "visits", "visits_before", "papers_before", "files", "mean_days",
)  # fmt: skip


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """Show resolved cases, visits, papers and days by programme; what would single somebody out is hidden.

    The page is made anew for each reader, whose name stands in it; what it shows has been counted before.
    """
    found = statistics.public_statistics()
    names = {one.code: one.name for one in catalogue.programmes(get_language())}
    context = {
        "any": bool(found.total.numbers["cases"]),
        "counted_at": found.counted_at,
        "stats": [
            {"words": words, "number": number(found.total, name)} for name, words in headline().items()
        ],
        "columns": columns(),
        "rows": [row(names.get(code, code), one) for code, one in sorted(found.programmes.items())],
        "sources": sources(found.total),
        "hidden": len(found.hidden),
        "smallest": SMALLEST_CELL,
    }
    return render(request, "public/performance.html", context)


def headline() -> dict[str, str]:
    """Return the figures at the head of the page, by name."""
    return {
        "cases": gettext("applications"),
        "visits": gettext("visits by applicants"),
        "second_visits": gettext("second visits"),
    }


def columns() -> list[dict[str, object]]:
    """Return the heads of the table."""
    words = [
        gettext("Programme"),
        gettext("Applications"),
        gettext("Granted"),
        gettext("Visits"),
        gettext("Visits before (assumed)"),
        gettext("Papers before (assumed)"),
        gettext("Files now"),
        gettext("Mean working days"),
    ]
    return [{"label": word, "numeric": number > 0} for number, word in enumerate(words)]


def row(name: str, figures: PublicFigures) -> list[dict[str, object]]:
    """Return one programme's cells."""
    return [{"text": name}, *({"text": number(figures, one), "numeric": True} for one in SHOWN)]


def number(figures: PublicFigures, name: str) -> Any:
    """Return a number as everybody may read it: itself, or why it is not there."""
    if name in figures.few:
        return gettext("fewer than %(smallest)s") % {"smallest": SMALLEST_CELL}
    if name in figures.withheld:
        return gettext("not shown")
    value = figures.numbers[name] if name in figures.numbers else figures.sources[name]
    return "–" if value is None else value


def sources(figures: PublicFigures) -> list[dict[str, object]]:
    """Return how often each source settled a requirement, in the order in which they are tried."""
    words = {
        "issued": gettext("certificates we issued"),
        "earlier": gettext("evidence of an earlier application"),
        "registry": gettext("a register, asked by us"),
        "declaration": gettext("a signed statement"),
        "upload": gettext("a file from the applicant"),
        "seen": gettext("an original, seen once"),
    }
    return [{"words": said, "number": number(figures, code)} for code, said in words.items()]
