"""The made-up people: grown-up ones who sign in, children, and those who have died; each in a household."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.numbers import passport_number, resident_number
from portal.sandbox.seeding.sizes import LARGE, Size
from portal.sandbox.seeding.words import COUNTRIES, GIVEN, STREETS, SURNAMES

YEAR = timedelta(days=365.25)
SENIOR_YEARS, PARENT_YEARS = 60, 18


@dataclass(frozen=True, slots=True)
class Household:
    """Who lives together, under one number and at one address."""

    number: str
    address: str
    size: int
    head: str
    is_couple: bool


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """A person of the made-up world, the same in every register."""

    index: int
    name: str
    name_latin: str
    number: str
    document_kind: str
    born: date
    stage: str
    nationality: str
    partner: str
    household: Household
    phone: str
    sex: str
    traits: frozenset[str]

    kind = "person"

    @property
    def username(self) -> str:
        """Return the name the person signs in with."""
        return f"resident-{self.index:04d}"

    @property
    def email(self) -> str:
        """Return an address at which no mail arrives."""
        return f"{self.username}@example.org"

    @property
    def own_facts(self) -> dict[str, object]:
        """Return what is known about the person everywhere alike."""
        return {
            "person.full_name": self.name,
            "person.identity_number": self.number,
            "person.document_kind": self.document_kind,
            "person.birth_date": self.born.isoformat(),
            "person.nationality": self.nationality,
            "person.phone": self.phone,
            "person.email": self.email,
            "person.household_number": self.household.number,
            "person.household_head": self.household.head,
            "person.household_address": self.household.address,
            "person.household_size": self.household.size,
            "person.residence_address": self.household.address,
            "person.postal_address": self.household.address,
            "person.marital_status": "married" if "married" in self.traits else "single",
            "person.spouse_name": self.partner,
            "person.account_holder": self.name,
            **self._in_the_civil_registers,
        }

    @property
    def _in_the_civil_registers(self) -> dict[str, object]:
        """Return what registers say of the person for one matter only, as applicant or as the other partner."""
        status = "married" if "married" in self.traits else "single"
        unmarried = {"application.registered_spouse_name": None, "application.registered_marriage_on": None}
        return {
            "application.own_sex": self.sex,
            "application.own_marital_status": status,
            "application.partner_sex": self.sex,
            "application.partner_birth_date": self.born.isoformat(),
            "application.partner_marital_status": status,
            "application.death_recorded": self.stage == "deceased",
            **({"application.registered_spouse_name": self.partner} if self.partner else unmarried),
        }


def make_people(chance: Chance, today: date, size: Size = LARGE) -> list[MadeUpPerson]:
    """Return everybody, in the order of their user names."""
    town = _Town(chance, today, size)
    return [town.person(index) for index in range(1, size.people + 1)]


@dataclass(frozen=True, slots=True)
class _Town:
    """Everybody, made one by one: who somebody is follows from their place in the row."""

    chance: Chance
    today: date
    size: Size

    def person(self, index: int) -> MadeUpPerson:
        stage = self._stage(index)
        born = self._born(index, stage)
        name, latin = _name(self.chance, index)
        household = self._household(self._home(index))
        is_foreign = self.size.adults - self.size.foreigners < index <= self.size.adults
        is_married = stage == "adult" and household.is_couple
        return MadeUpPerson(
            index=index,
            name=name,
            name_latin=latin,
            number=passport_number(index) if is_foreign else resident_number(index, born),
            document_kind="passport" if is_foreign else "resident_id",
            born=born,
            stage=stage,
            nationality=self.chance.pick(COUNTRIES, "country", index) if is_foreign else "中国",
            partner=_name(self.chance, index + 1 if index % 2 else index - 1)[0] if is_married else "",
            household=household,
            # No network has numbers that begin so.
            phone=f"0000{index:07d}",
            # As the last digit but one of a resident number would have it; nobody reads it from there.
            sex="male" if index % 2 else "female",
            traits=_traits(
                stage,
                born,
                self.today,
                is_married=is_married,
                is_foreign=is_foreign,
                is_mother=self._is_mother(index),
            ),
        )

    def _stage(self, index: int) -> str:
        if index <= self.size.adults:
            return "adult"
        return "child" if index <= self.size.adults + self.size.children else "deceased"

    def _born(self, index: int, stage: str) -> date:
        chance, today = self.chance, self.today
        if stage == "adult":
            together = chance.day(today - 78 * YEAR, today - 21 * YEAR, "generation", self._home(index))
            return together + timedelta(days=chance.between(-600, 600, "born", index))
        if stage == "deceased":
            return chance.day(today - 95 * YEAR, today - 45 * YEAR, "born", index)
        first_parent = 2 * self._home(index) + 1
        parents = max(self._born(parent, "adult") for parent in (first_parent, first_parent + 1))
        earliest = max(parents + PARENT_YEARS * YEAR, today - 17 * YEAR)
        return chance.day(earliest, today - timedelta(days=10), "born", index)

    def _is_mother(self, index: int) -> bool:
        is_woman = index <= self.size.adults and index % 2 == 0
        return is_woman and self._home(index) in self.size.homes_of_children

    def _home(self, index: int) -> int:
        """Grown-ups live in twos; children and those who died belong to some of these households."""
        if index <= self.size.adults:
            return (index - 1) // 2
        homes = self.size.homes_of_children + self.size.homes_of_deceased
        return homes[index - self.size.adults - 1]

    def _household(self, index: int) -> Household:
        return Household(
            number=f"9901{index:06d}",
            address=made_up_address(self.chance, "household", index),
            size=2 + self.size.homes_of_children.count(index),
            head=_name(self.chance, 2 * index + 1)[0],
            is_couple=self.chance.share("couple", index) < 0.6,
        )


def _traits(
    stage: str, born: date, today: date, *, is_married: bool, is_foreign: bool, is_mother: bool
) -> frozenset[str]:
    found = {
        stage: True,
        "married": is_married,
        "foreign": is_foreign,
        "resident": not is_foreign,
        "mother": is_mother,
        "senior": stage == "adult" and today - born >= SENIOR_YEARS * YEAR,
    }
    return frozenset(trait for trait, holds in found.items() if holds)


def _name(chance: Chance, index: int) -> tuple[str, str]:
    surname, latin_surname = chance.pick(SURNAMES, "surname", index)
    (first, latin_first), (second, latin_second) = (chance.pick(GIVEN, "given", at, index) for at in (1, 2))
    return surname + first + second, f"{latin_surname} {(latin_first + latin_second).capitalize()}"


def made_up_address(chance: Chance, *name: object) -> str:
    """Return an address in a town that does not exist."""
    street = chance.pick(STREETS, "street", *name)
    house, door = chance.between(1, 299, "house", *name), chance.between(101, 1808, "door", *name)
    return f"样本市示例区{street}{house}号{door}室"
