"""Whom a case waits for, in codes that pages put into words: the applicant, an office, a register, a day, a pause."""

from services.core.casefile import CaseFile, StepOutcome
from services.core.definitions import Mode
from services.core.states import CaseState


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
    waits += ["applicant:fee"] if case.fee_due and case.fee_asked_on else []
    return waits + sorted({f"register:{kind}" for one in case.settlements.values() for kind in one.fetch})


def _step(case: CaseFile, code: str) -> str:
    step = case.definition.step[code]
    if step.mode is Mode.COUNTER:
        return "applicant:visit"
    return f"day:{code}" if step.mode is Mode.AUTO else f"office:{step.organisation}:{code}"
