"""Worked examples, run: an applicant goes through the real routing, and what happens is compared with the example."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.clocks import ONE_DAY
from services.core.definitions import Definition, Example, Mode, Requirement, Step
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
MISSED = "missed"
GRADES = {Source.DECLARATION: Grade.D, Source.UPLOAD: Grade.C}
# A life of more turns than this goes round in circles.
MOST_TURNS = 200


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
        for _ in range(MOST_TURNS):
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
        self.case = self.case.after(on=max(day, self.case.on + ONE_DAY))
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
        elif step is not None and self.case.is_open(step) and self.case.verdict is not Verdict.REFUSED:
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
        held: dict[str, list[HeldEvidence]] = {}
        attempts: dict[str, list[Attempt]] = {}
        for one in self.definition.requirements:
            kinds = [self.definition.evidence_types[code] for entry in one.any_of for code in entry]
            held.setdefault(one.party, []).extend([*self._found(kinds, seen), *self._given(one, checked)])
            attempts.setdefault(one.party, []).extend(self._answers(kinds))
        keys = self.example.facts
        offer = self.definition.commitments.offer
        if self.example.commits and offer:
            signed = self._evidence(self.definition.evidence_types[offer], Source.DECLARATION, Grade.D)
            held.setdefault("applicant", []).append(signed)
            attempts.setdefault("applicant", [])
        return {party: Shelf(held=held[party], attempts=attempts[party], keys=keys) for party in held}

    def _is_known(self, kind: EvidenceType) -> bool:
        return kind.registered and kind.code not in self.example.absent

    def _answers(self, kinds: Sequence[EvidenceType]) -> Iterator[Attempt]:
        for kind in kinds:
            if kind.registered:
                outcome = Outcome.FOUND if self._is_known(kind) else Outcome.NO_RECORD
                yield Attempt(kind.code, SOMEBODY, outcome)

    def _found(self, kinds: Sequence[EvidenceType], seen: bool) -> Iterator[HeldEvidence]:
        for kind in kinds:
            if self._is_known(kind):
                yield self._evidence(kind, Source.REGISTRY, Grade.A)
            if seen:
                yield self._evidence(kind, Source.SEEN, Grade.B)

    def _given(self, one: Requirement, checked: bool) -> Iterator[HeldEvidence]:
        """Yield what the applicant gives where no register settles it: the entry the example names, else the first."""
        if self.case.holds(one.when) is False or one.original_at:
            return
        entries = [[self.definition.evidence_types[code] for code in entry] for entry in one.any_of]
        if any(all(map(self._is_known, entry)) for entry in entries):
            return
        risks = self.definition.risks
        open_to = [entry for entry in entries if all(own_ways(kind, risks) for kind in entry)]
        expected = (entry for entry in open_to if self._expects(entry))
        for kind in next(expected, open_to[0] if open_to else []):
            if not self._is_known(kind):
                self.asked.add(kind.code)
                way = own_ways(kind, risks)[0]
                yield self._evidence(kind, way, GRADES[way], checked=checked)

    def _expects(self, entry: Sequence[EvidenceType]) -> bool:
        """Return whether the example says that the applicant gives this one of the entries."""
        return all(kind.code in self.example.asks or self._is_known(kind) for kind in entry)

    def _evidence(
        self, kind: EvidenceType, source: Source, grade: Grade, checked: bool = False
    ) -> HeldEvidence:
        facts = {fact: self.example.facts[fact] for fact in kind.proves if fact in self.example.facts}
        return HeldEvidence(
            UUID(int=2), kind.code, SOMEBODY, source, grade, facts, FIRST_DAY, checked=checked,
            key=str(self.example.facts.get(kind.key, "")),
        )  # fmt: skip

    # What differs

    def differences(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield a sentence and its values for everything that went otherwise than written."""
        example, case = self.example, self.case
        yield from self._route_differences()
        if self.asked != set(example.asks):
            told = "The applicant is asked for {asked}, not {expected}."
            yield told, {"asked": sorted(self.asked), "expected": sorted(example.asks)}
        if case.visits != example.visits:
            told = "The applicant comes in {visits} times, not {expected}."
            yield told, {"visits": case.visits, "expected": example.visits}
        if self._ending() != example.ends:
            told = "It ends as {ending}, not {expected}; open: {open}."
            yield told, {"ending": self._ending(), "expected": example.ends, "open": self._open()}

    def _route_differences(self) -> Iterator[tuple[str, dict[str, object]]]:
        for code, expected in self.example.conditions.items():
            if code in self.truths and self.truths[code] is not expected:
                told = "“{code}” is {truth} here, not {expected}."
                yield told, {"code": code, "truth": self.truths[code], "expected": expected}
        for code in self.example.takes:
            if code not in self.taken:
                yield "The route does not take “{step}”.", {"step": code}
        for code in self.example.skips:
            if code in self.taken:
                yield "The route takes “{step}”.", {"step": code}

    def _ending(self) -> str:
        ended = self.case.state in (CaseState.CLOSED, CaseState.ARCHIVED)
        return str(self.case.verdict or Verdict.GRANTED) if ended else str(self.case.state)

    def _open(self) -> str:
        standing = [f"{one.requirement} {one.standing}" for one in self.case.unsettled]
        steps = [code for code, record in self.case.steps.items() if record.outcome is StepOutcome.OPEN]
        return ", ".join([*standing, *steps]) or "nothing"
