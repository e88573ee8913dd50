"""What can move now, and what has to be told to the outside: the only queues there are."""

from django.db import models
from django.db.models import F, Q


class Ready(models.Model):
    """A case that can move, now or when a day comes. A row exists only while that is so."""

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="ready"
    )
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "ready"
        indexes = [models.Index(fields=["due_at"], name="ready_by_time")]

    def __str__(self) -> str:
        return f"{self.case_id} at {self.due_at}"


class OutboxItem(models.Model):
    """An effect outside the database, done at least once, under a key that makes it one.

    `payload` holds ids and codes; what is personal is read when the item is delivered.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        GATHER = "gather"  # ask registers for a case's or draft's evidence
        MEND = "mend"  # ask a register to correct an entry, and hear what came of it
        TELL = "tell"  # tell another office's records what was decided or noted

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    dedup_key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(F("kind"), F("due_at"), condition=Q(done_at__isnull=True), name="outbox_open"),
        ]

    def __str__(self) -> str:
        return self.dedup_key


class Reminder(models.Model):
    """That a reminder was sent: the key makes it one, however often the clock strikes."""

    key = models.CharField(max_length=120, primary_key=True)
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
