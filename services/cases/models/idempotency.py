"""Requests that other systems may repeat without repeating their effect."""

from django.conf import settings
from django.db import models

from services.people.fields import EncryptedJSONField


class IdempotencyKey(models.Model):
    """One keyed request of one account: what was asked (as a digest) and what was answered."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = EncryptedJSONField(null=True)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.key}"
