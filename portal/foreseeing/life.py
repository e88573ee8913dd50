"""One case going through the real routing, from filing to its end, on the days that pass around it."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import simpy

from portal.foreseeing.applicants import Applicant, Casting
from portal.foreseeing.doings import awaited
from portal.foreseeing.offices import Steps
from portal.foreseeing.papers import REMOTE, asked, to_fetch
from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.definitions import Definition, Mode, Step
from services.core.routing import CannotRoute, route_case
from services.core.states import CaseState, Verdict

if TYPE_CHECKING:
    from portal.foreseeing.application import Application
    from portal.foreseeing.world import World

# A life of more turns than this goes round in circles, and never ends.
MOST_TURNS = 400


@dataclass(eq=False)
class Life:
    """A case of an application. `ends` happens once nothing more can happen to it."""

    application: "Application"
    casting: Casting
    applicant: Applicant
    case: CaseFile = field(init=False)
    ends: simpy.Event = field(init=False)
    is_over: bool = False
    again_on: date | None = None
    looked_for: date | None = None  # the day on which it is to be looked at, as the world has it
    _seen: int = -1
    _turns: int = 0
    _under_way: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ends = self.world.env.event()
        today, together = self.world.today, self.application.is_together
        self.case = CaseFile(self.definition, today, today, facts=self.applicant.truth, together=together)
        self.look()

    @property
    def definition(self) -> Definition:
        """Return the service."""
        return self.casting.definition

    @property
    def world(self) -> "World":
        """Return the prefecture it is lived in."""
        return self.application.world

    @property
    def chance(self) -> Random:
        """Return the application's own chance."""
        return self.application.chance

    @property
    def is_granted(self) -> bool:
        """Return whether the case brought what was applied for."""
        return self.is_over and self.case.verdict is Verdict.GRANTED

    def wake(self) -> None:
        """Let the case go as far as it can today, and set everybody going whom it then waits for."""
        if self.is_over:
            return
        self._turns += 1
        try:
            self._go_on()
        except CannotRoute:
            self._turns = MOST_TURNS
        self.application.went_on(self)
        if self.case.ended or self._turns >= MOST_TURNS:
            self.end()
            return
        self.world.look_again(self)
        for key, job in awaited(self):
            if key not in self._under_way:
                self._under_way.add(key)
                self.world.env.process(self._do(key, job))

    def _go_on(self) -> None:
        self._settle()
        while True:
            route = route_case(self.case, self.world.law)
            self.case, self.again_on = route.case, route.look_again_on
            if self.case.ended or not self._settle():
                return

    def _do(self, key: tuple[str, str], job: Steps) -> Steps:
        yield from job
        self._under_way.discard(key)
        self.wake()

    def told(self) -> frozenset[str]:
        """Return the facts that registers told of the applicant."""
        return self._proved(self.casting.kinds)

    def asked_in_vain(self) -> frozenset[str]:
        """Return the facts that the applicant was asked for though what is required tells them (R3.1)."""
        questions = self.definition.questions
        asked_for = {one.fact for one in questions if not one.optional and self.case.holds(one.when) is True}
        required = (self.definition.requirement[code] for code in self.case.settlements) if asked_for else ()
        own = (one for one in required if one.party == "applicant")
        return asked_for & self._proved({kind for one in own for entry in one.any_of for kind in entry})

    def _proved(self, kinds: Set[str]) -> frozenset[str]:
        known = self.definition.evidence_types
        told = (known[kind] for kind in self.application.papers.told & kinds)
        return frozenset(fact for kind in told for fact in kind.proves)

    def look(self) -> None:
        """See the day, and what has come to hand since the case was looked at last."""
        today, papers = self.world.today, self.application.papers
        if self._seen != papers.version:
            self._seen = papers.version
            hidden = self.applicant.told - self.told()
            facts = {fact: value for fact, value in self.applicant.truth.items() if fact not in hidden}
            self.case = self.case.after(on=today, shelves=dict(papers.shelves), facts=facts)
        elif self.case.on != today:
            self.case = self.case.after(on=today)
        earlier = self.application.earlier(self)
        if self.case.earlier != earlier:
            self.case = self.case.after(earlier=earlier)

    def _settle(self) -> bool:
        """Ask registers and give what is asked, as long as that brings anything; return whether it did."""
        self.look()
        version = self.application.papers.version
        while self._ask_registers() or self._give():
            self.look()
        return self.application.papers.version != version

    def _ask_registers(self) -> bool:
        """Ask every register that was not asked yet."""
        papers = self.application.papers
        new = [kind for kind in dict.fromkeys(to_fetch(self.case)) if not papers.was_tried(kind)]
        for kind in new:
            self.application.ask_register(self, kind)
        return bool(new)

    def _give(self) -> bool:
        """Give everything that is asked for and can be given from a distance."""
        asked_later = self.case.state is CaseState.CORRECTION_REQUESTED or self.case.noted
        if self.application.is_silent or asked_later:
            return False
        given = [self.application.give(self, kind, way) for kind, way in asked(self.case, REMOTE)]
        return any(given)

    def open_counter(self) -> Step | None:
        """Return the counter step that is open now, if any."""
        return next((one for one in self.definition.steps_of(Mode.COUNTER) if self.case.is_open(one)), None)

    def attend(self, step: Step) -> None:
        """Complete the visit for this case, with every original shown."""
        self.application.show(self)
        failed = self.chance.random() < self.world.prefecture.counter.failed.get(step.purpose, 0)
        outcome = StepOutcome.FAILED if failed else StepOutcome.DONE
        self.case = acts.attend_visit(self.case, step=step.code, outcome=outcome)
        self.wake()

    def end(self) -> None:
        """Take down that nothing more happens, well or not."""
        self.is_over = True
        self.again_on = None
        self.world.look_again(self)
        self.world.count(self)
        self.ends.succeed()
