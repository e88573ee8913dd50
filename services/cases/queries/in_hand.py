"""What is still to be done today: whoever moves the legal clock waits until nothing is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min

from services import clock
from services.cases.models import OutboxItem, Ready, Task, TaskKind
from services.cases.queries.statistics import SupervisorsFigures
from services.core.states import Role
from services.people.queries import AccountView
from services.visits import queries as visits


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkInHand:
    """What is due on the legal day; `next_at` is when the next case moves by itself.

    `offices_due` have a task due; `next_due_on` is the next day on which a task is due or a visitor is expected.
    `errands_put_off` are those whose register was down, to be asked again later. Visitors are counted apart: their
    counter tasks end when they come.
    """

    today: date
    cases_to_route: int
    errands_to_run: int
    errands_put_off: int
    tasks_due: int
    visitors_expected: int
    offices_due: tuple[str, ...]
    next_due_on: date | None
    next_at: datetime | None


def work_in_hand(*, viewer: AccountView, now: datetime) -> WorkInHand:
    """Return what can still be done today, by workers, by officers and by visitors.

    :raises SupervisorsFigures: for anybody but a supervisor or an administrator.
    """
    if viewer.role not in (Role.SUPERVISOR, Role.ADMINISTRATOR):
        raise SupervisorsFigures
    today = clock.legal_day(now)
    errands = OutboxItem.objects.filter(done_at__isnull=True)
    tasks = Task.objects.filter(closed_at__isnull=True).exclude(kind=TaskKind.COUNTER)
    due = tasks.filter(due_on__lte=today)
    later = tasks.filter(due_on__gt=today).aggregate(first=Min("due_on"))["first"]
    days = [day for day in (later, visits.next_day(after=today)) if day is not None]
    return WorkInHand(
        today=today,
        cases_to_route=Ready.objects.filter(due_at__lte=now).count(),
        errands_to_run=errands.filter(due_at__lte=now).count(),
        errands_put_off=errands.filter(due_at__gt=now).count(),
        tasks_due=due.count(),
        visitors_expected=visits.expected(on=today),
        offices_due=tuple(due.order_by("organisation").values_list("organisation", flat=True).distinct()),
        next_due_on=min(days, default=None),
        next_at=Ready.objects.filter(due_at__gt=now).aggregate(first=Min("due_at"))["first"],
    )
