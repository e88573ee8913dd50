"""Records of files on their way in: pages that are still arriving, and what was found harmful and not let in."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from services.people.fields import EncryptedTextField


class SentPage(models.Model):
    """One file on its way: its bytes as they arrive, in whatever pieces, until it is handed in with its neighbors.

    Times are the real ones, of the database: a moved legal clock throws nobody's pages away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    requirement = models.CharField(max_length=80)
    type = models.CharField(max_length=80)
    account_id = models.UUIDField()
    name = EncryptedTextField(default="")
    length = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    stored_as = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("length")), name="page_not_longer_than_told"),
        ]
        indexes = [
            models.Index(fields=["application_id", "requirement", "type"], name="page_of_application"),
            models.Index(fields=["account_id", "begun_at"], name="page_of_account"),
        ]

    def __str__(self) -> str:
        return self.stored_as


class Quarantined(models.Model):
    """A file in which the scanner found something: kept away from everybody for a while, and told to both sides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    type = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    sent_by = models.UUIDField()
    name = EncryptedTextField(default="")
    harm = models.CharField(max_length=120)
    # Empty once the bytes are gone; that there were some stays told.
    stored_as = models.CharField(max_length=80, blank=True)
    found_at = models.DateTimeField()
    kept_since = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["application_id"], name="quarantined_of_application")]

    def __str__(self) -> str:
        return f"{self.type}: {self.harm}"
