"""What people said of a visit or a case, what came of it, and where something could not be got done (R6.6, R9)."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from services.core.ratings import Touchpoint
from services.people.fields import EncryptedTextField

SAID = ["touchpoint", "visit_id", "case", "account", "organisation", "level", "aspects", "named", "rated_at"]


def _officer() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")


class Rating(models.Model):
    """One rating of one visit or one case: never changed and never deleted; one found wrong is only not counted (R9.7).

    `organisation` is the office it is about, `answers` the one that answers for it. What was written is encrypted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    touchpoint = models.CharField(max_length=5, choices=[(one.value, one.value) for one in Touchpoint])
    visit_id = models.UUIDField(null=True, unique=True)
    # Of a visit the first of the cases that it was for.
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ratings")
    person_id = models.UUIDField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=60)
    answers = models.CharField(max_length=60)
    programme = models.CharField(max_length=80)
    centre = models.CharField(max_length=80, blank=True, default="")
    level = models.PositiveSmallIntegerField()
    aspects = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    named = models.BooleanField(default=False)
    words = EncryptedTextField(blank=True, default="")
    rated_at = models.DateTimeField()
    added = EncryptedTextField(blank=True, default="")
    added_at = models.DateTimeField(null=True)
    contact_due_on = models.DateField(null=True)
    answer_due_on = models.DateField(null=True)
    last_due_on = models.DateField(null=True)
    contacted_at = models.DateTimeField(null=True)
    contacted_by = _officer()
    contact = EncryptedTextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = _officer()
    answer = EncryptedTextField(blank=True, default="")
    appealed_at = models.DateTimeField(null=True)
    appealed_by = _officer()
    appeal = EncryptedTextField(blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = _officer()
    review = EncryptedTextField(blank=True, default="")
    is_excluded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_of_five_levels"),
            models.CheckConstraint(
                condition=Q(touchpoint="visit", visit_id__isnull=False)
                | Q(touchpoint="case", visit_id__isnull=True),
                name="rating_of_a_visit_or_a_case",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(touchpoint="case"), name="rating_once_per_case"
            ),
            # R9.5: who was not content is answered within days that are set.
            models.CheckConstraint(
                condition=Q(level__gte=3) | Q(answer_due_on__isnull=False, last_due_on__isnull=False),
                name="rating_negative_is_due",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True)
                | Q(appealed_at__isnull=False, reviewed_by__isnull=False) & ~Q(reviewed_by=F("appealed_by")),
                name="rating_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False) | Q(reviewed_at__isnull=False),
                name="rating_excluded_by_a_review",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answers", "answer_due_on", "id"],
                condition=Q(level__lt=3, answered_at__isnull=True),
                name="rating_to_answer",
            ),
            models.Index(fields=["case"], name="rating_of_case"),
        ]
        triggers = [
            pgtrigger.Protect(name="rating_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="rating_is_read_only", fields=SAID),
        ]

    def __str__(self) -> str:
        return f"Rating {self.id}"


class RatingLink(models.Model):
    """Leave to rate once without signing in, by the link in a letter; it is kept only as a keyed hash (R9.9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token_index = models.CharField(max_length=64, unique=True)
    touchpoint = models.CharField(max_length=5, choices=[(one.value, one.value) for one in Touchpoint])
    visit_id = models.UUIDField(null=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Link {self.id}"


class NotDone(models.Model):
    """“Could not get it done”: said of a declined or lapsed case, for a supervisor of another hand (R6.6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="not_done")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=60)
    words = EncryptedTextField()
    said_at = models.DateTimeField()
    due_on = models.DateField()
    answer = EncryptedTextField(null=True)
    answered_by = _officer()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "not done"
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="not_done_answered_by_somebody",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "id"],
                condition=Q(answered_at__isnull=True),
                name="not_done_open",
            )
        ]

    def __str__(self) -> str:
        return f"Not done: {self.case_id}"
