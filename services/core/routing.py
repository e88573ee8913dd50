"""Where a case goes: what happens next to it, one thing at a time, until it must wait for somebody or for a day.

`route_case` is the whole of it. It looks at a CaseFile, finds the next effect in the order in which the law asks for
it, applies it, and looks again. Automation may grant; it never refuses (R15.8); unknown never skips or grants.
"""

from dataclasses import dataclass
from datetime import date

from services.core.casefile import CaseFile, StepOutcome, accepts_at_visit
from services.core.clocks import ONE_DAY
from services.core.concerns import (
    is_missing,
    missed_promise,
    raise_or_lift,
    wait_for_missing,
    waits_for_registers,
)
from services.core.deadlines import acceptance_ends, fee_ends, look_again_on
from services.core.definitions import Handover, Mode, Step
from services.core.effects import Effect, Event, apply_effect
from services.core.evidence import Settlement, Standing
from services.core.fees import fee_clock
from services.core.jurisdiction import Law
from services.core.limits import pause_ends, step_ends
from services.core.renewal import decide_by, is_deemed_renewed, next_term_ends
from services.core.states import BEFORE_ACCEPTANCE, CaseState, Verdict

__all__ = ["CannotRoute", "Effect", "Event", "Law", "Route", "fee_ends", "next_effect", "route_case"]

# A case of a dozen steps takes some forty effects; anything near this bound is a fault of ours.
MOST_EFFECTS = 400
# Why a case is declined by the machine, and only then: a person refused what it depends on (R7.7).
PRECONDITION_REFUSED = "precondition_refused"
# With everything there, or to be shown at the meeting that is needed anyway, or promised in writing (R5.3).
_ACCEPTABLE = frozenset({Standing.SETTLED, Standing.AT_VISIT, Standing.PROMISED})


@dataclass(frozen=True, slots=True)
class Route:
    """How far a case went: the case as it now stands, what happened, and the day on which to look again."""

    case: CaseFile
    effects: tuple[Effect, ...]
    look_again_on: date | None


class CannotRoute(Exception):
    """Routing did not come to rest: the case is set aside for a person to look at."""


def route_case(case: CaseFile, law: Law) -> Route:
    """Return the case advanced as far as it can go today. Routing a case at rest changes nothing."""
    effects: list[Effect] = []
    while effect := next_effect(case, law):
        effects.append(effect)
        case = apply_effect(case, effect)
        if len(effects) > MOST_EFFECTS:
            raise CannotRoute(f"{case.definition.code} does not come to rest after {effect.event}")
    return Route(case, tuple(effects), look_again_on(case, law))


def next_effect(case: CaseFile, law: Law) -> Effect | None:
    """Return the next thing that happens to the case today, or None if it must wait."""
    if case.ended:
        return None
    if case.state is CaseState.PAUSED:
        return _pause_over(case, law)
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
        return _correction_over(case)
    if case.precondition_lost:
        return Effect(Event.DECLINED, outcome=PRECONDITION_REFUSED)
    sought = _evidence_to_seek(case)
    if sought:
        return Effect(Event.EVIDENCE_SOUGHT, kinds=sought)
    if case.awaits:
        return _called_along(case, law)
    return _taking_over(case) or _accepting(case, law)


def _taking_over(case: CaseFile) -> Effect | None:
    """What comes after another service is received with the notice that this is done (R7.5)."""
    notice = case.notice_on
    return Effect(Event.BEGUN, until=notice) if notice is not None and notice > case.received_on else None


def _accepting(case: CaseFile, law: Law) -> Effect | None:
    if accepts_at_visit(case):
        # The automatic checks, then the visit; the clerk who completes it accepts the case.
        return raise_or_lift(case, law) or _next_step(case, law) or _visit_lapse(case, law)
    if all(one.standing in _ACCEPTABLE for one in case.settlements.values()):
        return Effect(Event.ACCEPTED)
    last_day = acceptance_ends(case, law)
    if case.on > last_day:
        return Effect(Event.DEEMED_ACCEPTED)
    looks_again = bool(case.noted) and not case.lacking
    if looks_again or (case.acceptance_due is None and not _waits_for_first_answers(case)):
        return Effect(Event.ACCEPTANCE_ASKED, until=last_day)
    return None


def _called_along(case: CaseFile, law: Law) -> Effect | None:
    """Whoever comes in for the earlier service signs for this one at the same visit; nothing else begins before."""
    counters = case.definition.steps_of(Mode.COUNTER) if accepts_at_visit(case) and case.called_along else ()
    for step in counters:
        if step.code not in case.steps and _may_begin(case, step):
            return _offer_visit(case, step, law)
    return _visit_lapse(case, law)


def _correction_over(case: CaseFile) -> Effect | None:
    """What nobody put right counts as withdrawn, without fault (R2.8); what all came in counts as handed in (R2.6)."""
    if case.correction is None or case.on <= case.correction.due_on:
        return None
    if case.lacking:
        return Effect(Event.WITHDRAWN, outcome="correction_missed")
    return Effect(Event.CORRECTION_ANSWERED, outcome="all_came_in", until=case.correction.due_on)


def _evidence_to_seek(case: CaseFile) -> tuple[str, ...]:
    return tuple(sorted(case.wanted - case.fetched))


def _waits_for_first_answers(case: CaseFile) -> bool:
    """Return whether a register has yet to give its first answer; one that is down holds nothing up."""
    return any(one.fetch and not _was_tried(case, one) for one in case.settlements.values())


def _was_tried(case: CaseFile, one: Settlement) -> bool:
    shelf = case.shelves.get(case.definition.requirement[one.requirement].party)
    tried = {attempt.type for attempt in shelf.attempts} if shelf else set()
    return tried.issuperset(one.fetch)


