"""What people may do to a case: each act checks itself against the law and returns the case as it stands after it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from services.core.branches import branches
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
from services.core.effects import accepted
from services.core.evidence import Standing
from services.core.limits import with_pause_ended
from services.core.states import STAFF, CannotMove, CaseState, NotYourMove, Role, Verdict, check_move
from services.core.unlawful import (
    EndsOtherwise,
    NothingToDo,
    NoticeIncomplete,
    NotPossible,
    NotRequired,
    OneNoticeOnly,
    OnlyRefusal,
    StillMissing,
    Undetermined,
)

__all__ = [
    "ENDINGS", "EndsOtherwise", "NotPossible", "NotRequired", "NothingToDo", "NoticeIncomplete", "OneNoticeOnly",
    "OnlyRefusal", "StillMissing", "Undetermined", "accept", "answer_correction", "attend_visit", "counter_step",
    "decline", "end_step", "let_pass", "note_correction", "pay", "refuse", "request_correction", "send_correction",
    "stop_handling", "withdraw",
]  # fmt: skip

# How a person may end a step of each mode. Waiting periods end by the calendar, results by themselves; a delivery
# ends when it has arrived; an unfavorable decision is a refusal, signed with its reasons.
ENDINGS: Mapping[Mode, frozenset[StepOutcome]] = {
    Mode.AUTO: frozenset(),
    Mode.REVIEW: frozenset({StepOutcome.DONE, StepOutcome.AGAINST}),
    Mode.INSPECTION: frozenset({StepOutcome.DONE, StepOutcome.AGAINST}),
    Mode.COUNTER: frozenset({StepOutcome.DONE, StepOutcome.FAILED}),
    Mode.DECISION: frozenset({StepOutcome.DONE}),
    Mode.ISSUE: frozenset(),
    Mode.DELIVER: frozenset({StepOutcome.DONE}),
}
WORKED_ON = frozenset(
    {CaseState.RECEIVED, CaseState.ACCEPTED, CaseState.IN_REVIEW, CaseState.PAUSED, CaseState.ISSUED}
)


def accept(case: CaseFile, *, role: Role) -> CaseFile:
    """Accept by an officer; also with a gap that will be filled later (R5.3). What was uploaded counts as checked.

    :raises NothingToDo: where acceptance is the visit.
    """
    check_move(before=case.state, after=CaseState.ACCEPTED, role=role)
    if accepts_at_visit(case):
        raise NothingToDo(what="this case is accepted at the visit")
    return accepted(case)


def decline(case: CaseFile, *, role: Role) -> CaseFile:
    """Decline before acceptance: no licence needed, not competent, or the correction is still wrong (R2.1, R2.2)."""
    if case.state is not CaseState.RECEIVED:
        raise CannotMove(before=case.state, after=CaseState.DECLINED)
    if role not in STAFF:
        # The machine declines by routing alone, where a person refused what the case depends on (R7.7).
        raise NotYourMove(role=role, after=CaseState.DECLINED)
    check_move(before=case.state, after=CaseState.DECLINED, role=role)
    return case.after(state=CaseState.DECLINED, acceptance_due=None, noted=())


def stop_handling(case: CaseFile, *, role: Role) -> CaseFile:
    """Stop for an untrue commitment, or cancel the acceptance where something promised did not come (R4.10, R5.5).

    :raises CannotMove: once it is decided, or while the applicant corrects or the time stands still.
    :raises NotYourMove: for anybody but an officer: it is for a fault, and signed (R15.8).
    """
    if role not in STAFF:
        raise NotYourMove(role=role, after=CaseState.DECLINED)
    check_move(before=case.state, after=CaseState.DECLINED, role=role)
    return case.after(state=CaseState.DECLINED, acceptance_due=None, concern=None)


def request_correction(case: CaseFile, *, items: Iterable[str], due_on: date, role: Role) -> CaseFile:
    """Ask once for everything that is missing; `items` are requirement codes of this definition (R2.4, R1.5).

    What a register may still tell is not asked of the applicant (R3.1), nor what nobody could give.

    :raises OneNoticeOnly, NotRequired, NoticeIncomplete:
    :raises NothingToDo: if nothing is asked for.
    :raises NotYourMove: for anybody but an officer.
    """
    return _asked(case, _complete(case, items, role), due_on)


def note_correction(case: CaseFile, *, items: Iterable[str], role: Role) -> CaseFile:
    """Note everything that is missing, as `request_correction` asks for it: it goes out in the one notice (R7.9).

    :raises OneNoticeOnly, NotRequired, NoticeIncomplete, NothingToDo, NotYourMove: as there.
    """
    return case.after(noted=_complete(case, items, role))


def send_correction(case: CaseFile, *, due_on: date) -> CaseFile:
    """Ask for what was noted, as part of the application's one notice (R7.9); what has come in since is not asked for.

    :raises NothingToDo: if nothing is noted that is still missing.
    """
    check_move(before=case.state, after=CaseState.CORRECTION_REQUESTED, role=Role.WORKER)
    if not case.lacking:
        raise NothingToDo(what="nothing is missing")
    return _asked(case, case.lacking, due_on)


def _asked(case: CaseFile, items: tuple[str, ...], due_on: date) -> CaseFile:
    notice = Correction(items=items, sent_on=case.on, due_on=due_on)
    return case.after(state=CaseState.CORRECTION_REQUESTED, correction=notice, acceptance_due=None, noted=())


def _complete(case: CaseFile, items: Iterable[str], role: Role) -> tuple[str, ...]:
    """Return what is to be asked for, if it is all that is missing and nothing else, and was not asked before."""
    if case.correction is not None or case.noted or case.notice_out:
        raise OneNoticeOnly
    check_move(before=case.state, after=CaseState.CORRECTION_REQUESTED, role=role)
    if role not in STAFF:
        # The machine sends what officers noted; what is missing is found by a person.
        raise NotYourMove(role=role, after=CaseState.CORRECTION_REQUESTED)
    wanted = tuple(dict.fromkeys(items))
    missing = [one.requirement for one in case.unsettled if one.standing is Standing.OPEN and one.asks]
    unchecked = [one.requirement for one in case.unsettled if one.standing is Standing.UNCHECKED]
    for code in wanted:
        if code not in (*missing, *unchecked):
            raise NotRequired(what=code)
    if not wanted:
        raise NothingToDo(what="nothing is missing")
    requirement = case.definition.requirement
    forgotten = [code for code in missing if code not in wanted and not requirement[code].deferrable]
    if forgotten:
        raise NoticeIncomplete(what=", ".join(forgotten))
    return wanted


def answer_correction(case: CaseFile) -> CaseFile:
    """Hand in what was asked for; the case is received again, and the office looks once more."""
    check_move(before=case.state, after=CaseState.RECEIVED, role=Role.APPLICANT)
    if case.correction is None:
        raise NothingToDo(what="no correction was asked for")
    return case.after(state=CaseState.RECEIVED, correction=replace(case.correction, answered_on=case.on))


def withdraw(case: CaseFile) -> CaseFile:
    """Withdraw: any time before the decision, without giving a reason."""
    check_move(before=case.state, after=CaseState.WITHDRAWN, role=Role.APPLICANT)
    return case.after(state=CaseState.WITHDRAWN, pauses=with_pause_ended(case.pauses, case.on), noted=())


def end_step(case: CaseFile, *, step: str, outcome: StepOutcome) -> CaseFile:
    """End an open review, inspection, decision or delivery with the officer's outcome.

    :raises NothingToDo: if the step is not open, or the case is no longer worked on.
    :raises EndsOtherwise: if a step of this mode cannot end so.
    """
    record = case.steps.get(step)
    if record is None or record.outcome is not StepOutcome.OPEN or case.state not in WORKED_ON:
        raise NothingToDo(what=step)
    if outcome not in ENDINGS[case.definition.step[step].mode]:
        raise EndsOtherwise(step=step, outcome=outcome)
    return case.after(steps={**case.steps, step: StepRecord(outcome, case.on)})


def hand_in(case: CaseFile) -> CaseFile:
    """Count the trip on which something promised was handed in at a window: it is a visit like any other (R8.2)."""
    return case.after(visits=case.visits + 1)


def attend_visit(case: CaseFile, *, step: str, outcome: StepOutcome, goes_on: bool = False) -> CaseFile:
    """Complete the visit: the counter step ends, and where acceptance is the visit the case is accepted by it.

    `goes_on`: the case was served at this visit before, and it was counted then (R8.4).

    A case is attended once (design §10.1): what is known of its route now stands, so that nothing that comes to
    be known or disputed later leads it to another counter. The database holds the same line.

    :raises NothingToDo: if nobody is awaited at a counter for this step.
    """
    if step not in [one.code for one in case.definition.steps_of(Mode.COUNTER)]:
        raise NothingToDo(what=step)
    route = {code: truth for code, truth in case.truths.items() if truth is not None}
    waited = case.suspension
    if waited is not None and waited.end is None:
        waited = replace(waited, end=case.on)
    ended = end_step(case, step=step, outcome=outcome).after(
        visits=case.visits + (not goes_on), determined=route, suspension=waited
    )
    return accepted(ended, on=case.on) if case.state is CaseState.RECEIVED else ended


def postpone_visit(case: CaseFile, *, until: date) -> CaseFile:
    """Give whoever is awaited at a counter until this day at least: the time was put off, and not by them.

    :raises NothingToDo: if nobody is awaited at a counter.
    """
    opened = {
        one.code: replace(case.steps[one.code], until=max(until, case.steps[one.code].until or until))
        for one in case.definition.steps_of(Mode.COUNTER)
        if case.is_open(one)
    }
    if not opened:
        raise NothingToDo(what="nobody is awaited at a counter")
    return case.after(steps={**case.steps, **opened})


def attend_in_vain(case: CaseFile) -> CaseFile:
    """Count that somebody came for the case, though what they came for was not done (R8.2)."""
    return case.after(visits=case.visits + 1)


def let_pass(case: CaseFile, *, determined: Mapping[str, bool] | None = None) -> CaseFile:
    """Let the case go on after a person of the lead office has looked at what held it up.

    `determined` gives the truth of the conditions that could not be told from what is known. With it the route of
    the case stands: what comes to be known later does not lead it onto another.

    :raises NothingToDo: if no question is open.
    :raises OnlyRefusal: after a failed examination or an original that does not match.
    :raises StillMissing: while evidence is missing: nothing can stand in for it.
    :raises Undetermined, NotPossible, NotRequired: if `determined` says too little, nonsense, or too much.
    """
    if case.concern is None or case.ended:
        raise NothingToDo(what="no question is open")
    for code, record in case.steps.items():
        if record.outcome is StepOutcome.FAILED:
            raise OnlyRefusal(step=code)
    missing = [one for one in case.unsettled if one.standing not in (Standing.UNCHECKED, Standing.AT_VISIT)]
    if case.concern in (Concern.MISSING, Concern.PROMISE) and missing:
        raise StillMissing(what=", ".join(one.requirement for one in missing))
    overcome = {
        code: StepRecord(StepOutcome.OVERCOME, case.on) if record.outcome in OBJECTIONS else record
        for code, record in case.steps.items()
    }
    return case.after(steps=overcome, determined=_determined(case, determined or {}), concern=None)


def _determined(case: CaseFile, given: Mapping[str, bool]) -> dict[str, bool]:
    """Return the truths that hold from now on, whatever comes to be known."""
    unknown = [code for code, truth in case.truths.items() if truth is None]
    for code in given:
        if code not in unknown:
            raise NotRequired(what=code)
    open_ones = [code for code in unknown if code not in given]
    if case.concern is Concern.UNKNOWN and open_ones:
        raise Undetermined(what=", ".join(open_ones))
    if not given:
        return dict(case.determined)
    known = {code: truth for code, truth in case.truths.items() if truth is not None}
    possible = [branch for branch in branches(case.definition) if known.items() <= branch.items()]
    whole = {**known, **given}
    if possible and not any(whole.items() <= branch.items() for branch in possible):
        raise NotPossible(what=", ".join(code for code, truth in whole.items() if truth))
    return whole


def refuse(case: CaseFile, *, role: Role) -> CaseFile:
    """Refuse, by a person only (R15.8); reasons and remedies stand in the decision (R2.16).

    A case that was not accepted yet is accepted first: only an accepted case is decided.

    :raises NotYourMove: for anybody but an officer, the machine first of all.
    """
    if role not in STAFF:
        raise NotYourMove(role=role, after=CaseState.DECIDED)
    if case.state is CaseState.RECEIVED:
        check_move(before=case.state, after=CaseState.ACCEPTED, role=role)
        case = accepted(case, on=case.on if accepts_at_visit(case) else None)
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
