"""One application to be filed: who applies for which service, what they answer, and who signs with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.demonstration.catalogue import Example, Service
from portal.demonstration.fitting import wanted
from portal.demonstration.lives import Life
from portal.demonstration.world import Somebody


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs in their own account; for a business, whose number is then given, its representative."""

    username: str
    business: str = ""


@dataclass(slots=True, eq=False)
class Matter:
    """One application to be filed: who applies for which service, what they answer, and who signs with them."""

    service: Service
    example: Example
    person: Somebody
    business: Somebody | None
    answers: dict[str, Any]
    # All that will be known: the answers, and what registers tell.
    facts: Mapping[str, Any] = field(default_factory=dict)
    signers: tuple[Signer, ...] = ()
    # Services whose certificate this matter is to find: they come first.
    after: frozenset[str] = frozenset()
    life: Life = Life.PLAIN
    untrue: dict[str, Any] = field(default_factory=dict)
    # What is asked for, where it is more than the service: a bundle with its answers, or several services.
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def holder(self) -> Somebody:
        """Return for whom it is."""
        return self.business or self.person

    def told_by_registers(self, fact: str) -> Any:
        """Return what some register says of a fact of the applicant, or None."""
        needs = wanted(self.service, self.example)
        for code, holder in [(code, self.person) for code in needs.person] + [
            (code, self.holder) for code in needs.business
        ]:
            for facts in holder.records.get(code, {}).values():
                if fact in facts:
                    return facts[fact]
        return None

    @property
    def by_guardian(self) -> bool:
        """Return whether a guardian files it."""
        return self.example.facts.get("application.filed_by") == "guardian"
