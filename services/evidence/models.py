"""What proves something about somebody, how it was come by, and what the applicant said of it."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from services.core.evidence import UNANSWERED, Outcome
from services.evidence.arriving import Quarantined, SentPage
from services.evidence.claims import BusinessClaim
from services.evidence.mending import RecordCorrection
from services.evidence.scanning import Scan
from services.people.fields import EncryptedJSONField, EncryptedTextField

__all__ = [
    "Attempt", "BusinessClaim", "Declaration", "EndedAs", "Evidence", "Preview", "Quarantined",
    "RecordCorrection", "SentPage", "Upload",
]  # fmt: skip

NO_ANSWER = sorted(str(one) for one in UNANSWERED)


class EndedAs(models.TextChoices):
    """Why evidence no longer counts, other than by its date or a dispute."""

    REPLACED = "replaced", "Replaced by a later answer"
    WITHDRAWN = "withdrawn", "Withdrawn by who declared it"
    NOT_GOOD = "not_good", "Found wanting by an officer"
    HARMFUL = "harmful", "Found harmful by the scanner"


class Evidence(models.Model):
    """One thing that proves facts about a holder, with its source and trust grade (R3.17).

    Our own certificates, and evidence of earlier cases, are found where they lie and not stored again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    type = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    # Which thing it is about, when the holder alone does not tell: a vehicle, a parcel.
    key = EncryptedTextField(default="")
    key_index = models.CharField(max_length=64, default="")
    source = models.CharField(max_length=11)
    grade = models.CharField(max_length=1)
    facts = EncryptedJSONField()
    register_reference = models.CharField(max_length=200, default="")
    obtained_at = models.DateTimeField()
    obtained_on = models.DateField()
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    reusable = models.BooleanField()
    checked_by = models.UUIDField(null=True)
    checked_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=9, choices=EndedAs, default="", blank=True)

    class Meta:
        constraints = [
            # A register's answer is A, an original seen B, a copy C and a statement D: never otherwise.
            models.CheckConstraint(
                condition=Q(source="registry", grade="A")
                | Q(source="seen", grade="B")
                | Q(source="upload", grade="C")
                | Q(source="declaration", grade="D"),
                name="evidence_grade_of_source",
            ),
            models.CheckConstraint(
                condition=~Q(grade="B") | Q(checked_by__isnull=False), name="evidence_b_has_a_checker"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="evidence_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reusable=False) | ~Q(grade="C"), name="evidence_copy_is_not_reused"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(valid_until__gte=F("issued_on")),
                name="evidence_not_expired_at_birth",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="")
                | Q(ended_at__isnull=False, ended_as__in=EndedAs.values),
                name="evidence_ended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(holder_kind__in=["person", "business"]), name="evidence_holder_kind_known"
            ),
            # However often a register is asked or a form is sent, one of each counts in one application.
            models.UniqueConstraint(
                fields=["application_id", "type", "holder_id", "key_index", "source"],
                condition=Q(ended_at__isnull=True, disputed_at__isnull=True) & ~Q(source="upload"),
                name="evidence_once_per_application",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder_id", "type"], condition=Q(ended_at__isnull=True), name="evidence_of_holder"
            ),
            # What ended is looked for by whom it is about when a matter is emptied (R15.10); there is little of it.
            models.Index(
                fields=["holder_id"], condition=Q(ended_at__isnull=False), name="evidence_ended_of_holder"
            ),
            models.Index(fields=["application_id"], name="evidence_of_application"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.source})"


