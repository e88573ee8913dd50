"""The tables of the performance page: by programme, month, centre and bundle, all in the same columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, gettext

from portal.public.performance_words import Public, month, number, saved
from portal.words import said
from services.cases.queries.satisfaction import PublicRatings
from services.cases.queries.statistics import PublicStatistics
from services.catalogue import queries as catalogue
from services.core.suppression import TOTAL
from services.visits import queries as visits

# A column is told by the first of these figures that a row has: applications are cases, or one thing of several. The
# one without any is what was spared, in hours.
SHOWN: Sequence[tuple[str, ...]] = (
    ("cases", "applications"), ("closed",), ("without_visit",), ("one_visit",), ("more_visits",), ("on_time",),
    ("mean_days",), ("visits_before",), ("visits_of_resolved", "visits"),
    (), ("papers_before",), ("files",),
    ("ratings",), ("satisfied",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cut:
    """One table of the page: what it is by, in words, and its rows of cells; the first column has its own head."""

    title: str
    columns: Sequence[Mapping[str, object]]
    rows: Sequence[Sequence[Mapping[str, object]]]


def names_of() -> dict[str, Mapping[str, str]]:
    """Return what programmes, centres and bundles are called, by code."""
    language = get_language()
    return {
        "programme": {one.code: one.name for one in catalogue.programmes(language)},
        "centre": {one.code: said(one.name) for one in visits.centres()},
        "bundle": {one.code: one.name for one in catalogue.bundles(language)},
    }


def rows_by(found: PublicStatistics) -> dict[str, Mapping[str, Public]]:
    """Return the figures of the page by what they are divided, and by code."""
    return {
        "programme": found.programmes,
        "month": found.months,
        "centre": found.centres,
        "bundle": found.bundles,
    }


def cuts(found: PublicStatistics, names: Mapping[str, Mapping[str, str]]) -> list[Cut]:
    """Return the tables that have anything to show."""
    words = {
        "programme": (gettext("By programme"), gettext("Programme")),
        "month": (gettext("By month"), gettext("Month")),
        "centre": (gettext("By centre"), gettext("Centre")),
        "bundle": (gettext("By life or business event"), gettext("Event")),
    }
    made = [
        Cut(title, columns(first), list(_rows(by, found, names.get(by, {}))))
        for by, (title, first) in words.items()
    ]
    return [one for one in made if one.rows]


def columns(first: str) -> list[dict[str, object]]:
    """Return the heads of a table, the first of which says what it is by."""
    words = [
        first,
        gettext("Applications"),
        gettext("Finished"),
        gettext("Without a visit"),
        gettext("With one visit"),
        gettext("With two or more"),
        gettext("On time"),
        gettext("Mean working days"),
        gettext("Visits before (assumed)"),
        gettext("Visits now"),
        gettext("Hours saved"),
        gettext("Papers before (assumed)"),
        gettext("Files now"),
        gettext("Ratings"),
        gettext("Satisfied"),
    ]
    return [{"label": word, "numeric": place > 0} for place, word in enumerate(words)]


def _rows(by: str, found: PublicStatistics, names: Mapping[str, str]) -> Iterator[list[dict[str, object]]]:
    rated, hours = dict(ratings_of(found, by)), settings.VISIT_HOURS_BEFORE
    for code, one in sorted(rows_by(found)[by].items()):
        name = month(code) if by == "month" else names.get(code, code)
        told: list[Public] = [one, *([rated[code]] if code in rated else [])]
        cells = [_cell(told, figures) if figures else saved(one, hours) for figures in SHOWN]
        yield [{"text": name}, *({"text": cell, "numeric": True} for cell in cells)]


def _cell(told: Sequence[Public], figures: Sequence[str]) -> object:
    """Return the first of the figures that one of these has; a dash if there is none."""
    return next((number(one, name) for name in figures for one in told if name in one.numbers), "–")


def ratings_of(found: PublicStatistics, by: str) -> list[tuple[str, PublicRatings]]:
    """Return the ratings by code, of those that have enough of them to be told at all."""
    rows = found.ratings.get(by, {}).items()
    return sorted((code, one) for code, one in rows if code != TOTAL and one.numbers["ratings"])


def everything(found: PublicStatistics) -> list[tuple[str, str, Public]]:
    """Return all that is shown: of what it is, by which code, and its figures."""
    return [
        ("all", "", found.total),
        *((by, code, one) for by, rows in rows_by(found).items() for code, one in sorted(rows.items())),
        ("bundles", "", found.one_things),
        ("centres", "", found.everywhere),
        *(("centre", code, one) for code, one in sorted(found.places.items())),
        *((f"ratings by {by}", code, one) for by in rows_by(found) for code, one in ratings_of(found, by)),
    ]
