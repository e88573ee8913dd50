"""How many live in the made-up world: a prefecture's worth for the portal that runs, a village for tests."""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Size:
    """How many there are of each kind; the last of the grown-up ones come from other countries."""

    adults: int
    children: int
    deceased: int
    foreigners: int
    businesses: int

    @property
    def people(self) -> int:
        """Return how many people there are."""
        return self.adults + self.children + self.deceased

    @property
    def households(self) -> int:
        """Return how many households there are: grown-ups live in twos."""
        return self.adults // 2

    @cached_property
    def homes_of_children(self) -> tuple[int, ...]:
        """Return the household of each child: by threes, so that few of them have had a death too."""
        return tuple(child * 3 % self.households for child in range(self.children))

    @cached_property
    def homes_of_deceased(self) -> tuple[int, ...]:
        """Return the household of each of those who died, by tens."""
        return tuple(one * 10 % self.households for one in range(self.deceased))


SIZES = {
    "large": Size(adults=2000, children=400, deceased=100, foreigners=60, businesses=500),
    "small": Size(adults=400, children=80, deceased=20, foreigners=12, businesses=100),
}
LARGE, SMALL = SIZES["large"], SIZES["small"]
