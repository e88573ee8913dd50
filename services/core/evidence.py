"""Evidence: where it comes from, how far it can be trusted, and how far it settles what must be proved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

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
    """How far evidence can be trusted (R3.17): sealed by its authority, seen by a clerk, uploaded, stated."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Outcome(StrEnum):
    """What came of asking a register. What is no answer may be asked again; the others are answers."""

    FOUND = "found"
    NO_RECORD = "no_record"
    DOWN = "down"
    CONTRADICTION = "contradiction"
    # Something came that the register's office did not sign, or signed as an answer to something else.
    DISTRUSTED = "distrusted"


# To the applicant all of these are one: the register has yet to answer, and nothing rests on it.
UNANSWERED = frozenset({Outcome.DOWN, Outcome.DISTRUSTED})


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
    """One question to a register about one type of evidence, and its outcome.

    `due`: the last day on which a received case waits for the register alone (R3.18).
    """

    type: str
    holder: Holder
    outcome: Outcome
    key: str = ""
    asked_on: date | None = None
    due: date | None = None


class Standing(StrEnum):
    """How far a requirement is settled."""

    SETTLED = "settled"  # by grade A, B or D
    UNCHECKED = "unchecked"  # by the applicant's own copy, which a clerk has yet to check
    FETCHING = "fetching"  # a register has yet to be asked, or to answer
    PROMISED = "promised"  # the applicant brings it in by a day, and the case goes on meanwhile (R5.3)
    AWAITED = "awaited"  # an earlier service of the same application is to issue it (R7.5)
    AT_VISIT = "at_visit"  # the original is seen at the visit or inspection that is needed anyway
    OPEN = (
        "open"  # the applicant has something to give: a declaration or a copy; a register may still be first
    )


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one requirement stands: by which evidence, what is still to be fetched, what can be given."""

    requirement: str
    standing: Standing
    evidence: tuple[HeldEvidence, ...] = ()
    fetch: tuple[str, ...] = ()
    asks: tuple[tuple[str, Source], ...] = ()
    until: date | None = None  # of what is promised: the last day for it
    # What would have been asked for first, and is not, because other material proves the same (R3.16).
    spared: tuple[str, ...] = ()
    awaits: tuple[str, ...] = ()  # the earlier services that are to issue it

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
    """What is at hand for one party in one application: evidence held, what registers answered, promises.

    `promised` names the requirements whose original the applicant has promised to show at the visit; a
    party who `comes_along` signs and shows everything of theirs there. `keys` says which thing is meant. `deferred`
    gives the day by which something is to follow that was promised in writing (R5.1); `commitments_closed`: no
    commitment can be given in this matter for a time (R4.11).
    """

    held: Sequence[HeldEvidence] = ()
    attempts: Sequence[Attempt] = ()
    keys: Mapping[str, Value] = field(default_factory=dict)
    promised: frozenset[str] = frozenset()
    comes_along: bool = False
    # The certificate that the case renews: it proves what it says after its last day, too (R2.25).
    renews: UUID | None = None
    deferred: Mapping[str, date] = field(default_factory=dict)
    commitments_closed: bool = False


def own_ways(kind: EvidenceType, risks: Sequence[str] = (), *, closed: bool = False) -> tuple[Source, ...]:
    """Return the applicant's own remote ways to prove it, easiest first.

    There is no commitment in risky matters (R4.2), nor while an untrue one has `closed` that way (R4.11).
    """
    barred = (risks or closed) and kind.declaration is DeclarationKind.COMMITMENT
    declared = (Source.DECLARATION,) if kind.declaration and not barred else ()
    return (*declared, *((Source.UPLOAD,) if kind.upload else ()))


def commitment_needed(kind: EvidenceType) -> bool:
    """Return whether a declaration of this type follows R4 (and not merely states something of one's own)."""
    return kind.declaration is DeclarationKind.COMMITMENT
