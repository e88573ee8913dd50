"""What is asked of a register and what it answers; an adapter is whatever can carry the one and bring the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from services.core.evidence import Outcome
from services.core.facts import Fact, Value
from services.core.reference import EvidenceType


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: about whom (the identity number or business code), and about which thing of theirs.

    `forms` are the facts that the type proves, as the catalogue writes them: what an answer may say of each.
    """

    type: EvidenceType = field(hash=False)
    holder_kind: str
    number: str = field(repr=False)
    key: str = field(default="", repr=False)
    matter_id: UUID
    matter: str = "application"  # what it is asked for: an application, or the claim to represent a business
    forms: tuple[Fact, ...] = field(default=(), hash=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnswer:
    """How it ended. Facts that the type does not prove have been dropped (R15.5).

    `asked` is False where the register was known to be down and nobody called it.
    """

    outcome: Outcome
    facts: Mapping[str, Value] = field(default_factory=dict, hash=False, repr=False)
    reference: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    took_ms: int = 0
    asked: bool = True


class NotAnAnswer(Exception):
    """What came back is not what a register answers: it counts as down, and is tried again."""


class NotTrusted(Exception):
    """What came back was not signed by the register's office, or not as an answer to this question."""


class Adapter(Protocol):
    """One way of asking a register."""

    async def ask(self, question: Question, *, reference: str) -> RegisterAnswer:
        """Return the register's answer; `reference` is the same for every try of one question.

        :raises NotAnAnswer: if none came, or none that can be read.
        :raises NotTrusted: if it proves nothing.
        """


DOWN = RegisterAnswer(outcome=Outcome.DOWN)
DISTRUSTED = RegisterAnswer(outcome=Outcome.DISTRUSTED)
RESTING = RegisterAnswer(outcome=Outcome.DOWN, asked=False)
