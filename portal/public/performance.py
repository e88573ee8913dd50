"""The performance page: what the reform comes to, in figures that single out nobody (R8.9, R9.8, R15.14)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from portal.downloads import download
from portal.public.performance_charts import charts
from portal.public.performance_tables import cuts, everything, names_of
from portal.public.performance_words import Public, number, saved
from portal.tables import csv_row
from services.cases.queries import statistics
from services.cases.queries.public_figures import CAUSES
from services.cases.queries.statistics import PublicStatistics
from services.core.suppression import SMALLEST_CELL


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """Show visits, punctuality, waiting and what was saved, as charts and tables; nobody is singled out.

    The page is made anew for each reader, whose name stands in it; what it shows has been counted before.
    """
    found = statistics.public_statistics()
    names = names_of()
    context = {
        "any": bool(found.total.numbers["cases"]),
        "counted_at": found.counted_at,
        "stats": [
            {"words": words, "number": number(found.total, name)} for name, words in headline().items()
        ],
        "saved": saved_stats(found),
        "hours": number_format(settings.VISIT_HOURS_BEFORE, use_l10n=True),
        "charts": charts(found, names),
        "cuts": cuts(found, names),
        "sources": sources(found.total),
        "faults": faults(found.total),
        "hidden": len(found.hidden),
        "smallest": SMALLEST_CELL,
    }
    return render(request, "public/performance.html", context)


@require_safe
def performance_csv(request: HttpRequest) -> HttpResponse:
    """Give every figure of the page as a row: of what, which, its name, its value, and why it is not there."""
    found = statistics.public_statistics()
    made_up = "demonstration" if settings.DEMONSTRATION else "real"
    lines = [csv_row(["data", "by", "code", "figure", "value", "hidden"])]
    for by, code, one in everything(found):
        for name, value in one.numbers.items():
            why = "few" if name in one.few else "withheld" if name in one.withheld else ""
            lines.append(csv_row([made_up, by, code, name, "" if value is None else str(value), why]))
    content = "".join(lines).encode("utf-8")
    return download(content, name=f"performance-{made_up}.csv", kind="text/csv; charset=utf-8")


def headline() -> dict[str, str]:
    """Return the figures at the head of the page, by name."""
    return {
        "cases": gettext("applications"),
        "visits": gettext("visits by applicants"),
        "second_visits": gettext("second visits"),
    }


def saved_stats(found: PublicStatistics) -> list[dict[str, object]]:
    """Return what people were spared, beside how it was before."""
    return [
        {"words": gettext("papers nobody had to bring"), "number": number(found.total, "papers_before")},
        {"words": gettext("visits nobody had to make"), "number": saved(found.total, 1)},
        {"words": gettext("hours saved"), "number": saved(found.total, settings.VISIT_HOURS_BEFORE)},
    ]


def faults(total: Public) -> list[dict[str, object]]:
    """Return by whose mistake there were second visits, and what it was (R8.5)."""
    words = {
        "by_authority": gettext("because of an office's mistake, or a failure"),
        "by_applicant": gettext("because of the applicant's own mistake"),
        "by_nobody": gettext("by nobody's mistake"),
    }
    return [
        {
            "words": said,
            "number": number(total, fault),
            "causes": [
                {"words": cause_words()[one], "number": number(total, one)} for one in CAUSES.get(fault, ())
            ],
        }
        for fault, said in words.items()
    ]


def cause_words() -> dict[str, str]:
    """Return what was the mistake, as everybody may read it."""
    return {
        "not_told": gettext("nobody had told them what to bring"),
        "system_failed": gettext("a system did not work"),
        "nobody_able": gettext("nobody who could do it was there"),
        "authority_unsaid": gettext("something else"),
        "not_brought": gettext("they did not have what the letter asked for"),
        "person_left": gettext("they had to leave"),
        "applicant_unsaid": gettext("something else"),
    }


def sources(figures: Any) -> list[dict[str, object]]:
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
