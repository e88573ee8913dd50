"""What routing makes happen to a case: the effects by name, and the case as it stands after each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.core.casefile import CaseFile, Concern, StepOutcome, StepRecord
from services.core.limits import resumed
from services.core.pauses import Suspension
from services.core.renewal import renewed
from services.core.states import CaseState, Verdict


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
    RESUMED = "resumed"
    DECIDED = "decided"
    DEEMED_RENEWED = "deemed_renewed"
    ISSUED = "issued"
    DELIVERED = "delivered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    BEGUN = "begun"
    DECLINED = "declined"
    CORRECTION_ANSWERED = "correction_answered"


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens to a case. `until` is the last day of a waiting period or of an office's days."""

    event: Event
    step: str = ""
    outcome: str = ""
    until: date | None = None
    kinds: tuple[str, ...] = ()


# The states that effects lead to: the ledger names each beside its event, and the database holds it to MOVES.
LEADS_TO: Mapping[Event, CaseState] = {
    Event.ACCEPTED: CaseState.ACCEPTED,
    Event.DEEMED_ACCEPTED: CaseState.ACCEPTED,
    Event.REVIEW_BEGUN: CaseState.IN_REVIEW,
    Event.RESUMED: CaseState.IN_REVIEW,
    Event.DECIDED: CaseState.DECIDED,
    Event.DEEMED_RENEWED: CaseState.DECIDED,
    Event.ISSUED: CaseState.ISSUED,
    Event.DELIVERED: CaseState.DELIVERED,
    Event.CLOSED: CaseState.CLOSED,
    Event.WITHDRAWN: CaseState.WITHDRAWN,
    Event.LAPSED: CaseState.LAPSED,
    Event.DECLINED: CaseState.DECLINED,
    Event.CORRECTION_ANSWERED: CaseState.RECEIVED,
}


def apply_effect(case: CaseFile, effect: Effect) -> CaseFile:
    """Return the case as it stands after the effect."""
    return _APPLY[effect.event](case, effect)


def _moved(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(state=LEADS_TO[effect.event])


def _resumed(case: CaseFile, effect: Effect) -> CaseFile:
    """The pause ended with the length that was told, however late a worker finds it (R2.23)."""
    return resumed(case, effect.until or case.on)


def _sought(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(fetched=case.fetched | set(effect.kinds))


def _took_over(case: CaseFile, effect: Effect) -> CaseFile:
    """It is received with the notice that the earlier service is done (R7.5)."""
    return case.after(received_on=effect.until or case.on)


def _declined(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(state=CaseState.DECLINED, acceptance_due=None, concern=None, noted=())


def _acceptance_asked(case: CaseFile, effect: Effect) -> CaseFile:
    """Ask the office to look; what it noted before has all come in, and is to be looked at as well."""
    return case.after(acceptance_due=effect.until, noted=())


def _accepted(case: CaseFile, effect: Effect) -> CaseFile:
    return accepted(case)


def _deemed(case: CaseFile, effect: Effect) -> CaseFile:
    """Silence accepts from the day of receipt, not from the day after the fifth (R2.4)."""
    return accepted(case, on=case.complete_on)


def accepted(case: CaseFile, *, on: date | None = None) -> CaseFile:
    """Return the case accepted, on that day.

    Without a day: today; but one of several services of an application on the day on which it was complete, however
    late its office looks. So all that were received together are accepted on one day, and nobody waits (R2.6, R7.5).
    """
    day = on or (case.complete_on if case.together else case.on)
    return case.after(state=CaseState.ACCEPTED, accepted_on=day, acceptance_due=None, noted=())


def _answered(case: CaseFile, effect: Effect) -> CaseFile:
    """What was asked for has come in, though nobody said so: it counts as handed in on the last day (R2.6)."""
    if case.correction is None or effect.until is None:
        return case
    answered = replace(case.correction, answered_on=effect.until)
    return case.after(state=CaseState.RECEIVED, correction=answered)


def _fee_asked(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(fee_asked_on=case.on)


def _begun(case: CaseFile, effect: Effect) -> CaseFile:
    record = StepRecord(StepOutcome.OPEN, case.on, effect.until)
    return case.after(steps={**case.steps, effect.step: record})


def _called_in(case: CaseFile, effect: Effect) -> CaseFile:
    """From now on it waits for a visit; one that is joint with others suspends what was promised (design §7)."""
    waits = case.joint and case.suspension is None
    return _begun(case, effect).after(suspension=Suspension(case.on) if waits else case.suspension)


def _ended(case: CaseFile, effect: Effect) -> CaseFile:
    record = StepRecord(StepOutcome(effect.outcome), case.on)
    return case.after(steps={**case.steps, effect.step: record})


def _concern_raised(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(concern=Concern(effect.outcome))


def _concern_lifted(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(concern=None)


def _decided(case: CaseFile, effect: Effect) -> CaseFile:
    return case.after(state=CaseState.DECIDED, verdict=Verdict(effect.outcome), decided_on=case.on)


def _deemed_renewed(case: CaseFile, effect: Effect) -> CaseFile:
    """The licence goes on as it was: what stands on it goes before what was answered, and open work is over (R2.25)."""
    old = renewed(case)
    ended = {code: one for code, one in case.steps.items() if one.outcome is not StepOutcome.OPEN}
    facts = {**case.facts, **(old.facts if old else {})}
    return _decided(case, effect).after(steps=ended, facts=facts, concern=None)


def _issued(case: CaseFile, effect: Effect) -> CaseFile:
    record = StepRecord(StepOutcome.DONE, case.on)
    return case.after(state=CaseState.ISSUED, steps={**case.steps, effect.step: record})


_APPLY: Mapping[Event, Callable[[CaseFile, Effect], CaseFile]] = {
    Event.EVIDENCE_SOUGHT: _sought,
    Event.ACCEPTANCE_ASKED: _acceptance_asked,
    Event.ACCEPTED: _accepted,
    Event.DEEMED_ACCEPTED: _deemed,
    Event.REVIEW_BEGUN: _moved,
    Event.FEE_ASKED: _fee_asked,
    Event.STEP_BEGUN: _begun,
    Event.STEP_ENDED: _ended,
    Event.VISIT_OFFERED: _called_in,
    Event.CONCERN_RAISED: _concern_raised,
    Event.CONCERN_LIFTED: _concern_lifted,
    Event.RESUMED: _resumed,
    Event.DECIDED: _decided,
    Event.DEEMED_RENEWED: _deemed_renewed,
    Event.ISSUED: _issued,
    Event.DELIVERED: _moved,
    Event.CLOSED: _moved,
    Event.WITHDRAWN: _moved,
    Event.LAPSED: _moved,
    Event.BEGUN: _took_over,
    Event.DECLINED: _declined,
    Event.CORRECTION_ANSWERED: _answered,
}
