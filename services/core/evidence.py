"""Once only: how each thing a service must know is proved without asking for paper.

For each requirement the ways are tried in this order: a certificate we issued, evidence of an earlier case, a
register, the applicant's declaration, the applicant's own copy, the original seen at a visit that is needed anyway.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.core.definitions import Definition, Requirement
from services.core.facts import Holder, Value
from services.core.reference import DeclarationKind, EvidenceType


class Source(StrEnum):
    """Where evidence comes from, in the order in which it is looked for (design §6)."""

    ISSUED = "issued"
    EARLIER = "earlier"
    REGISTRY = "registry"
    DECLARATION = "declaration"
    UPLOAD = "upload"
    SEEN = "seen"


class Grade(StrEnum):
    """How far evidence can be trusted (R3.17): sealed by its authority, checked by a clerk, uploaded, stated."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Outcome(StrEnum):
    """What a register answered. Only `down` may be asked again; the others are answers."""

    FOUND = "found"
    NO_RECORD = "no_record"
    DOWN = "down"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class HeldEvidence:
    """Evidence we hold about a holder, seen from one application."""

    id: UUID
    type: str
    holder: Holder
    source: Source
    grade: Grade
    facts: Mapping[str, Value] = field(hash=False)
    obtained_on: date
    valid_until: date | None = None
    key: str = ""
    disputed: bool = False
    checked: bool = False
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One question to a register about one type of evidence, and its outcome."""

    type: str
    holder: Holder
    outcome: Outcome
    key: str = ""


class Standing(StrEnum):
    """How far a requirement is settled."""

    SETTLED = "settled"  # by grade A, B or D
    UNCHECKED = "unchecked"  # by the applicant's own copy, which a clerk has yet to check
    FETCHING = "fetching"  # a register has yet to be asked, or to answer
    AT_VISIT = "at_visit"  # the original is seen at the visit or inspection that is needed anyway
    OPEN = "open"  # the applicant has something to give: a declaration or a copy


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one requirement stands: by which evidence, or what is still to be fetched or asked."""

    requirement: str
    standing: Standing
    evidence: tuple[HeldEvidence, ...] = ()
    fetch: tuple[str, ...] = ()
    asks: tuple[tuple[str, Source], ...] = ()

    @property
    def grade(self) -> Grade | None:
        """Return the weakest grade among the evidence used."""
        return max((one.grade for one in self.evidence), default=None)

    @property
    def source(self) -> Source | None:
        """Return where the first evidence came from."""
        return self.evidence[0].source if self.evidence else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What is at hand for one party in one application: evidence held, what registers answered, and promises.

    `promised` names the requirements whose original the applicant has promised to show at the visit; a party who
    `comes_along` signs and shows everything of theirs there.
    """

    held: Sequence[HeldEvidence] = ()
    attempts: Sequence[Attempt] = ()
    keys: Mapping[str, Value] = field(default_factory=dict)
    promised: frozenset[str] = frozenset()
    comes_along: bool = False


def settle_requirement(
    requirement: Requirement, definition: Definition, shelf: Shelf, *, on: date, visit_ahead: bool
) -> Settlement:
    """Return how the requirement stands on the day, each way in its order (R3.1, R3.15, R3.17, R3.18).

    `visit_ahead`: a counter step or inspection of this route is still to come, at which an original can be seen.
    A register that is down is asked again later and asks nothing of the applicant meanwhile; where there is no
    remote way beside it, the original can be seen at the meeting, should the register not have answered by then.
    """
    kinds = [[definition.evidence_types[code] for code in entry] for entry in requirement.any_of]
    if requirement.original_at:
        return _original(requirement, kinds, shelf, on, visit_ahead)
    for entry in kinds:
        found = [_best(kind, shelf, on) for kind in entry]
        if all(found):
            return _settled(requirement, found)
    fetch = _still_to_fetch(kinds, shelf, on)
    if fetch:
        only_there = visit_ahead and _tried(fetch, shelf) and not _has_remote_way(kinds, definition.risks)
        asks = _seen_ways(kinds[0], shelf, on) if only_there else ()
        standing = Standing.AT_VISIT if only_there else Standing.FETCHING
        return Settlement(requirement.code, standing, fetch=fetch, asks=asks)
    ways = tuple(_own_ways_left(kinds, shelf, on, definition.risks))
    return _left_to_the_applicant(requirement, ways, _seen_ways(kinds[0], shelf, on), shelf, visit_ahead)


def _original(
    requirement: Requirement,
    kinds: Sequence[Sequence[EvidenceType]],
    shelf: Shelf,
    on: date,
    visit_ahead: bool,
) -> Settlement:
    """Return how an original stands that the law wants seen; once seen by an officer it is never shown again (R3.17)."""
    for entry in kinds:
        seen = [_best(kind, shelf, on, grade=Grade.B) for kind in entry]
        if all(seen):
            return _settled(requirement, seen)
    if visit_ahead:
        return Settlement(requirement.code, Standing.AT_VISIT, asks=_seen_ways(kinds[0], shelf, on))
    return Settlement(requirement.code, Standing.OPEN)


def _settled(requirement: Requirement, found: Sequence[HeldEvidence | None]) -> Settlement:
    evidence = tuple(one for one in found if one is not None)
    unchecked = any(one.grade is Grade.C and not one.checked for one in evidence)
    return Settlement(requirement.code, Standing.UNCHECKED if unchecked else Standing.SETTLED, evidence)


def _best(kind: EvidenceType, shelf: Shelf, on: date, grade: Grade | None = None) -> HeldEvidence | None:
    """Return the first usable evidence of the type in the order of sources; what an officer checked goes first."""
    usable = [
        one
        for one in shelf.held
        if one.type == kind.code
        and not one.disputed
        and _is_about(one, kind, shelf)
        and (one.valid_until is None or one.valid_until >= on)
        and (grade is None or one.grade is grade)
    ]
    return min(usable, key=lambda one: (_ORDER[one.source], not one.checked), default=None)


def _is_about(one: HeldEvidence, kind: EvidenceType, shelf: Shelf) -> bool:
    """Return whether the evidence is about the very thing meant; another vehicle's paper proves nothing here."""
    key = str(shelf.keys.get(kind.key, "")) if kind.key else ""
    return not kind.key or one.key == key or one.source is Source.SEEN


