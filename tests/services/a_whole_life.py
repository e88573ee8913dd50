"""A bundle of the real catalogue lived through: made-up people answer, registers tell, officers do what is due.

What is made up comes from the members' own worked examples; where two members tell of different lives, the earlier
one's holds.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from services import clock
from services.cases.actions import drafting, handling, paying, submission, visiting
from services.cases.models import Application, Bill, Case, Party, Task
from services.cases.queries import calls, drafts
from services.cases.queries.casefiles import case_files
from services.core.definitions import Definition
from services.core.facts import Fact, FactType
from services.people import actions as people
from services.people import queries as persons
from services.people.actions import BusinessRecord, Identity
from services.people.models import Account
from services.people.queries import AccountView
from services.visits import queries as places
from services.visits.models import Appointment
from tests.services.a_matter import days, give, give_one, officer, work
from tests.services.a_person import USCC
from tests.services.a_register import NOW, NUMBER, Register, says
from tests.services.a_visit import serve

MOST_DAYS = 140
ROUNDS = 12
TEXTS = {
    "phone": "00001234567", "email": "made-up@example.org", "uscc": USCC, "identity_number": "440524188001010014",
    "vin": "LSVAA49J132047371", "plate": "AA12345", "hs_code": "870380", "postcode": "000000",
}  # fmt: skip
_PLAIN: Mapping[FactType, Any] = {
    FactType.ADDRESS: "1 Made-up Street",
    FactType.DATE: "2026-03-04",
    FactType.YES_NO: False,
    FactType.FILE: None,
}


def made_up(fact: Fact) -> Any:
    """Return a plain answer that fits the question."""
    if fact.type in _PLAIN:
        return _PLAIN[fact.type]
    if fact.type is FactType.CHOICE:
        return fact.choices[0].code
    if fact.type is FactType.ROWS:
        return [{column.code: made_up(column) for column in fact.columns}] * max(fact.min_rows, 1)
    if fact.type is FactType.TEXT:
        return TEXTS.get(fact.format, "Made up")[: fact.max_length]
    number = max(5, fact.minimum or 0)
    return f"{number:.2f}" if fact.type is FactType.MONEY else int(number)


def facts_of_all(members: Sequence[Definition]) -> dict[str, Any]:
    """Return the life in which every member is granted, as far as their examples agree."""
    known: dict[str, Any] = {}
    for member in members:
        good = [
            one for one in member.examples if one.ends == "granted" and not one.absent and not one.outcomes
        ]
        fitting = min(
            good, key=lambda one: sum(known.get(fact, value) != value for fact, value in one.facts.items())
        )
        known = {**fitting.facts, **known}
    return {code: _plain(value) for code, value in known.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def tell(register: Register, members: Sequence[Definition], facts: Mapping[str, Any], folder: Path) -> None:
    """Let the registers know the applicant, but nothing of what the bundle itself is to issue for the first time."""
    register.keeps(folder)
    kinds = tomllib.loads((folder / "certificate_types.toml").read_text(encoding="utf-8"))
    register.offices |= {code: table["organisation"] for code, table in kinds.items()}
    wanted: set[str] = set()
    for member in members:
        register.offices |= {one.code: one.organisation for one in member.evidence_types.values()}
        new = member.output.certificate not in {
            kind for one in member.requirements for e in one.any_of for kind in e
        }
        wanted |= {member.output.certificate} if new else set()
        for kind in member.evidence_types.values():
            told = {
                fact: facts.get(fact, made_up(member.facts[fact]))
                for fact in kind.proves
                if fact in member.facts
            }
            answer = {
                "answer": "found",
                "facts": told,
                "record": "R-1",
                "issued_on": "2020-05-01",
                "valid_until": None,
            }
            register.answers[f"/registers/{kind.code}/query"] = [says(answer)]
        for step in member.steps:
            register.answers[f"/offices/{step.organisation}/notices"] = [says({"noted": True}, status=201)]
    for code in wanted:
        register.answers[f"/registers/{code}/query"] = [says({"answer": "no_record"})]


def business_of(viewer: AccountView, uscc: str = USCC, number: str = NUMBER) -> UUID:
    """Return the business that the viewer represents."""
    record = BusinessRecord(
        uscc=uscc,
        name="Sample Trade Ltd",
        kind="company",
        status="active",
        legal_representative_number=number,
    )
    return people.bind_business(account_id=viewer.id, business=record, now=NOW)


def begin_bundle(
    viewer: AccountView,
    members: Sequence[Definition],
    facts: Mapping[str, Any],
    *,
    person_id: UUID | None = None,
) -> UUID:
    """Begin one application for all members, have registers asked, and answer all that is still open.

    `person_id`: for whom the viewer files, if for somebody else.
    """
    founds = any(one.output.founds for one in members)
    for_business = any(one.applicant == "business" for one in members) and not founds
    application = drafting.start_application(
        viewer=viewer, services=[one.code for one in members], now=NOW,
        business_id=business_of(viewer) if for_business else None, person_id=person_id,
        as_guardian=facts.get("application.filed_by") == "guardian",
    )  # fmt: skip
    known = drafting.askable_facts(Application.objects.get(id=application))
    asked = {question.fact for one in members for question in one.questions}
    first = {code: facts[code] for code in asked & facts.keys() & known.keys()}
    drafting.answer_questions(viewer=viewer, application_id=application, answers=first, now=NOW)
    drafting.request_evidence(viewer=viewer, application_id=application, now=NOW)
    work()
    for _ in range(ROUNDS):
        open_ones = drafts.draft(viewer=viewer, application_id=application).unanswered
        if not open_ones:
            break
        answers = {one.fact.code: facts.get(one.fact.code, made_up(one.fact)) for one in open_ones}
        drafting.answer_questions(viewer=viewer, application_id=application, answers=answers, now=NOW)
        work()
    return application


def sign_and_submit(viewer: AccountView, application: UUID) -> None:
    """Give what is missing, submit, and let everybody sign who was named."""
    give(viewer, application)
    signers = _signers(application)
    submission.submit_application(viewer=viewer, application_id=application, now=NOW)
    for party in Party.objects.filter(application_id=application, signs="account").order_by("role"):
        submission.sign_as_party(viewer=_account_of(party, signers), application_id=application, now=NOW)
    work()
    give(viewer, application)
    work()


def _signers(application: UUID) -> dict[str, str]:
    """Return, by role, the number that the applicant gave of somebody who signs in their own account."""
    draft = Application.objects.get(id=application)
    parties = [party for one in drafts.definitions_of(draft) for party in one.parties]
    return {
        one.role: str(draft.answers.get(one.identified_by[-1], ""))
        for one in parties
        if one.signs == "account"
    }


def _account_of(party: Party, signers: Mapping[str, str]) -> AccountView:
    number = signers[party.role] if party.kind == "person" else "440524188001010014"
    name = f"signer-{party.role}"
    account, _ = Account.objects.get_or_create(username=name)
    kind = "resident_id" if len(number) == 18 else "passport"
    card = Identity(number=number, document_kind=kind, full_name="Signer", birth_date=date(1980, 1, 1))
    people.bind_account(account_id=account.id, identity=card, now=NOW)
    if party.kind == "business":
        business_of(persons.account(account.id), signers[party.role], number)
    return persons.account(account.id)


def live(viewer: AccountView, application: UUID) -> datetime:
    """Let officers, the treasury and the applicant do what is due, day after day, until every case has ended."""
    now = NOW
    while now < NOW + timedelta(days=MOST_DAYS):
        for _ in range(ROUNDS):
            work(now)
            if not _act(viewer, application, now):
                break
        if not Case.objects.filter(application_id=application, ended_on__isnull=True).exists():
            return now
        now += days(1)
    return now


def _act(viewer: AccountView, application: UUID, now: datetime) -> int:
    done = sum(
        _pay(bill, now)
        for bill in Bill.objects.filter(case__application_id=application, paid_at__isnull=True)
    )
    done += _give_for_all(viewer, application, now)
    tasks = Task.objects.filter(case__application_id=application, closed_at__isnull=True)
    for task in tasks.exclude(kind__in=["counter", "check"]).order_by("opened_at", "id"):
        if Task.objects.filter(id=task.id, closed_at__isnull=True).exists():
            _do(task, now)
            done += 1
    return done + _visit(viewer, application, now)


def _give_for_all(viewer: AccountView, application: UUID, now: datetime) -> int:
    """Give what no register knew, also of those who come along."""
    view = drafts.draft(viewer=viewer, application_id=application)
    wanted = [
        one for one in view.requirements if one.standing == "open" and one.ways and one.code in view.givable
    ]
    for one in wanted:
        give_one(viewer, application, one, now=now)
    return len(wanted)


def _pay(bill: Bill, now: datetime) -> bool:
    paying.record_payment(
        number=bill.number, amount=bill.amount, currency=bill.currency, receipt="R-1", paid_at=now, now=now
    )
    return True


def _do(task: Task, now: datetime) -> None:
    clerk, reviewer = officer(task.organisation), officer(task.organisation, "reviewer")
    if task.kind == "acceptance":
        handling.accept_case(viewer=clerk, task_id=task.id, now=now)
    elif task.kind == "decision":
        handling.grant_case(viewer=reviewer, task_id=task.id, now=now)
    elif task.kind == "concern":
        _let_pass(task, reviewer, now)
    else:
        second = {"second_officer_id": officer(task.organisation, name=f"second-{task.organisation}").id}
        more = second if task.kind == "inspection" else {}
        handling.complete_task(viewer=clerk, task_id=task.id, favorable=True, now=now, **more)


def _let_pass(task: Task, reviewer: AccountView, now: datetime) -> None:
    case = Case.objects.select_related("application__person").get(id=task.case_id)
    file = case_files([case], on=clock.legal_day(now))[case.id]
    unknown = [code for code, truth in file.truths.items() if truth is None]
    determined = dict.fromkeys(unknown, True) if file.concern == "unknown" else None
    handling.let_pass(viewer=reviewer, task_id=task.id, determined=determined, now=now)


def _visit(viewer: AccountView, application: UUID, now: datetime) -> int:
    """Book the first time for everything at once, and come when it is there."""
    rows = Appointment.objects.filter(status="booked")
    if not rows.exists():
        slots = calls.visit_slots(application_id=application, now=now)
        if slots:
            visiting.book_visit(viewer=viewer, application_id=application, slot_id=slots[0].id, now=now)
        return 0
    booked = rows.get()
    if clock.legal_day(booked.starts_at) > clock.legal_day(now):
        return 0
    _serve(booked, now)
    return 1


def _serve(booked: Appointment, now: datetime) -> None:
    at = max(now, booked.starts_at)
    clerk = officer(sorted(places.centre(code=booked.centre_id).offices)[0])
    serve(clerk, booked.id, at)
    work(at)
