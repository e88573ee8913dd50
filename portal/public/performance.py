"""The performance page: what the reform comes to, in figures that single out nobody (R15.14)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from services.cases.queries import statistics
from services.cases.queries.statistics import SMALLEST_CELL, Figures
from services.catalogue import queries as catalogue

MINUTE = 60


@require_safe
@cache_page(MINUTE)
@vary_on_cookie
def performance(request: HttpRequest) -> HttpResponse:
    """Show resolved cases, visits, papers and days by programme; programmes with few cases are left out."""
    found = statistics.public_statistics()
    names = {one.code: one.name for one in catalogue.programmes(get_language())}
    rows = [row(names.get(code, code), figures) for code, figures in sorted(found.programmes.items())]
    context = {
        "total": found.total,
        "columns": columns(),
        "rows": rows,
        "sources": sources(found.total),
        "hidden": len(found.hidden),
        "smallest": SMALLEST_CELL,
    }
    return render(request, "public/performance.html", context)


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


def row(name: str, figures: Figures) -> list[dict[str, object]]:
    """Return one programme's cells."""
    days = "–" if figures.mean_days is None else figures.mean_days
    cells: list[object] = [
        figures.cases, figures.resolved, figures.visits, figures.visits_before, figures.papers_before,
        figures.files, days,
    ]  # fmt: skip
    return [{"text": name}, *({"text": cell, "numeric": True} for cell in cells)]


def sources(figures: Figures) -> list[dict[str, object]]:
    """Return how often each source settled a requirement, in the order in which they are tried."""
    words = {
        "issued": gettext("certificates we issued"),
        "earlier": gettext("evidence of an earlier application"),
        "registry": gettext("a register, asked by us"),
        "declaration": gettext("a signed statement"),
        "upload": gettext("a file from the applicant"),
        "seen": gettext("an original, seen once"),
    }
    return [{"words": said, "number": figures.sources[code]} for code, said in words.items()]
