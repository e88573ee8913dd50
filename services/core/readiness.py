"""When somebody can be called: the day on which all that must come before the counter is expected to lie behind.

Offices are expected to use all their days to their end, so that a visit is offered from the morning after; the
applicant's own part is expected at once. Nothing is promised by it: it is the day before which no visit is offered, so
that one visit is enough.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from services.core.casefile import CaseFile, accepts_at_visit
from services.core.deadlines import acceptance_ends
from services.core.definitions import Mode, Step
from services.core.jurisdiction import Law
from services.core.states import BEFORE_ACCEPTANCE, CaseState, Verdict

ONE_DAY = timedelta(days=1)
# So many working days at least are left to choose a time in, once everything is ready.
DAYS_TO_CHOOSE = 5


def counters_ahead(case: CaseFile) -> tuple[Step, ...]:
    """Return the counter steps at which the applicant may still have to attend; none once it is ended or refused."""
    if case.ended or case.verdict is Verdict.REFUSED:
        return ()
    counters = case.definition.steps_of(Mode.COUNTER)
    return tuple(one for one in counters if case.active[one.code] is not False and not case.has_ended(one))


def expected_ready(case: CaseFile, law: Law, *, not_before: date | None = None) -> date | None:
    """Return the day from which the applicant can attend all that is still ahead, None if nothing is.

    `not_before`: the day on which what another case must bring is expected; a counter that is open waits for nothing.
    """
    days = [_ready_for(case, step, law, not_before) for step in counters_ahead(case)]
    return max(days, default=None)


def expected_end(case: CaseFile, law: Law, *, not_before: date | None = None) -> date:
    """Return the day of the case's result, if the applicant attends whatever needs them on the day it is ready."""
    if case.state in (CaseState.ISSUED, CaseState.DELIVERED) or case.ended:
        return case.on
    steps = [step for step in case.definition.steps if step.mode is not Mode.DELIVER]
    begun = _begins(case, law, not_before)
    return max((_ends(case, step, law, begun) for step in steps), default=begun)


def last_day_to_come(until: date, ready_on: date, law: Law) -> date:
    """Return the last day of a visit that waits for another case of the same application.

    `until`: the last day of the counter that is open; `ready_on`: the day from which everything can be attended. Where
    too few days would be left between them the visit has all its days from there: nobody loses by an office's delay.
    """
    if until >= law.working_days(ready_on, DAYS_TO_CHOOSE):
        return until
    return law.working_days(ready_on, law.profile.visit_days)


def _ready_for(case: CaseFile, step: Step, law: Law, not_before: date | None) -> date:
    if case.is_open(step):
        return case.on
    begun = _begins(case, law, not_before)
    last = max([begun, *(_ends(case, case.definition.step[code], law, begun) for code in step.after)])
    return last + ONE_DAY


def _begins(case: CaseFile, law: Law, not_before: date | None) -> date:
    """Return the day on which the offices are expected to begin: at once, or when it is accepted by a person."""
    first = max(case.on, not_before or case.on)
    by_person = case.state in BEFORE_ACCEPTANCE and case.acceptance_due is not None
    if by_person and not accepts_at_visit(case):
        return max(first, acceptance_ends(case, law))
    return first


def _ends(case: CaseFile, step: Step, law: Law, begun: date) -> date:
    """Return the day on which the step is expected to be behind; who attends attends on the day it is ready."""
    if case.passed(step.code):
        return case.on
    before = max([begun, *(_ends(case, case.definition.step[code], law, begun) for code in step.after)])
    record = case.steps.get(step.code)
    if record is not None and record.until is not None:
        return max(case.on, record.until) if step.mode is not Mode.COUNTER else case.on
    if case.active[step.code] is False or not step.days:
        return before
    return law.working_days(before, step.days)


def ready_together(cases: Mapping[str, CaseFile], law: Law) -> Mapping[str, date]:
    """Return, by service, from which day each is ready; one may wait for a certificate that another issues (R7.5).

    The cases are those of one application. Where nobody has to attend any more there is no day.
    """
    ends: dict[str, date] = {}
    ready: dict[str, date] = {}
    for code in _in_order(cases):
        before = [ends[other] for other in _needed_by(cases[code], cases) if other in ends]
        not_before = max(before, default=None)
        ends[code] = expected_end(cases[code], law, not_before=not_before)
        day = expected_ready(cases[code], law, not_before=not_before)
        if day is not None:
            ready[code] = day
    return ready


def _in_order(cases: Mapping[str, CaseFile]) -> Iterator[str]:
    """Yield the services so that each comes after those whose certificate it requires."""
    done: list[str] = []

    def visit(code: str, path: tuple[str, ...]) -> Iterator[str]:
        if code in done or code in path:
            return
        for other in _needed_by(cases[code], cases):
            yield from visit(other, (*path, code))
        done.append(code)
        yield code

    for code in cases:
        yield from visit(code, ())


def _needed_by(case: CaseFile, cases: Mapping[str, CaseFile]) -> list[str]:
    unsettled = {one.requirement for one in case.unsettled}
    wanted = {
        kind
        for one in case.definition.requirements
        if one.code in unsettled
        for entry in one.any_of
        for kind in entry
    }
    return [
        code
        for code, other in cases.items()
        if other is not case and other.definition.output.certificate in wanted and not other.ended
    ]
