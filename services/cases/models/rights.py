"""What people ask about their own data: why it was read, and a copy of everything (R15.6, R15.9)."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from services.people.fields import EncryptedTextField


class AskedFor(models.TextChoices):
    """What somebody asks of an office about their own data (R15.6, R15.8, R15.9)."""

    WHY = "why", "Why it was read"
    CORRECT = "correct", "To correct it"
    DELETE = "delete", "To delete it"
    EXPLAIN = "explain", "To explain it"


class Outcome(models.TextChoices):
    """What the office made of a request; a question is answered, and that is all."""

    DONE = "done", "Done as asked"
    REFUSED = "refused", "Refused, with reasons"


class ReadingQuestion(models.Model):
    """What somebody asks about their data, in their own words: for a supervisor of the office concerned.

    About one reading (R15.6), or about what a case of theirs holds: to correct, delete or explain it (R15.8, R15.9).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    asked_for = models.CharField(max_length=8, choices=AskedFor.choices, default=AskedFor.WHY.value)
    reading_id = models.BigIntegerField(null=True)  # in the ledger, which nothing refers into
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=60)
    words = EncryptedTextField()
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    answer = EncryptedTextField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading_id", "holder_id"], name="reading_questioned_once"),
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(answer__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="reading_question_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_for=AskedFor.WHY.value, reading_id__isnull=False, case__isnull=True)
                | Q(~Q(asked_for=AskedFor.WHY.value), reading_id__isnull=True, case__isnull=False),
                name="reading_question_about_a_reading_or_a_case",
            ),
            # R15.9: whoever asks to correct or to delete hears which it is, done or refused.
            models.CheckConstraint(
                condition=Q(asked_for__in=[AskedFor.WHY.value, AskedFor.EXPLAIN.value])
                | Q(answered_at__isnull=True)
                | Q(outcome__in=Outcome.values),
                name="reading_question_settled_one_way",
            ),
            # One open request of a kind about a case: asked again, it is the same one.
            models.UniqueConstraint(
                fields=["case", "asked_for", "account"],
                condition=Q(answered_at__isnull=True),
                name="reading_question_one_open_request",
            ),
            models.CheckConstraint(
                condition=Q(holder_kind__in=["person", "business"]), name="reading_question_holder_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "id"],
                condition=Q(answered_at__isnull=True),
                name="reading_question_open",
            )
        ]
        triggers = [
            # `words` and `answer` may be encrypted anew under another key, and nothing else changes.
            pgtrigger.ReadOnly(
                name="asked_is_read_only",
                fields=[
                    "asked_for",
                    "reading_id",
                    "case",
                    "holder_kind",
                    "holder_id",
                    "account",
                    "organisation",
                    "asked_at",
                    "due_on",
                ],
            )
        ]

    def __str__(self) -> str:
        return f"Question {self.id} about reading {self.reading_id}"


class PersonalCopy(models.Model):
    """One copy of everything kept about a person: asked for, made by a worker, there for a short time (R15.9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    until = models.DateField(null=True)
    stored_as = models.CharField(
        max_length=120, blank=True, default=""
    )  # empty: not made yet, or deleted again
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    fetched_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "personal copies"
        constraints = [
            models.CheckConstraint(
                condition=Q(made_at__isnull=True, stored_as="")
                | Q(made_at__isnull=False, until__isnull=False),
                name="personal_copy_made_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(stored_as="", deleted_at__gte=F("made_at")),
                name="personal_copy_deleted_with_its_file",
            ),
            # Asking again while one is being made gives the same one.
            models.UniqueConstraint(
                fields=["account"], condition=Q(made_at__isnull=True), name="personal_copy_one_in_the_making"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-asked_at"], name="personal_copy_of_account"),
            models.Index(
                fields=["until"],
                condition=Q(made_at__isnull=False, deleted_at__isnull=True),
                name="personal_copy_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"Personal copy {self.id}"
