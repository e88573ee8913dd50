"""Every life a case can have, enumerated plainly through the real router: the oracle that the proof is checked against.

The world answers in every way it can: registers know, know nothing, contradict, are down for a while or for ever, and
what they say is disputed; the applicant gives what is asked or stays silent, comes or does not; officers are for or
against, let pass or refuse. Lives that reach the same point are followed once.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product
from typing import Any

from services.core import acts
from services.core.branches import branches
from services.core.casefile import CaseFile, Concern, StepOutcome
from services.core.definitions import Definition, Handover, Mode, Step
from services.core.effects import apply_effect
from services.core.evidence import UNANSWERED, Attempt, Grade, HeldEvidence, Outcome, Shelf, Source, Standing
from services.core.refusal import Refusal
from services.core.routing import Law, Route, next_effect, route_case
from services.core.states import ENDED, CaseState, Role, Verdict
from tests.core.a_service import MONDAY, SOMEBODY, received

Facts = Mapping[str, Any]
ANSWERS = ("found", "disputed", Outcome.NO_RECORD, Outcome.CONTRADICTION, Outcome.DOWN)
# The last day on which a register that is down is waited for (R3.18).
PATIENT_DAYS = timedelta(days=3)


@dataclass(frozen=True)
class World:
    """One applicant: what is true of them, and what of it evidence tells; and how far the world has been explored."""

    definition: Definition
    law: Law
    truth: Facts
    proved: frozenset[str] = frozenset()
    # Every limit a small case can run into has passed by then.
    for_ever: date = MONDAY + timedelta(days=150)

    def received(self) -> CaseFile:
        """Return the case as it is filed: all that is asked is answered, nothing is proved yet."""
        asked = {fact: value for fact, value in self.truth.items() if fact not in self.proved}
        roles = {one.party for one in self.definition.requirements}
        return received(self.definition, facts=asked, shelves={role: Shelf() for role in roles})

    def with_shelf(self, case: CaseFile, party: str, shelf: Shelf) -> CaseFile:
        """Return the case with this at hand; what registers tell becomes known, and unknown again if disputed."""
        shelves = {**case.shelves, party: shelf}
        told = {
            fact
            for one in shelves["applicant"].held if "applicant" in shelves
            if not one.disputed and one.source is Source.REGISTRY
            for fact in self.definition.evidence_types[one.type].proves
        }  # fmt: skip
        facts = {fact: value for fact, value in self.truth.items() if fact not in self.proved or fact in told}
        return case.after(
            shelves=shelves, facts={**case.facts, **facts} if told else _without(case.facts, self.proved)
        )


def _without(facts: Facts, gone: frozenset[str]) -> dict[str, Any]:
    return {fact: value for fact, value in facts.items() if fact not in gone}


@dataclass
class Seen:
    """What happened in some life."""

    most_visits: int = 0
    hangs: list[str] = field(default_factory=list)
    ended_with_open_steps: bool = False
    needs_paper: bool = False
    result_needs_visit: bool = False
    granted: int = 0
    points: int = 0
    moves: set[tuple[CaseState, CaseState]] = field(default_factory=set)

    def note(self, case: CaseFile) -> None:
        """Note more about a case at rest."""

    @property
    def ends_badly(self) -> bool:
        """Return whether some life never ends, or ends while somebody is at work on it."""
        return bool(self.hangs) or self.ended_with_open_steps


def applicants(domains: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Yield every applicant there can be, by what is true of them."""
    for values in product(*domains.values()):
        yield dict(zip(domains, values, strict=True))


def explore(world: World, seen: Seen) -> None:
    """Follow every life of this applicant's case, noting what happens in any of them, until one ends badly."""
    waiting, known = [world.received()], set()
    while waiting and not seen.ends_badly:
        before = waiting.pop()
        route = route_at_rest(before, world.law, seen)
        case = route.case
        _note(case, seen)
        if case.ended or (key := _key(case)) in known:
            continue
        known.add(key)
        seen.points += 1
        nexts = list(events(world, route))
        if not nexts:
            seen.hangs.append(f"{case.state} {case.concern} {dict(case.steps)}")
        waiting += nexts


