"""The services as the catalogue tells them: what is asked, what must be proved, who has to act, and worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from portal.demonstration.conditions import Facts, Truth, truth

Json = Mapping[str, Any]
GRANTED = "granted"
APPLICANT = "applicant"
REGISTERED = ("registry", "issued")
FIRST_DAY = date(2026, 3, 2)
# What nobody is asked: worked examples, too, take place on the first day.
WITHOUT_ASKING = {"application.filed_on": FIRST_DAY.isoformat(), "person.document_kind": "resident_id"}


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of evidence: whose it is, whether an office's register has it, which facts it tells, by which key."""

    code: str
    about: str
    registered: bool
    declared: bool
    uploaded: bool
    proves: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be proved: any one entry, and an entry is met by all it names."""

    code: str
    any_of: tuple[tuple[str, ...], ...]
    party: str
    when: str


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody beside the applicant."""

    role: str
    kind: str
    signs: str
    identified_by: tuple[str, ...]
    when: str


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work by one office."""

    code: str
    mode: str
    days: int
    check: str
    purpose: str
    when: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what an applicant says, what registers do not have, and what must happen."""

    facts: Facts
    absent: frozenset[str]
    outcomes: Mapping[str, str]
    conditions: Mapping[str, bool]
    asks: tuple[str, ...]
    visits: int
    ends: str

    @property
    def by_agent(self) -> bool:
        """Return whether somebody else files, with a mandate."""
        return self.facts.get("application.filed_by") == "agent"


@dataclass(frozen=True)
class Service:
    """One service, whole."""

    code: str
    programme: str
    organisation: str
    applicant: str
    certificate: str
    founds: str
    gives: Mapping[str, str]
    output_ends: tuple[str, ...]
    conditions: Mapping[str, Any]
    questions: Mapping[str, str]
    parties: tuple[Party, ...]
    requirements: tuple[Requirement, ...]
    steps: tuple[Step, ...]
    examples: tuple[Example, ...]
    facts: Mapping[str, Json] = field(repr=False)
    evidence_types: Mapping[str, EvidenceType] = field(repr=False)

    @cached_property
    def good(self) -> tuple[Example, ...]:
        """Return the worked examples that end well, those in which an agent files last."""
        return tuple(
            sorted((one for one in self.examples if one.ends == GRANTED), key=lambda one: one.by_agent)
        )

    def holds(self, condition: str, facts: Facts) -> Truth:
        """Return whether a named condition holds; what has no condition always does."""
        return truth(self.conditions[condition], facts) if condition else True

    def required_kinds(self) -> frozenset[str]:
        """Return every type of evidence the service can ask for."""
        return frozenset(code for one in self.requirements for entry in one.any_of for code in entry)


def read_service(said: Json) -> Service:
    """Return a service from its published definition."""
    return Service(
        code=said["code"],
        programme=said["programme"],
        organisation=said["organisation"],
        applicant=said["applicant"],
        certificate=said["output"]["certificate"],
        founds=said["output"]["founds"],
        gives=said["output"]["gives"],
        output_ends=tuple(said["output"]["ends"]),
        conditions={one["code"]: one["expression"] for one in said["conditions"]},
        questions={one["fact"]: one["when"] for one in said["questions"]},
        parties=tuple(_party(one) for one in said["parties"]),
        requirements=tuple(_requirement(one) for one in said["requirements"]),
        steps=tuple(_step(one) for one in said["steps"]),
        examples=tuple(_example(one) for one in said["examples"]),
        facts={one["code"]: one for one in said["facts"]},
        evidence_types={one["code"]: _evidence_type(one) for one in said["evidenceTypes"]},
    )


def _party(said: Json) -> Party:
    return Party(said["role"], said["kind"], said["signs"], tuple(said["identifiedBy"]), said["when"])


def _requirement(said: Json) -> Requirement:
    return Requirement(said["code"], tuple(map(tuple, said["anyOf"])), said["party"], said["when"])


def _step(said: Json) -> Step:
    return Step(said["code"], said["mode"], said["days"], said["check"], said["purpose"], said["when"])


def _example(said: Json) -> Example:
    return Example(
        facts={**WITHOUT_ASKING, **said["facts"]},
        absent=frozenset(said["absent"]),
        outcomes=said["outcomes"],
        conditions=said["conditions"],
        asks=tuple(said["asks"]),
        visits=said["visits"],
        ends=said["ends"],
    )


def _evidence_type(said: Json) -> EvidenceType:
    return EvidenceType(
        code=said["code"],
        about=said["about"],
        registered=said["source"] in REGISTERED,
        declared=bool(said["declaration"]),
        uploaded=said["upload"],
        proves=tuple(said["proves"]),
        key=said["key"],
    )
