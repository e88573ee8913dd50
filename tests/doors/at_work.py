"""Offices where all is done at once that is to be done: every task favorable, every bill paid, every visit kept."""

from datetime import datetime

from services import clock
from services.cases.actions import checking, gathering, handling, paying, routing, visiting
from services.cases.models import Bill, Case, Task, TaskKind
from services.cases.queries import calls, visits
from services.core.unlawful import NothingToDo
from services.people import queries as people
from services.visits.models import Appointment, Item
from services.visits.queries import centre
from tests.services.a_matter import officer
from tests.services.a_visit import told

DECISIONS = (TaskKind.DECISION, TaskKind.CONCERN, TaskKind.CHECK)


def work(now: datetime) -> None:
    """Let the workers do everything that can be done at this moment."""
    while gathering.gather_evidence(now=now) + routing.route_cases(now=now):
        continue


def do_tasks(now: datetime) -> int:
    """Do every task that lies on a desk, in favor of the applicant; return how many were done."""
    open_tasks = Task.objects.filter(closed_at__isnull=True).exclude(kind=TaskKind.COUNTER)
    return sum(_do(task, now) for task in open_tasks.select_related("case"))


def _do(task: Task, now: datetime) -> bool:
    # Whoever accepts does not decide alone: a reviewer decides.
    who = officer(task.organisation, "reviewer" if task.kind in DECISIONS else "clerk")
    about = {"viewer": who, "task_id": task.id, "now": now}
    if task.kind == TaskKind.ACCEPTANCE:
        # What registers said meanwhile can have made the visit the acceptance: nothing is left to do at the desk.
        try:
            handling.accept_case(**about)
        except NothingToDo:
            return False
    elif task.kind == TaskKind.DECISION:
        handling.grant_case(**about)
    elif task.kind == TaskKind.INSPECTION:
        second = officer(task.organisation, name=f"second-{task.organisation}")
        handling.complete_task(
            **about, favorable=True, second_officer_id=second.id, originals_seen=_to_be_seen(task.case)
        )
    elif task.kind in (TaskKind.REVIEW, TaskKind.DELIVER):
        handling.complete_task(**about, favorable=True)
    elif task.kind == TaskKind.CHECK:
        checking.settle_check(**about, found="true")
    else:
        raise AssertionError(f"{task.case.service}: {task.kind} {task.case.concern}")
    return True


def _to_be_seen(case: Case) -> list[str]:
    return [code for code, one in case.settlements.items() if one["standing"] == "at_visit"]


def pay_bills(now: datetime) -> None:
    """Let the treasury tell of the payment of every bill."""
    for bill in Bill.objects.filter(paid_at__isnull=True):
        paying.record_payment(
            number=bill.number, amount=bill.amount, currency=bill.currency, receipt=f"R-{bill.number}",
            paid_at=now, now=now,
        )  # fmt: skip


def book_visits(now: datetime) -> None:
    """Let everybody who has to come book the first time there is on a later day."""
    waiting = Task.objects.filter(closed_at__isnull=True, kind=TaskKind.COUNTER)
    today = clock.legal_day(now)
    for case in Case.objects.filter(tasks__in=waiting):
        application = case.application
        if Item.objects.filter(application_id=application.id, is_held=True).exists():
            continue  # perhaps with another of theirs
        slots = calls.visit_slots(application_id=application.id, now=now)
        slot = next(one for one in slots if clock.legal_day(one.starts_at) > today)
        viewer = people.account(application.account_id)
        visiting.book_visit(viewer=viewer, application_id=application.id, slot_id=slot.id, now=now)


def keep_visits(now: datetime) -> None:
    """Serve everybody whose day has come, with all originals shown and all copies looked at."""
    today = clock.legal_day(now)
    for one in Appointment.objects.filter(status="booked").select_related("centre"):
        if clock.legal_day(one.starts_at) != today:
            continue
        clerk = officer(centre(code=one.centre.code).offices[0])
        found = visits.counter_visit(viewer=clerk, appointment_id=one.id, on=today)
        copies = {str(case.id): [copy.code for copy in case.copies] for case in found.cases}
        what = told(clerk, one.id, now, copies_checked=copies)
        visiting.complete_visit(viewer=clerk, appointment_id=one.id, told=what, now=now)


def live_a_day(now: datetime) -> None:
    """Do everything that can be done on a day."""
    keep_visits(now)
    work(now)
    while do_tasks(now):
        work(now)
    pay_bills(now)
    work(now)
    while do_tasks(now):
        work(now)
    book_visits(now)
