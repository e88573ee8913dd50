"""What the sandbox holds: made-up people and businesses, records of the registers, switches, payments."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class HolderKind(models.TextChoices):
    """Whose record it is."""

    PERSON = "person", "Person"
    BUSINESS = "business", "Business"


class Stage(models.TextChoices):
    """What a made-up person can do: only the grown-up ones sign in."""

    ADULT = "adult", "Adult"
    CHILD = "child", "Child"
    DECEASED = "deceased", "Deceased"


class Mode(models.TextChoices):
    """How a register behaves at the moment."""

    OK = "ok", "Answers as it should"
    DOWN = "down", "Is down: says so, and nothing else"
    SLOW = "slow", "Answers after the seconds beside it"
    CONTRADICTION = "contradiction", "Says that its entries contradict each other"
    EMPTY = "empty", "Knows nobody"
    WRONG = "wrong", "Says what is not true, and signs it properly"
    STALE = "stale", "Shows an answer of an hour ago to another question"
    LYING = "lying", "Signs falsely"


class Resident(AbstractBaseUser):
    """A made-up person, who signs in at the identity provider under a user name such as `resident-0001`."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_latin = models.CharField(max_length=80)
    number = models.CharField(max_length=20, unique=True)
    document_kind = models.CharField(max_length=20)
    birth_date = models.DateField()
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    email = models.EmailField(blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    is_active = models.BooleanField(default=True)

    objects: ClassVar = BaseUserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username


class Business(models.Model):
    """A made-up company, individual business or cooperative, with the person who represents it in law."""

    uscc = models.CharField(max_length=18, primary_key=True)
    name = models.CharField(max_length=120)
    name_latin = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    status = models.CharField(max_length=20)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)
    registered_on = models.DateField()
    capital = models.DecimalField(max_digits=14, decimal_places=2)
    representative = models.ForeignKey(Resident, models.CASCADE, related_name="businesses")

    def __str__(self) -> str:
        return self.uscc


class Record(models.Model):
    """One entry of one register about one holder, and about one of their things where a key tells which."""

    register = models.CharField(max_length=60)
    holder_kind = models.CharField(max_length=10, choices=HolderKind.choices)
    holder_number = models.CharField(max_length=20)
    key = models.CharField(max_length=80, blank=True, default="")
    facts = models.JSONField()
    # None: the register makes it out on the day it is asked, as of that day.
    issued_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    # Why the register cannot say which of its own entries is right; empty where there is nothing wrong.
    contradiction = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "holder_kind", "holder_number", "key"], name="record_one_per_thing"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("issued_on")),
                name="record_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["holder_kind", "holder_number"], name="record_by_holder")]

    def __str__(self) -> str:
        return f"{self.register} {self.pk}"

    @property
    def reference(self) -> str:
        """Return the register's own number of this entry."""
        return f"{self.register.upper()}/{self.pk:06d}"


class Register(models.Model):
    """A register outside, and the switch an operator sets to see how the portal bears its failures."""

    code = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    # The organisation that keeps it and signs its answers.
    office = models.CharField(max_length=60, default="")
    office_name = models.CharField(max_length=120, default="")
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.OK)
    seconds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="register_known_mode"),
            models.CheckConstraint(condition=Q(seconds__lte=60), name="register_slow_at_most_a_minute"),
        ]

    def __str__(self) -> str:
        return self.code


class CorrectionState(models.TextChoices):
    """What an office has come to about a request to correct an entry."""

    OPEN = "open", "Open"
    CORRECTED = "corrected", "Corrected"
    KEPT = "kept", "Kept as it was"


class Correction(models.Model):
    """Somebody says that an entry is wrong; the reference makes it one request, however often it is sent."""

    reference = models.CharField(max_length=80, primary_key=True)
    register = models.CharField(max_length=60)
    holder_kind = models.CharField(max_length=10, choices=HolderKind.choices)
    holder_number = models.CharField(max_length=20)
    key = models.CharField(max_length=80, blank=True, default="")
    # The register's own number of the entry; empty if the register should have one and has none.
    record = models.CharField(max_length=200, blank=True, default="")
    reason = models.TextField()
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=CorrectionState.choices, default=CorrectionState.OPEN)
    explanation = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CorrectionState.values), name="correction_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.OPEN) | ~Q(explanation=""),
                name="correction_closed_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=Q(state=CorrectionState.OPEN), name="correction_open")
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.state})"


class OfficeKey(models.Model):
    """A key with which an office signs what its registers answer; the newest counts, the others stay published."""

    office = models.CharField(max_length=60, db_index=True)
    kid = models.CharField(max_length=80, unique=True)
    pem = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kid


class Payment(models.Model):
    """A bill that was paid; its event is told to the portal until the portal has heard it."""

    bill = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    receipt = models.CharField(max_length=40, unique=True)
    paid_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_answer = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(told_at__isnull=True), name="payment_untold")
        ]

    def __str__(self) -> str:
        return self.receipt


class SigningKey(models.Model):
    """The key with which the identity provider signs, made at the first setup."""

    made_at = models.DateTimeField(auto_now_add=True)
    pem = models.TextField()

    def __str__(self) -> str:
        return f"key {self.pk}"


class World(models.Model):
    """Which world is in the tables, so that seeding the same one again has nothing to do."""

    mark = models.CharField(max_length=64)
    world_date = models.DateField()
    records = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="world_is_one")]

    def __str__(self) -> str:
        return self.mark


class OfficeNotice(models.Model):
    """What the portal told an office's records; the reference makes it one, however often it is sent."""

    reference = models.CharField(max_length=200, primary_key=True)
    office = models.CharField(max_length=60)
    case = models.CharField(max_length=24)
    service = models.CharField(max_length=80)
    step = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.reference
