"""The last days that routing watches, and the day on which to look at a case again."""

from collections.abc import Iterator
from datetime import date

from services.core.branches import branches
from services.core.casefile import CaseFile, accepts_at_visit
from services.core.clocks import ONE_DAY, Limit, add_working_days, deemed_acceptance
from services.core.definitions import Mode
from services.core.evidence import Standing
from services.core.fees import fee_clock
from services.core.jurisdiction import Law
from services.core.limits import pause_ends, step_ends
from services.core.pauses import due_with_pauses
from services.core.promises import promised
from services.core.renewal import decide_by
from services.core.schedule import days_needed
from services.core.states import UNDER_WAY, CaseState


def acceptance_ends(case: CaseFile, law: Law) -> date:
    """Return the last day on which the office can say that something is missing (R2.4)."""
    answered = case.correction.answered_on if case.correction is not None else None
    days, calendar = law.profile.correction_notice_days, law.calendar.presuming()
    return case.acceptance_due or deemed_acceptance(answered or case.received_on, days, calendar).last_day


def look_by(case: CaseFile, law: Law) -> date:
    """Return the day by which the office should look, to keep what it promised with the days its steps need.

    Where it is accepted as of the day on which it was complete (R7.5), the look is within what was promised; else the
    office has until the law's last day.
    """
    last_day = acceptance_ends(case, law)
    if not case.together:
        return last_day
    definition = case.definition
    needed = max(days_needed(definition, branch) for branch in branches(definition))
    calendar = law.calendar.presuming()
    return min(last_day, add_working_days(case.complete_on, max(definition.promised - needed, 0), calendar))


def fee_ends(asked_on: date, law: Law) -> date:
    """Return the last day for paying: the limit, a reminder, and the days of grace after it (R14.3)."""
    return fee_clock(asked_on, law).last_day


def patience_ends(case: CaseFile, law: Law) -> date:
    """Return the last day on which a register that is down is waited for: that of the promised limit."""
    limit, start = Limit(max(case.definition.promised, 1)), case.accepted_on or case.received_on
    return due_with_pauses(start, limit, case.pauses, law.calendar).on


def owes_answer(case: CaseFile) -> bool:
    """Return whether a register has yet to give an answer that something rests on."""
    return any(one.standing is Standing.FETCHING for one in case.settlements.values())


def register_ends(asked_on: date, law: Law) -> date:
    """Return the last day on which an applicant waits for a register that was first asked on this day (R3.18)."""
    return law.working_days(asked_on, law.profile.register_days)


def look_again_on(case: CaseFile, law: Law) -> date | None:
    """Return the first day on which time alone changes something, or None if only a person or an answer can."""
    if case.ended:
        return None
    return min((day + ONE_DAY for day in _last_days(case, law)), default=None)


def _last_days(case: CaseFile, law: Law) -> Iterator[date]:
    yield from _silence(case, law)
    # The earlier service wakes it; this is for the day on which nobody heard.
    yield from [case.on] if case.awaits else []
    if case.state is CaseState.PAUSED:
        # All else stands still until then.
        yield pause_ends(case, law)
        return
    yield from _acceptance(case, law)
    for step in case.definition.steps_of(Mode.AUTO, Mode.COUNTER):
        until = step_ends(case, step.code, law) if case.is_open(step) else None
        if until is not None:
            yield until
    if case.fee_asked_on is not None and case.fee_due:
        yield fee_ends(case.fee_asked_on, law)
    yield from _promised_days(case, law)
    yield from _registers_end(case)
    if case.concern is None and owes_answer(case):
        # The register is asked again by an errand; when patience is at an end, a person looks.
        yield max(case.on, patience_ends(case, law))


def _acceptance(case: CaseFile, law: Law) -> Iterator[date]:
    """Yield the last day for accepting it, or for what the applicant was asked to put right."""
    if case.state is CaseState.RECEIVED and not accepts_at_visit(case) and not case.awaits:
        yield acceptance_ends(case, law)
    if case.state is CaseState.CORRECTION_REQUESTED and case.correction is not None:
        yield case.correction.due_on


def _promised_days(case: CaseFile, law: Law) -> Iterator[date]:
    """Yield the days by which something is promised; past one, the case has moved already, or a person looks."""
    if case.state in UNDER_WAY and case.concern is None:
        yield from (max(until, case.on) for _, until in promised(case, law))


def _registers_end(case: CaseFile) -> Iterator[date]:
    """Yield the days that registers still have before the applicant's own ways open."""
    for one in case.settlements.values():
        shelf = case.shelves.get(case.definition.requirement[one.requirement].party)
        for attempt in shelf.attempts if shelf is not None and one.fetch else ():
            if attempt.type in one.fetch and attempt.due is not None and attempt.due >= case.on:
                yield attempt.due


def _silence(case: CaseFile, law: Law) -> Iterator[date]:
    """Yield the last day of the licence that silence renews (R2.25); it does not stand still with the rest."""
    last_day = decide_by(case, law) if case.state in UNDER_WAY else None
    if last_day is not None and case.on <= last_day:
        yield last_day


def handed_over_since(on: date, law: Law) -> date:
    """Return the earliest day on which a receiving place handed over what it still sees on this day (R11.7)."""
    first = on
    while law.working_days(first - ONE_DAY, law.profile.received_elsewhere_days) >= on:
        first -= ONE_DAY
    return first
