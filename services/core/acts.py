"""What people may do to a case: each act checks itself against the law and returns the case as it stands after it."""

from collections.abc import Iterable
from datetime import date

from services.core.casefile import (
    OBJECTIONS,
    CaseFile,
    Concern,
    Correction,
    StepOutcome,
    StepRecord,
    accepts_at_visit,
)
from services.core.definitions import Mode
from services.core.evidence import Standing
from services.core.refusal import Kind, Refusal
from services.core.states import CaseState, Role, Verdict, check_move


class NothingToDo(Refusal):
    """What the act is about is not awaited now: done already, or not yet its turn."""

    code = "not_awaited"
    kind = Kind.CONFLICT
    sentence = "This is not awaited now: {what}."


class OneNoticeOnly(Refusal):
    """A correction can be asked once, with everything that is missing (R2.4, R2.5)."""

    code = "one_notice_only"
    kind = Kind.CONFLICT
    sentence = "What is missing was asked for once already; it cannot be asked again."


class NotRequired(Refusal):
    """Nothing outside the definition may be asked (R1.5)."""

    code = "not_required"
    kind = Kind.CONFLICT
    sentence = "This service does not require “{what}”, or it is settled already."


class OnlyRefusal(Refusal):
    """An examination failed, or an original that does not match, cannot be let pass."""

    code = "only_refusal"
    kind = Kind.CONFLICT
    sentence = "After “{step}” the case can only be decided against; the person may apply anew."


class StillMissing(Refusal):
    """Nothing is granted on evidence that is not there."""

    code = "still_missing"
    kind = Kind.CONFLICT
    sentence = "Something required is still missing: {what}."


def accept(case: CaseFile, *, role: Role) -> CaseFile:
    """Accept by an officer; also with a gap that will be filled later (R5.3). What was uploaded counts as checked."""
    check_move(before=case.state, after=CaseState.ACCEPTED, role=role)
    if accepts_at_visit(case):
        raise NothingToDo(what="this case is accepted at the visit")
    return case.after(state=CaseState.ACCEPTED, accepted_on=case.on, acceptance_due=None)


def decline(case: CaseFile, *, role: Role) -> CaseFile:
    """Decline before acceptance: no licence needed, not competent, or the correction is still wrong (R2.1, R2.2)."""
    check_move(before=case.state, after=CaseState.DECLINED, role=role)
    return case.after(state=CaseState.DECLINED)


def request_correction(case: CaseFile, *, items: Iterable[str], due_on: date, role: Role) -> CaseFile:
    """Ask once for everything that is missing; `items` are requirement codes of this definition (R2.4, R1.5)."""
    if case.correction is not None:
        raise OneNoticeOnly()
    check_move(before=case.state, after=CaseState.CORRECTION_REQUESTED, role=role)
    wanted = tuple(dict.fromkeys(items))
    open_ones = {one.requirement for one in case.unsettled if one.standing is not Standing.AT_VISIT}
    for code in wanted:
        if code not in open_ones:
            raise NotRequired(what=code)
    if not wanted:
        raise NothingToDo(what="nothing is missing")
    notice = Correction(items=wanted, sent_on=case.on, due_on=due_on)
    return case.after(state=CaseState.CORRECTION_REQUESTED, correction=notice, acceptance_due=None)


def answer_correction(case: CaseFile) -> CaseFile:
    """Hand in what was asked for; the case is received again, and the office looks once more."""
    check_move(before=case.state, after=CaseState.RECEIVED, role=Role.APPLICANT)
    if case.correction is None:
        raise NothingToDo(what="no correction was asked for")
    notice = Correction(case.correction.items, case.correction.sent_on, case.correction.due_on, answered_on=case.on)
    return case.after(state=CaseState.RECEIVED, correction=notice)


def withdraw(case: CaseFile) -> CaseFile:
    """Withdraw: any time before the decision, without giving a reason."""
    check_move(before=case.state, after=CaseState.WITHDRAWN, role=Role.APPLICANT)
    return case.after(state=CaseState.WITHDRAWN)


def end_step(case: CaseFile, *, step: str, outcome: StepOutcome) -> CaseFile:
    """End an open review, inspection, decision or delivery with the officer's outcome."""
    record = case.steps.get(step)
    if record is None or record.outcome is not StepOutcome.OPEN:
        raise NothingToDo(what=step)
    return case.after(steps={**case.steps, step: StepRecord(outcome, case.on)})


def attend_visit(case: CaseFile, *, step: str, outcome: StepOutcome) -> CaseFile:
    """Complete the visit: the counter step ends, and where acceptance is the visit the case is accepted by it.

    A case is attended once (design §10.1); the database holds the same line.
    """
    ended = end_step(case, step=step, outcome=outcome).after(visits=case.visits + 1)
    if case.state is CaseState.RECEIVED:
        return ended.after(state=CaseState.ACCEPTED, accepted_on=case.on, acceptance_due=None)
    return ended


def let_pass(case: CaseFile, *, determined: dict[str, bool] | None = None) -> CaseFile:
    """Let the case go on after a person of the lead office has looked at what held it up.

    `determined` gives the truth of conditions that could not be told from what is known.

    :raises OnlyRefusal: after a failed examination or an original that does not match.
    :raises StillMissing: while evidence is missing: nothing can stand in for it.
    """
    if case.concern is None:
        raise NothingToDo(what="no question is open")
    if case.concern is Concern.MISSING and any(one.standing is not Standing.UNCHECKED for one in case.unsettled):
        raise StillMissing(what=", ".join(one.requirement for one in case.unsettled))
    for code, record in case.steps.items():
        if record.outcome is StepOutcome.FAILED:
            raise OnlyRefusal(step=code)
    overcome = {
        code: StepRecord(StepOutcome.OVERCOME, case.on) if record.outcome in OBJECTIONS else record
        for code, record in case.steps.items()
    }
    known = {**case.determined, **(determined or {})}
    if case.concern is Concern.UNKNOWN and not (determined or {}):
        raise NothingToDo(what="say whether the condition holds")
    return case.after(steps=overcome, determined=known, concern=None)


def refuse(case: CaseFile, *, role: Role) -> CaseFile:
    """Refuse, by a person only (R15.8); reasons and remedies stand in the decision (R2.16).

    A case that was not accepted yet is accepted first: only an accepted case is decided.
    """
    if case.state is CaseState.RECEIVED:
        check_move(before=case.state, after=CaseState.ACCEPTED, role=role)
        case = case.after(state=CaseState.ACCEPTED, accepted_on=case.on, acceptance_due=None)
    if case.state is CaseState.ACCEPTED:
        case = case.after(state=CaseState.IN_REVIEW)
    check_move(before=case.state, after=CaseState.DECIDED, role=role)
    return case.after(state=CaseState.DECIDED, verdict=Verdict.REFUSED, decided_on=case.on, concern=None)


def pay(case: CaseFile) -> CaseFile:
    """Take note that the fee is paid; a second event changes nothing."""
    return case.after(fee_paid=True)


def counter_step(case: CaseFile) -> str:
    """Return the counter step that is open now.

    :raises NothingToDo: if nobody is awaited at a counter.
    """
    for step in case.definition.steps_of(Mode.COUNTER):
        if case.is_open(step):
            return step.code
    raise NothingToDo(what="nobody is awaited at a counter")
