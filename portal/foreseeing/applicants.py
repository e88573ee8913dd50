"""Made-up applicants: what is true of them, near everything that a service's conditions compare with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from random import Random
from typing import Any

from services.core.conditions import used_facts
from services.core.definitions import Definition, Example
from services.core.facts import BUILT_IN, Fact, FactType
from services.core.rehearsal import FIRST_DAY

FILED_ON = "application.filed_on"
LONGEST_LIFE_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies for a service: all that is true, and of it what only evidence tells."""

    truth: Mapping[str, Any]
    told: frozenset[str]
    absent: frozenset[str] = frozenset()  # evidence that no register has of them
    commits: bool = False


@dataclass(frozen=True)
class Casting:
    """Who can apply for a service: those of its worked examples, and everybody near a threshold."""

    definition: Definition

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """Return the worked examples that end well, all of them if none does: the others show what can go wrong."""
        well = tuple(one for one in self.definition.examples if one.ends == "granted")
        return well or self.definition.examples

    @cached_property
    def asked(self) -> frozenset[str]:
        """Return the facts that are asked of the applicant."""
        return frozenset(question.fact for question in self.definition.questions)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Return the types of evidence by which the applicant can prove what is required."""
        own = (one for one in self.definition.requirements if one.party == "applicant")
        return frozenset(kind for one in own for entry in one.any_of for kind in entry)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Return the facts that conditions look at."""
        conditions = self.definition.conditions.values()
        return tuple(sorted({fact for one in conditions for fact in used_facts(one.expression)} - {FILED_ON}))

    @cached_property
    def compared(self) -> tuple[Any, ...]:
        """Return everything that conditions compare facts with."""
        return tuple(_literals([one.expression for one in self.definition.conditions.values()]))

    def like_an_example(self, chance: Random) -> Applicant:
        """Return somebody like one of the worked examples, if there are any."""
        if not self.examples:
            return self.near_a_threshold(chance)
        example = chance.choice(self.examples)
        return self._applicant({**example.facts}, frozenset(example.absent), example.commits)

    def near_a_threshold(self, chance: Random) -> Applicant:
        """Return somebody with a value for every fact that a condition looks at, near what it is compared with."""
        known = {**self.definition.facts, **BUILT_IN}
        return self._applicant({fact: _value(known[fact], self.compared, chance) for fact in self.facts})

    def _applicant(
        self, truth: dict[str, Any], absent: frozenset[str] = frozenset(), commits: bool = False
    ) -> Applicant:
        # The examples are written for this day; what conditions make of a date then stays as it is.
        truth.setdefault(FILED_ON, FIRST_DAY.isoformat())
        told = frozenset(fact for fact in truth if fact not in self.asked and fact not in BUILT_IN)
        return Applicant(truth, told - {FILED_ON}, absent, commits)


def _literals(expression: Any) -> Iterator[Any]:
    if isinstance(expression, dict):
        yield from (one for key, part in expression.items() if key != "var" for one in _literals(part))
    elif isinstance(expression, list):
        yield from (one for part in expression for one in _literals(part))
    else:
        yield expression


def _value(fact: Fact, compared: tuple[Any, ...], chance: Random) -> Any:
    """Return a value of the fact: of a number one that is, or is just beside, what it is compared with."""
    if fact.type is FactType.CHOICE:
        return chance.choice(fact.choices).code
    if fact.type is FactType.YES_NO:
        return chance.random() < 0.5
    if fact.type is FactType.DATE:
        return (FIRST_DAY - timedelta(days=chance.randrange(LONGEST_LIFE_DAYS))).isoformat()
    if fact.type is FactType.ROWS:
        row = {column.code: _value(column, compared, chance) for column in fact.columns}
        return [row] * chance.randrange(1, 4)
    if fact.type in (FactType.NUMBER, FactType.MONEY):
        return str(chance.choice([Decimal(0), *_numbers(compared)]) + chance.choice([-1, 0, 1]))
    return chance.choice([*(one for one in compared if isinstance(one, str)), "something else"])


def _numbers(compared: tuple[Any, ...]) -> Iterator[Decimal]:
    for one in compared:
        try:
            yield Decimal(str(one))
        except InvalidOperation:
            continue
