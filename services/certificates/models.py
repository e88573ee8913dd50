"""What was issued, under which seal, and whether it still holds."""

import uuid
from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, Value

from services.people.fields import EncryptedJSONField, EncryptedTextField


class Status(models.TextChoices):
    """Whether a certificate holds (R12.1). That it has expired is computed, never stored."""

    VALID = "valid", "Valid"
    SUSPENDED = "suspended", "Suspended"
    REVOKED = "revoked", "Revoked"
    CANCELLED = "cancelled", "Cancelled"
    SUPERSEDED = "superseded", "Superseded"


class SealForm(models.IntegerChoices):
    """What the seal of a certificate was set on."""

    CONTENT = 1, "The canonical content itself"
    STATEMENT = 2, "The statement in its square code, with the content's digest"
    NAMED = (
        3,
        "The statement with its place in the list; the digest is of whom it names and by which definition, too",
    )


class SealKey(models.Model):
    """The public half of a key that has sealed certificates; kept, so that old seals can be checked.

    When it was first used never changes, and when it was retired is written once.
    """

    id = models.CharField(primary_key=True, max_length=16)
    public_key = models.BinaryField(max_length=65)
    first_used_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("first_used_at")),
                name="seal_key_retired_after_use",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="seal_key_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="seal_key_is_read_only", fields=["id", "public_key", "first_used_at"]),
            pgtrigger.Protect(
                name="seal_key_stays_retired",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__retired_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.id


class Certificate(models.Model):
    """One issued certificate. A change of content is a new version under the same number (R12.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    check_code = models.CharField(max_length=10)
    type = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    # Which thing it is about, when the holder alone does not tell: a vehicle, a parcel.
    key = EncryptedTextField(default="")
    key_index = models.CharField(max_length=64, default="")
    case_id = models.UUIDField()
    service_code = models.CharField(max_length=80)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    issued_at = models.DateTimeField()
    content = EncryptedJSONField()
    # Name and number of the holder as they were at issue, and the definition whose words it is told in (R12.4): what is
    # printed years later says the same. None of what was sealed before these were.
    issued_to = EncryptedJSONField(null=True)
    service_version = models.UUIDField(null=True)
    digest = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)
    seal_form = models.PositiveSmallIntegerField(choices=SealForm, default=SealForm.NAMED)
    seal_key = models.ForeignKey(SealKey, on_delete=models.PROTECT, db_column="key_id", related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.VALID)
    status_at = models.DateTimeField()
    status_by = models.UUIDField(null=True)
    status_reason = models.CharField(max_length=80, default="")
    status_legal_basis = models.CharField(max_length=300, default="")
    # Grows with every change of what stands under the number: which one an officer looked at.
    revision = models.PositiveIntegerField(default=1)
    # Where its status stands in the public list (`services.core.status_lists`); the database counts, for all workers.
    place = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("certificates_place"), function="nextval")
    )
    # The next day on which its holder hears that it ends (R2.25); none where nothing is to be told any more.
    remind_on = models.DateField(null=True)

    class Meta:
        constraints = [
            # Issuing twice for one case gives the same certificate.
            models.UniqueConstraint(fields=["case_id", "type"], name="certificate_once_per_case"),
            models.UniqueConstraint(fields=["number", "version"], name="certificate_number_version"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(status__in=[Status.VALID, Status.SUSPENDED]),
                name="certificate_one_version_in_force",
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="certificate_status_known"),
            models.CheckConstraint(
                condition=Q(seal_form__in=SealForm.values), name="certificate_seal_form_known"
            ),
            models.CheckConstraint(
                condition=Q(holder_kind__in=["person", "business"]), name="certificate_holder_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="certificate_not_expired_at_birth",
            ),
            # R15.8: the machine issues and replaces; taking away is signed by a person, with a reason.
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUSPENDED, Status.REVOKED, Status.CANCELLED])
                | (Q(status_by__isnull=False) & ~Q(status_reason="")),
                name="certificate_taken_away_by_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.SUSPENDED, Status.REVOKED, Status.CANCELLED])
                | ~Q(status_legal_basis=""),
                name="certificate_taken_away_by_law",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder_id", "type"], condition=Q(status=Status.VALID), name="certificate_in_force"
            ),
            models.Index(fields=["holder_id", "-issued_at"], name="certificate_of_holder"),
            # Most certificates hold: the public list reads only those that do not.
            models.Index(
                fields=["place"], condition=~Q(status=Status.VALID), name="certificate_out_of_force"
            ),
            models.Index(
                fields=["remind_on"],
                condition=Q(status=Status.VALID, remind_on__isnull=False),
                name="certificate_to_remind",
            ),
        ]
        triggers = [
            # What a seal covers never changes, nor its place in the public list; `content`, `key` and `issued_to`
            # may be encrypted anew under another key.
            pgtrigger.ReadOnly(
                name="sealed_is_read_only",
                fields=[
                    "number", "version", "check_code", "type", "organisation", "holder_kind", "holder_id",
                    "case_id", "service_code", "issued_on", "valid_until", "issued_at", "digest", "signature",
                    "seal_form", "seal_key", "place", "service_version",
                ],
            ),
            pgtrigger.Protect(name="certificate_is_kept", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}.{self.version}"

    def sealed(self) -> dict[str, object]:
        """Return what the seal covers, in plain values."""
        named = {"issued_to": self.issued_to, "definition": self.service_version}
        return {
            "number": self.number,
            "version": self.version,
            "type": self.type,
            "organisation": self.organisation,
            "holder": {"kind": self.holder_kind, "id": self.holder_id},
            "key": self.key,
            "case": self.case_id,
            "service": self.service_code,
            "issued_on": self.issued_on,
            "valid_until": self.valid_until,
            "content": self.content,
            **(named if self.seal_form == SealForm.NAMED else {}),
        }

    def has_expired(self, on: date) -> bool:
        """Return whether its last valid day has passed."""
        return self.valid_until is not None and self.valid_until < on


class Paper(models.Model):
    """A sealed PDF of a certificate in one language, as it was made; one that was lost is made again, as another.

    The digest of every one ever made is kept: whoever holds a copy can still show that it is ours, to the last byte.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="papers")
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64, unique=True)
    stored_as = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    lost_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Two who ask for it at once get the same file.
            models.UniqueConstraint(
                fields=["certificate", "language"],
                condition=Q(lost_at__isnull=True),
                name="paper_one_a_language",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="paper_is_read_only",
                fields=["certificate", "language", "digest", "stored_as", "made_at"],
            ),
            pgtrigger.Protect(name="paper_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.language}"


class SharingCode(models.Model):
    """What a holder hands to somebody who is to see one certificate, once (R12.3). It is told once, and kept as a hash.

    It stays when it was used, has run out or was taken back: the holder sees what became of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="sharing_codes")
    code_index = models.CharField(max_length=64)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    guesses_left = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="sharing_code_one_open",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="sharing_code_not_used_and_revoked",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("made_at")), name="sharing_code_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} until {self.ends_at:%Y-%m-%d %H:%M}"
