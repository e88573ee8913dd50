"""Time that does not count for the office, and time that was added once: each told to the applicant in writing."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.core.pauses import MOST_DAYS, PauseKind
from services.people.fields import EncryptedTextField


class Pause(models.Model):
    """A time in which the limits of a case stand still: of a kind on the closed list, as long as told (R2.21-R2.23).

    It has no day on which it is planned to end: that follows from its length and the calendar.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="pauses")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PauseKind])
    legal_basis = models.CharField(max_length=300)
    planned_days = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # R2.21: without the notice the clock keeps running, so there is no pause without one.
    told_on = models.DateField()
    letter = models.OneToOneField("notices.Notice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in PauseKind]), name="pause_on_the_closed_list"
            ),
            models.CheckConstraint(condition=~Q(legal_basis=""), name="pause_has_a_legal_basis"),
            models.CheckConstraint(
                condition=Q(planned_days__gte=1, planned_days__lte=MOST_DAYS), name="pause_has_a_length"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="pause_ends_after_its_start",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_on__isnull=True), name="pause_one_open_per_case"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class Extension(models.Model):
    """More working days for the office: once a case, by a supervisor, in time, with reasons that were told (R2.11)."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="extension"
    )
    days = models.PositiveSmallIntegerField()
    reasons = EncryptedTextField()
    granted_on = models.DateField()
    due_before = models.DateField()  # the last day that the law allowed without it
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_on = models.DateField()
    letter = models.OneToOneField("notices.Notice", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="extension_has_days"),
            models.CheckConstraint(
                condition=Q(granted_on__lte=F("due_before")), name="extension_comes_in_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} days more for {self.case_id}"
