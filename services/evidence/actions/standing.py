"""Which business somebody represents: the business register says so, and nobody else."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from services import clock
from services.core.evidence import UNANSWERED, Outcome
from services.core.facts import Holder
from services.core.purposes import Purpose
from services.core.reference import DeclarationKind, EvidenceType, Home
from services.core.refusal import Kind, Refusal
from services.evidence.actions.calling import call
from services.evidence.models import BusinessClaim
from services.evidence.registries import Question, RegisterAnswer
from services.ledger.actions import WORKER, NewReading, record_readings
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
MATTER = "claim"
KEPT_FOR = timedelta(days=30)
State = BusinessClaim.State


class TooManyClaims(Refusal):
    """The account has as many claims open as it may have."""

    code = "too_many_claims"
    kind = Kind.TOO_MANY
    sentence = "The business register has not answered yet about {most} businesses you asked for. Wait for its answers."


@transaction.atomic
def open_claim(*, account_id: UUID, uscc: str, now: datetime) -> UUID:
    """Keep that the account says it represents the business, and return the claim; while it is open, twice is once.

    No register is asked here, and nothing is asked for a stranger (design §6).

    :raises services.people.actions.WhoAreYou: for an account that is bound to nobody.
    :raises services.people.identifiers.IdentifierMistyped: if this cannot be the code of a business.
    :raises TooManyClaims: if the register still owes the account as many answers as it may wait for.
    """
    if queries.account(account_id).person_id is None:
        raise people.WhoAreYou
    number = identifiers.checked(uscc, IdentifierKind.USCC, today=clock.legal_day(now))
    about = {"account_id": account_id, "uscc_index": queries.business_index(number)}
    claim, is_new = BusinessClaim.objects.get_or_create(
        **about, state=State.ASKING, defaults={"uscc": number, "asked_at": now}
    )
    most = settings.CLAIMS_MOST_OPEN
    if is_new and BusinessClaim.objects.filter(account_id=account_id, state=State.ASKING).count() > most:
        raise TooManyClaims(most=most)
    return claim.id


def ask_about_claim(*, claim_id: UUID, now: datetime) -> bool:
    """Ask the business register whether it names whoever claims the business; return whether it has answered.

    Called outside a transaction: the register may take its time. Every call is on record as a reading, for the person
    and for the business (R15.6). Whatever is half a record is no answer, and names nobody.
    """
    claim = BusinessClaim.objects.filter(id=claim_id, state=State.ASKING).first()
    if claim is None:
        return True
    answer = _asked(claim, now)
    with transaction.atomic():
        held = BusinessClaim.objects.select_for_update().filter(id=claim_id, state=State.ASKING).first()
        answered = held is None or _settled(held, answer, now)
        # Whatever became of the claim meanwhile, the register was called.
        _record(claim, answer, now)
    return answered


def forget_claims(*, now: datetime) -> int:
    """Forget what was claimed a month ago, answered or not; what came of it stands with the business (R15.10)."""
    return BusinessClaim.objects.filter(asked_at__lt=now - KEPT_FOR).delete()[0]


def _asked(claim: BusinessClaim, now: datetime) -> RegisterAnswer:
    kind = replace(BUSINESS_REGISTER, basis=clock.profile().standing_basis)
    question = Question(
        type=kind, holder_kind="business", number=claim.uscc, matter=MATTER, matter_id=claim.id
    )  # fmt: skip
    (answer,) = call(questions=[question], now=now)
    return answer


def _settled(claim: BusinessClaim, answer: RegisterAnswer, now: datetime) -> bool:
    whole = all(isinstance(answer.facts.get(name), str) for name in BUSINESS_REGISTER.proves)
    if answer.outcome in UNANSWERED or (answer.outcome is Outcome.FOUND and not whole):
        BusinessClaim.objects.filter(id=claim.id).update(failures=F("failures") + 1)
        return False
    claim.state, claim.answered_at = State.NO_BUSINESS, now
    if answer.outcome is Outcome.FOUND:
        claim.state, claim.business_id = _bound(claim, answer, now)
    claim.save(update_fields=["state", "answered_at", "business_id"])
    return True


def _bound(claim: BusinessClaim, answer: RegisterAnswer, now: datetime) -> tuple[str, UUID | None]:
    record = people.BusinessRecord(**{name: str(answer.facts[name]) for name in BUSINESS_REGISTER.proves})
    try:
        return State.BOUND, people.bind_business(account_id=claim.account_id, business=record, now=now)
    except people.NotItsRepresentative:
        people.record_registered_business(business=record)
        return State.NOT_NAMED, None


def _record(claim: BusinessClaim, answer: RegisterAnswer, now: datetime) -> None:
    """Put on record that the register was asked: for whom it was, and for the business, where we know it."""
    person, business = queries.account(claim.account_id).person_id, queries.business_with(uscc=claim.uscc)
    about = [Holder("person", person)] if person else []
    about += [Holder("business", business)] if business else []
    reading = {
        "at": now, "actor": WORKER, "organisation": "", "matter_kind": MATTER, "matter_id": claim.id,
        "purpose": Purpose.CLAIM, "basis": clock.profile().standing_basis, "fields": ["business_record"],
        "source": BUSINESS_REGISTER.code,
    }  # fmt: skip
    if answer.asked:
        record_readings(rows=[NewReading(holder=one, **reading) for one in about])