_ORDER = {source: place for place, source in enumerate(Source)}


def _still_to_fetch(kinds: Sequence[Sequence[EvidenceType]], shelf: Shelf, on: date) -> tuple[str, ...]:
    """Return the types that registers can still be asked for: first where they meet a whole entry, then any at all.

    A dispute closes the register's way: what it says is what the applicant disputes (R3.15).
    """
    for entry in kinds:
        missing = [kind.code for kind in entry if not _best(kind, shelf, on)]
        if missing and all(_may_answer(kind, shelf) for kind in entry if kind.code in missing):
            return tuple(missing)
    for entry in kinds:
        askable = [kind for kind in entry if not _best(kind, shelf, on) and _may_answer(kind, shelf)]
        if askable and not any(kind.registered and _is_closed(kind, shelf, on) for kind in entry):
            return tuple(kind.code for kind in askable)
    return ()


def _may_answer(kind: EvidenceType, shelf: Shelf) -> bool:
    """Return whether a register has yet to give its answer; one that was down has given none."""
    final = {Outcome.FOUND, Outcome.NO_RECORD, Outcome.CONTRADICTION}
    answered = any(one.type == kind.code and one.outcome in final for one in shelf.attempts)
    return kind.registered and not answered and not _is_disputed(kind, shelf)


def _is_disputed(kind: EvidenceType, shelf: Shelf) -> bool:
    return any(one.type == kind.code and one.disputed and _is_about(one, kind, shelf) for one in shelf.held)


def _is_closed(kind: EvidenceType, shelf: Shelf, on: date) -> bool:
    """Return whether the register's way has ended without anything usable."""
    return not _best(kind, shelf, on) and not _may_answer(kind, shelf)


def _tried(kinds: Sequence[str], shelf: Shelf) -> bool:
    return {attempt.type for attempt in shelf.attempts}.issuperset(kinds)


def _has_remote_way(kinds: Sequence[Sequence[EvidenceType]], risks: Sequence[str]) -> bool:
    return any(all(own_ways(kind, risks) for kind in entry) for entry in kinds)


def _own_ways_left(
    kinds: Sequence[Sequence[EvidenceType]], shelf: Shelf, on: date, risks: Sequence[str]
) -> Iterator[tuple[str, Source]]:
    """Yield what the applicant can still give; never a type that we hold already (R3.1)."""
    for kind in dict.fromkeys(kind for entry in kinds for kind in entry):
        if not _best(kind, shelf, on):
            yield from ((kind.code, way) for way in own_ways(kind, risks))


def _left_to_the_applicant(
    requirement: Requirement,
    ways: tuple[tuple[str, Source], ...],
    seen: tuple[tuple[str, Source], ...],
    shelf: Shelf,
    visit_ahead: bool,
) -> Settlement:
    promised = shelf.comes_along or requirement.code in shelf.promised
    if visit_ahead and (promised or not ways):
        return Settlement(requirement.code, Standing.AT_VISIT, asks=seen)
    return Settlement(requirement.code, Standing.OPEN, asks=ways + seen if visit_ahead else ways)


def own_ways(kind: EvidenceType, risks: Sequence[str] = ()) -> tuple[Source, ...]:
    """Return the applicant's own remote ways to prove it, easiest first; in risky matters no commitment (R4.2)."""
    barred = risks and kind.declaration is DeclarationKind.COMMITMENT
    declared = (Source.DECLARATION,) if kind.declaration and not barred else ()
    return (*declared, *((Source.UPLOAD,) if kind.upload else ()))


def _seen_ways(kinds: Sequence[EvidenceType], shelf: Shelf, on: date) -> tuple[tuple[str, Source], ...]:
    return tuple((kind.code, Source.SEEN) for kind in kinds if not _best(kind, shelf, on))


def commitment_needed(kind: EvidenceType) -> bool:
    """Return whether a declaration of this type follows R4 (and not merely states something of one's own)."""
    return kind.declaration is DeclarationKind.COMMITMENT
