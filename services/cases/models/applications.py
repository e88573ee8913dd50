"""What is filed: one or several services, one set of answers, its draft and its parties."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from services.people.fields import EncryptedJSONField


class ApplicationState(models.TextChoices):
    """How far an application has come; once submitted, its cases say the rest."""

    DRAFT = "draft"
    AWAITING_SIGNATURES = "awaiting_signatures"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Application(models.Model):
    """One application. `person` is who files, or whom the filer represents; `business` for whom, if for one.

    `for_person`: the person once more, where others file for them by mandate, or with
    them at the counter (R11.2, R11.4): it is theirs in whichever account they come with. Beside it stands a `business`
    only if one was founded by this application, in whose name the rest of it goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    business = models.ForeignKey(
        "people.Business", on_delete=models.PROTECT, null=True, blank=True, related_name="applications"
    )
    for_person = models.ForeignKey(
        "people.Person",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications_by_agents",
    )
    filed_by = models.CharField(max_length=12, default="self")
    services = ArrayField(models.CharField(max_length=80))
    # The bundle that it began as, if any; services put together by the applicant are none.
    bundle = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, default="en")
    state = models.CharField(
        max_length=24, choices=ApplicationState.choices, default=ApplicationState.DRAFT.value
    )
    answers = EncryptedJSONField(default=dict)
    promised = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    # R16.1: fetching is asked for by the applicant, apart from submitting.
    fetch_asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    # R15.10: a draft's deletion was announced; what no decision rests on was deleted; all that is personal was.
    warned_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(condition=Q(services__len__gt=0), name="application_names_a_service"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(state=ApplicationState.DRAFT),
                name="application_submitted_is_no_draft",
            ),
            models.CheckConstraint(
                condition=Q(for_person__isnull=True) | Q(person=F("for_person")),
                name="application_for_another_is_about_them",
            ),
            # Nobody files unbound (design §6): the person is known before anything is submitted.
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True)
                | Q(person__isnull=False)
                | Q(emptied_at__isnull=False),
                name="application_filed_by_somebody_known",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="application_of_account"),
            models.Index(fields=["changed_at"], condition=Q(state="draft"), name="application_idle_draft"),
            models.Index(
                fields=["submitted_at"],
                condition=Q(submitted_at__isnull=False, cleared_at__isnull=True),
                name="application_to_clear",
            ),
            models.Index(
                fields=["submitted_at"],
                condition=Q(submitted_at__isnull=False, emptied_at__isnull=True),
                name="application_to_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Party(models.Model):
    """Somebody beside the applicant, and their signature."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=60)
    kind = models.CharField(max_length=10)
    signs = models.CharField(max_length=10)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")
    business = models.ForeignKey("people.Business", on_delete=models.PROTECT, null=True, related_name="+")
    # Keyed hash of the number that the applicant gave: only that person can sign.
    number_index = models.CharField(max_length=64, blank=True, db_index=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["application", "role"], name="party_once_per_role"),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True) | ~Q(signs="none"), name="party_signs_only_if_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.application_id}"


class RememberedAnswer(models.Model):
    """What somebody told us once about themselves or their business, shown again to confirm, never asked twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    holder_kind = models.CharField(max_length=10)
    holder_id = models.UUIDField()
    fact = models.CharField(max_length=120)
    value = EncryptedJSONField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder_kind", "holder_id", "fact"], name="remembered_once"),
            models.CheckConstraint(
                condition=~Q(fact__startswith="application."), name="remembered_is_not_of_one_matter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} of {self.holder_kind} {self.holder_id}"
