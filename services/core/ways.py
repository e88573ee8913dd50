"""The ways in which each thing that a service needs can come to be proved, in their order: none of them is paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.core.definitions import Definition, Mode, Requirement
from services.core.evidence import Source, own_ways
from services.core.reference import EvidenceType, Home


@dataclass(frozen=True, slots=True)
class Way:
    """One way to one type of evidence: by which source, at whose office; `at` names the meeting where it is seen."""

    type: str
    source: Source
    organisation: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class WaysOfRequirement:
    """All ways of one requirement, the one tried first at the beginning."""

    requirement: str
    party: str
    when: str
    ways: tuple[Way, ...]

    @property
    def last(self) -> Source | None:
        """Return how it is proved when everything before has failed; None would be paper."""
        return self.ways[-1].source if self.ways else None


def ways_to_prove(definition: Definition) -> tuple[WaysOfRequirement, ...]:
    """Return the ways of every requirement, as the waterfall tries them (R3.1, R3.18)."""
    return tuple(
        WaysOfRequirement(one.code, one.party, one.when, tuple(_ways(one, definition)))
        for one in definition.requirements
    )


def _ways(requirement: Requirement, definition: Definition) -> Iterator[Way]:
    kinds = [definition.evidence_types[code] for entry in requirement.any_of for code in entry]
    for kind in kinds:
        yield from _held(kind)
    for kind in kinds:
        yield from (Way(kind.code, way) for way in own_ways(kind, definition.risks))
    meetings = [step.code for step in definition.steps_of(Mode.COUNTER, Mode.INSPECTION)]
    at = requirement.original_at or next(iter(meetings), "")
    if at in meetings:
        yield Way(kinds[0].code, Source.SEEN, at=at)


def _held(kind: EvidenceType) -> Iterator[Way]:
    if kind.home is Home.ISSUED:
        yield Way(kind.code, Source.ISSUED, kind.organisation)
    if kind.registered:
        yield Way(kind.code, Source.REGISTRY, kind.organisation)
