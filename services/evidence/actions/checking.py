"""Look after every register: how it did lately, and whether its office answers at this moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.evidence.queries.registers import Condition, RegisterView, all_registers
from services.evidence.registries.knocking import Door, Knock, knock
from services.evidence.registries.places import LOADED, register_place

NOBODY = Knock(keys=0, took_ms=0)


@dataclass(frozen=True, slots=True)
class CheckedRegister:
    """A register as it did lately, and what came of knocking at its office now."""

    register: RegisterView
    knock: Knock
    # What it knows was loaded here: there is no door to knock at.
    is_here: bool = False

    @property
    def well(self) -> bool:
        """Return whether it can be relied on: its last answer was one, and its office shows its keys."""
        answers = self.register.condition in (Condition.ANSWERS, Condition.NOT_ASKED)
        return answers and (self.is_here or self.knock.keys > 0)


def check_registers(*, language: str, now: datetime) -> tuple[CheckedRegister, ...]:
    """Return every register, those that fail first. No office is asked about anybody, and nothing is kept."""
    known = [one for one in all_registers(language=language, now=now) if one.organisation]
    doors = {one.code: Door(register_place(one.code, one.organisation), one.organisation) for one in known}
    knocks = knock({door for door in doors.values() if door.place.adapter != LOADED})
    return tuple(_checked(one, doors[one.code], knocks) for one in known)


def _checked(register: RegisterView, door: Door, knocks: Mapping[Door, Knock]) -> CheckedRegister:
    if door.place.adapter == LOADED:
        return CheckedRegister(register, NOBODY, is_here=True)
    return CheckedRegister(register, knocks[door])
