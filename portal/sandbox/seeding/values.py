"""The values of facts: the holder's own, else made up; one value for one fact in all registers."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.numbers import vehicle_number
from portal.sandbox.seeding.people import YEAR, MadeUpPerson, made_up_address
from portal.sandbox.seeding.population import Holder, Population, Thing
from portal.sandbox.seeding.shapes import FactShape

RULES = Path(__file__).with_name("world.toml")
# Facts about another person of the matter: `application.child_name` and the like.
OTHER_PERSON = re.compile(
    r"application\.(child|deceased|spouse|driver|employee|responsible|household_head)_(name|number|birth_date)"
)
GROWN_UP = 18

Name = tuple[object, ...]


def read_rules() -> dict[str, Any]:
    """Return the tables of world.toml."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def role_of(code: str) -> str:
    """Return the role of the person whose number, name or birth date a fact is, or nothing."""
    found = OTHER_PERSON.fullmatch(code)
    return found[1] if found else ""


class Values:
    """Makes up the value of any fact of the catalogue for any holder."""

    def __init__(self, population: Population, rules: Mapping[str, Any]) -> None:
        self.population, self.rules = population, rules
        self.chance: Chance = population.chance
        self.today: date = population.today
        self._own: dict[str, Mapping[str, object]] = {}
        self._rules: dict[tuple[str, str], Any] = {}

    def value(self, fact: FactShape, holder: Holder, thing: Thing, key: str) -> object:
        """Return the value of a fact for a holder and one of their things, whose number is the fact `key`."""
        if fact.code == key:
            return thing.key
        own = self._own_facts(holder)
        if fact.code in own:
            return own[fact.code]
        if role := role_of(fact.code):
            return self._of_other_person(fact.code, holder, thing, role)
        whose = (holder.number, "")
        if fact.code.startswith("application."):
            # What is about another person is the same in whosever matter it comes up.
            whose = ("", thing.key) if thing.person else (holder.number, thing.key)
        return self._made(fact, holder, (*whose, fact.code))

    def keys(self, fact: FactShape, holder: Holder) -> list[Thing]:
        """Return the one or two things of a holder that a key can name, or the people."""
        if role := role_of(fact.code):
            related, by_name = self.population.related(holder, role)[:2], fact.code.endswith("_name")
            return [Thing(person.name if by_name else person.number, person) for person in related]
        count = 2 if self.chance.share("things", holder.number, fact.code) < 0.3 else 1
        names = [(holder.number, "thing", index, fact.code) for index in range(count)]
        made = (self._made(fact, holder, name) for name in names)
        return [Thing(str(key)) for key in dict.fromkeys(made)]

    def _own_facts(self, holder: Holder) -> Mapping[str, object]:
        if holder.number not in self._own:
            if isinstance(holder, MadeUpPerson):
                person, business = holder, self.population.employer(holder)
            else:
                person, business = holder.representative, holder
            self._own[holder.number] = {
                **business.own_facts,
                **person.own_facts,
                "person.employer_name": self.population.employer(person).name,
            }
        return self._own[holder.number]

    def _of_other_person(self, code: str, holder: Holder, thing: Thing, role: str) -> object:
        related = self.population.related(holder, role) or [self.population.people[0]]
        person = thing.person or related[0]
        if code.endswith("_name"):
            return person.name
        return person.number if code.endswith("_number") else person.born.isoformat()

    def _made(self, fact: FactShape, holder: Holder, name: Name) -> object:
        makers: dict[str, Callable[[FactShape, Holder, Name], object]] = {
            "text": self._text,
            "address": lambda _fact, _holder, name: made_up_address(self.chance, *name),
            "number": self._number,
            "money": lambda fact, holder, name: f"{self._number(fact, holder, name)}.00",
            "date": self._date,
            "choice": self._choice,
            "yes_no": lambda fact, _holder, name: self.chance.share(*name) < self._rule("yes", fact.code),
            "rows": self._rows,
        }
        return makers[fact.type](fact, holder, name)

    def _text(self, fact: FactShape, holder: Holder, name: Name) -> str:
        digits = self.chance.digits(8, *name)
        formats = {
            "plate": f"样A{digits[:5]}",
            "hs_code": f"99{digits}",
            "postcode": f"9901{digits[:2]}",
            "phone": f"0000{digits[:7]}",
            "email": f"made-up-{digits}@example.org",
        }
        if fact.format == "vin":
            return vehicle_number(digits)
        if fact.format in formats:
            return formats[fact.format]
        if fact.format in ("uscc", "identity_number"):
            others = self.population.businesses if fact.format == "uscc" else self.population.people
            return self.chance.pick(others, *name).number
        words = self._rule("texts", fact.code)
        text = self.chance.pick(words, *name) if words else f"9901{digits}"
        return text.replace("{n}", digits[:6])[: fact.max_length]

    def _number(self, fact: FactShape, holder: Holder, name: Name) -> int:
        least, most = self._rule("numbers", fact.code)
        if isinstance(holder, MadeUpPerson) and fact.code.endswith(("_years", "_months")):
            worked = max(int((self.today - holder.born) / YEAR) - GROWN_UP, 1)
            most = min(most, worked * (12 if fact.code.endswith("_months") else 1))
        least = max(least, fact.least if fact.least is not None else least)
        most = max(least, min(most, fact.most if fact.most is not None else most))
        return self.chance.between(int(least), int(most), *name)

    def _date(self, fact: FactShape, holder: Holder, name: Name) -> str:
        rule = self._rule("dates", fact.code)
        (how, (least, most)), began = next(iter(rule.items())), holder.born
        if how == "age":
            day = self.chance.day(began + least * YEAR, began + (most + 0.9) * YEAR, *name)
            return min(day, self.today - timedelta(days=20)).isoformat()
        days = timedelta(days=self.chance.between(least, most, *name))
        return (self.today + days if how == "after" else max(began, self.today - days)).isoformat()

    def _choice(self, fact: FactShape, holder: Holder, name: Name) -> str:
        wanted = [code for code in self._rule("choices", fact.code) or () if code in fact.choices]
        return self.chance.pick(wanted or fact.choices, *name)

    def _rows(self, fact: FactShape, holder: Holder, name: Name) -> list[dict[str, object]]:
        least, most = fact.rows
        count = self.chance.between(least, min(most, least + 2), *name)
        return [
            {
                column.code.rpartition(".")[2]: self._made(column, holder, (*name, row, column.code))
                for column in fact.columns
            }
            for row in range(count)
        ]

    def _rule(self, table: str, code: str) -> Any:
        """Return what a table says of a fact: at the first pattern that fits, looked up once."""
        if (table, code) not in self._rules:
            fitting = (rule for pattern, rule in self.rules[table].items() if fnmatchcase(code, pattern))
            self._rules[table, code] = next(fitting, None)
        return self._rules[table, code]
