"""The letters people got: which, about what, and when they read it."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from services.notices.kinds import ABOUT_ONESELF, NoticeKind
from services.people.fields import EncryptedTextField

KINDS = [(kind.value, kind.value) for kind in NoticeKind]


class Notice(models.Model):
    """One letter to one account. It never changes once it is sent; only that it was read is added (R14.6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    # For whom it is, if for a business, and about which services: who has lost that standing reads it no more (R11.2).
    business = models.ForeignKey("people.Business", on_delete=models.PROTECT, null=True, related_name="+")
    services = ArrayField(models.CharField(max_length=80), default=list)
    # For whom it is, if for a person who is represented by others too.
    for_person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    case_id = models.UUIDField(null=True)
    application_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=30, choices=KINDS)
    values = models.JSONField()  # numbers, codes, days and published texts; nothing personal
    written = EncryptedTextField(null=True)  # what an officer wrote for this reader, in their own words
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in KINDS]), name="notice_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(case_id__isnull=False)
                | Q(application_id__isnull=False)
                | Q(kind__in=[kind.value for kind in ABOUT_ONESELF]),
                name="notice_about_something",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at", "-id"], name="notice_inbox"),
            models.Index(fields=["account"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["case_id"], condition=Q(case_id__isnull=False), name="notice_of_case"),
        ]
        # `written` may be encrypted anew under another key; the mark at the letter's end shows any other change.
        triggers = [pgtrigger.ReadOnly(name="sent_for_good", exclude=["read_at", "written"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
