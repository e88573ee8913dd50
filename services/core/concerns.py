"""When the machine may not go on: what a person of the lead office is asked, and how long routing waits before.

Every definition has this question without naming it. Automation may grant; it never refuses (R15.8).
"""

from services.core.casefile import CaseFile, Concern
from services.core.deadlines import owes_answer, patience_ends
from services.core.effects import Effect, Event
from services.core.evidence import Standing
from services.core.jurisdiction import Law
from services.core.promises import missed_promises


def raise_or_lift(case: CaseFile, law: Law) -> Effect | None:
    """Return the question to the lead office that is to be asked now, or taken back, if any."""
    if case.concern is not None:
        return Effect(Event.CONCERN_LIFTED, outcome=case.concern) if _is_answered(case, law) else None
    if case.objections:
        # A visit is not waited for: whoever may be refused anyhow is spared the way.
        return None if case.at_work(visits=False) else _raised(Concern.OBJECTION)
    return _route_unknown(case, law)


def _raised(concern: Concern) -> Effect:
    return Effect(Event.CONCERN_RAISED, outcome=concern)


def _is_answered(case: CaseFile, law: Law) -> bool:
    """Return whether nothing holds the case up any more, without anybody having looked."""
    if case.objections:
        return False
    still = {
        Concern.OBJECTION: False,
        Concern.UNKNOWN: is_route_unknown(case),
        Concern.MISSING: is_missing(case),
        Concern.PROMISE: bool(missed_promises(case, law)),
    }
    return case.concern is not None and not still[case.concern]


def missed_promise(case: CaseFile, law: Law) -> Effect | None:
    """Something promised did not come: the case counts as withdrawn without fault, or a person is asked (R5.5)."""
    if case.concern is not None or not missed_promises(case, law):
        return None
    if law.profile.promise_missed == "withdrawn":
        return Effect(Event.WITHDRAWN, outcome="promise_missed")
    return _raised(Concern.PROMISE)


def _route_unknown(case: CaseFile, law: Law) -> Effect | None:
    """Ask when nothing that is awaited can tell whether a step, or the fee, belongs to this case."""
    if not is_route_unknown(case) or case.at_work() or case.awaits:
        return None
    return None if waits_for_registers(case, law) else _raised(Concern.UNKNOWN)


def is_route_unknown(case: CaseFile) -> bool:
    """Return whether the next step, or the fee before the result, hangs on a condition that nobody can tell."""
    unknown = any(case.active[step.code] is None and case.ready(step) for step in case.definition.steps)
    return unknown or (case.fee_unknown and case.ready(case.definition.issue_step))


def is_missing(case: CaseFile) -> bool:
    """Return whether something required is not in, apart from originals that are yet to be shown."""
    return any(one.standing is not Standing.AT_VISIT for one in case.unsettled)


def wait_for_missing(case: CaseFile, law: Law) -> Effect | None:
    """No decision before everything is in (R5.3); what nobody can bring in any more, a person looks at.

    What is promised is waited for until its day.
    """
    if case.concern is not None or case.at_work() or case.awaits or waits_for_registers(case, law):
        return None
    if any(one.standing is Standing.PROMISED for one in case.settlements.values()):
        return None
    return _raised(Concern.MISSING)


def waits_for_registers(case: CaseFile, law: Law) -> bool:
    """Return whether a register owes an answer and there is still time to wait for it."""
    return owes_answer(case) and case.on <= patience_ends(case, law)