def route_at_rest(case: CaseFile, law: Law, seen: Seen | None = None) -> Route:
    """Return the case routed, having noted each move of its state; a case at rest stays as it is (R15.8)."""
    route = route_case(case, law)
    for effect in route.effects:
        after = apply_effect(case, effect)
        assert (case.verdict, after.verdict) != (None, Verdict.REFUSED), "the machine never refuses"
        if seen is not None and case.state is not after.state:
            seen.moves.add((case.state, after.state))
        case = after
    assert case == route.case
    assert next_effect(case, law) is None, "routing a case at rest changes nothing"
    return route


def _note(case: CaseFile, seen: Seen) -> None:
    seen.note(case)
    seen.most_visits = max(seen.most_visits, case.visits)
    seen.needs_paper = seen.needs_paper or _needs_paper(case)
    if case.state is CaseState.CLOSED and case.verdict is Verdict.GRANTED:
        seen.granted += 1
        open_steps = [code for code, one in case.steps.items() if one.outcome is StepOutcome.OPEN]
        unwalked = [
            one.code for one in case.definition.steps
            if case.active[one.code] is True and one.code not in case.steps
        ]  # fmt: skip
        seen.ended_with_open_steps = seen.ended_with_open_steps or bool(open_steps or unwalked)
        seen.result_needs_visit = seen.result_needs_visit or _result_needs_visit(case)


def _needs_paper(case: CaseFile) -> bool:
    """Return whether something is missing that the applicant cannot give from a distance, and no meeting is ahead."""
    if case.state in ENDED or any(case.active[step.code] is None for step in _meetings(case.definition)):
        return False
    missed = any(case.has_ended(step) for step in _meetings(case.definition))
    return not missed and any(
        one.standing is Standing.OPEN and not one.asks and not one.fetch
        and case.holds(case.definition.requirement[one.requirement].when) is True
        for one in case.settlements.values()
    )  # fmt: skip


def _meetings(definition: Definition) -> tuple[Step, ...]:
    return definition.steps_of(Mode.COUNTER, Mode.INSPECTION)


def _result_needs_visit(case: CaseFile) -> bool:
    handover = case.definition.output.handover
    sent = any(step.code in case.steps for step in case.definition.steps_of(Mode.DELIVER))
    if handover is Handover.VISIT:
        return case.visits == 0 and any(
            case.steps.get(one.code) for one in case.definition.steps_of(Mode.ISSUE)
        )
    return sent is not (handover is Handover.COURIER)


def _key(case: CaseFile) -> tuple[Any, ...]:
    """Return what the rest of a life depends on."""
    return (
        case.state, case.on, case.concern, case.visits, case.fee_asked_on, case.fee_paid, case.acceptance_due,
        case.correction, case.received_on, tuple(sorted(case.determined.items())),
        tuple(sorted((code, one.outcome, one.until) for code, one in case.steps.items())),
        tuple(sorted(case.truths.items(), key=str)), case.fetched,
        tuple((one.requirement, one.standing, one.fetch, one.asks, _at_hand(case, one.requirement))
              for one in case.settlements.values()),
    )  # fmt: skip


def _at_hand(case: CaseFile, code: str) -> frozenset[tuple[str, object]]:
    """Return what is usable on the shelf, and which registers were down; why one has no answer makes no difference."""
    shelf = case.shelves.get(case.definition.requirement[code].party, Shelf())
    usable = {(one.type, one.source, one.checked) for one in shelf.held if not one.disputed}
    return frozenset(usable | {(one.type, one.due) for one in shelf.attempts if one.outcome in UNANSWERED})


# What the world can do next: the first that is awaited, in every way it can go


