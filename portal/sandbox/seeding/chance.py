"""Chance that is always the same: every draw follows from the seed and from what it is drawn for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws by name: the same name gives the same draw, in whatever order they are made."""

    seed: str

    def number(self, *name: object) -> int:
        """Draw a whole number of 64 bits."""
        said = "|".join(map(str, (self.seed, *name)))
        return int.from_bytes(blake2b(said.encode(), digest_size=8).digest())

    def share(self, *name: object) -> float:
        """Draw a number from 0 up to, but not including, 1."""
        return self.number(*name) / 2**64

    def pick(self, choices: Sequence[T], *name: object) -> T:
        """Draw one of the choices."""
        return choices[self.number(*name) % len(choices)]

    def between(self, least: int, most: int, *name: object) -> int:
        """Draw a whole number, both ends included."""
        return least + self.number(*name) % (most - least + 1)

    def day(self, first: date, last: date, *name: object) -> date:
        """Draw a day, both ends included; the last day where they stand the wrong way round."""
        return max(first, last - timedelta(days=self.between(0, max((last - first).days, 0), *name)))

    def digits(self, count: int, *name: object) -> str:
        """Draw a row of digits."""
        return str(self.number(*name) % 10**count).zfill(count)
