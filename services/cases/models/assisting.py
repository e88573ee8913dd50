"""Helping at the counter: a clerk with a person before them, and what was filed so (R11.4)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Assistance(models.Model):
    """A clerk applies with a person whose document they have seen, for a while, on that day.

    `account` is the person's own, or one that nobody can sign in with, which holds the place until they have one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=60)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    document_kind = models.CharField(max_length=20)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "assistances"
        constraints = [
            models.UniqueConstraint(
                fields=["helper"], condition=Q(ended_at__isnull=True), name="assistance_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Assistance {self.id}"


class AssistedFiling(models.Model):
    """That an application was filled in with a helper: by whom, what was read back, and how it was confirmed."""

    application = models.OneToOneField(
        "cases.Application", on_delete=models.CASCADE, primary_key=True, related_name="assisted"
    )
    helper = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=60)
    # Which version of the application was read back, and when the person said that it is right.
    read_version = models.PositiveIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    # Keyed hash of the code on the printed sheet; an earlier one is replaced.
    code_index = models.CharField(max_length=64, blank=True, db_index=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(read_version__isnull=False),
                name="assisted_confirmed_what_was_read",
            )
        ]

    def __str__(self) -> str:
        return f"Assisted {self.application_id}"
