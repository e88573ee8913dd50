"""Record of what an applicant asked a register to correct (R3.15): sent once, answered once, the explanation kept."""

import uuid

from django.db import models
from django.db.models import Q

from services.people.fields import EncryptedTextField


class RecordCorrection(models.Model):
    """A request to a register's office to look at an entry again; its id is the reference of the request."""

    class State(models.TextChoices):
        """How far it is."""

        ASKED = "asked"  # to be sent
        OPEN = "open"  # the office has it
        CORRECTED = "corrected"
        KEPT = "kept"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    # The evidence that was disputed.
    subject_id = models.UUIDField()
    type = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    key = EncryptedTextField(default="")
    key_index = models.CharField(max_length=64, default="")
    record = models.CharField(max_length=200, default="")
    reason = EncryptedTextField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    explanation = EncryptedTextField(default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application_id", "subject_id"], name="correction_asked_once"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "open"], answered_at__isnull=True)
                | Q(state__in=["corrected", "kept"], answered_at__isnull=False),
                name="correction_answered_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.state}"
