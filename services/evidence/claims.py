"""Record of somebody who says that they represent a business: its register is asked, and answers in its time."""

import uuid

from django.db import models
from django.db.models import Q

from services.people.fields import EncryptedTextField


class BusinessClaim(models.Model):
    """What somebody says of themselves and a business, and what the business register said of it."""

    class State(models.TextChoices):
        """How far it is."""

        ASKING = "asking"  # the register has not answered yet
        BOUND = "bound"  # it names them
        NOT_NAMED = "not_named"  # it names somebody else
        NO_BUSINESS = "no_business"  # it knows no business by this code

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account_id = models.UUIDField()
    uscc = EncryptedTextField()
    uscc_index = models.CharField(max_length=64)
    state = models.CharField(max_length=11, choices=State, default=State.ASKING)
    asked_at = models.DateTimeField()
    # The register was called, and gave no answer, so often.
    failures = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)
    business_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            # Sent twice, by a double click or a lost answer, it is one question.
            models.UniqueConstraint(
                fields=["account_id", "uscc_index"], condition=Q(state="asking"), name="claim_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(state="asking", answered_at__isnull=True)
                | Q(state__in=["bound", "not_named", "no_business"], answered_at__isnull=False),
                name="claim_answered_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="bound") ^ Q(business_id__isnull=True), name="claim_bound_to_a_business"
            ),
        ]
        indexes = [models.Index(fields=["account_id", "-asked_at"], name="claim_of_account")]

    def __str__(self) -> str:
        return f"{self.id}: {self.state}"
