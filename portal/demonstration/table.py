"""The closing table: what the portal's own figures say, by programme, and what they come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]

COLUMNS = (
    ("services", "services"),
    ("resolved", "resolved"),
    ("visits", "visits"),
    ("papers before", "papersBefore"),
    ("papers now", ""),
    ("working days", "meanDays"),
)
MOST_REGISTERS = 25
SOURCES = {
    "issued": "certificates we had issued",
    "earlier": "evidence of earlier cases",
    "registry": "registers",
    "declaration": "signed statements",
    "upload": "files sent",
    "seen": "originals shown",
}


def table(statistics: Json, names: Mapping[str, str]) -> str:
    """Return the figures by programme, and those of all together, as lines of text."""
    rows = [(names.get(code, code), figures) for code, figures in statistics["programmes"].items()]
    cells = [["programme", *(title for title, _ in COLUMNS)]]
    cells += [_cells(name, figures) for name, figures in sorted(rows)]
    cells.append(_cells("all", statistics["total"]))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [_line(row, widths) for row in cells]
    rule = "-" * len(lines[0])
    return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])


def papers_now(figures: Json) -> int:
    """Return how many things applicants still had to bring in: files, originals, and statements signed."""
    return int(figures["files"] + figures["originals"] + figures["statements"])


def _cells(name: str, figures: Json) -> list[str]:
    values = (figures[key] if key else papers_now(figures) for _, key in COLUMNS)
    return [name, *("-" if value is None else str(value) for value in values)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = row
    numbers = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
    return "  ".join([first.ljust(widths[0]), *numbers])


def lined_up(rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """Yield the rows as lines of text, their columns one under another; the last is words, and stands to the left."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for *figures, words in cells:
        yield f"{_line(figures, widths[:-1])}  {words}"


def closing_lines(statistics: Json, *, services: int) -> Iterator[str]:
    """Yield what it all comes to."""
    total = statistics["total"]
    yield (
        f"{total['servicesResolved']} of {services} services resolved; {total['secondVisits']} second visits; "
        f"papers before (assumed) {total['papersBefore']} → now {total['files']} files, "
        f"{total['originals']} originals shown, {total['statements']} signed statements"
    )
    yield (
        f"{total['cases']} cases: {total['resolved']} granted, {total['refused']} refused, "
        f"{total['otherwiseEnded']} ended otherwise; {total['visits']} visits (before: {total['visitsBefore']})"
    )
    told = (f"{total['sources'].get(code, 0)} by {name}" for code, name in SOURCES.items())
    yield f"settled: {', '.join(told)}"


def registers_told(registers: Sequence[Json]) -> Iterator[str]:
    """Yield a line for each of the registers that failed or were asked most, and what all come to."""
    asked = [one for one in registers if one["calls"]]
    worst = sorted(asked, key=lambda one: (-one["failures"], -one["calls"], one["code"]))[:MOST_REGISTERS]
    cells = [["register", "calls", "failures", "median ms"], *(_register_cells(one) for one in worst)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    yield from (_line(row, widths) for row in cells)
    calls, failures = (sum(one[key] for one in asked) for key in ("calls", "failures"))
    medians = sorted(one["medianMs"] for one in asked if one["medianMs"] is not None)
    middle = f"; half of them answer within {medians[len(medians) // 2]} ms" if medians else ""
    yield f"{len(asked)} of {len(registers)} registers asked: {calls} calls, {failures} failures{middle}"


def _register_cells(one: Json) -> list[str]:
    median = "-" if one["medianMs"] is None else str(one["medianMs"])
    return [one["code"], str(one["calls"]), str(one["failures"]), median]


def missing_sources(statistics: Json) -> Iterable[str]:
    """Return the sources that settled nothing."""
    return [code for code in SOURCES if not statistics["total"]["sources"].get(code)]