def events(world: World, route: Route) -> Iterator[CaseFile]:
    """Yield the case after each answer the world can give to what the case waits for; nothing if it hangs.

    Registers, corrections and acceptance come first; whoever is awaited after that may come in any order.
    """
    case = route.case
    for happening in (_registers, _correction, _acceptance, _together, _fee):
        found = list(happening(world, case))
        yield from found
        if found:
            break
    if not found or _is_waiting_period_under_way(case):
        yield from _time(world, route)


def _is_waiting_period_under_way(case: CaseFile) -> bool:
    """Return whether a period runs that nobody need wait for: somebody may be later than its end."""
    return any(case.is_open(step) for step in case.definition.steps_of(Mode.AUTO))


def _together(world: World, case: CaseFile) -> Iterator[CaseFile]:
    yield from _visit(world, case)
    yield from _concern(world, case)
    yield from _officers(world, case)


def _time(world: World, route: Route) -> Iterator[CaseFile]:
    day = route.look_again_on
    if day is not None and day < world.for_ever:
        assert day > route.case.on, "a case is never looked at again on the same day"
        yield route.case.after(on=day)


def _registers(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """The first register that was not asked yet answers, in every way."""
    for one in case.settlements.values():
        party = case.definition.requirement[one.requirement].party
        shelf = case.shelves[party]
        for kind in one.fetch:
            if kind not in {attempt.type for attempt in shelf.attempts}:
                answers = (_answered(shelf, kind, how, case.on) for how in ANSWERS)
                yield from (world.with_shelf(case, party, answered) for answered in answers)
                return


def with_answer(world: World, case: CaseFile, party: str, kind: str, how: str) -> CaseFile:
    """Return the case after a register answered."""
    return world.with_shelf(case, party, _answered(case.shelves[party], kind, how, case.on))


def _answered(shelf: Shelf, kind: str, how: str, on: date) -> Shelf:
    known = how in ("found", "disputed")
    due = on + PATIENT_DAYS if how in UNANSWERED else None
    attempt = Attempt(kind, SOMEBODY, Outcome.FOUND if known else Outcome(how), due=due)
    found = [_evidence(kind, Source.REGISTRY, Grade.A, disputed=how == "disputed")] if known else []
    return replace(shelf, attempts=[*shelf.attempts, attempt], held=[*shelf.held, *found])


def _evidence(
    kind: str, source: Source, grade: Grade, *, checked: bool = False, disputed: bool = False
) -> HeldEvidence:
    return HeldEvidence(
        SOMEBODY.id, kind, SOMEBODY, source, grade, {}, MONDAY, checked=checked, disputed=disputed
    )


def _late_answers(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """A register that was down answers after all."""
    for one in case.settlements.values():
        party = case.definition.requirement[one.requirement].party
        for kind in one.fetch:
            for how in ("found", Outcome.NO_RECORD):
                yield world.with_shelf(case, party, _answered(case.shelves[party], kind, how, case.on))
            return


def given(world: World, case: CaseFile, *, checked: bool) -> CaseFile:
    """The applicant gives everything that they are asked for and can give from a distance."""
    for one in case.settlements.values():
        party = case.definition.requirement[one.requirement].party
        for kind, way in one.asks:
            grades = {Source.DECLARATION: Grade.D, Source.UPLOAD: Grade.C}
            if one.standing is Standing.OPEN and way in grades:
                shelf = case.shelves[party]
                paper = _evidence(kind, way, grades[way], checked=checked)
                case = world.with_shelf(case, party, replace(shelf, held=[*shelf.held, paper]))
    return case


def with_copies_checked(world: World, case: CaseFile) -> CaseFile:
    """An officer has looked at the copies at hand."""
    for party, shelf in case.shelves.items():
        copies = [replace(one, checked=True) for one in shelf.held]
        case = world.with_shelf(case, party, replace(shelf, held=copies))
    return case


def _correction(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """Answered as asked, answered with nothing in it, or not answered at all."""
    if case.state is CaseState.CORRECTION_REQUESTED and case.correction is not None:
        yield acts.answer_correction(given(world, case, checked=False))
        yield acts.answer_correction(case)
        yield case.after(on=case.correction.due_on + timedelta(days=1))


def _acceptance(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """The office accepts, asks for what is missing, declines, or says nothing; the applicant gives, or withdraws."""
    if case.state is not CaseState.RECEIVED or case.acceptance_due is None:
        return
    yield acts.accept(with_copies_checked(world, case), role=Role.CLERK)
    yield acts.decline(case, role=Role.CLERK)
    yield acts.withdraw(case)
    yield case.after(on=case.acceptance_due + timedelta(days=1))
    askable = [one.requirement for one in case.unsettled if one.standing is Standing.OPEN and one.asks]
    unchecked = [one.requirement for one in case.unsettled if one.standing is Standing.UNCHECKED]
    if case.correction is None and (askable or unchecked):
        due = case.on + timedelta(days=28)
        yield acts.request_correction(case, items=[*askable, *unchecked], due_on=due, role=Role.CLERK)


def _visit(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """Kept, with and without the originals; failed; never kept."""
    open_ones = [step for step in case.definition.steps_of(Mode.COUNTER) if case.is_open(step)]
    for step in open_ones:
        seen = shown(world, with_copies_checked(world, case))
        yield acts.attend_visit(seen, step=step.code, outcome=StepOutcome.DONE)
        yield acts.attend_visit(case, step=step.code, outcome=StepOutcome.DONE)
        yield acts.attend_visit(case, step=step.code, outcome=StepOutcome.FAILED)
        until = case.steps[step.code].until
        assert until is not None
        yield case.after(on=until + timedelta(days=1))


def shown(world: World, case: CaseFile) -> CaseFile:
    """The applicant shows every original that is to be seen."""
    for one in case.settlements.values():
        party = case.definition.requirement[one.requirement].party
        for kind, way in one.asks:
            if way is Source.SEEN:
                shelf = case.shelves[party]
                paper = _evidence(kind, Source.SEEN, Grade.B, checked=True)
                case = world.with_shelf(case, party, replace(shelf, held=[*shelf.held, paper]))
    return case


def _concern(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """The lead office refuses or lets pass; or what was missing comes in meanwhile."""
    if case.concern is None:
        return
    yield acts.refuse(case, role=Role.REVIEWER)
    if case.concern is Concern.MISSING:
        yield from _late_answers(world, case)
        complete = given(world, case, checked=False)
        if complete != case:
            yield complete
    for found in _determinations(case):
        with suppress(Refusal):
            yield acts.let_pass(with_copies_checked(world, case), determined=found)


def _determinations(case: CaseFile) -> list[dict[str, bool]]:
    """Return all that an officer may find of what nobody could tell."""
    if case.concern is not Concern.UNKNOWN:
        return [{}]
    unknown = [code for code, truth in case.truths.items() if truth is None]
    found = ({code: branch[code] for code in unknown} for branch in branches(case.definition))
    return [dict(one) for one in {tuple(one.items()): one for one in found}.values()]


def _officers(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """Any open step ends next, for or against."""
    for code, record in case.steps.items():
        step = case.definition.step[code]
        if record.outcome is not StepOutcome.OPEN or step.mode in (Mode.COUNTER, Mode.AUTO):
            continue
        seen = shown(world, case) if step.mode is Mode.INSPECTION else case
        yield acts.end_step(with_copies_checked(world, seen), step=code, outcome=StepOutcome.DONE)
        if step.mode in (Mode.REVIEW, Mode.INSPECTION):
            yield acts.end_step(case, step=code, outcome=StepOutcome.AGAINST)
        if step.mode is Mode.DECISION and case.verdict is None:
            yield acts.refuse(case, role=Role.REVIEWER)


def _fee(world: World, case: CaseFile) -> Iterator[CaseFile]:
    """Paid, or never paid."""
    if case.fee_due and case.fee_asked_on is not None:
        yield acts.pay(case)
        if not any(one.outcome is StepOutcome.OPEN for one in case.steps.values()):
            yield case.after(on=case.on + timedelta(days=90))