class Attempt(models.Model):
    """One question to a register, on which legal basis, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    type = models.CharField(max_length=80)
    register = models.CharField(max_length=80)
    holder_kind = models.CharField(max_length=8)
    holder_id = models.UUIDField()
    key = EncryptedTextField(default="")
    key_index = models.CharField(max_length=64, default="")
    basis = models.CharField(max_length=300, default="")
    outcome = models.CharField(max_length=13)
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    # An answer that was corrected since is told, but holds no more (R3.15).
    outdated_at = models.DateTimeField(null=True)
    # False: the register was known to be down, and nobody called it.
    asked = models.BooleanField(default=True)
    # Until when the register's answer holds; empty if it holds for good, or if there was none.
    holds_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[str(one) for one in Outcome]), name="attempt_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(asked=True) | Q(outcome__in=NO_ANSWER), name="attempt_unasked_is_unanswered"
            ),
        ]
        indexes = [
            models.Index(fields=["application_id"], name="attempt_of_application"),
            models.Index(fields=["type", "-at"], condition=Q(asked=True), name="attempt_of_register"),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.outcome}"


class Outage(models.Model):
    """A register that failed the last time it was asked; gone with its next answer.

    After some failures in a row it rests: no worker calls it, but for one at a time once the rest is over.
    """

    register = models.CharField(max_length=80, primary_key=True)
    outcome = models.CharField(max_length=13)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    failures = models.PositiveIntegerField()
    rests_until = models.DateTimeField(null=True)
    # Until when the one who tries it has it to themselves.
    tried_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=NO_ANSWER), name="outage_is_no_answer"),
            models.CheckConstraint(
                condition=Q(failures__gte=1, since__lte=F("last_at")), name="outage_has_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register}: {self.outcome}"


class Declaration(models.Model):
    """A statement or commitment, with the text that was shown and signed, word for word (R4.6)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="declaration")
    application_id = models.UUIDField()
    type = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    language = models.CharField(max_length=10)
    wording = models.PositiveSmallIntegerField()
    text = EncryptedTextField()
    text_digest = models.CharField(max_length=64)
    signed_by = models.UUIDField()
    signed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # R4.13: the commitment of an earlier matter that was confirmed anew by this one.
    confirms = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["statement", "commitment"]), name="declaration_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["application_id"], name="declaration_of_application")]
        triggers = [
            pgtrigger.ReadOnly(
                name="signed_is_read_only",
                fields=[
                    "evidence", "application_id", "type", "kind", "language", "wording", "text_digest",
                    "signed_by", "signed_at",
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.type} ({self.kind})"


class Upload(models.Model):
    """The applicant's own copy: a file we wrote anew from what was sent, under a name of our own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="upload")
    application_id = models.UUIDField()
    type = models.CharField(max_length=80)
    holder_id = models.UUIDField()
    stored_as = models.CharField(max_length=80, unique=True)
    name = EncryptedTextField()
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received_sha256 = models.CharField(max_length=64)
    # No officer sees a file that waits to be scanned; what was received waits with it, under this name.
    scan = models.CharField(max_length=7, default=Scan.NONE)
    received_as = models.CharField(max_length=80, blank=True, default="")
    uploaded_by = models.UUIDField()
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The same file sent twice, by a double click or a lost answer, is one upload.
            models.UniqueConstraint(
                fields=["application_id", "type", "holder_id", "received_sha256"], name="upload_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["image/png", "image/jpeg", "application/pdf"]), name="upload_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(scan__in=[str(one) for one in Scan])
                & (Q(scan=str(Scan.WAITING)) ^ Q(received_as="")),
                name="upload_waits_with_what_was_received",
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_at"], condition=Q(scan=str(Scan.WAITING)), name="upload_to_scan"),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="upload_of_account"),
        ]

    def __str__(self) -> str:
        return self.stored_as


class Preview(models.Model):
    """What the applicant said when shown what we obtained: right, or disputed (R3.15, R16.1).

    A disputed one is also the request to the source's office to look at its record again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_id = models.UUIDField()
    # A piece of evidence here, or a certificate of ours.
    subject_id = models.UUIDField()
    type = models.CharField(max_length=80)
    organisation = models.CharField(max_length=80)
    account_id = models.UUIDField()
    disputed = models.BooleanField()
    reason = EncryptedTextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application_id", "subject_id"], name="preview_once"),
        ]
        indexes = [
            models.Index(fields=["subject_id"], condition=Q(disputed=True), name="preview_disputed"),
            models.Index(fields=["organisation", "at"], condition=Q(disputed=True), name="preview_to_mend"),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {'disputed' if self.disputed else 'confirmed'}"


class RegisterLoad(models.Model):
    """A file of certificates an office issued earlier, loaded as its register: it answers once the whole of it is here.

    The newest whole one of a type is its register; when it comes, the records of the one before it go.
    """

    type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    whole_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(loaded__lte=F("rows")), name="load_not_more_than_there_is"),
            models.CheckConstraint(
                condition=Q(whole_at__isnull=True) | Q(loaded=F("rows")), name="load_whole_has_every_row"
            ),
            models.UniqueConstraint(
                fields=["type"], condition=Q(whole_at__isnull=True), name="load_one_under_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.loaded} of {self.rows}"


class LoadedRecord(models.Model):
    """One certificate of such a file: found by whose it is and by which thing of theirs, and told by nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    load = models.ForeignKey(RegisterLoad, on_delete=models.CASCADE, related_name="records")
    holder_index = models.CharField(max_length=64)
    key_index = models.CharField(max_length=64, default="", blank=True)
    number = models.CharField(max_length=200)
    facts = EncryptedJSONField()
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["holder_index", "key_index", "load"], name="loaded_once_per_holder_and_thing"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="loaded_not_expired_at_birth",
            ),
        ]

    def __str__(self) -> str:
        return self.number
