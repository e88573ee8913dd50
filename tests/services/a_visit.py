"""A visit in tests: booked at the first time there is, and served with everything that the desk asks about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services import clock
from services.cases.actions import visiting
from services.cases.actions.visiting import VisitTold
from services.cases.models import Case
from services.cases.queries import calls, visits
from services.people.queries import AccountView
from tests.services.a_register import NOW


def book(viewer: AccountView, case: Case, now: datetime = NOW) -> tuple[UUID, datetime]:
    """Book the first time for the case's application; return the appointment and its time."""
    slot = calls.visit_slots(application_id=case.application_id, now=now)[0]
    booked = visiting.book_visit(viewer=viewer, application_id=case.application_id, slot_id=slot.id, now=now)
    return booked, slot.starts_at


def told(
    viewer: AccountView,
    appointment_id: UUID,
    now: datetime,
    *,
    failed: Sequence[UUID] = (),
    seen: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> VisitTold:
    """Return what an officer says of the visit: every case served, every original seen, unless told otherwise."""
    found = visits.counter_visit(viewer=viewer, appointment_id=appointment_id, on=clock.legal_day(now))
    return VisitTold(
        outcomes={str(one.id): "failed" if one.id in failed else "served" for one in found.cases},
        originals_seen=seen
        if seen is not None
        else {str(one.id): [original.code for original in one.originals] for one in found.cases},
        **more,
    )


def serve(viewer: AccountView, appointment_id: UUID, now: datetime, **more: Any) -> UUID:
    """Complete the visit as `told` has it."""
    what = told(viewer, appointment_id, now, **more)
    return visiting.complete_visit(viewer=viewer, appointment_id=appointment_id, told=what, now=now)
