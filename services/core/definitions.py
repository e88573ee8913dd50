"""A service as data: its questions, requirements, steps, limits, fee and result.

A Definition is immutable, and a case is pinned to its version for life (R1.8). `parsing` reads one from a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from services.core.conditions import Expression
from services.core.facts import Fact, Texts, Value
from services.core.reference import EvidenceType


class Mode(StrEnum):
    """Who does a step, and how."""

    AUTO = "auto"
    REVIEW = "review"
    INSPECTION = "inspection"
    COUNTER = "counter"
    DECISION = "decision"
    ISSUE = "issue"
    DELIVER = "deliver"


STAFFED = (Mode.REVIEW, Mode.INSPECTION, Mode.DECISION)

PURPOSES = ("identity", "signature", "original", "exam", "health_check", "vehicle_check", "assessment")
# What a case can found: the new business is the holder of the certificate.
FOUNDED = ("company", "sole_trader", "cooperative")
KINDS = ("permit", "confirmation", "benefit", "filing", "public_service")
# R4.2: matters in which no commitment may replace a proof.
RISKS = (
    "state_security", "state_secrets", "public_safety", "financial_supervision",
    "ecology", "health_and_safety", "foreign_affairs", "high_risk",
)  # fmt: skip


class Handover(StrEnum):
    """How the result reaches the applicant."""

    ELECTRONIC = "electronic"
    COURIER = "courier"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition and the sentence that is true when it holds."""

    code: str
    says: Texts = field(hash=False)
    expression: Expression = field(hash=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A fact the applicant is asked for, and what needs it (R1.9)."""

    fact: str
    needed_for: str
    when: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody beside the applicant, and how they sign: in their own account, at the visit, or not at all."""

    role: str
    kind: str
    name: Texts = field(hash=False)
    signs: str
    identified_by: tuple[str, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be proved: any one of the listed evidence, in order of preference; an entry is met by all it names."""

    code: str
    any_of: tuple[tuple[str, ...], ...]
    party: str = "applicant"
    when: str = ""
    original_at: str = ""
    deferrable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work on a case by one office."""

    code: str
    name: Texts = field(hash=False)
    organisation: str
    mode: Mode
    after: tuple[str, ...]
    when: str = ""
    days: int = 0
    check: str = ""
    purpose: str = ""
    minutes: int = 20
    equipment: tuple[str, ...] = ()
    # R11.3: an agent may attend, unless law or the thing itself needs the person.
    in_person: bool = False

    @property
    def takes_days(self) -> bool:
        """Return whether an office works on it, or a waiting period runs."""
        return self.mode in STAFFED or self.days > 0


@dataclass(frozen=True, slots=True)
class FeeItem:
    """What is charged, on which legal basis (R14.1, R14.2)."""

    amount: str
    legal_basis: str
    item: Texts = field(hash=False)
    when: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """The result: a certificate, or something else said in words, and how it is handed over.

    `ends` names the certificates of the applicant, about this very thing, that are cancelled with it (R2.26).
    """

    certificate: str
    result: Texts = field(hash=False)
    handover: Handover
    founds: str = ""
    gives: Mapping[str, str] = field(hash=False, default_factory=dict)
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commitments:
    """How commitments are dealt with in a matter.

    `check_rate` is the share that officers look into where no register can tell, by the risk of the matter: from 0 to
    1; `exempt` says why, where none is (R4.9). `offer` is the commitment that stands in for the licence's conditions
    being looked at beforehand, and `replaces` the steps that are then looked at afterwards (R4.7).
    """

    check_rate: str = "1"
    exempt: Texts = field(hash=False, default_factory=dict)
    offer: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """An applicant, and what must happen to them: run as a test of the definition."""

    says: Texts = field(hash=False)
    facts: Mapping[str, Value] = field(hash=False)
    absent: tuple[str, ...]
    outcomes: Mapping[str, str] = field(hash=False)
    conditions: Mapping[str, bool] = field(hash=False)
    takes: tuple[str, ...]
    skips: tuple[str, ...]
    asks: tuple[str, ...]
    visits: int
    ends: str
    commits: bool = False


@dataclass(frozen=True)
class Definition:
    """One service, whole. `facts` and `evidence_types` are those it names, so that it stands alone."""

    code: str
    programme: str
    organisation: str
    kind: str
    audience: str
    applicant: str
    legal_basis: tuple[str, ...]
    risks: tuple[str, ...]
    four_eyes: bool
    name: Texts = field(hash=False)
    summary: Texts = field(hash=False)
    statutory: int
    promised: int
    fee: FeeItem | None
    output: Output
    before_visits: int
    before_papers: int
    conditions: Mapping[str, Condition] = field(hash=False)
    questions: tuple[Question, ...]
    parties: tuple[Party, ...]
    requirements: tuple[Requirement, ...]
    steps: tuple[Step, ...]
    examples: tuple[Example, ...]
    facts: Mapping[str, Fact] = field(hash=False, default_factory=dict)
    evidence_types: Mapping[str, EvidenceType] = field(hash=False, default_factory=dict)
    # The law or regulation that gives a permit more days than the general law does (R2.11).
    special_law: str = ""
    commitments: Commitments = Commitments()

    @property
    def guardian_files(self) -> bool:
        """Return whether a guardian can file it: a child is among its parties, or it depends on who files."""
        children = any(party.role == "child" for party in self.parties)
        return children or any("guardian" in str(one.expression) for one in self.conditions.values())

    @cached_property
    def step(self) -> Mapping[str, Step]:
        """Return the steps by code."""
        return {step.code: step for step in self.steps}

    @cached_property
    def earlier(self) -> Mapping[str, frozenset[str]]:
        """Return for each step the steps that lie before it, however far."""
        found: dict[str, frozenset[str]] = {}

        def before(code: str) -> frozenset[str]:
            if code not in found:
                after = self.step[code].after
                found[code] = frozenset(after).union(*(before(one) for one in after))
            return found[code]

        return {step.code: before(step.code) for step in self.steps}

    @cached_property
    def requirement(self) -> Mapping[str, Requirement]:
        """Return the requirements by code."""
        return {requirement.code: requirement for requirement in self.requirements}

    @cached_property
    def issue_step(self) -> Step:
        """Return the one step that issues the result."""
        return next(step for step in self.steps if step.mode is Mode.ISSUE)

    @cached_property
    def meetings(self) -> tuple[Step, ...]:
        """Return the steps at which an officer meets the applicant, at a counter or at their place."""
        return self.steps_of(Mode.COUNTER, Mode.INSPECTION)

    def steps_of(self, *modes: Mode) -> tuple[Step, ...]:
        """Return the steps of these modes."""
        return tuple(step for step in self.steps if step.mode in modes)
