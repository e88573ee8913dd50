"""A case as people see it: where it stands, who has it, what comes next and when, and what has happened so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services import clock
from services.cases.models import Case
from services.cases.queries.acting import Both, agents_among
from services.cases.queries.cards import CaseCard, card
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.drafts import RequirementView, requirement_views
from services.cases.queries.limits import ExtensionView, PauseView, extension_view, pause_views
from services.cases.queries.urgency import used_days
from services.cases.queries.visibility import case_for
from services.certificates import queries as certificates
from services.certificates.queries import CertificateView
from services.core.casefile import CaseFile
from services.core.clocks import CalendarNotPublished
from services.core.definitions import Definition, Step
from services.core.facts import Fact, Texts, Value
from services.core.limits import step_ends
from services.core.renewal import decide_by
from services.core.states import BEFORE_ACCEPTANCE, UNDER_WAY, CaseState, Role
from services.ledger import queries as ledger
from services.ledger.queries import EntryView
from services.people.queries import AccountView, names_of
from services.visits import queries as visits
from services.visits.queries import AppointmentView


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the route: skipped, waiting, open or ended; `until` is the last day an office or period has."""

    code: str
    name: Texts = field(hash=False)
    organisation: str
    mode: str
    status: str
    outcome: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the timeline: the ledger's entry, by whom (an agent: for whom), and what it was about."""

    at: datetime
    event: str
    role: str
    by: str
    detail: Mapping[str, object] = field(hash=False)
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class BillView:
    """What is to be paid, or was."""

    number: str
    amount: Decimal
    currency: str
    item: Texts = field(hash=False)
    legal_basis: str
    due_on: date
    paid: bool


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """The one correction notice: what is missing, until when."""

    items: tuple[str, ...]
    explanation: str = field(repr=False)
    sent_on: date
    due_on: date
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What was decided; for a refusal with reasons and remedies."""

    verdict: str
    signed_by: str
    signed_at: datetime
    reasons: tuple[str, ...]
    legal_basis: str
    explanation: str = field(repr=False)
    reconsideration_until: date | None
    suit_until: date | None


@dataclass(frozen=True, slots=True)
class ClockView:
    """The days of a case; `provisional` while the calendar of a year it reaches into is not published (R13.3)."""

    received_on: date
    acceptance_due: date | None
    accepted_on: date | None
    promised_due: date | None
    statutory_due: date | None
    decided_on: date | None
    ended_on: date | None
    promised_days: int
    statutory_days: int
    provisional: bool
    used_days: int
    paused: bool
    # The last day of the licence that silence renews (R2.25).
    renews_after: date | None = None
    # While it waits for a visit joint with others, what was promised stands still; the law's limit does not.
    suspended_from: date | None = None
    suspended_until: date | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case, whole, for whoever may see it."""

    card: CaseCard
    application_id: UUID
    application_number: str
    version_id: UUID
    version_number: int
    ending: str
    referred_to: str
    concern: str
    visits: int
    needs_attention: str
    clock: ClockView
    steps: tuple[StepView, ...]
    requirements: tuple[RequirementView, ...]
    correction: CorrectionView | None
    decision: DecisionView | None
    bill: BillView | None
    appointments: tuple[AppointmentView, ...]
    certificates: tuple[CertificateView, ...]
    open_conditions: Mapping[str, Texts] = field(hash=False)
    pauses: tuple[PauseView, ...] = ()
    extension: ExtensionView | None = None
    # Whether the one notice of its application has gone out: nothing more can be asked (R2.5, R7.9).
    notice_out: bool = False
    # The office that filled it in with the applicant (R11.4).
    assisted_by: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer of the application, with its question; `proved` if evidence told it.

    `stated` is what the applicant said where evidence says something else.
    """

    fact: Fact
    value: Value = field(repr=False)
    proved: bool = False
    stated: Value = field(default=None, repr=False)


def case(*, viewer: AccountView, case_id: UUID) -> CaseView:
    """Return the case.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    on = clock.today()
    found = case_for(viewer, case_id, whole=True)
    return case_view(found, case_files([found], on=on, whole=True)[found.id], names_of(signers(found)))


def signers(case: Case) -> set[UUID]:
    """Return the account that signed the decision, if a person did; the case has been read whole."""
    made = getattr(case, "decision", None)
    return {made.signed_by_id} if made is not None and made.signed_by_id else set()


def case_view(found: Case, file: CaseFile, names: Mapping[UUID, str]) -> CaseView:
    """Return a case that has been read whole, with its file, as people see it; `names` are those of its signers."""
    return CaseView(
        card=card(found),
        application_id=found.application_id,
        application_number=found.application.number,
        version_id=found.service_version_id,
        version_number=found.version_number,
        ending=found.ending,
        referred_to=found.referred_to,
        concern=found.concern,
        visits=found.visits,
        needs_attention=found.needs_attention,
        clock=_clock(found, file),
        steps=tuple(_steps(file)),
        requirements=requirement_views(file),
        correction=_correction(found),
        decision=_decision(found, names),
        bill=_bill(found, file.definition),
        # What else a visit is for is no matter of this case's.
        appointments=tuple(
            replace(one, application_ids=(found.application_id,))
            for one in visits.appointments_of(application_ids=[found.application_id])
        ),
        certificates=certificates.of_cases(case_ids=[found.id], on=file.on),
        open_conditions={
            code: one.says for code, one in file.definition.conditions.items() if file.truths[code] is None
        },
        pauses=pause_views(found),
        extension=extension_view(found),
        notice_out=file.notice_out,
        assisted_by=helped.organisation if (helped := getattr(found.application, "assisted", None)) else "",
    )


