"""The visit itself: everything it is for is served in one act, and only what the officer says counts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from services import clock
from services.cases.actions.arriving import join_others
from services.cases.actions.claiming import actor_of
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.actions.rating import visit_letter
from services.cases.actions.reviewing import see_originals
from services.cases.actions.second_visits import SecondVisit, ask_for_second_visits, attendances
from services.cases.actions.turns import save_turns
from services.cases.models import Attendance, Case, Task, TaskKind
from services.cases.queries.calls import awaited_people
from services.cases.queries.casefiles import case_files
from services.cases.queries.visits import (
    NotYourDesk,
    attending_for,
    booked_at_desk,
    copies_waiting,
    counter_offices,
    open_counter_cases,
    serves_all,
    visit_version,
)
from services.cases.turn import Act, Turn, turn_case
from services.core import acts
from services.core.attendance import Awaited, InPersonOnly, VisitNotTold, VisitTold, check_told
from services.core.casefile import CaseFile, StepOutcome
from services.core.mandates import REASONS, Why
from services.core.refusal import Kind, Refusal
from services.evidence.actions import check_upload
from services.ledger import looking
from services.notices.actions import notify
from services.people.queries import AccountView, NotInYourMandate
from services.visits import actions as visits
from services.visits.queries import AppointmentView

__all__ = ["NoVisitNeeded", "NotYourDesk", "VisitNotTold", "VisitTold", "complete_visit"]


class NoVisitNeeded(Refusal):
    """Nothing of this application needs anybody to come in, or not yet."""

    code = "no_visit_needed"
    kind = Kind.CONFLICT
    sentence = "Nothing of this application needs a visit now."


@looking.unseen()
def complete_visit(
    *, viewer: AccountView, appointment_id: UUID, told: VisitTold, version: int | None = None, now: datetime
) -> UUID:
    """Serve everything the visit is for, and return the visit: every open counter step of the application ends.

    `told` speaks of exactly the cases that are open; failed ones end in a decision. `version` is that of the visit
    as it was looked at (None: whichever there is): a step that opened since then is not served unseen.

    :raises NotYourDesk: if there is no such appointment, or it is for another desk.
    :raises NoVisitNeeded: if no counter step is open.
    :raises ChangedMeanwhile: if the visit is not what was looked at.
    :raises VisitNotTold: unless an outcome and the originals seen are told of each case, and of nothing else (R3.17).
    :raises services.visits.actions.DayNotCome, DayOver, AppointmentOver, NobodysFault:
    :raises SecondVisit: if a case was attended before and no supervisor agreed; the supervisors are asked then.
    """
    booked = booked_at_desk(viewer, appointment_id)
    try:
        return _complete(viewer, booked, told, version, now)
    except SecondVisit:
        ask_for_second_visits(cases=open_counter_cases(booked.application_ids), now=now)
        raise


@transaction.atomic
def _complete(
    viewer: AccountView, booked: AppointmentView, told: VisitTold, version: int | None, now: datetime
) -> UUID:
    cases = open_counter_cases(booked.application_ids, lock=True)
    # What was booked is read again, now that nobody can change the cases.
    booked = booked_at_desk(viewer, booked.id)
    _check_open(booked, cases, version)
    if booked.serving:
        # Whoever is at the window is served one thing after the other; what is not told of is still to come.
        cases = [case for case in cases if str(case.id) in told.outcomes] or cases
    if not serves_all(viewer, booked) and any(
        viewer.organisation not in counter_offices(one) for one in cases
    ):
        # One visit for several offices is served by whoever sits at the place, all of it.
        raise NotYourDesk
    came = {
        one for case in cases if told.outcomes.get(str(case.id)) == "served" for one in awaited_people(case)
    }
    visit_id = visits.complete_visit(
        appointment_id=booked.id, clerk=actor_of(viewer), came=came, now=now, ends=not booked.serving
    )
    files = case_files(cases, on=clock.legal_day(now))
    check_told([_awaited(case, files[case.id]) for case in cases], told)
    for case in cases:
        _check_agent(case, files[case.id], told.agents.get(str(case.id), ""))
    _keep_fault(viewer, visit_id, told)
    for case in cases:
        _see(viewer, case, files[case.id], told, now)
    files = case_files(cases, on=clock.legal_day(now))
    before = set(Attendance.objects.filter(visit_id=visit_id).values_list("case_id", flat=True))
    turns = [_served(viewer, case, files[case.id], visit_id, told, case.id in before) for case in cases]
    _attend(cases, visit_id, now)
    _close_counter_tasks(viewer, cases, told, now)
    save_turns(turns, now=now)
    if booked.serving:
        join_others(viewer, booked, now)
    else:
        notify(rows=visit_letter(visit_id=visit_id, now=now), now=now)
    return visit_id


def _check_open(booked: AppointmentView, cases: Sequence[Case], version: int | None) -> None:
    if not booked.ahead:
        raise visits.AppointmentOver(status=booked.status)
    if version not in (None, visit_version(booked)):
        raise ChangedMeanwhile
    if not cases:
        raise NoVisitNeeded


def _awaited(case: Case, file: CaseFile) -> Awaited:
    copies = (code for code, one in file.settlements.items() if copies_waiting(one))
    return Awaited(
        case=str(case.id), requirements=frozenset(file.definition.requirement), copies=frozenset(copies)
    )


def _check_agent(case: Case, file: CaseFile, agent: str) -> None:
    """Do nothing if the applicant came themself, or somebody who may come in their place (R11.3).

    :raises InPersonOnly: where the law wants the person.
    :raises services.people.queries.NotInYourMandate: for somebody whom the applicant has not sent.
    """
    if not agent:
        return
    if file.definition.step[acts.counter_step(file)].in_person:
        raise InPersonOnly
    if agent not in {str(one) for one, _ in attending_for(case)}:
        raise NotInYourMandate(reason=REASONS[Why.NONE])


def _keep_fault(viewer: AccountView, visit_id: UUID, told: VisitTold) -> None:
    if told.fault:
        visits.record_fault(visit_id=visit_id, fault=told.fault, clerk=actor_of(viewer))


def _see(viewer: AccountView, case: Case, file: CaseFile, told: VisitTold, now: datetime) -> None:
    """Keep which originals were shown and which copies were looked at; of a case that failed, nothing counts."""
    if told.failed(str(case.id)):
        return
    see_originals(case, file, told.originals_seen[str(case.id)], actor_of(viewer), now)
    for code in told.copies_checked.get(str(case.id), ()):
        for evidence_id in copies_waiting(file.settlements[code]):
            check_upload(evidence_id=evidence_id, clerk=actor_of(viewer), good=True, now=now)


def _served(
    viewer: AccountView, case: Case, file: CaseFile, visit_id: UUID, told: VisitTold, goes_on: bool
) -> Turn:
    step = acts.counter_step(file)
    outcome = StepOutcome.FAILED if told.failed(str(case.id)) else StepOutcome.DONE
    after = acts.attend_visit(file, step=step, outcome=outcome, goes_on=goes_on)
    detail = {"visit": str(visit_id), "step": step, "outcome": outcome}
    detail |= {"fault": told.fault} if told.fault else {}
    agent = told.agents.get(str(case.id))
    detail |= {"agent": agent} if agent else {}
    return turn_case(case, file, Act(actor_of(viewer), "visit_kept", detail), file=after)


def _attend(cases: list[Case], visit_id: UUID, now: datetime) -> None:
    """Write the attendances; the database refuses a second one that no supervisor agreed to."""
    try:
        with transaction.atomic():
            Attendance.objects.bulk_create(attendances(cases, visit_id, clock.legal_day(now)))
    except IntegrityError as error:
        if "at_most_one_visit" in str(error):
            raise SecondVisit from error
        raise


def _close_counter_tasks(viewer: AccountView, cases: Sequence[Case], told: VisitTold, now: datetime) -> None:
    for task in Task.objects.filter(case__in=cases, kind=TaskKind.COUNTER, closed_at__isnull=True):
        task.outcome = "failed" if told.failed(str(task.case_id)) else "served"
        task.closed_at, task.closed_by_id, task.note = now, viewer.id, told.note
        task.save(update_fields=["outcome", "closed_at", "closed_by", "note"])
