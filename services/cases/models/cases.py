"""One service of an application being handled: its route, tasks, notice, decision, bill and attendance."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q

from services.cases.models import laws
from services.core.states import ENDED, CaseState, Verdict
from services.people.fields import EncryptedJSONField, EncryptedTextField

OPEN_STATES = [state.value for state in CaseState if state not in ENDED]


class Case(models.Model):
    """One service being handled under the version in force when it was received (R1.8).

    `progress`, `settlements` and `determined` are the router's own record: steps with outcome and days, how each
    requirement was settled, and conditions an officer determined. They hold codes and ids, never personal values.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=24, unique=True)
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="cases")
    service_version = models.ForeignKey(
        "catalogue.ServiceVersion", on_delete=models.PROTECT, related_name="+"
    )
    service = models.CharField(max_length=80)
    programme = models.CharField(max_length=80)
    organisation = models.CharField(max_length=60)
    state = models.CharField(max_length=24, choices=[(s.value, s.value) for s in CaseState])
    received_on = models.DateField()
    received_at = models.DateTimeField()
    accepted_on = models.DateField(null=True)
    acceptance_due = models.DateField(null=True)
    promised_due = models.DateField(null=True)
    statutory_due = models.DateField(null=True)
    # Design §7: what it promised stands still while it waits for the joint visit; the law's limit never does.
    suspended_from = models.DateField(null=True)
    suspended_until = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    verdict = models.CharField(max_length=10, blank=True, choices=[(v.value, v.value) for v in Verdict])
    ending = models.CharField(max_length=40, blank=True)  # why it was withdrawn, lapsed or declined
    referred_to = models.CharField(max_length=60, blank=True)
    progress = models.JSONField(default=dict)
    settlements = models.JSONField(default=dict)
    determined = models.JSONField(default=dict)
    fetched = models.JSONField(default=list)
    concern = models.CharField(max_length=12, blank=True)
    waits_for = models.JSONField(default=list)
    visits = models.PositiveSmallIntegerField(default=0)
    needs_attention = models.CharField(max_length=200, blank=True)
    ledger_sequence = models.PositiveIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CaseState]), name="case_state_known"
            ),
            models.UniqueConstraint(fields=["application", "service"], name="case_once_per_service"),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | Q(promised_due__isnull=False),
                name="case_accepted_has_due_date",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True, verdict="")
                | Q(decided_on__isnull=False) & ~Q(verdict=""),
                name="case_decided_has_verdict",
            ),
            models.CheckConstraint(
                condition=Q(suspended_until__isnull=True) | Q(suspended_from__lte=F("suspended_until")),
                name="case_suspension_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.DECLINED.value) | ~Q(ending=""), name="case_declined_says_why"
            ),
            # R2.2: declined for want of competence names the right office.
            models.CheckConstraint(
                condition=~Q(ending="not_competent") | ~Q(referred_to=""), name="case_not_competent_refers"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "promised_due"],
                condition=Q(state__in=OPEN_STATES),
                name="case_open_of_office",
            ),
            models.Index(fields=["id"], condition=~Q(needs_attention=""), name="case_needs_attention"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="state_has_entry",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                declare=laws.MOVES_AS_WRITTEN_DECLARED,
                func=laws.MOVES_AS_WRITTEN,
            ),
            pgtrigger.Trigger(
                name="begins_at_received",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=laws.BEGINS,
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TaskKind(models.TextChoices):
    """What a person of an office is asked to do."""

    ACCEPTANCE = "acceptance"
    REVIEW = "review"
    INSPECTION = "inspection"
    COUNTER = "counter"
    DECISION = "decision"
    CONCERN = "concern"
    DELIVER = "deliver"
    SECOND_VISIT = "second_visit"
    CHECK = "check"


class Task(models.Model):
    """A step of a case that waits for a person of an office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=14, choices=TaskKind.choices)
    step = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # R2.14: an inspection is done by two.
    second_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=20, blank=True)
    note = EncryptedTextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "step"], condition=Q(closed_at__isnull=True), name="task_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | Q(closed_at__isnull=False) & ~Q(outcome=""),
                name="task_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(kind=TaskKind.INSPECTION)
                | Q(closed_by__isnull=True)
                | Q(second_officer__isnull=False) & ~Q(second_officer=F("closed_by")),
                name="task_inspected_by_two",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "id"],
                condition=Q(closed_at__isnull=True),
                name="task_open_of_office",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"


class CorrectionNotice(models.Model):
    """What the one notice says, once and completely, to be missing in a case (R2.4, R2.5): one row per case.

    Of an application for several services each office notes it, and it is sent in one notice with the others' (R7.9):
    until then there is no `sent_on`, and `goes_out_at` says when to look at it next: at its last moment, or as soon as
    something has happened that it may have waited for. The application and the day of receipt are kept for the
    constraint; what is not known of is a case's own notice.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="correction")
    application_id = models.UUIDField(null=True)
    received_on = models.DateField(null=True)
    items = ArrayField(models.CharField(max_length=120))
    explanation = EncryptedTextField(blank=True, default="")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    goes_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(items__len__gt=0), name="correction_names_what_is_missing"),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=False, due_on__isnull=False)
                | Q(sent_on__isnull=True, due_on__isnull=True, answered_on__isnull=True),
                name="correction_sent_has_last_day",
            ),
            # R7.9: what came in on one day is asked for on one day.
            ExclusionConstraint(
                name="application_one_correction_notice",
                expressions=[
                    ("application_id", RangeOperators.EQUAL),
                    ("received_on", RangeOperators.EQUAL),
                    ("sent_on", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(sent_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["application_id", "goes_out_at"],
                condition=Q(sent_on__isnull=True),
                name="correction_noted",
            ),
        ]

    def __str__(self) -> str:
        return f"Correction of {self.case_id}"


class Decision(models.Model):
    """What was decided, by whom, and for a refusal the reasons and remedies (R2.16).

    `facts` are those on which the case was granted: from them it is issued, whatever comes to be said afterwards.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    verdict = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Verdict])
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField()
    reasons = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    explanation = EncryptedTextField(blank=True, default="")
    reconsideration_until = models.DateField(null=True)
    suit_until = models.DateField(null=True)
    facts = EncryptedJSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REFUSED.value)
                | Q(
                    signed_by__isnull=False,
                    reasons__len__gt=0,
                    reconsideration_until__isnull=False,
                    suit_until__isnull=False,
                )
                & ~Q(legal_basis=""),
                name="refusal_is_signed_with_reasons_and_remedies",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.case_id}"


class Bill(models.Model):
    """The payment notice of a case, and its one payment (R14.2, R14.3)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.CharField(max_length=24, unique=True)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="bill")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    legal_basis = models.CharField(max_length=300)
    asked_on = models.DateField()
    due_on = models.DateField()
    paid_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(legal_basis=""), name="bill_has_a_legal_basis"
            ),
            models.CheckConstraint(
                condition=Q(paid_at__isnull=True, receipt="") | Q(paid_at__isnull=False) & ~Q(receipt=""),
                name="bill_paid_has_receipt",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Attendance(models.Model):
    """That a case was attended in person, in which visit.

    All cases of an application are attended on one day, unless a supervisor recorded why there is another (R8.7).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attendances")
    application = models.ForeignKey("cases.Application", on_delete=models.PROTECT, related_name="+")
    visit_id = models.UUIDField()
    centre = models.CharField(
        max_length=80, default="", db_default="", blank=True
    )  # none: an office's own window
    on = models.DateField()
    exception_reason = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(approved_by__isnull=True), name="case_at_most_one_visit"
            ),
            ExclusionConstraint(
                name="application_at_most_one_visit",
                expressions=[
                    ("application", RangeOperators.EQUAL),
                    ("on", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(approved_by__isnull=True),
            ),
            models.UniqueConstraint(fields=["case", "visit_id"], name="visit_counts_once_per_case"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, exception_reason="")
                | Q(approved_by__isnull=False) & ~Q(exception_reason=""),
                name="second_visit_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} on {self.on}"
