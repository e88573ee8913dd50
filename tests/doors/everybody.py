"""One applicant for every service of the catalogue: somebody to whom its first good worked example happens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.demonstration.answering import made_up
from portal.sandbox.seeding.numbers import business_number, passport_number, resident_number
from services import clock
from services.cases.actions import drafting, evidence, submission
from services.cases.models import Party
from services.cases.queries import drafts
from services.cases.queries.drafts import DraftView, QuestionView, RequirementView
from services.cases.queries.statements import statements_to_sign
from services.cases.queries.visibility import application_for
from services.catalogue import queries as catalogue
from services.core.definitions import Definition, Example
from services.core.evidence import Source, Standing
from services.core.facts import Fact, Value
from services.people import actions as people
from services.people import queries
from services.people.actions import BusinessRecord, Identity
from services.people.models import Account, Business, Person
from services.people.queries import AccountView
from tests.services.a_matter import a_picture

AGENT, GUARDIAN, BUSINESS = "agent", "guardian", "business"
BORN = date(1985, 6, 15)
# Numbers of the made-up world's kind that nobody in it has.
FIRST_INDEX, OF_OTHERS = 50_000, 1_000


@dataclass(eq=False)
class Applicant:
    """Somebody to whom a worked example of a service happens."""

    definition: Definition
    example: Example
    viewer: AccountView
    business: UUID | None
    application: UUID = field(init=False)
    cases: Sequence[UUID] = ()

    @property
    def code(self) -> str:
        """Return the service's code."""
        return self.definition.code

    def draft(self) -> DraftView:
        """Return the application as its applicant sees it."""
        return drafts.draft(viewer=self.viewer, application_id=self.application)

    def begins(self, now: datetime) -> None:
        """Begin the application, answer as the example has it, and have registers asked."""
        self.application = drafting.start_application(
            viewer=self.viewer, services=[self.code], business_id=self.business,
            as_guardian=self.example.facts.get("application.filed_by") == GUARDIAN, now=now,
        )  # fmt: skip
        known = {one.fact: self.example.facts.get(one.fact) for one in self.definition.questions}
        self._answers({code: value for code, value in known.items() if value is not None}, now)
        drafting.request_evidence(viewer=self.viewer, application_id=self.application, now=now)

    def answers(self, asked: Sequence[QuestionView], now: datetime) -> bool:
        """Answer what is still asked, for want of a register's answer; return whether anything was."""
        self._answers({one.fact.code: made_up(_told(one.fact)) for one in asked}, now)
        return bool(asked)

    def _answers(self, answers: Mapping[str, Value], now: datetime) -> None:
        if answers:
            drafting.answer_questions(
                viewer=self.viewer, application_id=self.application, answers=answers, now=now
            )

    def gives(self, asked: Sequence[RequirementView], now: datetime) -> None:
        """Give what is asked: sign what can be declared, promise what is seen anyway, send a copy of the rest."""
        for one in asked:
            ways = {way.way: way.type for way in reversed(one.ways)}
            about = {"viewer": self.viewer, "application_id": self.application, "requirement": one.code}
            if kind := ways.get(Source.DECLARATION):
                text = evidence.text_to_sign(**about, type=kind, now=now)
                evidence.sign_declaration(**about, type=kind, read_digest=text.digest, now=now)
            elif kind := ways.get(Source.UPLOAD):
                evidence.upload_copy(**about, type=kind, sent=a_picture(self.viewer), now=now)
            else:
                drafting.promise_original(**about, now=now)

    def gives_what_is_open(self, now: datetime) -> None:
        """Give what came to be asked once the case was filed, also for those who signed with the applicant."""
        self.gives([one for one in self.draft().requirements if one.standing is Standing.OPEN], now)

    def files(self, now: datetime) -> None:
        """Submit, and let everybody sign who is to sign in their own account."""
        ids = submission.submit_application(viewer=self.viewer, application_id=self.application, now=now)
        waiting = Party.objects.filter(application_id=self.application, signs="account").order_by("role")
        for party in waiting if not ids else ():
            ids = self._signs(party, now)
        self.cases = ids

    def _signs(self, party: Party, now: datetime) -> tuple[UUID, ...]:
        signer = _signer_of(party)
        application = application_for(signer, self.application, to_sign=True)
        read = [one.digest for one in statements_to_sign(application, party.role, on=clock.legal_day(now))]
        return submission.sign_as_party(
            viewer=signer, application_id=self.application, read_digests=read, now=now
        )


