"""Shapes of the one visit: times to choose from, the appointment, who is expected, and what was served."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    ListField,
    Said,
    SerializerMethodField,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from services.core.attendance import Outcome, VisitNotTold


class Slot(Shape):
    """A time that can be booked, all steps one after another; `waiting`: minutes between its windows."""

    id = CharField()
    centre = Code()
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    waiting = IntegerField()


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
    """An appointment for everything a visit is for; its version, in ETag, is what a change of it is decided on."""

    id = UUIDField()
    application_ids = ListField(child=UUIDField())
    centre = Code()
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    status = CharField()
    version = IntegerField()
    legs = Leg(many=True)


class Centre(Shape):
    """A place people come to; officers of `offices` sit there."""

    code = Code()
    name = Said()
    address = Said()
    phone = CharField()
    opens = CharField()
    closes = CharField()
    is_open = BooleanField()
    offices = ListField(child=Code())


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

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return it by id."""
        ids = UUIDField()
        return {
            str(ids.run_validation(case_id)): told
            for case_id, told in super().to_internal_value(data).items()
        }


class Party(Shape):
    """Somebody who is present too, and signs."""

    role = SerializerMethodField()
    name = SerializerMethodField()

    def get_role(self, signer) -> str:
        """Return as what they sign."""
        return Said().to_representation(signer[0])

    def get_name(self, signer) -> str:
        """Return their name."""
        return signer[1]


class Shown(Shape):
    """Something to look at: the requirement, what it is, whose if not the applicant's, and the copies sent."""

    requirement = Code(source="code")
    name = Said()
    whose = Said()
    copies = ListField(child=UUIDField())


class Attending(Shape):
    """Somebody who may come in the applicant's place, by the account that acts for them."""

    account = SerializerMethodField()
    name = SerializerMethodField()

    def get_account(self, agent) -> str:
        """Return the id of their account."""
        return str(agent[0])

    def get_name(self, agent) -> str:
        """Return their name."""
        return agent[1]


class CounterCase(Shape):
    """What the visit must finish in one case."""

    id = UUIDField()
    number = CharField()
    name = Said(source="service_name")
    organisation = Code()
    step = Said(source="step_name")
    purpose = Code()
    in_person = BooleanField()
    accepts = BooleanField()
    signers = Party(many=True)
    originals = Shown(many=True)
    copies = Shown(many=True)
    agents = Attending(many=True)


class CounterVisit(Shape):
    """An appointment as the desk serves it, with everything to be finished; its version, in ETag, covers it all."""

    appointment = Appointment()
    name = CharField()
    version = IntegerField()
    cases = CounterCase(many=True)


NOT_TOLD = {"required": _(VisitNotTold.sentence), "null": _(VisitNotTold.sentence)}


class VisitServed(Asked):
    """How the visit went, of exactly its cases, by their ids: nothing that is not said counts as seen.

    `originals_seen`: requirements whose original was shown and matches, of each case; an empty list where none was.
    `copies_checked`: requirements whose copy was looked at and is good. `agents`: the account of who came
    in the applicant's place, of those that the visit names. `fault`: whose mistake it was, if any's.
    """

    outcomes = ByCase(child=one_of(Outcome), error_messages=NOT_TOLD)
    originals_seen = ByCase(child=ListField(child=Code()), error_messages=NOT_TOLD)
    copies_checked = ByCase(child=ListField(child=Code()), default=dict)
    agents = ByCase(child=CharField(max_length=40), default=dict)
    fault = one_of(("authority", "applicant"), default="", allow_blank=True)
    note = Words(default="", allow_blank=True)


class Visit(Shape):
    """The visit that was kept."""

    visit_id = UUIDField()
