"""The limits of a case: paused, resumed, extended once, and the days on which they end (R2.11, R2.21-R2.23)."""

from dataclasses import replace
from datetime import date

from services.core.casefile import CaseFile
from services.core.clocks import NO_DAYS, Due, Limit
from services.core.definitions import Mode
from services.core.jurisdiction import Law
from services.core.pauses import (
    Extension,
    ExtensionNotLawful,
    Pause,
    check_extension,
    due_with_pauses,
    extended,
    moved_on,
)
from services.core.refusal import Mistake
from services.core.renewal import decide_by
from services.core.states import UNDER_WAY, CaseState, NotYourMove, Role, check_move


def pause(case: CaseFile, *, pause: Pause, role: Role) -> CaseFile:
    """Stop the limits for something that does not count; what is asked of people stays asked (R2.21).

    :raises CannotMove, NotYourMove: unless the case is in review and this is an officer.
    """
    check_move(before=case.state, after=CaseState.PAUSED, role=role)
    return case.after(state=CaseState.PAUSED, pauses=(*case.pauses, pause))


def resume(case: CaseFile, law: Law, *, role: Role) -> CaseFile:
    """Let the time count again; a pause never lasts longer than was told (R2.23).

    :raises CannotMove, NotYourMove: unless the case is paused and this is an officer, or the machine.
    """
    check_move(before=case.state, after=CaseState.IN_REVIEW, role=role)
    return resumed(case, min(case.on, pause_ends(case, law)))


def resumed(case: CaseFile, on: date) -> CaseFile:
    """Return the case under way again, its pause ended on that day."""
    return case.after(state=CaseState.IN_REVIEW, pauses=with_pause_ended(case.pauses, on))


def with_pause_ended(pauses: tuple[Pause, ...], on: date) -> tuple[Pause, ...]:
    """Return the pauses, the open one among them ended on that day."""
    return tuple(replace(one, end=on) if one.end is None else one for one in pauses)


def pause_ends(case: CaseFile, law: Law) -> date:
    """Return the last day of the pause that the case is in; the time counts again after it, by itself (R2.23)."""
    return max(one.last_day(law.calendar.presuming()) for one in case.pauses if one.end is None)


def extend(case: CaseFile, law: Law, *, extension: Extension, role: Role) -> CaseFile:
    """Give the office more days, once, before its limit has ended (R2.11).

    :raises NotYourMove: for anybody but a supervisor, who acts for the head of the office.
    :raises ExtensionNotLawful: naming everything that stands against it.
    """
    if role is not Role.SUPERVISOR:
        raise NotYourMove(role=role, after=case.state)
    if case.state not in UNDER_WAY or case.accepted_on is None:
        raise ExtensionNotLawful(errors=[Mistake("", "No limit runs now that could be extended.")])
    check_extension(
        extension,
        due_on=statutory_due(case, law).on,
        longest_days=law.profile.extension_days,
        earlier=[case.extension] if case.extension is not None else [],
    )
    return case.after(extension=extension)


def promised_due(case: CaseFile, law: Law) -> Due:
    """Return the last day that was promised, moved on by pauses, an extension, and the wait for the joint visit.

    While that wait lasts, it is taken to last as long as the visit is offered; provisional as in R13.3.
    """
    return _due(case, law, case.definition.promised, besides=suspended_days(case))


def statutory_due(case: CaseFile, law: Law) -> Due:
    """Return the last day that the law allows, moved on by pauses and by an extension; provisional as in R13.3."""
    return _due(case, law, case.definition.statutory)


def suspended_days(case: CaseFile) -> frozenset[date]:
    """Return the days on which the case waited for the joint visit: not counted in what was promised (design §7)."""
    if case.suspension is None:
        return NO_DAYS
    offered = [
        case.steps[step.code].until for step in case.definition.steps_of(Mode.COUNTER) if case.is_open(step)
    ]
    return case.suspension.days(max((day for day in offered if day is not None), default=case.on))


def _due(case: CaseFile, law: Law, days: int, *, besides: frozenset[date] = NO_DAYS) -> Due:
    start = case.accepted_on or case.received_on
    limit = extended(Limit(days), case.extension)
    due = due_with_pauses(start, limit, case.pauses, law.calendar, besides=besides)
    # A renewal is decided before the licence ends (R2.25), whatever the office promised or does not count.
    last_day = decide_by(case, law)
    return Due(last_day, provisional=False) if last_day is not None and last_day < due.on else due


def step_ends(case: CaseFile, code: str, law: Law) -> date | None:
    """Return the last day of a step begun, moved on by the pauses since: they take nothing from anybody's days.

    A waiting period that a law sets, such as a public notice, runs on by the calendar.
    """
    record = case.steps[code]
    if record.until is None or case.definition.step[code].mode is Mode.AUTO:
        return record.until
    return moved_on(record.until, record.since, law.calendar, before=(), after=case.pauses)
