"""Shapes of the desk: tasks, and the acts by which officers complete them."""

from portal.api.operations import Listed
from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    ListField,
    Said,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from portal.api.shapes.cases import CaseCard
from services.core.pauses import PauseKind
from services.core.promises import Delivery
from services.core.reasons import DECLINING, REFUSAL
from services.core.states import Role
from services.ledger.queries import Fault

KINDS = (
    "acceptance", "review", "inspection", "counter", "decision", "concern", "deliver", "second_visit", "check",
)  # fmt: skip


class TasksWanted(Listed):
    """Which tasks of the office."""

    kind = one_of(KINDS, required=False)
    mine = BooleanField(default=False)
    after = UUIDField(required=False)


class Task(Shape):
    """A step of a case that waits for a person; its version is that of the case."""

    id = UUIDField()
    case_id = UUIDField()
    case_number = CharField()
    kind = one_of(KINDS)
    step = Code()
    step_name = Said()
    service = Code()
    service_name = Said()
    organisation = Code()
    opened_at = DateTimeField()
    due_on = DateField()
    days_left = IntegerField()
    claimed_by = CharField()
    mine = BooleanField()
    closed = BooleanField()
    outcome = CharField()
    paused = BooleanField()
    disputed = BooleanField()
    version = IntegerField()


class CorrectionNotice(Asked):
    """Everything that is missing, asked for once: requirement codes of the service."""

    items = ListField(child=Code(), min_length=1, max_length=100)
    explanation = Words(default="", allow_blank=True)


class NotedCase(CaseCard):
    """A case after its office asked for what is missing.

    `goes_out_by` is null once the applicant was asked; until then the last day for the one notice of the application,
    which goes out when the `offices_awaited` that still have to look have looked, too.
    """

    goes_out_by = DateField(allow_null=True)
    offices_awaited = IntegerField()


class Declination(Asked):
    """Why the case is not accepted; for want of competence, which office is responsible."""

    reason = one_of(DECLINING)
    explanation = Words()
    referred_to = Code(default="", allow_blank=True)


class Completion(Asked):
    """How a review, an inspection or a delivery ended; an inspection names its second officer."""

    favorable = BooleanField()
    note = Words(default="", allow_blank=True)
    second_officer_id = UUIDField(required=False)
    originals_seen = ListField(child=Code(), default=list)


class Grant(Asked):
    """A decision for the applicant."""

    note = Words(default="", allow_blank=True)


class Refusal(Asked):
    """A decision against, with reasons from the law's list."""

    reasons = ListField(child=one_of(REFUSAL), min_length=1)
    legal_basis = Words(most=300, default="", allow_blank=True)
    explanation = Words()


class LetPass(Asked):
    """What the officer found of conditions that could not be told; the case goes on."""

    determined = DictField(child=BooleanField(), default=dict)
    note = Words(default="", allow_blank=True)


class AcceptanceCancellation(Asked):
    """Why the acceptance is cancelled, as the applicant reads it."""

    explanation = Words()


class MoreTime(Asked):
    """Until when something promised may come, and what beyond the applicant's control keeps it."""

    until = DateField()
    reason = Words()


class PromiseReceipt(Asked):
    """How the original of something promised came in; from somebody who came before, why it is taken."""

    delivery = one_of((Delivery.POST, Delivery.WINDOW))
    again = Words(most=200, required=False)


class SecondVisit(Asked):
    """Why the person has to come once more."""

    reason = Words(most=200)


class NewPause(Asked):
    """What does not count in the office's time, by which law, and how many working days it will take."""

    kind = one_of(PauseKind)
    legal_basis = Words(most=300)
    planned_days = IntegerField()


class NewExtension(Asked):
    """How many working days more, and the reasons, as the applicant reads them."""

    days = IntegerField()
    reasons = Words()


class LedgerVerification(Shape):
    """Whether a case's record is whole; if not, at which entry it breaks first, and how."""

    number = CharField()
    whole = BooleanField()
    entries = IntegerField()
    sequence = IntegerField(allow_null=True)
    fault = one_of(Fault, allow_blank=True)


class Colleague(Shape):
    """An officer of the same office, who can be named as the second of an inspection."""

    id = UUIDField()
    name = CharField(source="display_name")
    role = one_of(Role)
