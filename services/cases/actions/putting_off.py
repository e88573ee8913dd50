"""A visit waits for whatever is late: nobody comes for a part of their application, and again for the rest (R8.1)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import structlog
from django.db import transaction

from services import clock
from services.cases.actions.turns import save_turns
from services.cases.actions.visit_letters import tell_of_visit
from services.cases.models import Application, Case, Ready, Reminder, Task, TaskKind
from services.cases.queries.calls import awaited_for, days_of, joint_visit
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.visits import open_counter_cases, open_counter_step
from services.cases.turn import Act, turn_case
from services.core import acts
from services.core.casefile import CaseFile
from services.core.clocks import first_moment
from services.core.composer import Call
from services.core.states import ENDED
from services.core.waiting import VISIT_WAIT
from services.ledger.actions import WORKER
from services.notices.kinds import NoticeKind
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.queries import AppointmentView

PUT_OFF = "visit_put_off"
# So many working days before its last day it is looked, each day, whether a time for the visit is on offer.
OFFERED_DAYS = 10
Subject = TypeVar("Subject")
log = structlog.get_logger(__name__)


def look_at_visits(*, now: datetime) -> None:
    """Look once a day at every visit of today and of the next working day, and at what waits in vain, or soon ends."""
    on = clock.legal_day(now)
    next_day = law().working_days(on, 1)
    soon = appointments.booked_before(first_moment(next_day + timedelta(days=1), clock.zone()))
    for key, appointment_id in _not_looked_at({f"visit:{one}:{on}": one for one in soon}):
        _each(key, appointment_id, put_off_visit, now)
    for key, _ in _not_looked_at({f"visits:{on}": None}):
        for application_id in set(waiting_in_vain(now)):
            _each(f"{key}:{application_id}", application_id, wait_longer, now)
        for application_id in ending_by(law().working_days(on, OFFERED_DAYS)):
            _each(f"{key}:{application_id}", application_id, offer_longer, now)
        Reminder.objects.get_or_create(key=key, defaults={"sent_at": now})


def _not_looked_at(subjects: Mapping[str, Subject]) -> list[tuple[str, Subject]]:
    done = set(Reminder.objects.filter(key__in=subjects).values_list("key", flat=True))
    return [(key, one) for key, one in subjects.items() if key not in done]


def _each(key: str, subject: UUID, act: Callable[[UUID, datetime], bool], now: datetime) -> None:
    try:
        with transaction.atomic():
            if act(subject, now):
                Reminder.objects.get_or_create(key=key, defaults={"sent_at": now})
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one visit must not stop the others
        log.warning("visit_not_looked_at", subject=str(subject), error=type(error).__name__)
        Reminder.objects.get_or_create(key=key, defaults={"sent_at": now})


def put_off_visit(appointment_id: UUID, now: datetime) -> bool:
    """Take out of an appointment the applications that will not be ready on its day, and remind of it the others.

    Whoever would have come in vain is told from when it is expected to be ready. The appointment stands for the
    others. Doing it again changes nothing. Return False, and change nothing, while the day's routing has still to come
    to its cases: what ends with the last day is behind them only then.
    """
    booked = appointments.appointment(appointment_id=appointment_id)
    if booked is None or booked.status != "booked":
        return True
    if Ready.objects.filter(case__application_id__in=booked.application_ids, due_at__lte=now).exists():
        return False
    rows = Application.objects.filter(id__in=booked.application_ids).order_by("id")
    applications = {one.id: one for one in rows.select_for_update(of=("self",))}
    day = clock.legal_day(booked.starts_at)
    calls = awaited_for(booked.application_ids, on=clock.legal_day(now))
    late = {code: _ready_on(own) for code, own in calls.items() if _ready_on(own) > day}
    if late and late.keys() == calls.keys():
        visits.cancel_appointment(appointment_id=booked.id, now=now)
    for application_id, ready_on in late.items():
        if late.keys() != calls.keys():
            visits.leave_appointment(appointment_id=booked.id, application_id=application_id, now=now)
        told = {"ready_on": ready_on.isoformat()}
        tell_of_visit(applications[application_id], booked, NoticeKind.VISIT_PUT_OFF, now=now, **told)
    for application_id in calls.keys() - late.keys():
        _remind(applications[application_id], booked, now)
    _wait_longer(calls, late, booked, now)
    return True


def _ready_on(calls: Sequence[Call]) -> date:
    return max(call.ready_on for call in calls)


def _remind(application: Application, booked: AppointmentView, now: datetime) -> None:
    """Remind of the appointment, a working day before it; once, and not whoever has only just booked it."""
    key = f"visit-reminder:{application.id}:{booked.id}"
    today = clock.legal_day(now)
    ahead = today < clock.legal_day(booked.starts_at) and clock.legal_day(booked.booked_at) < today
    if ahead and Reminder.objects.get_or_create(key=key, defaults={"sent_at": now})[1]:
        code = appointments.booking_code(booked.id)
        tell_of_visit(application, booked, NoticeKind.VISIT_REMINDER, now=now, code=code)


def _wait_longer(
    calls: Mapping[UUID, Sequence[Call]],
    late: Collection[UUID],
    booked: AppointmentView | None,
    now: datetime,
) -> None:
    """Let the counters that are open wait for what is late."""
    last = {UUID(call.case): call.last_on for code in late for call in calls[code] if call.last_on}
    detail = {"appointment": str(booked.id)} if booked else {}
    _move_last_day(open_counter_cases(late, lock=True), last, detail, now)


def _move_last_day(
    cases: Sequence[Case], last: Mapping[UUID, date], detail: Mapping[str, object], now: datetime
) -> None:
    """Write the new last days of the counters that are open, and why, into every case's ledger."""
    files = case_files(cases, on=clock.legal_day(now))
    turns = []
    for case in cases:
        until = last[case.id]
        after = acts.postpone_visit(files[case.id], until=until)
        act = Act(WORKER, PUT_OFF, {**detail, "until": until.isoformat()})
        turns.append(turn_case(case, files[case.id], act, file=after))
        tasks = Task.objects.filter(case=case, kind=TaskKind.COUNTER, closed_at__isnull=True)
        tasks.filter(due_on__lt=until).update(due_on=until)
    save_turns(turns, now=now)