def everybody(codes: Iterable[str], now: datetime) -> list[Applicant]:
    """Return somebody for each of the services."""
    found = (catalogue.definition(catalogue.current_version_id(code)) for code in codes)
    return [_applicant(index, one, now) for index, one in enumerate(found, start=FIRST_INDEX)]


def _applicant(index: int, definition: Definition, now: datetime) -> Applicant:
    good = [one for one in definition.examples if one.ends == "granted"]
    example = next((one for one in good if one.facts.get("application.filed_by") != AGENT), good[0])
    viewer = _somebody(index, example.facts, now)
    business = _business(index, example.facts, viewer, now) if definition.applicant == BUSINESS else None
    applicant = Applicant(definition, example, viewer, business)
    _enter_other_businesses(applicant, index, now)
    return applicant


def _somebody(index: int, facts: Mapping[str, Value], now: datetime) -> AccountView:
    born = date.fromisoformat(str(facts.get("person.birth_date", BORN)))
    kind = str(facts.get("person.document_kind", "resident_id"))
    number = resident_number(index, born) if kind == "resident_id" else passport_number(index)
    name = str(facts.get("person.full_name", f"Applicant {index}"))
    identity = Identity(
        number=number, document_kind="resident_id" if kind == "resident_id" else "passport", full_name=name,
        birth_date=born,
    )  # fmt: skip
    account = Account.objects.create(username=f"applicant-{index}").id
    people.bind_account(account_id=account, identity=identity, now=now)
    return queries.account(account)


def _business(index: int, facts: Mapping[str, Value], viewer: AccountView, now: datetime) -> UUID:
    kind = str(facts.get("business.kind", "company"))
    name = str(facts.get("business.name", f"Made-up Trade {index}"))
    return _bind(viewer, business_number(index, kind), name, kind, now)


def _bind(viewer: AccountView, uscc: str, name: str, kind: str, now: datetime) -> UUID:
    number = Person.objects.get(id=viewer.person_id).number
    record = BusinessRecord(
        uscc=uscc, name=name, kind=kind, status="in_operation", legal_representative_number=number
    )
    return people.bind_business(account_id=viewer.id, business=record, now=now)


def _enter_other_businesses(applicant: Applicant, index: int, now: datetime) -> None:
    """Bind the other businesses of the matter to who represents them, as these did when they first came."""
    named = [one for one in applicant.definition.parties if one.kind == BUSINESS]
    for party in named:
        facts = (fact for fact in party.identified_by if fact.endswith("_uscc"))
        number = next(
            (str(applicant.example.facts[one]) for one in facts if one in applicant.example.facts), ""
        )
        if number and queries.business_with(uscc=number) is None:
            # A business that need not sign by itself is the applicant's own.
            signs = party.signs == "account"
            viewer = _somebody(index + OF_OTHERS, {}, now) if signs else applicant.viewer
            _bind(viewer, number, f"Made-up Partner {index}", "company", now)


def _signer_of(party: Party) -> AccountView:
    """Return the account of who is to sign: made when they first have something to sign."""
    person_id = party.person_id or Business.objects.get(id=party.business_id).representative_id
    account, _ = Account.objects.get_or_create(
        person_id=person_id, defaults={"username": f"signer-{person_id.hex}"}
    )
    return queries.account(account.id)


def _told(fact: Fact) -> dict[str, Any]:
    """Return the fact as the portal's interface tells it to those who answer."""
    told = {"type": fact.type, "format": fact.format, "maxLength": fact.max_length, "minRows": fact.min_rows}
    return told | {
        "code": fact.code.rpartition(".")[2],
        "minimum": fact.minimum,
        "maximum": fact.maximum,
        "choices": [asdict(one) for one in fact.choices],
        "columns": [_told(one) for one in fact.columns],
    }