# From acceptance to decision


def _under_way(case: CaseFile, law: Law) -> Effect | None:
    if case.state is CaseState.ACCEPTED:
        return Effect(Event.REVIEW_BEGUN)
    if case.precondition_lost:
        return Effect(Event.DECLINED, outcome=PRECONDITION_REFUSED)
    if is_deemed_renewed(case, law):
        return Effect(Event.DEEMED_RENEWED, outcome=Verdict.GRANTED, until=next_term_ends(case))
    sought = _evidence_to_seek(case)
    if sought:
        return Effect(Event.EVIDENCE_SOUGHT, kinds=sought)
    if case.fee_due and case.fee_asked_on is None:
        return Effect(Event.FEE_ASKED, until=fee_clock(case.on, law).due_on)
    return (
        missed_promise(case, law)
        or raise_or_lift(case, law)
        or _next_step(case, law)
        or _visit_lapse(case, law)
        or _fee_lapse(case, law)
        or _grant(case, law)
    )


def _pause_over(case: CaseFile, law: Law) -> Effect | None:
    """An overrun of the length that was told ends the pause (R2.23)."""
    if is_deemed_renewed(case, law):
        return Effect(Event.RESUMED, outcome=Event.DEEMED_RENEWED, until=decide_by(case, law))
    last_day = pause_ends(case, law)
    return Effect(Event.RESUMED, outcome="length_over", until=last_day) if case.on > last_day else None


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
        return _offer_visit(case, step, law)
    if step.mode is Mode.DECISION and is_missing(case):
        return wait_for_missing(case, law)
    return Effect(Event.STEP_BEGUN, step.code, until=_last_day(case, step, law))


def _last_day(case: CaseFile, step: Step, law: Law) -> date:
    """Return the last of the step's days.

    The day of beginning is not counted (R13.4). A waiting period ends with its last day, so that what only waited
    for it begins with that day's end and has today as its first.
    """
    before = case.definition.earlier[step.code]
    today = [case.definition.step[code] for code in before if _ended_today(case, code)]
    waited = any(one.mode is Mode.AUTO and one.days for one in today)
    worked = any(one.mode is not Mode.AUTO for one in today)
    start = case.on - ONE_DAY if waited and not worked else case.on
    return law.working_days(start, step.days)


def _ended_today(case: CaseFile, code: str) -> bool:
    record = case.steps.get(code)
    return record is not None and record.outcome is not StepOutcome.OPEN and record.since == case.on


def _offer_visit(case: CaseFile, step: Step, law: Law) -> Effect | None:
    """Ask the applicant in, once every register has been asked: nobody comes with what was to be had anyway."""
    if _waits_for_first_answers(case) and waits_for_registers(case, law):
        return None
    return Effect(Event.VISIT_OFFERED, step.code, until=law.working_days(case.on, law.profile.visit_days))


def _begin_auto(case: CaseFile, step: Step, law: Law) -> Effect | None:
    if step.days:
        return Effect(Event.STEP_BEGUN, step.code, until=_last_day(case, step, law))
    truth = case.holds(step.check)
    if truth is None and waits_for_registers(case, law):
        return None
    outcomes = {True: StepOutcome.DONE, False: StepOutcome.AGAINST, None: StepOutcome.UNDECIDED}
    return Effect(Event.STEP_ENDED, step.code, outcomes[truth])


def _visit_lapse(case: CaseFile, law: Law) -> Effect | None:
    for step in case.definition.steps_of(Mode.COUNTER):
        until = step_ends(case, step.code, law) if case.is_open(step) else None
        if until is not None and case.on > until:
            return Effect(Event.LAPSED, outcome="visit_not_kept")
    return None


def _fee_lapse(case: CaseFile, law: Law) -> Effect | None:
    if case.fee_asked_on is None or not case.fee_due:
        return None
    return Effect(Event.LAPSED, outcome="fee_unpaid") if case.on > fee_ends(case.fee_asked_on, law) else None


def _grant(case: CaseFile, law: Law) -> Effect | None:
    """Grant, when every step before the result has ended well and everything required is settled."""
    issue = case.definition.issue_step
    if case.concern is not None or case.fee_unknown or case.active[issue.code] is not True:
        return None
    if not case.ready(issue):
        return None
    if is_missing(case):
        return wait_for_missing(case, law)
    return Effect(Event.DECIDED, outcome=Verdict.GRANTED)


# After the decision


def _after_decision(case: CaseFile, law: Law) -> Effect | None:
    if case.verdict is Verdict.REFUSED:
        return Effect(Event.DELIVERED, outcome="letter")
    if case.fee_due:
        return _fee_lapse(case, law)
    return Effect(Event.ISSUED, case.definition.issue_step.code)


def _delivery(case: CaseFile, law: Law) -> Effect | None:
    for step in case.definition.steps_of(Mode.DELIVER):
        if case.active[step.code] is False:
            continue
        if case.is_open(step):
            return None
        if not case.has_ended(step):
            due = law.working_days(case.decided_on or case.on, law.profile.delivery_days)
            return Effect(Event.STEP_BEGUN, step.code, until=due)
    return Effect(Event.DELIVERED, outcome=_handover(case))


def _handover(case: CaseFile) -> Handover:
    """Return how the result goes out: one that was not ready at the visit is sent, and nobody comes again."""
    handover = case.definition.output.handover
    visits = (case.steps.get(step.code) for step in case.definition.steps_of(Mode.COUNTER))
    here = any(record is not None and record.since == case.on for record in visits)
    return Handover.COURIER if handover is Handover.VISIT and not here else handover
