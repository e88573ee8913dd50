"""Where a case goes: what happens next to it, one thing at a time, until it must wait for somebody or for a day.

`route_case` is the whole of it. It looks at a CaseFile, finds the next effect in the order in which the law asks for
it, applies it, and looks again. Automation may grant; it never refuses (R15.8), and unknown never skips or grants.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.core.casefile import (
    CaseFile,
    Concern,
    StepOutcome,
    StepRecord,
    accepts_at_visit,
)
from services.core.clocks import ONE_DAY, WorkCalendar, add_working_days, deemed_acceptance
from services.core.definitions import Mode, Step
from services.core.evidence import Standing
from services.core.jurisdiction import ClockProfile
from services.core.states import BEFORE_ACCEPTANCE, CaseState, Verdict


class Event(StrEnum):
    """What routing makes happen; the same words stand in the ledger."""

    EVIDENCE_SOUGHT = "evidence_sought"
    ACCEPTANCE_ASKED = "acceptance_asked"
    ACCEPTED = "accepted"
    DEEMED_ACCEPTED = "deemed_accepted"
    REVIEW_BEGUN = "review_begun"
    FEE_ASKED = "fee_asked"
    STEP_BEGUN = "step_begun"
    STEP_ENDED = "step_ended"
    VISIT_OFFERED = "visit_offered"
    CONCERN_RAISED = "concern_raised"
    CONCERN_LIFTED = "concern_lifted"
    DECIDED = "decided"
    ISSUED = "issued"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens to a case. `until` is the last day of a waiting period or of an office's days."""

    event: Event
    step: str = ""
    outcome: str = ""
    until: date | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Law:
    """The numbers and the calendar of the jurisdiction."""

    profile: ClockProfile
    calendar: WorkCalendar

    def working_days(self, start: date, days: int) -> date:
        """Return the last day of so many working days; by ordinary weeks where no calendar is published (R13.3)."""
        return add_working_days(start, days, self.calendar.presuming())


@dataclass(frozen=True, slots=True)
class Route:
    """How far a case went: the case as it now stands, what happened, and the day on which to look again."""

    case: CaseFile
    effects: tuple[Effect, ...]
    look_again_on: date | None


# A case of a dozen steps takes some forty effects; anything near this bound is a fault of ours.
MOST_EFFECTS = 400


class CannotRoute(Exception):
    """Routing did not come to rest: the case is set aside for a person to look at."""


def route_case(case: CaseFile, law: Law) -> Route:
    """Return the case advanced as far as it can go today. Routing a case at rest changes nothing."""
    effects: list[Effect] = []
    while effect := next_effect(case, law):
        effects.append(effect)
        case = _APPLY[effect.event](case, effect)
        if len(effects) > MOST_EFFECTS:
            raise CannotRoute(f"{case.definition.code} does not come to rest after {effect.event}")
    return Route(case, tuple(effects), look_again_on(case, law))


def next_effect(case: CaseFile, law: Law) -> Effect | None:
    """Return the next thing that happens to the case today, or None if it must wait."""
    if case.ended or case.state is CaseState.PAUSED:
        return None
    if case.state in BEFORE_ACCEPTANCE:
        return _before_acceptance(case, law)
    if case.state is CaseState.DECIDED:
        return _after_decision(case, law)
    if case.state is CaseState.ISSUED:
        return _delivery(case, law)
    if case.state is CaseState.DELIVERED:
        return Effect(Event.CLOSED)
    return _under_way(case, law)


# Before acceptance


def _before_acceptance(case: CaseFile, law: Law) -> Effect | None:
    if case.state is CaseState.CORRECTION_REQUESTED:
        return _missed_correction(case)
    sought = _evidence_to_seek(case)
    if sought:
        return Effect(Event.EVIDENCE_SOUGHT, kinds=sought)
    if accepts_at_visit(case):
        return _toward_the_visit(case, law)
    if all(one.standing in (Standing.SETTLED, Standing.AT_VISIT) for one in case.settlements.values()):
        return Effect(Event.ACCEPTED)
    if _waits_for_first_answers(case):
        return None
    if case.acceptance_due is None:
        return Effect(Event.ACCEPTANCE_ASKED, until=_acceptance_ends(case, law))
    return Effect(Event.DEEMED_ACCEPTED) if case.on > case.acceptance_due else None


