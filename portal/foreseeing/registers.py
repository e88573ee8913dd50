"""Registers as they are foreseen: each office's is up or down, by chance that is drawn once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from portal.foreseeing.prefecture import Registers
from portal.foreseeing.time import DAY

DAYS_OF_MONTH = 30


@dataclass
class Outages:
    """When the register of one office is down: the next outage, drawn when the one before is over."""

    chance: Random
    registers: Registers
    begins: float = 0.0
    ends: float = 0.0

    def up_again(self, now: float) -> float:
        """Return when the register answers: now, or when the outage under way is over. Time never goes back."""
        if not self.registers.outages_a_month:
            return now
        while now >= self.ends:
            gap = DAYS_OF_MONTH * DAY / self.registers.outages_a_month
            self.begins = self.ends + self.chance.expovariate(1 / gap)
            self.ends = self.begins + self.chance.expovariate(
                1 / (60 * max(self.registers.outage_hours, 0.01))
            )
        return self.ends if now >= self.begins else now


@dataclass
class AllRegisters:
    """The registers of all offices, by the office's code."""

    registers: Registers
    chance_of: Callable[[str], Random]
    _found: dict[str, Outages] = field(default_factory=dict)

    def up_again(self, organisation: str, now: float) -> float:
        """Return when the office's register answers."""
        if organisation not in self._found:
            self._found[organisation] = Outages(self.chance_of(f"register {organisation}"), self.registers)
        return self._found[organisation].up_again(now)
