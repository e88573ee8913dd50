"""Charts drawn on the server: rows of bars as SVG that needs no script, reads from right to left, and stretches.

Bars are measured in hundredths of the width and words in pixels, so that words stay readable on any screen. The table
beneath each says the same: nothing is told by the picture alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

# One row: its name, then its bar.
ROW, TOP, BAR = 46, 4, 16
BASELINE, BAR_AT = 16, 22


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: its share of the whole width, from 0 to 1, and which of the chart's series it belongs to."""

    share: float
    series: int = 1


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its name, its pieces, and what stands at its end in words; in `short` where there is little room."""

    name: str
    parts: tuple[Part, ...]
    told: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece as it is drawn, in hundredths of the width."""

    x: str
    width: str
    series: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row as it is drawn."""

    name: str
    told: str
    short: str
    text_at: int
    bar_at: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Chart:
    """Bars with a title and a description for whoever does not see them; `series` names the colours in their order."""

    code: str
    title: str
    description: str
    bars: Sequence[Bar]
    series: Sequence[str] = ()
    right_to_left: bool = False
    columns: Sequence[dict[str, object]] = field(default_factory=tuple)
    rows: Sequence[Sequence[dict[str, object]]] = field(default_factory=tuple)

    @property
    def height(self) -> int:
        """Return the height of the picture in pixels."""
        return TOP + ROW * len(self.bars)

    @property
    def bar_height(self) -> int:
        """Return the height of a bar in pixels."""
        return BAR

    @property
    def start(self) -> str:
        """Return where words begin."""
        return "100%" if self.right_to_left else "0"

    @property
    def end(self) -> str:
        """Return where words end."""
        return "0" if self.right_to_left else "100%"

    @property
    def direction(self) -> str:
        """Return the direction in which words run."""
        return "rtl" if self.right_to_left else "ltr"

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Return the names of the series with their numbers; none where there is only one."""
        return list(enumerate(self.series, start=1)) if len(self.series) > 1 else []

    def drawn(self) -> Iterator[Drawn]:
        """Yield each row with its place."""
        for number, bar in enumerate(self.bars):
            top = TOP + ROW * number
            pieces = tuple(self._pieces(bar.parts))
            yield Drawn(bar.name, bar.told, bar.short, top + BASELINE, top + BAR_AT, pieces)

    def _pieces(self, parts: Sequence[Part]) -> Iterator[Piece]:
        begins = [0.0, *accumulate(part.share for part in parts)]
        for part, begin in zip(parts, begins, strict=False):
            x = 1 - begin - part.share if self.right_to_left else begin
            if part.share > 0:
                yield Piece(f"{100 * x:.2f}%", f"{100 * part.share:.2f}%", part.series)


def shares(*counts: float) -> tuple[Part, ...]:
    """Return counts as pieces of one whole bar, each of a series of its own."""
    whole = sum(counts)
    return tuple(Part(one / whole if whole else 0.0, series) for series, one in enumerate(counts, start=1))
