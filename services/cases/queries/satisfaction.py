"""How content people are, of the ratings that everybody may read (R9.1, R9.8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# Of the five levels: what each word on the performance page takes together.
SATISFIED = {"satisfied": ("4", "5"), "fairly": ("3",), "dissatisfied": ("1", "2")}


@dataclass(frozen=True, slots=True)
class PublicRatings:
    """Ratings of one programme, centre or month; None where a level is hidden."""

    numbers: Mapping[str, int | None] = field(hash=False)
    few: frozenset[str]
    withheld: frozenset[str]


def public_ratings(levels: Mapping[str, int | None]) -> PublicRatings:
    """Return the ratings as they are told: five levels as three words; where one of them is hidden the word is too."""
    numbers: dict[str, int | None] = {"ratings": levels.get("ratings")}
    for word, codes in SATISFIED.items():
        known = [count for code in codes if (count := levels.get(code)) is not None]
        numbers[word] = sum(known) if len(known) == len(codes) else None
    return PublicRatings(
        numbers, frozenset(), frozenset(name for name, value in numbers.items() if value is None)
    )
