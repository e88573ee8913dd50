"""Whom a case waits for, in codes that pages put into words: the applicant, an office, a register, a day, a pause."""

from services.core.casefile import CaseFile, StepOutcome
from services.core.definitions import Mode
from services.core.evidence import Standing
from services.core.states import BEFORE_ACCEPTANCE, UNDER_WAY, CaseState

EVIDENCE_WAIT, VISIT_WAIT = "applicant:evidence", "applicant:visit"
PROMISE_WAIT = "applicant:promise"
UNDECIDED = BEFORE_ACCEPTANCE | UNDER_WAY


def awaited(case: CaseFile) -> list[str]:
    """Return codes `who:what`: `applicant:fee`, `office:tax:review`, `register:deed`, `day:notice`, `pause:tender`."""
    if case.ended:
        return []
    if case.state is CaseState.CORRECTION_REQUESTED:
        return ["applicant:correction"]
    lead = case.definition.organisation
    waits = [f"pause:{one.kind}" for one in case.pauses if one.end is None]
    waits += [f"office:{lead}:acceptance"] if case.acceptance_due and case.state is CaseState.RECEIVED else []
    waits += [f"office:{lead}:concern"] if case.concern else []
    waits += [_step(case, code) for code, record in case.steps.items() if record.outcome is StepOutcome.OPEN]
    waits += [EVIDENCE_WAIT] if asked_of_applicant(case) else []
    waits += [PROMISE_WAIT] if _promised(case) else []
    waits += [f"service:{code}" for code in case.awaits]
    waits += ["applicant:fee"] if case.fee_due and case.fee_asked_on else []
    return waits + sorted({f"register:{kind}" for one in case.settlements.values() for kind in one.fetch})


def _promised(case: CaseFile) -> bool:
    """Return whether something is awaited that was promised in writing (R5.3)."""
    return any(one.standing is Standing.PROMISED for one in case.settlements.values())


def _step(case: CaseFile, code: str) -> str:
    step = case.definition.step[code]
    if step.mode is Mode.COUNTER:
        return VISIT_WAIT
    return f"day:{code}" if step.mode is Mode.AUTO else f"office:{step.organisation}:{code}"


def asked_of_applicant(case: CaseFile) -> tuple[str, ...]:
    """Return the requirements that an accepted case still waits for, and that only its applicant can meet.

    Before acceptance the office asks, once and for everything (R2.4). Never what a register may still tell (R3.1), nor
    what nobody could give.
    """
    if case.state not in UNDER_WAY:
        return ()
    open_ones = (one for one in case.settlements.values() if one.standing is Standing.OPEN)
    return tuple(one.requirement for one in open_ones if one.asks)


def may_be_given(case: CaseFile, requirement: str) -> bool:
    """Return whether the applicant can give something for the requirement now (R1.5).

    It is open, or what came in has not been looked at, or the office asked for it anew; and nothing is decided yet.
    """
    settlement = case.settlements.get(requirement)
    if settlement is None or case.state not in UNDECIDED:
        return False
    corrected = case.correction.items if case.correction is not None else ()
    asked_anew = case.state is CaseState.CORRECTION_REQUESTED and requirement in corrected
    return asked_anew or settlement.standing in (Standing.OPEN, Standing.UNCHECKED, Standing.PROMISED)
