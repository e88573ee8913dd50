"""Where people can come, what was promised to them for when, and that they came."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from services.core.closing import Cause, Ended
from services.core.tickets import OPEN, TicketState

OPEN_TICKETS = sorted(state.value for state in OPEN)


class Span(Func):
    """The time from one moment up to, and without, another: who leaves at ten is not in the way at ten."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()

    def __init__(self, starts: str, ends: str) -> None:
        super().__init__(F(starts), F(ends), RangeBoundary(inclusive_lower=True, inclusive_upper=False))


class Centre(models.Model):
    """A place people come to, as the catalogue describes it. One that is closed takes no new appointments."""

    code = models.CharField(primary_key=True, max_length=80)
    described = models.JSONField()
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class Window(models.Model):
    """One counter or room of a centre, which takes one person at a time."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="windows")
    code = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "code"], name="window_of_centre")]

    def __str__(self) -> str:
        return f"{self.centre_id}/{self.code}"


class Visit(models.Model):
    """One attendance: several windows of one centre on one day are one visit (R8.4)."""

    class Fault(models.TextChoices):
        """Why there had to be another visit, where there was one (R8.5)."""

        NONE = "", "No other visit"
        AUTHORITY = "authority", "An office's mistake, a missing notice or a failure of the system"
        APPLICANT = "applicant", "The applicant's own mistake"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    person_id = models.UUIDField()
    account_id = models.UUIDField(null=True)
    # The application they first came for; the others of the day are found by their appointments and cases.
    application_id = models.UUIDField()
    arrived_at = models.DateTimeField()
    received_by = models.UUIDField()
    served_by = ArrayField(models.UUIDField(), default=list, blank=True)  # who was at a window with them
    completed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=9, choices=Fault, default=Fault.NONE, blank=True)
    # Why something was left open, where something was: whose fault it is follows from it.
    cause = models.CharField(
        max_length=13,
        choices=[(one.value, one.value) for one in Cause],
        default="",
        db_default="",
        blank=True,
    )

    class Meta:
        constraints = [
            # R8.10: one attendance is recorded once.
            models.UniqueConstraint(fields=["person_id", "centre", "on"], name="visit_once_a_day"),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(completed_at__gte=F("arrived_at")),
                name="visit_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(fault__in=["", "authority", "applicant"]), name="visit_fault_known"
            ),
            models.CheckConstraint(
                condition=Q(cause="") | Q(cause__in=[one.value for one in Cause]) & ~Q(fault=""),
                name="visit_cause_is_a_fault",
            ),
        ]
        indexes = [models.Index(fields=["application_id"], name="visit_of_application")]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.on}"


class Appointment(models.Model):
    """The time promised to somebody, and to whoever comes along, for all that their applications need them for.

    `language` and `help`: what they said they speak, and need while they are there; kept until they have come.
    """

    class Status(models.TextChoices):
        """What became of it."""

        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"
        KEPT = "kept", "Kept"
        MISSED = "missed", "Missed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    person_id = models.UUIDField()
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.BOOKED)
    booked_at = models.DateTimeField()
    status_at = models.DateTimeField()
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="appointments")
    language = models.CharField(max_length=10, blank=True, default="")
    help = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Grows with every change, and from one appointment of an application to the next.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["booked", "cancelled", "kept", "missed"]),
                name="appointment_status_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(status="kept", visit__isnull=False) | (~Q(status="kept") & Q(visit__isnull=True)),
                name="appointment_kept_by_a_visit",
            ),
            models.CheckConstraint(
                condition=Q(status="booked") | Q(language="", help=[]),
                name="appointment_over_keeps_no_needs_of_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "starts_at"], name="appointment_of_centre"),
            models.Index(fields=["ends_at"], condition=Q(status="booked"), name="appointment_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.starts_at:%F %R}"


class Item(models.Model):
    """An application that an appointment is for. It has one appointment at a time."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="items")
    application_id = models.UUIDField()
    is_held = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application_id"],
                condition=Q(is_held=True),
                name="appointment_one_per_application",
            ),
        ]
        indexes = [models.Index(fields=["application_id"], name="appointment_of_application")]

    def __str__(self) -> str:
        return f"{self.application_id} at {self.appointment_id}"


class Attendee(models.Model):
    """Somebody who comes to an appointment, and is nowhere else meanwhile; with their own visit once they came."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="attendees")
    person_id = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_held = models.BooleanField(default=True)
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="attendees")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "person_id"], name="attendee_once"),
            ExclusionConstraint(
                name="appointment_person_in_one_place",
                expressions=[
                    ("person_id", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_held=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.appointment_id}"


class Leg(models.Model):
    """One step of an appointment at one window. A window is promised to one person at a time."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="legs")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    purposes = ArrayField(models.CharField(max_length=40))
    organisation = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Whether the window is kept free for it: from the booking until it is cancelled, kept or missed.
    is_held = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="window_promised_once",
                expressions=[
                    ("window", RangeOperators.EQUAL),
                    (Span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_held=True),
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="leg_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.starts_at:%F %R}"


class Ticket(models.Model):
    """A place in the line of a centre, for a day: a number and nobody's name, with or without an appointment.

    `needs`: what is to be done, each with its case (R8.10). `language` and `help` are noted while somebody is there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    number = models.PositiveSmallIntegerField()
    appointment = models.ForeignKey(
        Appointment, null=True, on_delete=models.CASCADE, related_name="tickets"
    )  # none: a question, or somebody who begins here
    needs = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True, default="")
    help = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    state = models.CharField(
        max_length=7,
        choices=[(one.value, one.value) for one in TicketState],
        default=TicketState.WAITING.value,
    )
    arrived_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state_at = models.DateTimeField()
    served_at = models.DateTimeField(null=True)  # when they were first at a window: until then they waited
    window = models.ForeignKey(Window, null=True, on_delete=models.PROTECT, related_name="+")
    received_by = models.UUIDField()
    called_by = models.UUIDField(null=True)
    is_passed = models.BooleanField(default=False)  # called in vain: the next turn is another's
    # Of a question: how it ended, and which office goes on with it (R6.5).
    ended_as = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Ended], blank=True, default=""
    )
    referred_to = models.CharField(max_length=80, blank=True, default="")
    taken_up_by = models.UUIDField(null=True)  # who of that office went on with it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "on", "number"], name="ticket_number_of_the_day"),
            models.UniqueConstraint(
                fields=["appointment"], condition=Q(state__in=OPEN_TICKETS), name="ticket_one_per_appointment"
            ),
            models.UniqueConstraint(
                fields=["window"],
                condition=Q(state__in=["called", "serving"]),
                name="ticket_one_at_a_window",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TicketState]), name="ticket_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["called", "serving"])
                | Q(window__isnull=False, called_by__isnull=False),
                name="ticket_called_to_a_window",
            ),
            # What somebody needs while they are there is nobody's business afterwards.
            models.CheckConstraint(
                condition=~Q(state__in=["done", "left"]) | Q(language="", help=[]),
                name="ticket_over_keeps_no_needs_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_as=Ended.REFERRED.value) & ~Q(referred_to="")
                | ~Q(ended_as=Ended.REFERRED.value) & Q(referred_to=""),
                name="ticket_referred_to_an_office",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "on"], condition=Q(state__in=OPEN_TICKETS), name="ticket_open"),
            models.Index(
                fields=["referred_to"],
                condition=Q(ended_as=Ended.REFERRED.value, taken_up_by__isnull=True),
                name="ticket_handed_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.on} {self.number}"
