"""One turn of a case: the record, the file before and after, and what people and routing did to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.cases.models import Case
from services.cases.queries.casefiles import law
from services.core.casefile import CaseFile
from services.core.effects import LEADS_TO
from services.core.routing import Effect, Event, Route, route_case
from services.core.states import CaseState, way
from services.ledger.actions import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did to the case, as the ledger keeps it: who, the event, and ids and codes only."""

    actor: Actor
    event: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One case in one transaction: the record, the file before and after, and what happened in between."""

    case: Case
    before: CaseFile
    route: Route
    acts: tuple[Act, ...] = ()
    acted: CaseState | None = None  # where the acts left the case, before routing took it from there

    @property
    def after(self) -> CaseFile:
        """Return the case file as the turn leaves it."""
        return self.route.case

    @property
    def changed(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.acts or self.route.effects)

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
    return Turn(case, before, route_case(acted, law()), acts, acted.state)
