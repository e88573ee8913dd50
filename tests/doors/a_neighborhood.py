"""Everybody who may come to a door, and one of everything they may ask for: somebody's, and not another's."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from services import clock
from services.cases.actions import arriving, copying, drafting, gathering, reading, visiting
from services.cases.actions.rating import new_link
from services.cases.models import Application, Case, NotDone, Party, Rating, ReadingQuestion
from services.cases.queries import calls, readings
from services.certificates.models import Certificate
from services.core.ratings import Touchpoint
from services.evidence.actions import standing
from services.evidence.models import Evidence
from services.notices.models import Notice
from services.people import actions as people
from services.people import queries
from services.people.actions import BusinessRecord, Identity, MandateTerms
from services.people.models import Account
from services.people.queries import AccountView
from services.visits.models import Visit
from tests.doors.a_desk import WORKS, joint_deed
from tests.services import a_matter
from tests.services.a_register import NUMBER

SERVICE = "works-permit"
USCC = "91350100M000100Y43"
VISITORS = (
    "anonymous", "owner", "agent", "former", "signer", "stranger", "clerk", "elsewhere", "supervisor",
    "administrator",
)  # fmt: skip


def visitors(officer: Callable[..., AccountView]) -> dict[str, AccountView | None]:
    """Make everybody: the owner represents the business, the agent acts for it, the signer is asked to sign."""
    return {
        "anonymous": None,
        "owner": bound("owner", NUMBER),
        "agent": bound("agent", "440524188001010014"),
        "former": bound("former", "110105199003070033"),
        "signer": bound("signer", "110105198506153215"),
        "stranger": bound("stranger", "X0000000", "passport"),
        "clerk": officer("clerk", "works-office"),
        "elsewhere": officer("clerk", "records-office"),
        "supervisor": officer("supervisor", "works-office"),
        "administrator": officer("administrator", username="administrator"),
    }


def bound(username: str, number: str, kind: str = "resident_id") -> AccountView:
    """Return an account that an identity provider has vouched for."""
    account = Account.objects.create_user(username=username).id
    identity = Identity(
        number=number, document_kind=kind, full_name=f"{username.title()} Test", birth_date=date(1980, 1, 1)
    )
    people.bind_account(account_id=account, identity=identity, now=clock.now())
    return queries.account(account)


def things(who: dict[str, AccountView | None]) -> dict[str, object]:
    """Return one of everything an address can name.

    The agent filed for the owner's business and has begun another application; the former agent's mandate has
    ended; the signer is asked to sign the one that was begun. The owner's own matter has a visit and a certificate.
    """
    owner, agent, former, signer = (who[name] for name in ("owner", "agent", "former", "signer"))
    business = people.bind_business(account_id=owner.id, business=_record(), now=clock.now())
    ended = lend(business, owner, former)
    people.end_mandate(account_id=owner.id, mandate_id=ended, now=clock.now())
    lent = lend(business, owner, agent)
    case = a_matter.submit(agent, _begun(agent, business), now=clock.now())
    draft = _begun(agent, business)
    Party.objects.create(
        application_id=draft, role="partner", kind="person", signs="account", person_id=signer.person_id
    )
    Application.objects.filter(id=draft).update(account=agent.id)
    deed, booked = _to_be_attended(owner)
    a_matter.file(owner, "home-record", {"application.home": "1 Lane"}, now=clock.now())
    reading.note_reading(viewer=who["clerk"], case_id=case.id, now=clock.now())
    reading.note_reading(viewer=who["elsewhere"], case_id=deed.id, now=clock.now())
    read, asked = _asked_about(owner)
    letter = Notice.objects.filter(account=agent.id, case_id=case.id).first()
    plan, own_plan = (
        Evidence.objects.get(application_id=one, source="upload") for one in (case.application_id, draft)
    )
    certificate = Certificate.objects.get(holder_id=owner.person_id)
    return {
        "business_id": business, "mandate_id": lent, "case_id": case.id, "draft": draft, "application_id": draft,
        "submitted": case.application_id, "deed": deed.application_id, "appointment_id": booked,
        "letter_id": letter.id, "notice_id": letter.id, "evidence_id": plan.id, "draft_evidence": own_plan.id,
        "task_id": case.tasks.get(organisation="works-office", closed_at__isnull=True).id,
        "certificate_id": certificate.id, "number": certificate.number, "change": "revocation",
        "code": SERVICE, "part": 1, "fact": "application.height", "requirement": "plan", "type": "works-plan",
        "address": "nothing", "language": "en", "form": "csv", "reading_id": read, "question_id": asked,
        "copy_id": _copy(owner), "claim_id": standing.open_claim(account_id=owner.id, uscc=USCC, now=clock.now()),
        "check_id": UUID(int=1), "service": SERVICE, **_said(owner, case, certificate.case_id), "centre": "hall",
        "ticket_id": _ticket(who["elsewhere"]), "act": "begin",
        "business_reading": readings.my_readings(viewer=owner, business_id=business)[0].id,
    }  # fmt: skip


def _to_be_attended(owner: AccountView) -> tuple[Case, UUID]:
    """Return a deed of the owner's, and the visit booked for it."""
    deed = joint_deed(owner)
    slot = calls.visit_slots(application_id=deed.application_id, now=clock.now())[0]
    matter = {"viewer": owner, "application_id": deed.application_id}
    return deed, visiting.book_visit(**matter, slot_id=slot.id, now=clock.now())


