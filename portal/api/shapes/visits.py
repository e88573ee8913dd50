"""Shapes of the one visit: times to choose from, the appointment, who is expected, and what was served."""

from typing import Any
from uuid import UUID

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    DictField,
    ListField,
    Said,
    SerializerMethodField,
    Shape,
    UUIDField,
    Words,
)


class Slot(Shape):
    """A time that can be booked, all steps one after another."""

    id = CharField()
    centre = Code()
    starts_at = DateTimeField()
    ends_at = DateTimeField()


class SlotChosen(Asked):
    """The time to book."""

    slot_id = CharField(max_length=100)


class Leg(Shape):
    """One step of an appointment: at which window, for what."""

    window = CharField()
    purposes = ListField(child=CharField())
    organisation = Code()
    starts_at = DateTimeField()
    ends_at = DateTimeField()


class Appointment(Shape):
    """An appointment for everything a visit is for."""

    id = UUIDField()
    application_id = UUIDField()
    centre = Code()
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    status = CharField()
    legs = Leg(many=True)


class Booked(Shape):
    """The appointment that was booked."""

    id = UUIDField()


class Centre(Shape):
    """A place people come to."""

    code = Code()
    name = Said()
    address = Said()
    phone = CharField()
    opens = CharField()
    closes = CharField()
    is_open = BooleanField()


class ArrivalsWanted(Asked):
    """Which day; today without it."""

    day = DateField(required=False)


class ArrivalCase(Shape):
    """A case that the visit must finish a step of."""

    id = SerializerMethodField()
    number = SerializerMethodField()
    name = SerializerMethodField()

    def get_id(self, case) -> str:
        """Return the case's id."""
        return str(case[0])

    def get_number(self, case) -> str:
        """Return the case's number."""
        return case[1]

    def get_name(self, case) -> str:
        """Return what the service is called."""
        return Said().to_representation(case[2])


class Arrival(Shape):
    """Somebody who is expected, and everything their visit is for."""

    appointment = Appointment()
    name = CharField()
    cases = ArrivalCase(many=True)


class ByCase(DictField):
    """Something for each of several cases, by their ids."""

    def to_internal_value(self, data: Any) -> dict[UUID, Any]:
        """Return it by id."""
        ids = UUIDField()
        return {
            ids.run_validation(case_id): told for case_id, told in super().to_internal_value(data).items()
        }


class VisitServed(Asked):
    """How the visit went. Without `originals_seen`, all originals that were to be shown were shown."""

    failed = ListField(child=UUIDField(), default=list)
    originals_seen = ByCase(child=ListField(child=Code()), required=False)
    note = Words(default="", allow_blank=True)


class Visit(Shape):
    """The visit that was kept."""

    visit_id = UUIDField()
