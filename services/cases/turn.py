"""One turn of a case: the record, the file before and after, and what people and routing did to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.cases.models import Case
from services.cases.queries.casefiles import law
from services.cases.queries.settled import settled_as
from services.core.casefile import CaseFile
from services.core.effects import LEADS_TO
from services.core.routing import Effect, Event, Route, route_case
from services.core.states import CaseState, way
from services.core.waiting import EVIDENCE_WAIT, asked_of_applicant, awaited
from services.ledger.actions import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did to the case, as the ledger keeps it: who, the event, and ids and codes only."""

    actor: Actor
    event: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One case in one transaction: the record, the file before and after, what happened in between, what followed."""

    case: Case
    before: CaseFile
    route: Route
    acts: tuple[Act, ...] = ()
    acted: CaseState | None = None  # where the acts left the case, before routing took it from there
    follows: tuple[Act, ...] = ()

    @property
    def after(self) -> CaseFile:
        """Return the case file as the turn leaves it."""
        return self.route.case

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """Return the requirements that the applicant is to meet from now on, and was not told of before."""
        told = EVIDENCE_WAIT in self.case.waits_for
        before = {code for code, how in self.case.settlements.items() if told and how.get("asks")}
        return tuple(code for code in asked_of_applicant(self.after) if code not in before)

    @cached_property
    def waits_for(self) -> list[str]:
        """Return whom the case waits for when the turn is over."""
        return awaited(self.after)

    @property
    def changed(self) -> bool:
        """Return whether there is anything to write: something happened, or it is settled or waited for otherwise."""
        waits = sorted(self.waits_for) != sorted(self.case.waits_for)
        settled = not self.case.verdict and settled_as(self.after) != self.case.settlements
        return bool(self.acts or self.route.effects or self.asked or waits or settled)

    def states_of_acts(self) -> list[str]:
        """Return the states that the acts led through, as the last of them is written down."""
        return list(way(self.before.state, self.acted or self.before.state))

    @staticmethod
    def states_of(effect: Effect) -> list[str]:
        """Return the state that the effect led to, if it led to one."""
        return [LEADS_TO[effect.event]] if effect.event in LEADS_TO else []

    def saw(self, *events: Event) -> bool:
        """Return whether routing made one of these happen."""
        return any(effect.event in events for effect in self.route.effects)


def turn_case(case: Case, before: CaseFile, *acts: Act, file: CaseFile | None = None) -> Turn:
    """Return the case's turn: the person's acts have made `file` of it, and routing takes it from there."""
    acted = file or before
    return Turn(case, before, route_case(acted, law()), acts, acted=acted.state)