def _missed_correction(case: CaseFile) -> Effect | None:
    """A correction nobody answered counts as withdrawn, without fault (R2.8)."""
    missed = case.correction is not None and case.on > case.correction.due_on
    return Effect(Event.WITHDRAWN, outcome="correction_missed") if missed else None


def _evidence_to_seek(case: CaseFile) -> tuple[str, ...]:
    wanted = {f"{one.requirement}:{kind}" for one in case.settlements.values() for kind in one.fetch}
    return tuple(sorted(wanted - case.fetched))


def _waits_for_first_answers(case: CaseFile) -> bool:
    """Return whether a register has yet to give its first answer; one that is down holds nothing up."""
    return any(
        one.standing is Standing.FETCHING and not _asked_already(case, one.requirement, one.fetch)
        for one in case.settlements.values()
    )


def _asked_already(case: CaseFile, requirement: str, kinds: tuple[str, ...]) -> bool:
    shelf = case.shelves.get(case.definition.requirement[requirement].party)
    tried = {attempt.type for attempt in shelf.attempts} if shelf else set()
    return tried.issuperset(kinds)


def _acceptance_ends(case: CaseFile, law: Law) -> date:
    start = case.received_on
    if case.correction is not None and case.correction.answered_on is not None:
        start = case.correction.answered_on
    return deemed_acceptance(start, law.profile.correction_notice_days, law.calendar.presuming()).last_day


def _toward_the_visit(case: CaseFile, law: Law) -> Effect | None:
    """Do the automatic checks, then offer the visit; the clerk who completes it accepts the case."""
    return _unknown_route(case) or _concern(case) or _next_step(case, law) or _visit_lapse(case)


# From acceptance to decision


def _under_way(case: CaseFile, law: Law) -> Effect | None:
    if case.state is CaseState.ACCEPTED:
        return Effect(Event.REVIEW_BEGUN)
    sought = _evidence_to_seek(case)
    if sought:
        return Effect(Event.EVIDENCE_SOUGHT, kinds=sought)
    if case.fee_due and case.fee_asked_on is None:
        return Effect(Event.FEE_ASKED, until=law.working_days(case.on, law.profile.fee_days))
    return (
        _unknown_route(case)
        or _concern(case)
        or _next_step(case, law)
        or _visit_lapse(case)
        or _fee_lapse(case, law)
        or _grant(case, law)
    )


def _concern(case: CaseFile) -> Effect | None:
    """Raise, or lift, the question to the lead office that every definition has without naming it."""
    cause = _cause_of_concern(case)
    if case.concern is not None:
        return Effect(Event.CONCERN_LIFTED, outcome=case.concern) if cause is None else None
    waits = cause is Concern.OBJECTION and case.staff_at_work
    return None if cause is None or waits else Effect(Event.CONCERN_RAISED, outcome=cause)


def _cause_of_concern(case: CaseFile) -> Concern | None:
    if case.objections:
        return Concern.OBJECTION
    if case.concern is Concern.UNKNOWN and _unknown_steps(case):
        return Concern.UNKNOWN
    if case.concern is Concern.MISSING and _missing(case):
        return Concern.MISSING
    return None


def _unknown_route(case: CaseFile) -> Effect | None:
    """Ask the lead office when nothing that is awaited can tell whether a step belongs to the route."""
    if case.concern is not None or not _unknown_steps(case):
        return None
    awaited = any(one.standing is Standing.FETCHING for one in case.settlements.values())
    patient = awaited and _limit_left(case)
    return None if patient or case.staff_at_work else Effect(Event.CONCERN_RAISED, outcome=Concern.UNKNOWN)


def _unknown_steps(case: CaseFile) -> bool:
    return any(case.active[step.code] is None and case.ready(step) for step in case.definition.steps)


def _missing(case: CaseFile) -> bool:
    return any(one.standing is not Standing.AT_VISIT for one in case.unsettled)


def _limit_left(case: CaseFile) -> bool:
    """Return whether there is time to wait for a register: up to the promised limit, then a person looks."""
    start = case.accepted_on or case.received_on
    return (case.on - start).days <= max(case.definition.promised, 1)


