"""What everybody may see of the figures: nobody is singled out by a number, nor by what follows from it (R15.14)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from services.cases.queries.figures import SOURCE_COLUMNS, Figures
from services.core.evidence import Source
from services.core.suppression import SMALLEST_CELL, TOTAL, Cell, Counts, hidden_cells

# Of second visits: whose mistake it was (R8.5), and what it was, as far as that was said.
CAUSES: Mapping[str, tuple[str, ...]] = {
    "by_authority": ("not_told", "system_failed", "nobody_able", "authority_unsaid"),
    "by_applicant": ("not_brought", "person_left", "applicant_unsaid"),
}
FAULTS = (*CAUSES, "by_nobody")
# What each number rests on: it is shown where so many cases are. Sums and means rest on the cases they were made of.
RESTS_ON: Mapping[str, str] = {
    "services": "cases",
    "services_resolved": "resolved",
    "cases": "cases",
    "resolved": "resolved",
    "refused": "refused",
    "otherwise_ended": "otherwise_ended",
    "visits": "visits",
    "second_visits": "second_visits",
    "visits_before": "resolved",
    "papers_before": "resolved",
    "files": f"by_{Source.UPLOAD}",
    "originals": f"by_{Source.SEEN}",
    "statements": f"by_{Source.DECLARATION}",
    "mean_days": "days_counted",
    "closed": "closed",
    "without_visit": "without_visit",
    "one_visit": "one_visit",
    "more_visits": "more_visits",
    "on_time": "on_time",
    "late": "late",
    "visits_of_resolved": "visits_of_resolved",
    **{name: name for name in FAULTS},
    **{name: name for names in CAUSES.values() for name in names},
}
ENDS = ("resolved", "refused", "otherwise_ended")
ATTENDED = ("without_visit", "one_visit", "more_visits")
COLUMNS = tuple(dict.fromkeys([*RESTS_ON.values(), "not_granted", *SOURCE_COLUMNS]))
# What is told of the cases that ended: by the month in which they did, and by the centre where they were attended.
OF_ENDED = (
    "closed", *ATTENDED, "on_time", "late", "resolved", "not_granted", "visits_of_resolved", "days_counted",
)  # fmt: skip
TOLD_OF_ENDED = tuple(
    name for name, column in RESTS_ON.items() if column in OF_ENDED and name != "services_resolved"
)
# Every closed case was attended never, once, or more often, and was granted or refused.
EXACT: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "closed": (ATTENDED, ("resolved", "not_granted")),
    "second_visits": (FAULTS,),
    **{fault: (causes,) for fault, causes in CAUSES.items()},
}
# Most are decided already, and were on time or late; most visits are for what was granted.
PARTLY: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "cases": (ENDS,),
    "closed": (("on_time", "late"),),
    "visits": (("visits_of_resolved",),),
}
# A visit may be for cases of two programmes, which may end in two months.
SHARED = ("visits", "visits_of_resolved")


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """What everybody may see: None where a number is hidden, or a mean has nothing to be of.

    `few` names the numbers and sources that rest on fewer than ten cases, `withheld` those that would give one away.
    """

    numbers: Mapping[str, int | float | None] = field(hash=False)
    sources: Mapping[str, int | None] = field(hash=False)
    few: frozenset[str]
    withheld: frozenset[str]


@dataclass(frozen=True, slots=True)
class PublicTable:
    """What everybody may see: in all, and by programme, month and centre, each of which add up to the same."""

    total: PublicFigures
    cuts: Mapping[str, Mapping[str, PublicFigures]] = field(hash=False)


def public_figures(
    total: Figures, programmes: Mapping[str, Figures], ended: Mapping[str, Mapping[str, Figures]]
) -> PublicTable:
    """Return the figures, each cell hidden that rests on fewer than ten cases, or gives one away by some sum.

    `ended`: by what they are divided (month, centre), the figures of the cases that ended. All of it is one table.
    """
    rows = {TOTAL: total} | {_row("programme", code): one for code, one in programmes.items()}
    counts = {(row, column): one.rests_on(column) for row, one in rows.items() for column in COLUMNS}
    of_ended = {_row(by, code): one for by, cut in ended.items() for code, one in cut.items()}
    counts |= {(row, column): one.rests_on(column) for row, one in of_ended.items() for column in OF_ENDED}
    cuts = {"programme": programmes, **ended}
    groups = [[_row(by, code) for code in cut] for by, cut in cuts.items() if cut]
    sums = {"partly": PARTLY, "exact": EXACT}
    hidden = hidden_cells(counts, **sums, groups=groups, shared=SHARED)
    hidden = hidden_cells(
        counts, **sums, groups=groups, shared=SHARED, gone=[*hidden, *_telling(counts, hidden)]
    )
    return PublicTable(
        total=_public(TOTAL, total, hidden, RESTS_ON),
        cuts={
            by: {
                code: _public(_row(by, code), one, hidden, RESTS_ON if by == "programme" else TOLD_OF_ENDED)
                for code, one in cut.items()
            }
            for by, cut in cuts.items()
        },
    )


def _row(by: str, code: str) -> str:
    return f"{by} {code}"


def _telling(counts: Counts, hidden: Collection[Cell]) -> Iterable[Cell]:
    """Yield the visits of rows where it is hidden how often cases were attended.

    Where no visit was for two cases, one for each that was attended once, and two for each attended twice, add up. Of
    all cases together some are always for two.
    """
    for (row, column), count in counts.items():
        is_part = column == "visits_of_resolved" and 0 < count != counts[TOTAL, column]
        if is_part and any((row, one) in hidden for one in ATTENDED):
            yield row, column


def _public(row: str, figures: Figures, hidden: Collection[Cell], told: Collection[str]) -> PublicFigures:
    rests_on = {name: RESTS_ON[name] for name in told}
    sources = SOURCE_COLUMNS.values() if "files" in rests_on else ()
    rests_on |= {source: column for column, source in SOURCE_COLUMNS.items() if source in sources}
    gone = {name for name, column in rests_on.items() if (row, column) in hidden}
    few = {name for name in gone if figures.rests_on(rests_on[name]) < SMALLEST_CELL}
    return PublicFigures(
        numbers={name: None if name in gone else getattr(figures, name) for name in told},
        sources={source: None if source in gone else figures.sources[source] for source in sources},
        few=frozenset(few),
        withheld=frozenset(gone - few),
    )
