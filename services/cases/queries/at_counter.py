"""What can be done for somebody who is at a centre now: across all their open cases, in this one visit (R8.4, R8.8)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services import clock
from services.cases.models import Application, Attendance, Case
from services.cases.queries.calls import awaited_for
from services.cases.queries.visibility import visible_applications
from services.cases.queries.visits import open_counter_cases, open_counter_step
from services.core.appointments import Need, need_of
from services.core.states import ENDED
from services.core.waiting import VISIT_WAIT
from services.people.queries import accounts
from services.visits import queries as visits


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody at a centre, and who else came with them."""

    person_id: UUID
    centre: str
    along: tuple[UUID, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Return everybody who is there."""
        return frozenset(str(one) for one in (self.person_id, *self.along))


def feasible_here(here: Here, *, now: datetime) -> dict[UUID, UUID]:
    """Return the applications of the person that this visit can do whole, each with the account it came by.

    Whole: every counter step that is still ahead of it is ready, a window of the centre can take it today, and
    whoever must be there is. What would need another visit all the same is left to its own; what was attended before
    waits for a supervisor (R8.7).
    """
    on = clock.legal_day(now)
    owner = _awaited(here.person_id)
    return {
        application: owner[application]
        for application, calls in awaited_for(list(owner), on=on).items()
        if all(call.ready_on <= on and call.persons <= here.people for call in calls)
        and visits.can_take(here.centre, [call.need for call in calls], now=now)
    }


def needs_of(application_ids: Collection[UUID]) -> list[tuple[UUID, Need]]:
    """Return what is to be done now in the cases of these applications, each need by its case (R8.10)."""
    return list(_needs(open_counter_cases(application_ids)))


def _needs(cases: Iterable[Case]) -> Iterable[tuple[UUID, Need]]:
    for case in cases:
        step = open_counter_step(case)
        if step is not None:
            yield case.id, need_of(step)


def _awaited(person_id: UUID) -> dict[UUID, UUID]:
    """Return the applications in which the person is awaited and that are still theirs to see, with their accounts."""
    mine = Application.objects.filter(person_id=person_id, emptied_at__isnull=True)
    waiting = Case.objects.filter(application__in=mine, waits_for__contains=[VISIT_WAIT]).exclude(
        state__in=ENDED
    )
    seen = Attendance.objects.filter(application__in=mine).values("application_id")
    found = waiting.exclude(application_id__in=seen)
    named = dict(found.values_list("application_id", "application__account_id"))
    own: set[UUID] = set()
    for account in accounts(named.values()).values():
        theirs = visible_applications(account).filter(id__in=named, account_id=account.id)
        own |= set(theirs.values_list("id", flat=True))
    return {one: named[one] for one in own}
