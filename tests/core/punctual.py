"""One life of a case in which all goes well and every office uses all its days: what the proof says of days, walked.

Registers answer at once, the applicant gives and comes on the day they are asked, whoever is against is overruled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.definitions import Mode, Step
from services.core.effects import Event
from services.core.evidence import Outcome, Source, Standing
from services.core.jurisdiction import Law
from services.core.states import Role
from tests.core.lives import World, given, route_at_rest, shown, with_answer, with_copies_checked

ONE_DAY = timedelta(days=1)
MOST_TURNS = 300


@dataclass
class Punctual:
    """How such a life goes: with `objecting`, every review and inspection is against and the lead office lets it pass;

    with `chance`, the offices are done sooner.
    """

    world: World
    objecting: bool = False
    chance: Random | None = None
    case: CaseFile = field(init=False)
    # Whether a person of the lead office was asked, and whether the applicant took a day: for coming to a visit that
    # could begin with the end of a waiting period. Neither is among the days that are proved.
    objected: bool = False
    took_a_day: bool = False
    gave: set[tuple[str, str, Source]] = field(default_factory=set)
    # What each office means to do, and when: drawn once.
    ends_on: dict[str, date] = field(default_factory=dict)

    @property
    def law(self) -> Law:
        """Return the law it goes by."""
        return self.world.law

    @property
    def is_smooth(self) -> bool:
        """Return whether only the offices' days passed."""
        return not self.objected and not self.took_a_day

    @property
    def days(self) -> int:
        """Return the working days from acceptance to the decision; a period that ended last night ended yesterday."""
        accepted, decided = self.case.accepted_on, self.case.decided_on
        assert accepted is not None and decided is not None
        last = decided - ONE_DAY if self._waited_last_night() else decided
        days = 0
        while self.law.working_days(accepted, days + 1) <= last:
            days += 1
        return days

    def live(self) -> "Punctual":
        """Walk until it is decided."""
        self.case = self.world.received()
        for _ in range(MOST_TURNS):
            route = route_at_rest(self.case, self.law)
            self.case = route.case
            self.objected |= any(effect.event is Event.CONCERN_RAISED for effect in route.effects)
            if self.case.verdict is not None or self.case.ended:
                return self
            self.case = self._next()
        raise AssertionError(f"{self.case.definition.code} is never decided")

    def _next(self) -> CaseFile:
        """Return the case after what happens next."""
        for happening in (
            self._register,
            self._gift,
            self._acceptance,
            self._concern,
            self._visit,
            self._fee,
        ):
            if (after := happening()) is not None:
                return after
        return self._office()

    def _register(self) -> CaseFile | None:
        for one in self.case.settlements.values():
            party = self.case.definition.requirement[one.requirement].party
            tried = {attempt.type for attempt in self.case.shelves[party].attempts}
            for kind in one.fetch:
                if kind not in tried:
                    return with_answer(self.world, self.case, party, kind, Outcome.FOUND)
        return None

    def _gift(self) -> CaseFile | None:
        """The applicant gives everything at once that they are asked for: the first way to each."""
        after = given(self.world, self.case, checked=True)
        if after is self.case:
            return None
        for one in self.case.settlements.values():
            if one.standing is Standing.OPEN:
                first = dict(reversed(one.asks))
                self.gave |= {
                    (one.requirement, kind, way) for kind, way in first.items() if way is not Source.SEEN
                }
        return after

    def _acceptance(self) -> CaseFile | None:
        if self.case.acceptance_due is None:
            return None
        return acts.accept(with_copies_checked(self.world, self.case), role=Role.CLERK)

    def _concern(self) -> CaseFile | None:
        """The lead office takes the days that the law gives it, and lets the case go on."""
        if self.case.concern is None:
            return None
        looked = self.case.after(on=self.law.working_days(self.case.on, self.law.profile.concern_days))
        return acts.let_pass(with_copies_checked(self.world, looked))

    def _visit(self) -> CaseFile | None:
        for step in self.case.definition.steps_of(Mode.COUNTER):
            if self.case.is_open(step):
                seen = shown(self.world, with_copies_checked(self.world, self.case))
                self.took_a_day |= self._waited_last_night()
                return acts.attend_visit(seen, step=step.code, outcome=StepOutcome.DONE)
        return None

    def _fee(self) -> CaseFile | None:
        return acts.pay(self.case) if self.case.fee_due and self.case.fee_asked_on is not None else None

    def _office(self) -> CaseFile:
        """The next of the offices ends its step on the day it means to, or a waiting period ends."""
        step, day = min(self._at_work(), key=lambda one: (one[1], one[0].mode is Mode.AUTO))
        if step.mode is Mode.AUTO:
            return self.case.after(on=day + ONE_DAY)
        then = self.case.after(on=max(day, self.case.on))
        seen = shown(self.world, then) if step.mode is Mode.INSPECTION else then
        against = self.objecting and step.mode is not Mode.DECISION
        outcome = StepOutcome.AGAINST if against else StepOutcome.DONE
        return acts.end_step(with_copies_checked(self.world, seen), step=step.code, outcome=outcome)

    def _at_work(self) -> Iterator[tuple[Step, date]]:
        for step in self.case.definition.steps:
            record = self.case.steps.get(step.code)
            if record is not None and record.outcome is StepOutcome.OPEN and record.until is not None:
                yield step, record.until if step.mode is Mode.AUTO else self._means_to_end(step, record.until)

    def _means_to_end(self, step: Step, until: date) -> date:
        if self.chance is None:
            return until
        days = (until - self.case.on).days
        return self.ends_on.setdefault(step.code, self.case.on + timedelta(days=self.chance.randint(0, days)))

    def _waited_last_night(self) -> bool:
        """Return whether the case goes on today only because a waiting period ended with yesterday."""
        today = {code: one.outcome for code, one in self.case.steps.items() if one.since == self.case.on}
        ended = [code for code, outcome in today.items() if outcome is not StepOutcome.OPEN]
        steps = [self.case.definition.step[code] for code in ended]
        work = [one for one in steps if one.mode not in (Mode.AUTO, Mode.ISSUE, Mode.DELIVER)]
        return any(one.mode is Mode.AUTO and one.days for one in steps) and not work
