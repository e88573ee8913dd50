"""The ledger's records: entries about cases, readings of personal data, and the shift of the legal clock.

Entries, readings and seals are only ever added: migration 0002 sets triggers that refuse UPDATE, DELETE
and TRUNCATE to everybody, raw SQL included. Only the owner of the tables can set the triggers aside
(`ALTER TABLE ledger_entry DISABLE TRIGGER USER`), as the tests do to empty their database; the hash chain
still shows what was lost. No record here holds a personal value: ids, codes and names of fields only.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from services.core.states import Role

DIGEST_LENGTH = 64
ROLES = [(role.value, role.value) for role in Role]


class Entry(models.Model):
    """One thing that happened to a case, sealed together with the entry before it."""

    pk = models.CompositePrimaryKey("case_id", "sequence")
    case_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # nobody: a worker
    role = models.CharField(max_length=20, choices=ROLES)
    event = models.CharField(max_length=60)  # past tense: "accepted"
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=DIGEST_LENGTH)
    digest = models.CharField(max_length=DIGEST_LENGTH)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=Q(sequence__gte=1), name="entry_counts_from_one"),
            models.CheckConstraint(
                condition=Q(role=Role.WORKER.value, actor_id__isnull=True)
                | (~Q(role=Role.WORKER.value) & Q(actor_id__isnull=False)),
                name="entry_names_its_actor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sequence}: {self.event}"


class ReadingSeal(models.Model):
    """One batch of readings, sealed together with the batch before it."""

    number = models.PositiveIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    readings = models.PositiveIntegerField()
    previous = models.CharField(max_length=DIGEST_LENGTH)
    digest = models.CharField(max_length=DIGEST_LENGTH)

    def __str__(self) -> str:
        return f"Seal {self.number}"


class Reading(models.Model):
    """Somebody read a holder's data: who, when, what for, which fields, and never their values (R15.6)."""

    class Matter(models.TextChoices):
        """What the reading was for."""

        CASE = "case"
        APPLICATION = "application"
        VISIT = "visit"
        CERTIFICATE = "certificate"  # its holder gave somebody a code to look at it

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20, choices=ROLES)
    organisation = models.CharField(max_length=60, blank=True)
    holder_kind = models.CharField(max_length=10, choices=[("person", "person"), ("business", "business")])
    holder_id = models.UUIDField()
    matter_kind = models.CharField(max_length=12, choices=Matter)
    matter_id = models.UUIDField()
    purpose = models.CharField(max_length=60)
    # The act of law, as the definition or the kind of evidence cites it (R15.1); not known of what was read before it
    # was kept.
    basis = models.TextField(default="")
    fields = ArrayField(models.CharField(max_length=120))
    source = models.CharField(max_length=80)
    # It was asked for and not given: shown all the same to whom it is about (R3.2).
    refused = models.BooleanField(default=False)
    # Written once, by the sealing: the trigger lets this one column go from nothing to a number.
    seal = models.ForeignKey(ReadingSeal, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(holder_kind__in=["person", "business"]), name="reading_holder_kind_known"
            ),
            models.CheckConstraint(condition=Q(fields__len__gt=0), name="reading_names_its_fields"),
            # R15.1: nothing is read without a legal basis.
            models.CheckConstraint(condition=~Q(basis=""), name="reading_has_a_legal_basis"),
        ]
        indexes = [
            models.Index(fields=["holder_id", "-id"], name="reading_of_holder"),
            models.Index(F("id"), condition=Q(seal__isnull=True), name="reading_not_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.purpose}"


class ClockShift(models.Model):
    """By how much the legal clock stands beside real time; at most one row, never in production.

    `services.clock` reads and writes it in SQL: the clock stands below every room.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    shift = models.DurationField()

    class Meta:
        db_table = "legal_clock"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="legal_clock_is_one")]

    def __str__(self) -> str:
        return f"{self.shift}"
