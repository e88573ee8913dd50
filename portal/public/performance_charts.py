"""The charts of the performance page, each with the table that says the same."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext

from portal.charts import Bar, Chart, Part, shares
from portal.public.performance_words import Public, known, number, share
from portal.words import said
from services.cases.queries.satisfaction import PublicRatings
from services.cases.queries.statistics import PublicStatistics
from services.core.suppression import TOTAL
from services.visits import queries as visits

VISITS = ("without_visit", "one_visit", "more_visits")
TIMES = ("on_time", "late")

Row = tuple[str, Public]


def charts(found: PublicStatistics, programmes: Mapping[str, str]) -> list[Chart]:
    """Return the charts that have anything to show."""
    by_programme = [(programmes.get(code, code), one) for code, one in sorted(found.programmes.items())]
    by_month = [(month(code), one) for code, one in sorted(found.months.items())]
    made = (
        visits_chart(by_programme),
        times_chart(by_programme),
        months_chart(by_month),
        centres_chart(found),
        ratings_chart([(programmes.get(code, code), one) for code, one in ratings_of(found, "programme")]),
    )
    return [one for one in made if one.bars]


def visits_chart(rows: Sequence[Row]) -> Chart:
    """Return how often people came in, by programme (R8.9)."""
    return _chart(
        "visits",
        gettext("How often people came in, by programme"),
        gettext("Of each programme's finished cases: the share without a visit, with one, and with more."),
        rows,
        columns={
            "closed": gettext("Finished"),
            "without_visit": gettext("Without a visit"),
            "one_visit": gettext("With one visit"),
            "more_visits": gettext("With two or more"),
        },
        series=VISITS,
        told=gettext("%(share)s without a visit"),
    )


def times_chart(rows: Sequence[Row]) -> Chart:
    """Return how many cases were decided within what was promised, by programme."""
    return _chart(
        "times",
        gettext("Decided on time, by programme"),
        gettext("Of each programme's finished cases: the share decided within the days that were promised."),
        rows,
        columns={"closed": gettext("Finished"), "on_time": gettext("On time"), "late": gettext("Late")},
        series=TIMES,
        told=gettext("%(share)s on time"),
    )


def months_chart(rows: Sequence[Row]) -> Chart:
    """Return how often people came in, and what was on time, by the month in which the result was delivered."""
    return _chart(
        "months",
        gettext("How often people came in, by month"),
        gettext("Of the cases finished in each month: the share without a visit, with one, and with more."),
        rows,
        columns={
            "closed": gettext("Finished"),
            "without_visit": gettext("Without a visit"),
            "one_visit": gettext("With one visit"),
            "more_visits": gettext("With two or more"),
            "on_time": gettext("On time"),
            "papers_before": gettext("Papers before (assumed)"),
        },
        series=VISITS,
        told=gettext("%(share)s without a visit"),
    )


def centres_chart(found: PublicStatistics) -> Chart:
    """Return how long people waited at each centre, from their time on or from when they came."""
    names = {one.code: said(one.name) for one in visits.centres()}
    rows = [(names.get(code, code), one) for code, one in sorted(found.places.items())]
    return _chart(
        "waiting",
        gettext("Waiting at the centres"),
        gettext("Of those called to a window at each centre: the share who waited at most 15 minutes."),
        rows,
        columns={
            "visits": gettext("Visits"),
            "served": gettext("Called to a window"),
            "prompt": gettext("Within 15 minutes"),
            "minutes": gettext("Mean minutes waited"),
            "days": gettext("Mean days to the appointment"),
        },
        series=("prompt",),
        told=gettext("%(share)s within 15 minutes"),
        of="served",
    )


def ratings_of(found: PublicStatistics, by: str) -> list[tuple[str, PublicRatings]]:
    """Return the ratings by code, of those that have enough of them to be told at all."""
    rows = found.ratings.get(by, {}).items()
    return sorted((code, one) for code, one in rows if code != TOTAL and one.numbers["ratings"])


def ratings_chart(rows: Sequence[Row]) -> Chart:
    """Return how content people were, by programme (R9.1, R9.8)."""
    return _chart(
        "ratings",
        gettext("How content people were, by programme"),
        gettext(
            "Of each programme's ratings: the share satisfied or very satisfied, fairly satisfied, and not."
        ),
        rows,
        columns={
            "ratings": gettext("Ratings"),
            "satisfied": gettext("Satisfied"),
            "fairly": gettext("Fairly satisfied"),
            "dissatisfied": gettext("Not satisfied"),
        },
        series=("satisfied", "fairly", "dissatisfied"),
        told=gettext("%(share)s satisfied"),
    )


def _chart(
    code: str, title: str, description: str, rows: Sequence[Row], *, columns: Mapping[str, str],
    series: Sequence[str], told: str, of: str = "",
) -> Chart:  # fmt: skip
    first = {"months": gettext("Month"), "waiting": gettext("Centre")}.get(code, gettext("Programme"))
    return Chart(
        code=code,
        title=title,
        description=description,
        bars=[_bar(name, one, series, told, of) for name, one in rows],
        series=[columns[one] for one in series],
        right_to_left=get_language_bidi(),
        columns=[
            {"label": word, "numeric": place > 0} for place, word in enumerate([first, *columns.values()])
        ],
        rows=[
            [{"text": name}, *({"text": number(one, each), "numeric": True} for each in columns)]
            for name, one in rows
        ],
    )


def _bar(name: str, one: Public, series: Sequence[str], told: str, of: str) -> Bar:
    """Return the row: pieces of a whole, or the first of the series as a share of another number."""
    counts = known(one, *series, *([of] if of else []))
    if counts is None:
        return Bar(name, (), gettext("not shown"))
    parts = (Part(counts[0] / counts[-1]),) if of else shares(*counts)
    told_share = share(counts[0], counts[-1] if of else sum(counts))
    return Bar(name, parts, told % {"share": told_share}, told_share)


def month(code: str) -> str:
    """Return the month in words."""
    return date_format(date.fromisoformat(f"{code}-01"), "YEAR_MONTH_FORMAT")