def _next_step(case: CaseFile, law: Law) -> Effect | None:
    for step in case.definition.steps:
        record = case.steps.get(step.code)
        if record is not None and record.outcome is StepOutcome.OPEN:
            if step.mode is Mode.AUTO and record.until is not None and case.on > record.until:
                return Effect(Event.STEP_ENDED, step.code, StepOutcome.DONE)
        elif record is None and _may_begin(case, step):
            effect = _begin(case, step, law)
            if effect is not None:
                return effect
    return None


def _may_begin(case: CaseFile, step: Step) -> bool:
    if case.active[step.code] is not True or case.objections or not case.ready(step):
        return False
    return step.mode not in (Mode.ISSUE, Mode.DELIVER)


def _begin(case: CaseFile, step: Step, law: Law) -> Effect | None:
    if step.mode is Mode.AUTO:
        return _begin_auto(case, step, law)
    if step.mode is Mode.COUNTER:
        return Effect(Event.VISIT_OFFERED, step.code, until=law.working_days(case.on, law.profile.visit_days))
    if step.mode is Mode.DECISION and _missing(case):
        return _wait_for_missing(case)
    return Effect(Event.STEP_BEGUN, step.code, until=law.working_days(case.on, step.days))


def _begin_auto(case: CaseFile, step: Step, law: Law) -> Effect | None:
    if step.days:
        return Effect(Event.STEP_BEGUN, step.code, until=law.working_days(case.on, step.days))
    truth = case.holds(step.check)
    if truth is None and any(one.standing is Standing.FETCHING for one in case.settlements.values()):
        return None if _limit_left(case) else Effect(Event.STEP_ENDED, step.code, StepOutcome.UNDECIDED)
    outcomes = {True: StepOutcome.DONE, False: StepOutcome.AGAINST, None: StepOutcome.UNDECIDED}
    return Effect(Event.STEP_ENDED, step.code, outcomes[truth])


def _wait_for_missing(case: CaseFile) -> Effect | None:
    """No decision before everything is in (R5.3); what nobody can bring in any more, a person looks at."""
    if case.concern is not None or case.staff_at_work:
        return None
    fetching = any(one.standing is Standing.FETCHING for one in case.unsettled)
    if fetching and _limit_left(case):
        return None
    return Effect(Event.CONCERN_RAISED, outcome=Concern.MISSING)


def _visit_lapse(case: CaseFile) -> Effect | None:
    for step in case.definition.steps_of(Mode.COUNTER):
        record = case.steps.get(step.code)
        if record and record.outcome is StepOutcome.OPEN and record.until and case.on > record.until:
            return Effect(Event.LAPSED, outcome="visit_not_kept")
    return None


def _fee_lapse(case: CaseFile, law: Law) -> Effect | None:
    if case.fee_asked_on is None or case.fee_paid:
        return None
    return Effect(Event.LAPSED, outcome="fee_unpaid") if case.on > fee_ends(case.fee_asked_on, law) else None


def fee_ends(asked_on: date, law: Law) -> date:
    """Return the last day for paying: the limit, a reminder, and the days of grace after it (R14.3)."""
    return law.working_days(asked_on, law.profile.fee_days + law.profile.fee_grace_days)


def _grant(case: CaseFile, law: Law) -> Effect | None:
    """Grant, when every step before the result has ended well and everything required is settled."""
    issue = case.definition.issue_step
    if case.objections or case.concern is not None or not case.ready(issue):
        return None
    if _missing(case):
        return _wait_for_missing(case)
    return Effect(Event.DECIDED, outcome=Verdict.GRANTED)


# After the decision


def _after_decision(case: CaseFile, law: Law) -> Effect | None:
    if case.verdict is Verdict.REFUSED:
        return Effect(Event.DELIVERED, outcome="letter")
    if case.fee_due:
        return _fee_lapse(case, law)
    return Effect(Event.ISSUED, case.definition.issue_step.code)


def _delivery(case: CaseFile, law: Law) -> Effect | None:
    couriers = [step for step in case.definition.steps_of(Mode.DELIVER) if case.active[step.code] is not False]
    for step in couriers:
        if case.is_open(step):
            return None
        if not case.has_ended(step):
            due = law.working_days(case.decided_on or case.on, law.profile.delivery_days)
            return Effect(Event.STEP_BEGUN, step.code, until=due)
    return Effect(Event.DELIVERED, outcome=case.definition.output.handover)