def _clock(case: Case, file: CaseFile) -> ClockView:
    days = [day for day in (case.promised_due, case.statutory_due) if day is not None]
    return ClockView(
        received_on=case.received_on,
        acceptance_due=case.acceptance_due if case.state in BEFORE_ACCEPTANCE else None,
        accepted_on=case.accepted_on,
        promised_due=case.promised_due,
        statutory_due=case.statutory_due,
        decided_on=case.decided_on,
        ended_on=case.ended_on,
        promised_days=file.definition.promised,
        statutory_days=file.definition.statutory,
        provisional=any(_provisional(day) for day in days) and case.state in UNDER_WAY,
        used_days=used_days(file, case.decided_on or file.on),
        paused=case.state == CaseState.PAUSED,
        renews_after=decide_by(file, law()) if case.state in BEFORE_ACCEPTANCE | UNDER_WAY else None,
        suspended_from=case.suspended_from,
        suspended_until=case.suspended_until,
    )


def _provisional(day: date) -> bool:
    try:
        clock.calendar().is_working(day)
    except CalendarNotPublished:
        return True
    return False


def _steps(file: CaseFile) -> Iterator[StepView]:
    for step in file.definition.steps:
        record = file.steps.get(step.code)
        yield StepView(
            code=step.code, name=step.name, organisation=step.organisation, mode=step.mode,
            status=_status(file, step), outcome=record.outcome if record else "",
            since=record.since if record else None, until=step_ends(file, step.code, law()) if record else None,
        )  # fmt: skip


def _status(file: CaseFile, step: Step) -> str:
    if file.is_open(step):
        return "open"
    if file.has_ended(step):
        return "ended"
    return "skipped" if file.active[step.code] is False else "waiting"


def _correction(case: Case) -> CorrectionView | None:
    notice = getattr(case, "correction", None)
    if notice is None or notice.sent_on is None:
        return None
    return CorrectionView(
        tuple(notice.items), notice.explanation, notice.sent_on, notice.due_on, notice.answered_on
    )


def _decision(case: Case, names: Mapping[UUID, str]) -> DecisionView | None:
    made = getattr(case, "decision", None)
    if made is None:
        return None
    return DecisionView(
        verdict=made.verdict, signed_by=names.get(made.signed_by_id, ""), signed_at=made.signed_at,
        reasons=tuple(made.reasons), legal_basis=made.legal_basis, explanation=made.explanation,
        reconsideration_until=made.reconsideration_until, suit_until=made.suit_until,
    )  # fmt: skip


def _bill(case: Case, definition: Definition) -> BillView | None:
    bill = getattr(case, "bill", None)
    if bill is None or definition.fee is None:
        return None
    return BillView(
        number=bill.number, amount=bill.amount, currency=bill.currency, item=definition.fee.item,
        legal_basis=bill.legal_basis, due_on=bill.due_on, paid=bill.paid_at is not None,
    )  # fmt: skip


def timeline(*, viewer: AccountView, case_id: UUID) -> tuple[EventView, ...]:
    """Return what has happened to the case, oldest first; applicants see offices, not officers' names."""
    found = case_for(viewer, case_id)
    entries = ledger.entries_of(found.id)
    names = names_of({one.actor_id for one in entries if one.actor_id}) if viewer.role.is_staff else {}
    return event_views(entries, names, agents_in(found, entries, but=viewer.id))


def agents_in(case: Case, entries: Sequence[EntryView], *, but: UUID | None = None) -> Mapping[UUID, Both]:
    """Return the agents who did something in the case for its applicant; the viewer is not among them."""
    acted = {one.actor_id for one in entries if one.actor_id and one.role == Role.APPLICANT}
    return agents_among(case, acted - {but})


def event_views(
    entries: Sequence[EntryView], names: Mapping[UUID, str], agents: Mapping[UUID, Both]
) -> tuple[EventView, ...]:
    """Return the ledger's entries as people see them, by those who are named, and with both names of an agent's."""
    return tuple(_event(one, names, agents) for one in entries)


def _event(one: EntryView, names: Mapping[UUID, str], agents: Mapping[UUID, Both]) -> EventView:
    both = agents.get(one.actor_id) if one.actor_id else None
    by = both.agent if both else names.get(one.actor_id, "") if one.actor_id else ""
    return EventView(one.at, one.event, one.role, by, one.detail, both.applicant if both else "")


def answers(*, viewer: AccountView, case_id: UUID) -> tuple[AnswerView, ...]:
    """Return the answers that this service asked for or evidence proved, and nothing else (R15.2)."""
    found = case_for(viewer, case_id)
    return answers_in(case_files([found], on=clock.today())[found.id], found.application.answers)


def answers_in(file: CaseFile, told: Mapping[str, Value]) -> tuple[AnswerView, ...]:
    """Return what this service asked for or evidence proved (R15.2); `told` are the answers of the application."""
    asked = {question.fact for question in file.definition.questions}
    wanted = [code for code in file.definition.facts if code in asked or code in file.facts]
    return tuple(_answer(file, code, told.get(code)) for code in wanted if code in file.facts)


def _answer(file: CaseFile, code: str, told: Value) -> AnswerView:
    proved = told != file.facts[code]
    return AnswerView(file.definition.facts[code], file.facts[code], proved, told if proved else None)