def _said(owner: AccountView, case: Case, done: UUID) -> dict[str, object]:
    """Return a visit and a rating of the owner's, a link to rate by, and what could not be got done."""
    came = Visit.objects.create(
        centre_id="hall", on=clock.today(), person_id=owner.person_id, application_id=case.application_id,
        arrived_at=clock.now(), received_by=owner.id,
    )  # fmt: skip
    rated = Rating.objects.create(
        case_id=done, touchpoint="case", person_id=owner.person_id, account_id=owner.id, level=1,
        organisation="works-office", answers="works-office", programme="papers", rated_at=clock.now(),
        answer_due_on=clock.today(), last_due_on=clock.today(),
    )  # fmt: skip
    link, token = new_link(Case.objects.get(id=done), Touchpoint.CASE, clock.now(), owner.id)
    link.save(force_insert=True)
    report = NotDone.objects.create(
        case=case, account_id=owner.id, organisation="works-office", words="No.", said_at=clock.now(),
        due_on=clock.today(),
    )  # fmt: skip
    return {"visit_id": came.id, "rating_id": rated.id, "token": token, "report_id": report.id}


def _ticket(clerk: AccountView) -> UUID:
    """Return the ticket of somebody who asks something at the hall, where that clerk sits."""
    return arriving.receive_question(viewer=clerk, comer=arriving.Comer("hall"), now=clock.now())


def _asked_about(owner: AccountView) -> tuple[int, UUID]:
    """Return an entry about the owner, and a question about it to the works office."""
    read = next(one.id for one in readings.my_readings(viewer=owner) if one.view.purpose == "handling")
    row = ReadingQuestion.objects.create(
        reading_id=read, holder_kind="person", holder_id=owner.person_id, account_id=owner.id,
        organisation="works-office", words="Why?", asked_at=clock.now(), due_on=clock.today(),
    )  # fmt: skip
    return read, row.id


def _copy(owner: AccountView) -> UUID:
    """Return a copy of the owner's data that a worker has made."""
    made = copying.ask_for_copy(viewer=owner, now=clock.now())
    copying.make_copies(now=clock.now())
    return made


def lend(business: UUID, giver: AccountView, agent: AccountView) -> UUID:
    """Let the agent act for the business in works permits."""
    terms = MandateTerms(
        agent_username=agent.username, services=[SERVICE], may_declare=True, valid_until=date(2026, 12, 31)
    )
    lent = people.grant_mandate(account_id=giver.id, business_id=business, terms=terms, now=clock.now())
    people.accept_mandate(account_id=agent.id, mandate_id=lent, now=clock.now())
    return lent


def _record() -> BusinessRecord:
    return BusinessRecord(
        uscc=USCC, name="Made-up Trade", kind="company", status="active", legal_representative_number=NUMBER
    )


def _begun(agent: AccountView, business: UUID) -> UUID:
    now = clock.now()
    begun = drafting.start_application(viewer=agent, services=[SERVICE], business_id=business, now=now)
    drafting.answer_questions(viewer=agent, application_id=begun, answers=WORKS, now=now)
    drafting.request_evidence(viewer=agent, application_id=begun, now=now)
    gathering.gather_evidence(now=now)
    a_matter.give(agent, begun, now=now)
    return begun
