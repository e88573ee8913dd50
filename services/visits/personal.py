"""Which records of this room are about a person (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.core.personal import Whose
from services.visits.models import Appointment, Attendee, Item, Leg, Ticket, Visit

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Visit: lambda whose: Q(person_id=whose.person_id),
    # What else the visit is for is no matter of those who only come along.
    Appointment: lambda whose: Q(person_id=whose.person_id),
    Item: lambda whose: Q(appointment__person_id=whose.person_id),
    Attendee: lambda whose: Q(person_id=whose.person_id),
    Leg: lambda whose: Q(appointment__person_id=whose.person_id),
    Ticket: lambda whose: Q(appointment__person_id=whose.person_id),
}
