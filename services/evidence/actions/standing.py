"""Which business somebody represents: the business register says so, and nobody else."""

from datetime import datetime
from uuid import UUID

from services import clock
from services.core.evidence import UNANSWERED, Outcome
from services.core.reference import DeclarationKind, EvidenceType, Home
from services.core.refusal import Kind, Refusal
from services.evidence.actions.calling import call
from services.evidence.registries import Question
from services.people import actions as people
from services.people import identifiers, queries
from services.people.identifiers import IdentifierKind

# What the business register tells about a business; it is asked about standing, never as evidence in a matter.
BUSINESS_REGISTER = EvidenceType(
    code="business-register",
    name={"en": "Business register", "zh": "企业登记信息"},
    organisation="market-regulation",
    about="business",
    home=Home.REGISTRY,
    declaration=DeclarationKind.NONE,
    upload=False,
    validity_months=0,
    proves=("uscc", "name", "kind", "status", "legal_representative_number"),
)


class RegisterDoesNotAnswer(Refusal):
    """The business register cannot be reached."""

    code = "register_does_not_answer"
    kind = Kind.BUSY
    sentence = "The business register does not answer just now. Try again in a few minutes."


class NoSuchBusiness(Refusal):
    """The register knows no business by this code."""

    code = "no_such_business"
    kind = Kind.MISSING
    sentence = "The business register has no business with this code."


def claim_business(*, account_id: UUID, uscc: str, now: datetime) -> UUID:
    """Bind a business to the account of its legal representative, as the register names them; return the business.

    Called outside a transaction: the register may take its time. Nothing is asked for a stranger (design §6).

    :raises services.people.actions.WhoAreYou: for an account that is bound to nobody.
    :raises services.people.identifiers.IdentifierMistyped: if this cannot be the code of a business.
    :raises RegisterDoesNotAnswer, NoSuchBusiness:
    :raises services.people.actions.NotItsRepresentative: if the register names somebody else.
    """
    if queries.account(account_id).person_id is None:
        raise people.WhoAreYou
    number = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    question = Question(
        type=BUSINESS_REGISTER, holder_kind="business", number=number, key="", application_id=account_id
    )  # fmt: skip
    (answer,) = call(questions=[question], now=now)
    if answer.outcome in UNANSWERED:
        raise RegisterDoesNotAnswer
    if answer.outcome is not Outcome.FOUND:
        raise NoSuchBusiness
    if not all(isinstance(answer.facts.get(name), str) for name in BUSINESS_REGISTER.proves):
        raise RegisterDoesNotAnswer  # half a record names no representative
    record = people.BusinessRecord(**{name: str(answer.facts[name]) for name in BUSINESS_REGISTER.proves})
    return people.bind_business(account_id=account_id, business=record, now=now)
