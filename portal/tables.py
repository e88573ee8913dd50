"""Tables to take away: rows of text that no spreadsheet mistakes for a formula."""

import csv
import io
from collections.abc import Sequence

# What makes a spreadsheet calculate, or run something, instead of showing the text.
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_row(cells: Sequence[str]) -> str:
    """Return one line of a table, every cell quoted, none of them a formula."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([as_text(cell) for cell in cells])
    return line.getvalue()


def as_text(cell: str) -> str:
    """Return the cell as text: what would be a formula is marked as none."""
    return f"'{cell}" if cell.lstrip(" ").startswith(BEGINS_A_FORMULA) else cell
