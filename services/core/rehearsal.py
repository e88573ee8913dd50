"""Worked examples, run: an applicant goes through the real routing, and what happens is compared with what is written."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.definitions import Definition, Example, Mode, Requirement
from services.core.evidence import (
    Attempt,
    Grade,
    HeldEvidence,
    Outcome,
    Shelf,
    Source,
    own_ways,
)
from services.core.facts import Holder
from services.core.reference import EvidenceType
from services.core.refusal import Mistake
from services.core.routing import Effect, Event, Law, route_case
from services.core.states import CaseState, Role, Verdict

SOMEBODY = Holder("person", UUID(int=1))
FIRST_DAY = date(2026, 3, 2)


def run_example(definition: Definition, example: Example, law: Law, place: str) -> list[Mistake]:
    """Return where the written example and the real routing differ, each with a sentence."""
    rehearsal = _Rehearsal(definition, example, law)
    rehearsal.run()
    return [Mistake(place, sentence, values) for sentence, values in rehearsal.differences()]


class _Rehearsal:
    """One applicant's life, with officers and registers answering as the example says."""

    def __init__(self, definition: Definition, example: Example, law: Law) -> None:
        self.definition, self.example, self.law = definition, example, law
        self.asked: set[str] = set()
        self.taken: set[str] = set()
        facts = {"application.filed_on": FIRST_DAY.isoformat(), **example.facts}
        self.case = CaseFile(definition, FIRST_DAY, FIRST_DAY, facts=facts)
        self.case = self.case.after(shelves=self._shelves(seen=False))
        self.truths = self.case.truths

    def run(self) -> None:
        for _ in range(200):
            route = route_case(self.case, self.law)
            self.case = route.case
            for effect in route.effects:
                self.taken.add(effect.step)
                self._answer(effect)
            if self.case.ended:
                return
            if not route.effects and not self._wait(route.look_again_on):
                return

    def _wait(self, day: date | None) -> bool:
        """Let time pass; return whether there is anything to wait for."""
        if day is None:
            return False
        self.case = self.case.after(on=max(day, self.case.on + timedelta(days=1)))
        return True

    def _answer(self, effect: Effect) -> None:
        """Do what the person or office does whom this effect awaits."""
        step = self.definition.step.get(effect.step)
        if effect.event is Event.ACCEPTANCE_ASKED:
            self.case = acts.accept(self._with(seen=False, checked=True), role=Role.CLERK)
        elif effect.event is Event.FEE_ASKED:
            self.case = acts.pay(self.case)
        elif effect.event is Event.CONCERN_RAISED:
            self.case = acts.refuse(self.case, role=Role.REVIEWER)
        elif step is not None and self.case.is_open(step) and not self.case.verdict:
            self._work(step)

    def _work(self, step: Step) -> None:
        outcome = self.example.outcomes.get(step.code, "done")
        if step.mode is Mode.COUNTER:
            self._attend(step, outcome)
        elif step.mode is Mode.DECISION and outcome == StepOutcome.AGAINST:
            self.case = acts.refuse(self.case, role=Role.REVIEWER)
        elif step.mode is not Mode.AUTO:
            self.case = acts.end_step(self.case, step=step.code, outcome=StepOutcome(outcome))
            if step.mode is Mode.INSPECTION:
                self.case = self._with(seen=True, checked=True)

    def _attend(self, step: Step, outcome: str) -> None:
        """Keep the visit; one that was missed is booked once more, and kept then."""
        kept = StepOutcome.DONE if outcome == MISSED else StepOutcome(outcome)
        if outcome == MISSED:
            self._wait(self.case.on + ONE_DAY)
        self.case = acts.attend_visit(self.case, step=step.code, outcome=kept)
        self.case = self._with(seen=True, checked=True)

    def _with(self, *, seen: bool, checked: bool) -> CaseFile:
        return self.case.after(shelves=self._shelves(seen=seen, checked=checked))

    # The evidence at hand

    def _shelves(self, *, seen: bool, checked: bool = False) -> dict[str, Shelf]:
        shelves: dict[str, list[HeldEvidence]] = {}
        attempts: dict[str, list[Attempt]] = {}
        for one in self.definition.requirements:
            held, tried = shelves.setdefault(one.party, []), attempts.setdefault(one.party, [])
            for kind in self._kinds(one):
                absent = kind.code in self.example.absent
                outcome = Outcome.NO_RECORD if absent else Outcome.FOUND
                tried += [Attempt(kind.code, SOMEBODY, outcome)] if kind.registered else []
                held += [self._evidence(kind, Source.REGISTRY, Grade.A)] if kind.registered and not absent else []
                held += [self._evidence(kind, Source.SEEN, Grade.B)] if seen else []
            held += self._given(one, checked)
        return {party: Shelf(held=held, attempts=attempts[party], keys=self.example.facts) for party, held in shelves.items()}

    def _kinds(self, one: Requirement) -> list[EvidenceType]:
        return [self.definition.evidence_types[code] for entry in one.any_of for code in entry]

    def _given(self, one: Requirement, checked: bool) -> Iterator[HeldEvidence]:
        """Yield what the applicant gives: for the first way that no register settles."""
        if self.case.holds(one.when) is False or one.original_at:
            return
        entries = [[self.definition.evidence_types[code] for code in entry] for entry in one.any_of]
        if any(all(kind.registered and kind.code not in self.example.absent for kind in entry) for entry in entries):
            return
        open_to = next((entry for entry in entries if all(own_ways(kind, self.definition.risks) for kind in entry)), [])
        for kind in open_to:
            if kind.registered and kind.code not in self.example.absent:
                continue
            self.asked.add(kind.code)
            way = own_ways(kind, self.definition.risks)[0]
            grade = Grade.D if way is Source.DECLARATION else Grade.C
            yield self._evidence(kind, way, grade, checked=checked)

    def _evidence(self, kind: EvidenceType, source: Source, grade: Grade, checked: bool = False) -> HeldEvidence:
        facts = {fact: self.example.facts[fact] for fact in kind.proves if fact in self.example.facts}
        return HeldEvidence(
            UUID(int=2), kind.code, SOMEBODY, source, grade, facts, FIRST_DAY, checked=checked,
            key=str(self.example.facts.get(kind.key, "")),
        )  # fmt: skip

    # What differs

    def differences(self) -> Iterator[tuple[str, dict[str, object]]]:
        example, case = self.example, self.case
        for code, expected in example.conditions.items():
            if self.truths[code] is not expected:
                yield "“{code}” is {truth} here, not {expected}.", {
                    "code": code, "truth": self.truths[code], "expected": expected}  # fmt: skip
        for code in example.takes:
            if code not in self.taken:
                yield "The route does not take “{step}”.", {"step": code}
        for code in example.skips:
            if code in self.taken:
                yield "The route takes “{step}”.", {"step": code}
        if self.asked != set(example.asks):
            yield "The applicant is asked for {asked}, not {expected}.", {
                "asked": sorted(self.asked), "expected": sorted(example.asks)}  # fmt: skip
        if case.visits != example.visits:
            yield "The applicant comes in {visits} times, not {expected}.", {
                "visits": case.visits, "expected": example.visits}  # fmt: skip
        ending = self._ending()
        if ending != example.ends:
            yield "It ends as {ending}, not {expected}; open: {open}.", {
                "ending": ending, "expected": example.ends, "open": self._open()}  # fmt: skip

    def _ending(self) -> str:
        if self.case.state in (CaseState.CLOSED, CaseState.ARCHIVED):
            return str(self.case.verdict or Verdict.GRANTED)
        return str(self.case.state)

    def _open(self) -> str:
        standing = [f"{one.requirement} {one.standing}" for one in self.case.unsettled]
        steps = [code for code, record in self.case.steps.items() if record.outcome is StepOutcome.OPEN]
        return ", ".join([*standing, *steps]) or "nothing"


