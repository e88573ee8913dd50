"""Who there is: persons and businesses, accounts that sign in, and mandates to act for them."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from services.core.mandates import ORDINARY, Power
from services.core.states import STAFF, Role
from services.people.fields import EncryptedDateField, EncryptedTextField

INDEX_LENGTH = 64
ROLES = [(role.value, role.value) for role in Role if role is not Role.WORKER]


class DocumentKind(models.TextChoices):
    """What a person shows to prove who they are; all of them equally good (R12.10)."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    RESIDENCE_CARD = "residence_card"


USUAL_POWERS = [power.value for power in ORDINARY]


def usual_powers() -> list[str]:
    """Return what a mandate gives where nothing else is said: what others have filed it does not show."""
    return [power for power in USUAL_POWERS if power != Power.VIEW]


class Person(models.Model):
    """A natural person. All that is personal is encrypted; nothing is derived from the number (R12.9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    document_kind = models.CharField(max_length=20, choices=DocumentKind)
    name = EncryptedTextField()
    number = EncryptedTextField()
    # Not known of somebody whom only an applicant has named so far.
    birth_date = EncryptedDateField(null=True)
    number_index = models.CharField(max_length=INDEX_LENGTH, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(document_kind__in=DocumentKind.values), name="person_document_kind_known"
            )
        ]

    def __str__(self) -> str:
        return f"Person {self.id}"


class Business(models.Model):
    """A business, as its register knows it. Its code is public; who represents it is kept as a keyed hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    status = models.CharField(max_length=40)
    legal_representative_index = models.CharField(max_length=INDEX_LENGTH)
    # Set only when that person came with an account and the register named them.
    representative = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="businesses")

    class Meta:
        verbose_name_plural = "businesses"
        constraints = [
            models.CheckConstraint(condition=Q(uscc__regex=r"^[0-9A-Z]{18}$"), name="business_uscc_shape")
        ]

    def __str__(self) -> str:
        return self.name


class AccountKeeper(UserManager["Account"]):
    """Makes accounts; an administrator's has that role."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **more: Any
    ):
        """Make the account of an administrator."""
        more.setdefault("role", Role.ADMINISTRATOR)
        return super().create_superuser(username, email, password, **more)


class Account(AbstractUser):
    """What somebody signs in with; an identity provider or a clerk's code binds it to an applicant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    first_name = None  # names of persons stand encrypted, in Person
    last_name = None
    role = models.CharField(max_length=20, choices=ROLES, default=Role.APPLICANT.value)
    organisation = models.CharField(max_length=60, blank=True)  # the code of the office, for staff
    name = models.CharField(max_length=80, blank=True)  # as staff sign their decisions
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    language = models.CharField(max_length=10, default="en")

    REQUIRED_FIELDS = []
    objects = AccountKeeper()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role=Role.APPLICANT.value, organisation="", name="")
                | Q(~Q(organisation=""), role__in=sorted(role.value for role in STAFF), person__isnull=True)
                | Q(role=Role.ADMINISTRATOR.value, person__isnull=True),
                name="account_is_of_an_applicant_or_of_an_office",
            )
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the name staff sign with, or what the account is called."""
        return self.name or self.username

    def get_short_name(self) -> str:
        """Return the same: nobody is called by half a name."""
        return self.get_full_name()


class Mandate(models.Model):
    """Leave to act for a person or a business, from acceptance to its last day or until either side ends it (R11.2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Whom the agent acts for: one of the two.
    business = models.ForeignKey(Business, on_delete=models.PROTECT, null=True, related_name="mandates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="mandates")
    agent = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates_granted")
    services = ArrayField(models.CharField(max_length=80), default=list, blank=True)  # none named: all
    powers = ArrayField(models.CharField(max_length=10), default=usual_powers)
    may_declare = models.BooleanField(default=False)  # R4.12: a power that is never among the usual ones
    most_fee = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # none: whatever the law sets
    granted_at = models.DateTimeField()
    valid_until = models.DateField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "agent"],
                condition=Q(ended_at__isnull=True),
                name="mandate_one_open_per_agent",
            ),
            models.UniqueConstraint(
                fields=["person", "agent"],
                condition=Q(ended_at__isnull=True),
                name="mandate_one_open_per_person_and_agent",
            ),
            models.CheckConstraint(
                condition=Q(business__isnull=True, person__isnull=False)
                | Q(business__isnull=False, person__isnull=True),
                name="mandate_for_a_person_or_a_business",
            ),
            models.CheckConstraint(
                condition=Q(powers__contained_by=USUAL_POWERS), name="mandate_powers_known"
            ),
            models.CheckConstraint(
                condition=Q(most_fee__isnull=True) | Q(most_fee__gte=0), name="mandate_fee_not_negative"
            ),
            models.CheckConstraint(condition=~Q(agent=F("granted_by")), name="mandate_for_somebody_else"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("granted_at")),
                name="mandate_accepted_after_granted",
            ),
            # A mandate that has ended cannot come to life again: nothing is accepted after the end.
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(ended_at__gte=F("granted_at"), accepted_at__isnull=True)
                | Q(ended_at__gte=F("accepted_at")),
                name="mandate_not_live_and_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"Mandate {self.id}"


class BindingCode(models.Model):
    """What a clerk hands to a person whose document they have seen: it binds that person's account, once.

    It stays when it is used, has run out or was replaced: who gave which person a code, and when, is never lost.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code_index = models.CharField(max_length=INDEX_LENGTH, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="binding_codes")
    issued_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(used_by__isnull=True, used_at__isnull=True)
                | Q(used_by__isnull=False, used_at__isnull=False),
                name="binding_code_used_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True),
                name="binding_code_not_used_and_replaced",
            ),
            # Of a person's codes one at most can still bind an account.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="binding_code_one_waiting_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"Binding code {self.id}"
