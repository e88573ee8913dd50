"""Whether somebody's records make a worked example come true, and what they would then answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from portal.demonstration.catalogue import APPLICANT, EvidenceType, Example, Party, Service
from portal.demonstration.conditions import truth
from portal.demonstration.world import BUSINESS, PERSON, Housemate, Somebody

# Whom facts such as `application.child_number` are about: somebody of this stage at home, else anybody grown up.
AT_HOME = {
    "child": "child",
    "deceased": "deceased",
    "spouse": "adult",
    "other_parent": "adult",
    "household_head": "adult",
}
NUMBERED = {"identity_number": "_number", "uscc": "_uscc"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a service needs of its applicant's registers in a worked example, by whose record it is."""

    person: frozenset[str]
    business: frozenset[str]
    absent: frozenset[str]
    # Of whom else something is needed, by role: `person` or `business`, and the registers.
    parties: Mapping[str, frozenset[str]] = field(default_factory=dict)


def wanted(service: Service, example: Example) -> Wanted:
    """Return which registers must know the applicant and the others for the example to come true."""
    of_person, of_business, of_parties = set(), set(), {}
    for one in service.requirements:
        if service.holds(one.when, example.facts) is False:
            continue
        entry = next((entry for entry in one.any_of if _found(service, example, entry)), ())
        for kind in (service.evidence_types[code] for code in entry):
            if one.party != APPLICANT:
                of_parties.setdefault(one.party, set()).add(kind.code)
            elif holder_kind(service, kind, example) == PERSON:
                of_person.add(kind.code)
            else:
                of_business.add(kind.code)
    parties = {role: frozenset(kinds) for role, kinds in of_parties.items()}
    absent = frozenset(code for code in example.absent if code in service.evidence_types)
    return Wanted(frozenset(of_person), frozenset(of_business), absent, parties)


def _found(service: Service, example: Example, entry: Iterable[str]) -> bool:
    return all(service.evidence_types[code].registered and code not in example.absent for code in entry)


def for_business(service: Service, example: Example) -> bool:
    """Return whether the example's applicant is a business; of a service for either, people apply for themselves."""
    return service.applicant == BUSINESS


def holder_kind(service: Service, kind: EvidenceType, example: Example) -> str:
    """Return whose record the applicant's evidence of this type is."""
    return PERSON if kind.about == PERSON or not for_business(service, example) else BUSINESS


def keyed_facts(
    service: Service, example: Example, holders: Mapping[str, Somebody]
) -> Iterator[dict[str, Any]]:
    """Yield, for every choice of things (which vehicle, which contract), the keys and what registers tell of them."""
    kinds = _kinds_by_holder(service, example, holders)
    choices: dict[str, set[str]] = {}
    for kind, holder in kinds:
        if kind.key:
            known = set(holder.knows(kind.code))
            choices[kind.key] = choices.get(kind.key, known) & known
    for values in product(*(sorted(keys) for keys in choices.values())):
        facts: dict[str, Any] = dict(zip(choices, values, strict=True))
        told = [holder.knows(kind.code).get(facts.get(kind.key, ""), {}) for kind, holder in kinds]
        yield facts | {fact: value for one in told for fact, value in one.items() if fact not in facts}


def _kinds_by_holder(
    service: Service, example: Example, holders: Mapping[str, Somebody]
) -> list[tuple[EvidenceType, Somebody]]:
    needs = wanted(service, example)
    pairs = [(code, PERSON) for code in sorted(needs.person)] + [
        (code, BUSINESS) for code in sorted(needs.business)
    ]
    return [(service.evidence_types[code], holders[kind]) for code, kind in pairs]


def comes_true(service: Service, example: Example, facts: Mapping[str, Any]) -> bool:
    """Return whether the conditions come out as in the example, and every check of its route as it should."""
    before = example.facts
    for code, expression in service.conditions.items():
        expected = example.conditions.get(code, truth(expression, before))
        if expected is not None and truth(expression, facts) is not expected:
            return False
    checks = [
        step.check for step in service.steps if step.check and service.holds(step.when, facts) is not False
    ]
    fails = any(service.holds(check, facts) is False for check in checks)
    return fails == any(example.conditions.get(check) is False for check in checks)


def roles(service: Service, facts: Mapping[str, Any]) -> Iterator[tuple[str, str, Party | None]]:
    """Yield everybody else whom the answers name by number: their word in the facts, their kind, and as what party."""
    active = [code for code, when in service.questions.items() if service.holds(when, facts) is not False]
    parties = [one for one in service.parties if service.holds(one.when, facts) is not False]
    named = dict.fromkeys([*active, *(code for one in parties for code in one.identified_by)])
    for code in named:
        fact_format = service.facts[code]["format"]
        ending = NUMBERED.get(fact_format, "")
        if ending and code.startswith("application.") and code.endswith(ending):
            word = code.removeprefix("application.").removesuffix(ending)
            party = next((one for one in parties if code in one.identified_by), None)
            yield word, BUSINESS if ending == "_uscc" else PERSON, party


def at_home(person: Somebody, word: str, keys: Mapping[str, Any]) -> list[Housemate]:
    """Return who at home can be meant by a word such as `child`; if a key names somebody, only them."""
    name, number = (keys.get(f"application.{word}_{what}") for what in ("name", "number"))
    return [
        one
        for one in person.housemates
        if one.stage == AT_HOME.get(word, one.stage)
        and name in (None, one.name)
        and number in (None, one.number)
    ]
