"""Two centres, and somebody who books a time there."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from services import clock
from services.core.appointments import Need
from services.core.clocks import first_moment
from services.core.composer import Call
from services.core.states import Role
from services.ledger.actions import Actor
from services.visits import actions, queries
from services.visits.actions import Visitor

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # Monday, half past nine in the jurisdiction
TUESDAY, SATURDAY = date(2026, 3, 3), date(2026, 3, 7)
CLERK = Actor(account_id=UUID("0195f000-0000-7000-8000-0000000000c1"), role=Role.CLERK)
SIGN = Need(purposes=frozenset({"signature"}), minutes=20, organisation="civil-affairs")
SHOW = Need(purposes=frozenset({"original"}), minutes=20, organisation="natural-resources")
CHECK = Need(purposes=frozenset({"health_check"}), minutes=20, organisation="health")
CENTRES = """
[services-centre]
name = { en = "Services Centre", zh = "政务服务中心" }
address = { en = "1 Centre Road", zh = "中心路1号" }
phone = "0000-1234501"
opens = "09:00"
closes = "12:00"
general = true
[[services-centre.windows]]
code = "comprehensive"
skills = ["identity", "signature", "original"]
count = 2
minutes = 20

[hospital]
name = { en = "Hospital", zh = "医院" }
address = { en = "1 Hospital Street", zh = "医院街1号" }
phone = "0000-1234533"
opens = "08:00"
closes = "09:00"
rooms = ["health_check"]
[[hospital.windows]]
code = "room"
skills = ["health_check"]
organisations = ["health"]
minutes = 20
"""
FIRST = "services-centre~2026-03-03T09:00"
SECOND = "services-centre~2026-03-03T09:20"


def visitor(**changed: Any) -> Visitor:
    return Visitor(**({"application_ids": (uuid4(),), "account_id": uuid4(), "person_id": uuid4()} | changed))


def book(who: Visitor, *needs: Need, slot_id: str = FIRST, now: datetime = NOW) -> UUID:
    return actions.book_appointment(visitor=who, needs=needs or (SIGN,), slot_id=slot_id, now=now)


def offered(
    *needs: Need, from_day: date = TUESDAY, days: int = 1, after: datetime | None = None
) -> list[str]:
    begins = first_moment(from_day, clock.zone())
    slots = queries.free_slots(calls=calls(*needs, day=from_day), days=days, after=after or begins)
    return [slot.id for slot in slots]


def calls(*needs: Need, day: date = TUESDAY, persons: frozenset[str] = frozenset()) -> list[Call]:
    return [
        Call(case=str(number), need=need, persons=persons, ready_on=day)
        for number, need in enumerate(needs or (SIGN,))
    ]


def booked(who: Visitor) -> queries.AppointmentView:
    [one] = queries.appointments_of(application_ids=who.application_ids)
    return one
