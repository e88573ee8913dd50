"""Shapes of a case: where it stands, what has happened, what is to be paid, and its result."""

from portal.api.operations import Listed
from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Cited,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    JSONField,
    ListField,
    Money,
    Said,
    Shape,
    UUIDField,
    one_of,
)
from portal.api.shapes.drafts import RequirementState
from portal.api.shapes.people import StatusPlace
from portal.api.shapes.visits import Appointment
from services.cases.queries.limits import WhichLimit
from services.core.clocks import DayKind
from services.core.definitions import Mode
from services.core.pauses import PauseKind
from services.core.states import CaseState, Role, Verdict


class CasesWanted(Listed):
    """Which page of the list."""

    before = CharField(required=False, max_length=24)


class CaseCard(Shape):
    """A case in a list."""

    id = UUIDField()
    number = CharField()
    service = Code()
    name = Said()
    organisation = Code()
    state = one_of(CaseState)
    verdict = one_of(Verdict, allow_blank=True)
    waits_for = ListField(child=CharField())
    received_on = DateField()
    promised_due = DateField(allow_null=True)
    version = IntegerField()


class Clock(Shape):
    """The days of a case; provisional while a year's calendar is not published."""

    received_on = DateField()
    acceptance_due = DateField(allow_null=True)
    accepted_on = DateField(allow_null=True)
    promised_due = DateField(allow_null=True)
    statutory_due = DateField(allow_null=True)
    decided_on = DateField(allow_null=True)
    ended_on = DateField(allow_null=True)
    promised_days = IntegerField()
    statutory_days = IntegerField()
    provisional = BooleanField()
    used_days = IntegerField()
    paused = BooleanField()
    suspended_from = DateField(allow_null=True)
    suspended_until = DateField(allow_null=True)


class DaysWanted(Asked):
    """Which limit is to be explained."""

    which = one_of(WhichLimit, default=WhichLimit.PROMISED)


class ExplainedDay(Shape):
    """A day of a limit: whether it counted, and why."""

    on = DateField()
    counted = BooleanField()
    why = one_of(DayKind)


class Pause(Shape):
    """A time that does not count; `ended_on` is null while it lasts."""

    id = UUIDField()
    kind = one_of(PauseKind)
    kind_name = Said()
    legal_basis = Cited()
    planned_days = IntegerField()
    started_on = DateField()
    planned_until = DateField()
    ended_on = DateField(allow_null=True)
    told_on = DateField()


class Extension(Shape):
    """The working days added once, with the reasons that were told."""

    days = IntegerField()
    reasons = CharField()
    granted_on = DateField()
    due_before = DateField()
    told_on = DateField()


class CaseStep(Shape):
    """A step of the route, and how far it is."""

    code = Code()
    name = Said()
    organisation = Code()
    mode = one_of(Mode)
    status = one_of(("skipped", "waiting", "open", "ended"))
    outcome = CharField()
    since = DateField(allow_null=True)
    until = DateField(allow_null=True)


class Correction(Shape):
    """The one correction notice: what is missing, until when."""

    items = ListField(child=Code())
    explanation = CharField()
    sent_on = DateField()
    due_on = DateField()
    answered_on = DateField(allow_null=True)


class MemberAsked(Shape):
    """What the one notice asks in one case; `lacking`: what of it has not come in."""

    case_id = UUIDField()
    service = Code()
    name = Said()
    items = ListField(child=Code())
    lacking = ListField(child=Code())
    explanation = CharField()
    answered_on = DateField(allow_null=True)


class ApplicationNotice(Shape):
    """The one notice of correction for all services of an application, with one last day."""

    sent_on = DateField()
    due_on = DateField()
    members = MemberAsked(many=True)


class Decision(Shape):
    """What was decided; a refusal with its reasons and remedies."""

    verdict = one_of(Verdict)
    signed_by = CharField()
    signed_at = DateTimeField()
    reasons = ListField(child=Code())
    legal_basis = Cited()
    explanation = CharField()
    reconsideration_until = DateField(allow_null=True)
    suit_until = DateField(allow_null=True)


class Bill(Shape):
    """What is to be paid, or was; `payment_link` leads to the treasury."""

    number = CharField()
    amount = Money()
    currency = CharField()
    item = Said()
    legal_basis = Cited()
    due_on = DateField()
    paid = BooleanField()


class PayableBill(Bill):
    """A bill with the way to pay it."""

    payment_link = CharField()


class Certificate(Shape):
    """A certificate, as its holder sees it."""

    id = UUIDField()
    number = CharField()
    version = IntegerField()
    check_code = CharField()
    type = Code()
    organisation = Code()
    case_id = UUIDField()
    service = Code(source="service_code")
    status = CharField()
    issued_on = DateField()
    valid_until = DateField(allow_null=True)
    issued_at = DateTimeField()
    content = DictField(child=JSONField())
    status_list = StatusPlace()


class Case(Shape):
    """A case, whole."""

    id = UUIDField(source="card.id")
    number = CharField(source="card.number")
    service = Code(source="card.service")
    name = Said(source="card.name")
    organisation = Code(source="card.organisation")
    state = one_of(CaseState, source="card.state")
    verdict = one_of(Verdict, source="card.verdict", allow_blank=True)
    waits_for = ListField(child=CharField(), source="card.waits_for")
    version = IntegerField(source="card.version")
    application_id = UUIDField()
    application_number = CharField()
    definition_version = IntegerField(source="version_number")
    ending = CharField()
    referred_to = Code()
    concern = CharField()
    visits = IntegerField()
    clock = Clock()
    steps = CaseStep(many=True)
    requirements = RequirementState(many=True)
    correction = Correction(allow_null=True)
    decision = Decision(allow_null=True)
    bill = Bill(allow_null=True)
    appointments = Appointment(many=True)
    certificates = Certificate(many=True)
    open_conditions = DictField(child=Said())
    pauses = Pause(many=True)
    extension = Extension(allow_null=True)


class Event(Shape):
    """One line of the timeline; officers' names are told to officers only."""

    at = DateTimeField()
    event = CharField()
    role = one_of(Role)
    by = CharField()
    detail = DictField(child=JSONField())


class CaseAnswer(Shape):
    """An answer with its question; `proved` if evidence told it, `stated` if the applicant said something else."""

    fact = Code(source="fact.code")
    label = Said(source="fact.label")
    type = CharField(source="fact.type")
    value = JSONField(allow_null=True)
    proved = BooleanField()
    stated = JSONField(allow_null=True)
