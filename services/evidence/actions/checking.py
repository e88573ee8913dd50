"""Look after every register: how it did lately, and whether its office answers at this moment."""

from dataclasses import dataclass
from datetime import datetime

from services.evidence.queries.registers import Condition, RegisterView, all_registers
from services.evidence.registries.knocking import Door, Knock, knock
from services.evidence.registries.places import register_place


@dataclass(frozen=True, slots=True)
class CheckedRegister:
    """A register as it did lately, and what came of knocking at its office now."""

    register: RegisterView
    knock: Knock

    @property
    def well(self) -> bool:
        """Return whether it can be relied on: its last answer was one, and its office shows its keys."""
        return self.register.condition in (Condition.ANSWERS, Condition.NOT_ASKED) and self.knock.keys > 0


def check_registers(*, language: str, now: datetime) -> tuple[CheckedRegister, ...]:
    """Return every register, those that fail first. No office is asked about anybody, and nothing is kept."""
    known = [one for one in all_registers(language=language, now=now) if one.organisation]
    doors = {one.code: Door(register_place(one.code, one.organisation), one.organisation) for one in known}
    knocks = knock(set(doors.values()))
    return tuple(CheckedRegister(one, knocks[doors[one.code]]) for one in known)
