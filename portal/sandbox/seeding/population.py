"""Everybody of the world at once, and who can play a part in whose matters: at home, or at work."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.sandbox.seeding.businesses import MadeUpBusiness, make_businesses
from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.people import MadeUpPerson, make_people
from portal.sandbox.seeding.sizes import LARGE, Size

Holder = MadeUpPerson | MadeUpBusiness


@dataclass(frozen=True, slots=True)
class Thing:
    """What a record is about beside its holder: a number, and the person where the number is somebody's."""

    key: str
    person: MadeUpPerson | None = None


NOTHING = Thing("")
# Roles that only people have in each other's matters.
AT_HOME = ("child", "deceased", "spouse", "household_head")


class Population:
    """The people and businesses of one world."""

    def __init__(self, chance: Chance, today: date, size: Size = LARGE) -> None:
        self.chance, self.today = chance, today
        self.people = make_people(chance, today, size)
        self.businesses = make_businesses(chance, today, self.people[: size.businesses])
        self._homes: dict[tuple[str, str], list[MadeUpPerson]] = defaultdict(list)
        self._staff: dict[int, list[MadeUpPerson]] = defaultdict(list)
        for person in self.people:
            self._homes[person.household.number, person.stage].append(person)
            if person.stage == "adult":
                self._staff[self._employer_index(person)].append(person)

    def holders(self, kind: str) -> Sequence[Holder]:
        """Return all people, or all businesses."""
        return self.people if kind == "person" else self.businesses

    def employer(self, person: MadeUpPerson) -> MadeUpBusiness:
        """Return the business a person works for."""
        return self.businesses[self._employer_index(person)]

    def related(self, holder: Holder, role: str) -> Sequence[MadeUpPerson]:
        """Return the people who can play a role in a matter of the holder, at home or at work."""
        if isinstance(holder, MadeUpBusiness):
            return [] if role in AT_HOME else self._staff[holder.index % len(self.businesses)]
        home = holder.household.number
        if role in ("child", "deceased"):
            return self._homes[home, role]
        others = [adult for adult in self._homes[home, "adult"] if adult is not holder]
        if role == "spouse":
            return others if "married" in holder.traits else []
        return others or [holder]

    def _employer_index(self, person: MadeUpPerson) -> int:
        return person.index % len(self.businesses)
