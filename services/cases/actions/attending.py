"""The visit itself: everything it is for is served in one act, or nobody came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.cases.actions.letters import case_letter
from services.cases.actions.reviewing import see_originals
from services.cases.actions.second_visits import SecondVisit, ask_for_second_visits, attendances
from services.cases.actions.turns import save_turns
from services.cases.models import Attendance, Case, Task, TaskKind
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.visits import open_counter_cases
from services.cases.turn import Act, Turn, turn_case
from services.core import acts
from services.core.casefile import CaseFile, StepOutcome
from services.core.evidence import Standing
from services.core.refusal import Kind, Refusal
from services.evidence.actions import check_upload
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView
from services.visits import actions as visits
from services.visits import queries as appointments


class NoVisitNeeded(Refusal):
    """Nothing of this application needs anybody to come in, or not yet."""

    code = "no_visit_needed"
    kind = Kind.CONFLICT
    sentence = "Nothing of this application needs a visit now."


class NotYourDesk(Refusal):
    """The office of this officer has no part in the visit."""

    code = "not_your_desk"
    kind = Kind.MISSING
    sentence = "There is no such appointment."


def complete_visit(
    *,
    viewer: AccountView,
    appointment_id: UUID,
    failed: Sequence[UUID] = (),
    originals_seen: Mapping[UUID, Sequence[str]] | None = None,
    note: str = "",
    now: datetime,
) -> UUID:
    """Serve everything the visit is for, and return the visit: every open counter step of the application ends.

    `failed`: cases whose examination was not passed, or whose original does not match; they end in a decision.
    `originals_seen`: by case, the requirements whose original was shown; without it, all that were to be shown.

    :raises SecondVisit: if a case was attended before and no supervisor agreed; the supervisors are asked then.
    """
    booked = _at_this_desk(viewer, appointment_id)
    outcome = _Outcome(tuple(failed), originals_seen, note)
    try:
        return _complete(viewer, booked, outcome, now)
    except SecondVisit:
        ask_for_second_visits(cases=open_counter_cases(booked.application_id), now=now)
        raise


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a visit: which cases failed, which originals were shown (None: all), and the clerk's note."""

    failed: tuple[UUID, ...]
    seen: Mapping[UUID, Sequence[str]] | None
    note: str = field(repr=False)


@transaction.atomic
def _complete(
    viewer: AccountView, booked: appointments.AppointmentView, outcome: _Outcome, now: datetime
) -> UUID:
    cases = open_counter_cases(booked.application_id, lock=True)
    if not cases:
        raise NoVisitNeeded
    visit_id = visits.complete_visit(appointment_id=booked.id, clerk=actor_of(viewer), now=now)
    files = case_files(cases, on=clock.legal_day(now))
    for case in cases:
        if case.id not in outcome.failed:
            _see(viewer, case, files[case.id], outcome.seen, now)
    files = case_files(cases, on=clock.legal_day(now))
    turns = [_served(viewer, case, files[case.id], visit_id, case.id in outcome.failed) for case in cases]
    _attend(cases, visit_id, now)
    _close_counter_tasks(viewer, cases, outcome, now)
    save_turns(turns, now=now)
    return visit_id


def _at_this_desk(viewer: AccountView, appointment_id: UUID) -> appointments.AppointmentView:
    """Return the appointment; any comprehensive window serves any matter of its centre (R6.1)."""
    booked = appointments.appointment(appointment_id=appointment_id)
    if booked is None or not viewer.role.is_staff:
        raise NotYourDesk
    return booked


def _see(
    viewer: AccountView,
    case: Case,
    file: CaseFile,
    seen: Mapping[UUID, Sequence[str]] | None,
    now: datetime,
) -> None:
    """Keep which originals were shown, and that the copies on file were looked at with the person present."""
    expected = [one.requirement for one in file.settlements.values() if one.standing is Standing.AT_VISIT]
    shown = expected if seen is None else list(seen.get(case.id, ()))
    see_originals(case, file, shown, actor_of(viewer), now)
    for one in file.settlements.values():
        for item in one.evidence if one.standing is Standing.UNCHECKED else ():
            check_upload(evidence_id=item.id, clerk=actor_of(viewer), good=True, now=now)


def _served(viewer: AccountView, case: Case, file: CaseFile, visit_id: UUID, failed: bool) -> Turn:
    step = acts.counter_step(file)
    outcome = StepOutcome.FAILED if failed else StepOutcome.DONE
    after = acts.attend_visit(file, step=step, outcome=outcome)
    detail = {"visit": str(visit_id), "step": step, "outcome": outcome}
    return turn_case(case, file, Act(actor_of(viewer), "visit_kept", detail), file=after)


def _attend(cases: list[Case], visit_id: UUID, now: datetime) -> None:
    """Write the attendances; the database refuses a second one that no supervisor agreed to."""
    try:
        with transaction.atomic():
            Attendance.objects.bulk_create(attendances(cases, visit_id, now))
    except IntegrityError as error:
        if "case_at_most_one_visit" in str(error):
            raise SecondVisit from error
        raise


def _close_counter_tasks(
    viewer: AccountView, cases: Sequence[Case], outcome: _Outcome, now: datetime
) -> None:
    for task in Task.objects.filter(case__in=cases, kind=TaskKind.COUNTER, closed_at__isnull=True):
        task.outcome = "failed" if task.case_id in outcome.failed else "served"
        task.closed_at, task.closed_by_id, task.note = now, viewer.id, outcome.note
        task.save(update_fields=["outcome", "closed_at", "closed_by", "note"])


@transaction.atomic
def miss_visit(*, appointment_id: UUID, now: datetime) -> None:
    """Note that nobody came: not a visit; another time can be booked until the case lapses."""
    booked = appointments.appointment(appointment_id=appointment_id)
    if booked is None:
        raise NotYourDesk
    visits.miss_appointment(appointment_id=appointment_id, now=now)
    for case in open_counter_cases(booked.application_id):
        due = law().working_days(clock.legal_day(now), law().profile.visit_days)
        notify(rows=[case_letter(case, NoticeKind.VISIT_MISSED, until=due.isoformat())], now=now)
