"""All that everybody may read: worked out once from what was counted, kept as a record, and read from it (R15.14)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from services.cases.queries.centres import PublicPlace, public_places
from services.cases.queries.counting_bundles import BundleFigures
from services.cases.queries.figures import Figures
from services.cases.queries.public_bundles import PublicBundle, public_bundles
from services.cases.queries.public_figures import PublicFigures, public_figures
from services.cases.queries.satisfaction import PublicRatings, public_ratings
from services.core.ratings import Told
from services.core.suppression import SMALLEST_CELL, TOTAL
from services.visits.queries import PlaceCounts

Public = PublicFigures | PublicBundle | PublicPlace | PublicRatings
# What the record holds of which kind: rows, tables of rows, and tables of these.
ROWS: Mapping[str, type[Public]] = {
    "total": PublicFigures,
    "one_things": PublicBundle,
    "everywhere": PublicPlace,
}
TABLES: Mapping[str, type[Public]] = {
    "programmes": PublicFigures,
    "months": PublicFigures,
    "centres": PublicFigures,
    "bundles": PublicBundle,
    "places": PublicPlace,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, exactly: `programmes` also in all, under `TOTAL`; `ratings` as they may be told already."""

    programmes: Mapping[str, Figures] = field(default_factory=dict, hash=False)
    months: Mapping[str, Figures] = field(default_factory=dict, hash=False)
    centres: Mapping[str, Figures] = field(default_factory=dict, hash=False)
    bundles: Mapping[str, BundleFigures] = field(default_factory=dict, hash=False)
    places: Mapping[str, PlaceCounts] = field(default_factory=dict, hash=False)
    ratings: Mapping[str, Told] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PublicStatistics:
    """Figures for everybody, as they were counted last; `hidden` programmes have too few cases to be shown at all.

    `months` are those in which cases ended, `centres` where they were attended; `places` how these centres did, and
    `everywhere` all of them together. `bundles` counts applications, and `one_things` those for any bundle. `ratings`
    are told by what they are divided (`programme`, `month`, `centre`, `bundle`), the row `TOTAL` among them.
    """

    total: PublicFigures
    programmes: dict[str, PublicFigures] = field(hash=False)
    months: dict[str, PublicFigures] = field(hash=False)
    centres: dict[str, PublicFigures] = field(hash=False)
    bundles: dict[str, PublicBundle] = field(hash=False)
    one_things: PublicBundle
    places: dict[str, PublicPlace] = field(hash=False)
    everywhere: PublicPlace
    ratings: dict[str, dict[str, PublicRatings]] = field(hash=False)
    hidden: tuple[str, ...]
    counted_at: datetime | None = None


def tell(counted: Counted) -> PublicStatistics:
    """Return what may be shown of it: cells of fewer than ten are hidden, with those that would give them away.

    This takes long where there is much, so it is done where it is counted and not where it is read.
    """
    programmes = {code: one for code, one in counted.programmes.items() if code != TOTAL}
    total = counted.programmes.get(TOTAL) or Figures.sum_of(programmes.values())
    shown = public_figures(total, programmes, {"month": counted.months, "centre": counted.centres})
    places, bundles = public_places(counted.places), public_bundles(counted.bundles)
    few = {code for code, one in programmes.items() if one.cases < SMALLEST_CELL}
    return PublicStatistics(
        total=shown.total,
        programmes={code: one for code, one in shown.cuts["programme"].items() if code not in few},
        months={code: one for code, one in shown.cuts["month"].items() if _is_told(one)},
        centres={code: one for code, one in shown.cuts["centre"].items() if code and _is_told(one)},
        one_things=bundles.pop(TOTAL),
        bundles={code: one for code, one in bundles.items() if "applications" not in one.few},
        everywhere=places.pop(TOTAL),
        places=places,
        ratings={
            by: {code: public_ratings(one) for code, one in rows.items()}
            for by, rows in counted.ratings.items()
        },
        hidden=tuple(sorted(few)),
    )


def _is_told(one: PublicFigures) -> bool:
    """Return whether there is anything to tell of a month, or a centre: ten cases that ended."""
    return "closed" not in one.few and one.numbers["closed"] != 0


def as_record(found: PublicStatistics) -> dict[str, Any]:
    """Return what may be shown as it is kept: nothing that is hidden is in it."""
    record: dict[str, Any] = {name: _kept(getattr(found, name)) for name in ROWS}
    record |= {name: _table(getattr(found, name)) for name in TABLES}
    record["ratings"] = {by: _table(rows) for by, rows in found.ratings.items()}
    return record | {"hidden": list(found.hidden)}


def _table(rows: Mapping[str, Public]) -> dict[str, Any]:
    return {code: _kept(one) for code, one in rows.items()}


def _kept(one: Public) -> dict[str, Any]:
    """Return the row as it is kept; numbers as pairs, since their order would be lost otherwise."""
    return {
        name: list(value.items()) if isinstance(value, Mapping) else sorted(value)
        for name, value in asdict(one).items()
    }


def from_record(record: Mapping[str, Any], counted_at: datetime) -> PublicStatistics:
    """Return what may be shown from how it was kept."""
    rows: dict[str, Any] = {name: _read(kind, record[name]) for name, kind in ROWS.items()}
    tables: dict[str, Any] = {name: _read_all(kind, record[name]) for name, kind in TABLES.items()}
    ratings = {by: _read_all(PublicRatings, table) for by, table in record["ratings"].items()}
    hidden = tuple(record["hidden"])
    return PublicStatistics(**rows, **tables, ratings=ratings, hidden=hidden, counted_at=counted_at)


def _read_all(kind: type[Public], rows: Mapping[str, Any]) -> dict[str, Public]:
    return {code: _read(kind, one) for code, one in rows.items()}


def _read(kind: type[Public], kept: Mapping[str, Any]) -> Public:
    names = {name: frozenset(kept[name]) for name in ("few", "withheld")}
    return kind(**{name: dict(value) for name, value in kept.items() if name not in names}, **names)
