"""One application: somebody applies for a service or several, and does their part for all of them together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from random import Random
from typing import TYPE_CHECKING

from portal.foreseeing.applicants import Casting
from portal.foreseeing.life import Life
from portal.foreseeing.offices import Steps
from portal.foreseeing.papers import Kind, Papers, asked, evidence, missing_in
from portal.foreseeing.visiting import comes_in
from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.deadlines import register_ends
from services.core.definitions import Definition, Mode
from services.core.evidence import Outcome, Settlement, Source, Standing
from services.core.one_notice import goes_out, has_yet_to_look, in_one_notice, is_noted, last_day
from services.core.sequence import Predecessor, in_sequence
from services.core.states import CaseState, Role, Verdict

if TYPE_CHECKING:
    from portal.foreseeing.world import World

# The hour of the last day at which the one notice goes out, in minutes: one before it would be late (R10.3).
THREE_OCLOCK = 15 * 60


@dataclass(eq=False)
class Application:
    """Everything that is filed together: several cases, one shelf of evidence, one visit."""

    world: "World"
    chance: Random
    lives: dict[str, Life] = field(default_factory=dict)
    papers: Papers = field(default_factory=Papers)
    trips: int = 0
    is_silent: bool = False
    is_arranging: bool = False
    is_together: bool = False
    home: str = ""
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _told: dict[str, Predecessor] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)

    def file(self, services: Sequence[Casting]) -> None:
        """Apply for the services; each begins at once, or when those are done whose certificate it needs (R7.5)."""
        people = self.world.prefecture.people
        self.is_silent = self.chance.random() < people.silent
        self.home = self.chance.choices(list(people.homes), list(people.homes.values()))[0]
        self.is_together = len(services) > 1
        for casting in services:
            typical = self.chance.random() < people.like_an_example
            who = casting.like_an_example(self.chance) if typical else casting.near_a_threshold(self.chance)
            self._absent |= who.absent
            self._commit(casting.definition)
            self.lives[casting.definition.code] = Life(self, casting, who)
        self.order = in_sequence([one.definition for one in services]) if len(services) > 1 else {}
        for life in list(self.lives.values()):
            life.wake()

    def _commit(self, definition: Definition) -> None:
        offer = definition.commitments.offer
        if offer and self.chance.random() < self.world.prefecture.people.commit:
            self.papers.add("applicant", evidence(offer, Source.DECLARATION))

    # What one service is to another

    def earlier(self, life: Life) -> tuple[Predecessor, ...]:
        """Return the services that this one comes after, and how far they are (R7.5)."""
        before = self.order.get(life.definition.code, ()) if self.order else ()
        return tuple(seen_from_later(self.lives[one].case) for one in before)

    def went_on(self, life: Life) -> None:
        """Tell the services that come after this one, whose certificate is at hand as soon as it is issued."""
        if not self.order:
            return
        self._send_notice()
        seen, code = seen_from_later(life.case), life.definition.code
        if self._told.get(code) == seen:
            return
        self._told[code] = seen
        if seen.issued_on is not None and seen.certificate:
            self.papers.add("applicant", evidence(seen.certificate, Source.ISSUED))
        for later, before in self.order.items():
            if code in before and not self.lives[later].is_over:
                self.world.env.process(self._wakes(self.lives[later]))

    def _wakes(self, life: Life) -> Steps:
        yield self.world.env.timeout(0)
        life.wake()

    # The one notice of correction (R7.9)

    def note(self, life: Life, wrong: Sequence[str]) -> None:
        """Note what an office finds missing, with copies that are wrong: it is asked for with what the others find."""
        papers = [kind for code in wrong for kind in self._copies(life, code)]
        self.papers.find_wanting(papers)
        life.look()
        missing = missing_in(life.case)
        if not missing:
            return
        life.case = acts.note_correction(life.case, items=missing, role=Role.CLERK)
        until = self.world.time.midnight(last_day([life.case], self.world.law)) + THREE_OCLOCK
        if until > self.world.env.now:
            self.world.env.process(self._on_last_day(until))

    def _copies(self, life: Life, requirement: str) -> list[Kind]:
        party = life.definition.requirement[requirement].party
        return [(party, one.type) for one in life.case.settlements[requirement].evidence]

    def _on_last_day(self, until: float) -> Steps:
        yield self.world.env.timeout(until - self.world.env.now)
        self._send_notice()

    def _send_notice(self) -> None:
        """Ask for everything that is noted, if the notice goes out now; whoever has not looked can ask nothing more."""
        lives = {code: one for code, one in self.lives.items() if not one.is_over}
        if not any(one.case.noted for one in lives.values()):
            return
        for one in lives.values():
            one.look()
        now, law = self.world.time.moment(self.world.env.now), self.world.law
        due_on = law.working_days(self.world.today, law.profile.correction_days)
        for group in in_one_notice([one.case for one in lives.values()]):
            for case in group if goes_out(group, now, law, UTC) else ():
                life = lives[case.definition.code]
                if has_yet_to_look(case):
                    life.case = case.after(notice_out=True)
                elif is_noted(case) and case.lacking:
                    life.case = acts.send_correction(case, due_on=due_on)
                    self.world.env.process(self._wakes(life))

    # The applicant's part

    def ask_register(self, life: Life, kind: Kind) -> None:
        """Ask the register, which is up or down; one that is down is asked again when it is up."""
        organisation = life.definition.evidence_types[kind[1]].organisation
        up = self.world.registers.up_again(organisation, self.world.env.now)
        if up > self.world.env.now:
            due = register_ends(self.world.today, self.world.law)
            self.papers.answered(kind, Outcome.DOWN, due=due)
            self.world.env.process(self._answers_later(kind, up))
        else:
            self._answers(kind)

    def _answers_later(self, kind: Kind, up: float) -> Steps:
        yield self.world.env.timeout(up - self.world.env.now)
        self._answers(kind)
        for life in list(self.lives.values()):
            life.wake()

    def _answers(self, kind: Kind) -> None:
        people, drawn = self.world.prefecture.people, self.chance.random()
        if kind[1] in self._absent or drawn > people.known:
            self.papers.answered(kind, Outcome.NO_RECORD)
        elif drawn < people.contradicted:
            self.papers.answered(kind, Outcome.CONTRADICTION)
        else:
            disputed = self.chance.random() < people.disputed
            self.papers.answered(kind, Outcome.FOUND, disputed=disputed)

    def give(self, life: Life, kind: Kind, way: Source) -> bool:
        """Give what is asked, and return True; what was given before and is asked again is taken down."""
        if kind in self.papers.given:
            self.world.tally.asked_twice[life.definition.code] += 1
            return False
        self.papers.given[kind] = way
        if way is Source.UPLOAD and self.chance.random() < self.world.prefecture.people.flawed:
            self.papers.flawed.add(kind)
        self.papers.add(kind[0], evidence(kind[1], way))
        return True

    def is_flawed(self, life: Life, one: Settlement) -> bool:
        """Return whether the copy that was given for the requirement is one that is sent back."""
        party = life.definition.requirement[one.requirement].party
        flawed = any((party, paper.type) in self.papers.flawed for paper in one.evidence)
        return flawed and one.standing is Standing.UNCHECKED

    def correct(self, life: Life) -> None:
        """Hand in good copies of what was sent back, and everything that is asked besides."""
        self.papers.flawed.clear()
        for kind, way in asked(life.case, (Source.DECLARATION, Source.UPLOAD)):
            self.give(life, kind, way)
        life.look()

    def show(self, life: Life) -> None:
        """Show every original that is to be seen."""
        for (party, kind), way in asked(life.case, (Source.SEEN,)):
            self.papers.add(party, evidence(kind, way, checked=True))
        self.check_copies(life)

    def check_copies(self, life: Life) -> None:
        """Have an officer look at every copy at hand."""
        self.papers.check()
        life.look()

    def call_in(self) -> None:
        """Ask the applicant in, for everything at once."""
        if not self.is_arranging:
            self.is_arranging = True
            self.world.env.process(comes_in(self))


def seen_from_later(case: CaseFile) -> Predecessor:
    """Return a case as the services see it that come after it in the same application (R7.5, R7.7)."""
    output = case.definition.output
    record = case.steps.get(case.definition.issue_step.code)
    issued_on = record.since if record is not None and record.outcome is StepOutcome.DONE else None
    refused = case.verdict is Verdict.REFUSED or case.state is CaseState.DECLINED
    return Predecessor(
        service=case.definition.code,
        certificate=output.certificate,
        founds=bool(output.founds),
        issued_on=issued_on,
        refused=refused,
        ended=issued_on is None and (refused or case.ended),
        at_counter=_is_at_counter(case),
    )


def _is_at_counter(case: CaseFile) -> bool:
    """Return whether the applicant is called in, and nothing that takes days lies between the visit and the result."""
    definition = case.definition
    open_ones = [one for one in definition.steps_of(Mode.COUNTER) if case.is_open(one)]
    later = [
        one for one in definition.steps if open_ones and open_ones[0].code in definition.earlier[one.code]
    ]
    return bool(open_ones) and not any(one.takes_days and one.mode is not Mode.DELIVER for one in later)
