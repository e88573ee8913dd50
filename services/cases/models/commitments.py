"""What was promised in writing to follow, and what was found of commitments (R4.9-R4.11, R5.1-R5.5)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.core.promises import Delivery
from services.people.fields import EncryptedTextField

DELIVERIES = [(one.value, one.value) for one in Delivery]


class Promise(models.Model):
    """Something that follows by a day, with the notice as it was read and signed (R5.1, R5.2).

    `delivery` is how the applicant means to bring it in; it may still come in any way that is offered (R5.6).
    `extended_until` is the later day that an officer gave for force majeure (R5.4).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey("cases.Application", on_delete=models.CASCADE, related_name="promises")
    service = models.CharField(max_length=80)
    requirement = models.CharField(max_length=120)
    due_on = models.DateField()
    delivery = models.CharField(max_length=8, choices=DELIVERIES, default=Delivery.UPLOAD.value)
    language = models.CharField(max_length=10)
    text = EncryptedTextField()
    text_digest = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    extended_until = models.DateField(null=True)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    extension_reason = EncryptedTextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "service", "requirement"], name="promise_once_per_requirement"
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=[one.value for one in Delivery]), name="promise_delivery_known"
            ),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True, extended_by__isnull=True)
                | Q(extended_until__gt=F("due_on"), extended_by__isnull=False),
                name="promise_extended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} by {self.due_on}"


class CheckState(models.TextChoices):
    """How far the looking into a commitment has come."""

    ASKING = "asking", "The register is asked"
    WITH_OFFICE = "with_office", "An officer looks"
    SPARED = "spared", "Not drawn for a look"
    TRUE = "true", "Found true"
    NOT_VERIFIABLE = "not_verifiable", "Cannot be verified"
    UNTRUE = "untrue", "Found untrue; to be put right"
    REPAIRED = "repaired", "Put right"
    REVOKED = "revoked", "Not put right: what was granted is revoked"
    STOPPED = "stopped", "Found untrue before the decision: handling stopped"
    OVERTURNED = "overturned", "The finding did not hold"


# A finding against the declarant stands, until a supervisor overturns it.
AGAINST = (CheckState.UNTRUE, CheckState.REPAIRED, CheckState.REVOKED, CheckState.STOPPED)


class CommitmentCheck(models.Model):
    """The looking into one commitment of a case, and what was found: signed, reasoned, open to appeal (R4.9-R4.11).

    The bar is a part of the finding and of nothing else: it closes the commitment route in this matter until its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="checks")
    evidence_id = models.UUIDField()
    type = models.CharField(max_length=80)
    requirement = models.CharField(max_length=120, blank=True)  # none: it stood for the licence's conditions
    organisation = models.CharField(max_length=60)
    service = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    state = models.CharField(max_length=14, choices=CheckState.choices)
    opened_on = models.DateField()
    due_on = models.DateField()
    by_register = models.BooleanField(default=False)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    found_at = models.DateTimeField(null=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    explanation = EncryptedTextField(default="")
    reconsideration_until = models.DateField(null=True)
    suit_until = models.DateField(null=True)
    repair_until = models.DateField(null=True)
    proof_id = models.UUIDField(null=True)  # the copy with which the declarant answered
    closed_until = models.DateField(null=True)  # R4.11: never longer than three years from the finding
    contested_at = models.DateTimeField(null=True)
    contest = EncryptedTextField(default="")
    heard_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    heard_at = models.DateTimeField(null=True)
    answer = EncryptedTextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "evidence_id"], name="commitment_checked_once"),
            models.CheckConstraint(
                condition=Q(state__in=CheckState.values), name="commitment_check_state_known"
            ),
            # R15.8, R2.16: nothing is found against anybody but by a person, with reasons and remedies.
            models.CheckConstraint(
                condition=~Q(state__in=[*AGAINST, CheckState.OVERTURNED])
                | Q(found_by__isnull=False, reconsideration_until__isnull=False, suit_until__isnull=False)
                & ~Q(legal_basis=""),
                name="commitment_found_untrue_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(closed_until__isnull=True) | Q(state__in=[*AGAINST, CheckState.OVERTURNED]),
                name="commitment_route_closed_by_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(heard_by__isnull=True)
                | Q(contested_at__isnull=False) & ~Q(heard_by=F("found_by")),
                name="commitment_contest_heard_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder_id", "service"],
                condition=Q(closed_until__isnull=False),
                name="commitment_route_closed",
            ),
            models.Index(
                fields=["repair_until"], condition=Q(state="untrue"), name="commitment_to_put_right"
            ),
        ]
        triggers = [
            # R4.11, whatever an act may do.
            pgtrigger.Trigger(
                name="closed_for_three_years_at_most",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.closed_until > (NEW.found_at AT TIME ZONE 'UTC')::date + interval '3 years 1 day' THEN
                        RAISE EXCEPTION 'no finding closes the commitment route for more than three years'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} of {self.case_id}: {self.state}"

    @property
    def task_step(self) -> str:
        """Return what an office's task about it is found by, beside its case."""
        return f"commitment-{self.requirement or self.type}"[:80]