# Applying an effect


def _moved(state: CaseState) -> Callable[[CaseFile, Effect], CaseFile]:
    return lambda case, effect: case.after(state=state)


def _sought(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(fetched=case.fetched | set(effect.kinds))


def _acceptance_asked(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(acceptance_due=effect.until)


def _accepted(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(state=CaseState.ACCEPTED, accepted_on=case.on, acceptance_due=None)


def _deemed(case: CaseFile, effect: Effect) -> CaseFile:
    """Silence accepts from the day of receipt, not from the day after the fifth (R2.4)."""
    answered = case.correction.answered_on if case.correction else None
    accepted_on = answered or case.received_on
    return case.after(state=CaseState.ACCEPTED, accepted_on=accepted_on, acceptance_due=None)


def _fee_asked(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(fee_asked_on=case.on)


def _step(case: CaseFile, code: str, record: StepRecord) -> CaseFile:
    return case.after(steps={**case.steps, code: record})


def _begun(case: CaseFile, effect: Effect) -> CaseFile:
    return _step(case, effect.step, StepRecord(StepOutcome.OPEN, case.on, effect.until))


def end_step(case: CaseFile, code: str, outcome: StepOutcome) -> CaseFile:
    """Return the case with the step ended on its day."""
    return _step(case, code, StepRecord(outcome, case.on))


def _ended(case: CaseFile, effect: Effect) -> CaseFile:
    return end_step(case, effect.step, StepOutcome(effect.outcome))


def _concern_raised(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(concern=Concern(effect.outcome))


def _concern_lifted(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(concern=None)


def _decided(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(state=CaseState.DECIDED, verdict=Verdict(effect.outcome), decided_on=case.on)


def _issued(case: CaseFile, effect: Effect) -> CaseFile:
    return end_step(case, effect.step, StepOutcome.DONE).after(state=CaseState.ISSUED)


_APPLY: Mapping[Event, Callable[[CaseFile, Effect], CaseFile]] = {
    Event.EVIDENCE_SOUGHT: _sought,
    Event.ACCEPTANCE_ASKED: _acceptance_asked,
    Event.ACCEPTED: _accepted,
    Event.DEEMED_ACCEPTED: _deemed,
    Event.REVIEW_BEGUN: _moved(CaseState.IN_REVIEW),
    Event.FEE_ASKED: _fee_asked,
    Event.STEP_BEGUN: _begun,
    Event.STEP_ENDED: _ended,
    Event.VISIT_OFFERED: _begun,
    Event.CONCERN_RAISED: _concern_raised,
    Event.CONCERN_LIFTED: _concern_lifted,
    Event.DECIDED: _decided,
    Event.ISSUED: _issued,
    Event.DELIVERED: _moved(CaseState.DELIVERED),
    Event.CLOSED: _moved(CaseState.CLOSED),
    Event.WITHDRAWN: _moved(CaseState.WITHDRAWN),
    Event.LAPSED: _moved(CaseState.LAPSED),
}


def look_again_on(case: CaseFile, law: Law) -> date | None:
    """Return the first day on which time alone changes something, or None if only a person or an answer can."""
    if case.ended:
        return None
    days = [case.acceptance_due] if case.state is CaseState.RECEIVED else []
    if case.state is CaseState.CORRECTION_REQUESTED and case.correction is not None:
        days = [case.correction.due_on]
    timed = {step.code for step in case.definition.steps_of(Mode.AUTO, Mode.COUNTER)}
    days += [one.until for code, one in case.steps.items() if one.outcome is StepOutcome.OPEN and code in timed]
    if case.fee_asked_on is not None and not case.fee_paid:
        days.append(fee_ends(case.fee_asked_on, law))
    if case.concern is None and any(one.standing is Standing.FETCHING for one in case.settlements.values()):
        # A register still owes an answer: it is asked again by an errand, and a person looks when time is up.
        days.append(max(case.on, (case.accepted_on or case.received_on) + ONE_DAY * max(case.definition.promised, 1)))
    known = [day for day in days if day is not None]
    return min(known) + ONE_DAY if known else None


