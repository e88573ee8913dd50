"""The registers' records: who stands in which register, since when, until when, and with which facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.sandbox.seeding.people import MadeUpPerson
from portal.sandbox.seeding.population import NOTHING, Holder, Population, Thing
from portal.sandbox.seeding.shapes import FactShape, RegisterShape
from portal.sandbox.seeding.values import Values

# Of the entries of holders who do not have everything, so many have expired, or stand there twice.
EXPIRED_SHARE, CONTRADICTING_SHARE = 0.04, 0.01
NOT_ASKED_SHARE = 0.1
CONTRADICTION = "Two entries about this holder do not agree."
MONTH = timedelta(days=30.44)
# A shorter validity is that of an extract: the register makes it out on the day it is asked.
EXTRACT_MONTHS = 6
LONGEST_AGO = timedelta(days=3000)

# It says who represents a business in law, by which businesses are bound to accounts; no service asks for it.
BUSINESS_REGISTER, BUSINESS_REGISTER_OFFICE = "business-register", "market-regulation"


@dataclass(frozen=True, slots=True)
class MadeUpRecord:
    """One row of a register."""

    register: str
    holder: Holder
    key: str
    facts: Mapping[str, object]
    issued_on: date | None
    valid_until: date | None
    contradiction: str


class Recording:
    """Writes the records of a population into the registers of a catalogue."""

    def __init__(
        self, population: Population, facts: Mapping[str, FactShape], rules: Mapping[str, Any]
    ) -> None:
        self.population, self.facts, self.rules = population, facts, rules["holders"]
        self.chance = population.chance
        self.values = Values(population, rules)

    def records(self, registers: tuple[RegisterShape, ...]) -> Iterator[MadeUpRecord]:
        """Return every record of every register."""
        for register in registers:
            for kind in register.holder_kinds:
                for holder in self.population.holders(kind):
                    if self._stands_in(holder, register):
                        yield from self._records_of(holder, register)
        yield from self._business_register()

    def _stands_in(self, holder: Holder, register: RegisterShape) -> bool:
        """Every tenth holder has everything, the one before it next to nothing, the others this and that."""
        if any(
            register.code in self.rules["only"][kind] for kind in self.rules["only"] if kind != holder.kind
        ):
            return False
        is_child = isinstance(holder, MadeUpPerson) and holder.stage == "child"
        if is_child and register.code not in self.rules["children"]:
            return False
        trait = self.rules["traits"].get(register.code)
        if trait is not None and trait not in holder.traits:
            return False
        if register.code in self.rules["always"]:
            return True
        return self.chance.share("stands", register.code, holder.number) < self._fullness(holder, register)

    def _fullness(self, holder: Holder, register: RegisterShape) -> float:
        if has_everything(holder):
            return 1.0
        if holder.index % 10 == 0 or register.code in self.rules["seldom"][holder.kind]:
            return 0.0
        if register.code in self.rules["common"]:
            return 1.0
        fullness = self.chance.between(35, 90, "fullness", holder.number) / 100
        rarity = self.rules["rare"].get(register.code, 1.0) if register.is_asked else NOT_ASKED_SHARE
        return fullness * rarity

    def _records_of(self, holder: Holder, register: RegisterShape) -> Iterator[MadeUpRecord]:
        things = self.values.keys(self.facts[register.key], holder) if register.key else [NOTHING]
        for thing in things:
            issued_on, valid_until = self._validity(holder, register, thing)
            told = {
                fact.code: self._fact(fact, holder, register, thing, valid_until) for fact in register.proves
            }
            # Of somebody unmarried there is no spouse to tell.
            facts = {code: value for code, value in told.items() if value is not None}
            is_twice = self._happens(CONTRADICTING_SHARE, "twice", holder, register, thing)
            doubt = CONTRADICTION if is_twice else ""
            yield MadeUpRecord(register.code, holder, thing.key, facts, issued_on, valid_until, doubt)

    def _fact(
        self, fact: FactShape, holder: Holder, register: RegisterShape, thing: Thing, until: date | None
    ) -> object:
        if until is not None and fact.code.endswith("_until"):
            return until.isoformat()
        return self.values.value(fact, holder, thing, register.key)

    def _validity(
        self, holder: Holder, register: RegisterShape, thing: Thing
    ) -> tuple[date | None, date | None]:
        today, months = self.population.today, register.validity_months
        name = ("issued", register.code, holder.number, thing.key)
        if months == 0:
            first = max(self._earliest(holder, thing), today - LONGEST_AGO)
            return self.chance.day(first, today - timedelta(days=30), *name), None
        if months < EXTRACT_MONTHS and register.is_live:
            return None, None
        if months < EXTRACT_MONTHS:
            issued = today - timedelta(days=self.chance.between(0, 5, *name))
            return issued, months_after(issued, months)
        if self._happens(EXPIRED_SHARE, "expired", holder, register, thing):
            issued = today - months * MONTH - timedelta(days=self.chance.between(30, 300, *name))
        else:
            longest = min((months - EXTRACT_MONTHS) * MONTH, LONGEST_AGO)
            issued = today - timedelta(days=self.chance.between(1, max(longest.days, 5), *name))
        issued = max(issued, self._earliest(holder, thing))
        return issued, months_after(issued, months)

    def _earliest(self, holder: Holder, thing: Thing) -> date:
        """Nothing is recorded before somebody's birth, nor a death before it happened."""
        if thing.person is None:
            return holder.born
        is_death = thing.person.stage == "deceased"
        return self.population.today - timedelta(days=3) if is_death else max(holder.born, thing.person.born)

    def _happens(
        self, share: float, what: str, holder: Holder, register: RegisterShape, thing: Thing
    ) -> bool:
        if has_everything(holder):
            return False
        return self.chance.share(what, register.code, holder.number, thing.key) < share

    def _business_register(self) -> Iterator[MadeUpRecord]:
        for business in self.population.businesses:
            facts = {
                "name": business.name,
                "uscc": business.number,
                "kind": business.business_kind,
                "status": "in_operation",
                "legal_representative_name": business.representative.name,
                "legal_representative_number": business.representative.number,
            }
            yield MadeUpRecord(BUSINESS_REGISTER, business, "", facts, business.born, None, "")


def has_everything(holder: Holder) -> bool:
    """Return whether a holder is one of the tenth who stand in every register they can stand in."""
    return holder.index % 10 == 1


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, the 28th at the latest in a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    try:
        return day.replace(year=year, month=month + 1)
    except ValueError:
        return date(year, month + 1, 28)
