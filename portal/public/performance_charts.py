"""The charts of the performance page, each with the table that says the same."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import get_language_bidi, gettext

from portal.charts import Bar, Chart, Part, shares
from portal.public.performance_tables import ratings_of
from portal.public.performance_words import Public, known, month, number, share
from services.cases.queries.statistics import PublicStatistics

VISITS = ("without_visit", "one_visit", "more_visits")
TIMES = ("on_time", "late")

Row = tuple[str, Public]


def charts(found: PublicStatistics, names: Mapping[str, Mapping[str, str]]) -> list[Chart]:
    """Return the charts that have anything to show; `names` of programmes, centres and bundles by code."""

    def called(by: str, rows: Iterable[tuple[str, Public]]) -> list[Row]:
        return [(names[by].get(code, code), one) for code, one in sorted(rows)]

    by_programme = called("programme", found.programmes.items())
    made = (
        visits_chart(by_programme),
        times_chart(by_programme),
        months_chart([(month(code), one) for code, one in sorted(found.months.items())]),
        bundles_chart(called("bundle", found.bundles.items())),
        waiting_chart(called("centre", found.places.items())),
        *(ratings_chart(by, called(by, ratings_of(found, by))) for by in ("programme", "centre", "bundle")),
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


def bundles_chart(rows: Sequence[Row]) -> Chart:
    """Return how often people came in for one thing of several services, by life or business event."""
    return _chart(
        "bundles",
        gettext("How often people came in for one thing, by life or business event"),
        gettext(
            "Of each event's finished applications, for several services at once: the share without a visit, "
            "with one, and with more."
        ),
        rows,
        columns={
            "applications": gettext("Applications"),
            "closed": gettext("Finished"),
            "without_visit": gettext("Without a visit"),
            "one_visit": gettext("With one visit"),
            "more_visits": gettext("With two or more"),
            "visits_each": gettext("Visits per application"),
            "mean_days": gettext("Mean working days"),
        },
        series=VISITS,
        told=gettext("%(share)s without a visit"),
    )


def waiting_chart(rows: Sequence[Row]) -> Chart:
    """Return how long people waited at each centre, from their time on or from when they came."""
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


def ratings_chart(by: str, rows: Sequence[Row]) -> Chart:
    """Return how content people were, by programme, centre or bundle (R9.1, R9.8)."""
    titles = {
        "programme": gettext("How content people were, by programme"),
        "centre": gettext("How content people were, by centre"),
        "bundle": gettext("How content people were, by life or business event"),
    }
    return _chart(
        f"ratings-{by}",
        titles[by],
        gettext("Of the ratings of each: the share satisfied or very satisfied, fairly satisfied, and not."),
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
    heads = {
        "months": gettext("Month"), "waiting": gettext("Centre"), "ratings-centre": gettext("Centre"),
        "bundles": gettext("Event"), "ratings-bundle": gettext("Event"),
    }  # fmt: skip
    first = heads.get(code, gettext("Programme"))
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
        return Bar(name, (), gettext("not shown"), "–")
    parts = (Part(counts[0] / counts[-1]),) if of else shares(*counts)
    told_share = share(counts[0], counts[-1] if of else sum(counts))
    return Bar(name, parts, told % {"share": told_share}, told_share)