def waiting_in_vain(now: datetime) -> Iterator[UUID]:
    """Yield the applications with an open counter whose days end before another of their services can be ready."""
    on = clock.legal_day(now)
    open_ones = Case.objects.exclude(state__in=ENDED)
    awaited = open_ones.filter(waits_for__contains=[VISIT_WAIT])
    waiting = open_ones.exclude(waits_for__contains=[VISIT_WAIT])
    ids = set(
        awaited.filter(application__in=waiting.values("application")).values_list("application_id", flat=True)
    )
    calls = awaited_for(ids, on=on)
    files = case_files(open_counter_cases(calls), on=on)
    last = {UUID(call.case): call.last_on for own in calls.values() for call in own}
    for case in open_counter_cases(calls):
        if _ends_before(case, files[case.id], last.get(case.id)):
            yield case.application_id


def _ends_before(case: Case, file: CaseFile, last_on: date | None) -> bool:
    step = open_counter_step(case)
    until = file.steps[step.code].until if step is not None else None
    return until is not None and last_on is not None and until < last_on


def wait_longer(application_id: UUID, now: datetime) -> bool:
    """Move on the last day of the counters that are open: another service of the application is not ready yet."""
    list(Application.objects.filter(id=application_id).select_for_update(of=("self",)).values_list("id"))
    calls = awaited_for([application_id], on=clock.legal_day(now))
    if application_id in calls:
        _wait_longer(calls, [application_id], None, now)
    return True


def ending_by(day: date) -> tuple[UUID, ...]:
    """Return the applications with an open counter whose days end by then, and for which nothing is booked."""
    ending = Task.objects.filter(kind=TaskKind.COUNTER, closed_at__isnull=True, due_on__lte=day)
    ids = list(
        ending.order_by("case__application_id").values_list("case__application_id", flat=True).distinct()
    )
    booked = {code for one in appointments.booked_for(application_ids=ids) for code in one.application_ids}
    return tuple(one for one in ids if one not in booked)


def offer_longer(application_id: UUID, now: datetime) -> bool:
    """Give an application its days for the visit again, if in all of these looks no time by its last day was on offer.

    Whoever could not come because no place had time for them has let nothing lapse (R8.5); whoever let the times pass
    that there were, has. That there was one is kept, and not looked for again.
    """
    list(Application.objects.filter(id=application_id).select_for_update(of=("self",)).values_list("id"))
    cases = open_counter_cases([application_id], lock=True)
    days = Task.objects.filter(case__in=cases, kind=TaskKind.COUNTER, closed_at__isnull=True)
    last = min(days.values_list("due_on", flat=True), default=None)
    key = f"visit-offered:{application_id}:{last}"
    visit, on = joint_visit(application_id, now=now), clock.legal_day(now)
    if last is None or visit is None or Reminder.objects.filter(key=key).exists():
        return True
    offered = days_of(visit, now=now)
    if offered and offered[0] <= last:
        Reminder.objects.create(key=key, sent_at=now)
    elif last <= law().working_days(on, 1):
        until = law().working_days(max([on, *offered[:1]]), law().profile.visit_days)
        _move_last_day(cases, {case.id: until for case in cases}, {"reason": "no_time_on_offer"}, now)
    return True
