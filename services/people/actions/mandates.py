"""Mandates: a person or a business's representative grants, the agent accepts, either ends (R11.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from services import clock
from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
from services.people import queries
from services.people.actions.businesses import NotItsRepresentative
from services.people.actions.identity import person_of
from services.people.models import USUAL_POWERS, Account, Mandate, usual_powers
from services.people.queries import AccountView, NoSuchMandate


class MandateRefused(Refusal):
    """The mandate cannot be; `reason` says why."""

    code = "mandate_refused"
    kind = Kind.CONFLICT
    sentence = "This mandate is not possible: {reason}"


class MandateChanged(Refusal):
    """It was accepted or ended since it was looked at."""

    code = "mandate_changed"
    kind = Kind.STALE
    sentence = "This mandate was accepted or ended meanwhile. Look at it again before you change it."


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateTerms:
    """What an agent may do, and until when (the last day included); no service named means every service.

    To declare is said by itself (R4.12). `most_fee`: the highest fee they may commit whom they represent to.
    """

    agent_username: str
    services: Sequence[str] = ()
    powers: Sequence[str] = field(default_factory=usual_powers)
    may_declare: bool = False
    most_fee: Decimal | None = None
    valid_until: date


@transaction.atomic
def grant_mandate(
    *, account_id: UUID, business_id: UUID | None = None, terms: MandateTerms, now: datetime
) -> UUID:
    """Offer somebody to act for oneself, or for the business; return the mandate. It holds once the agent accepts it.

    :raises NotItsRepresentative: if the account is not the legal representative's.
    :raises WhoAreYou: for oneself, if the account is not bound to a person.
    :raises MandateRefused: for no such agent, oneself, a day that has passed, or if one is open already.
    """
    whose = _whose(account_id, business_id)
    agent = Account.objects.filter(username=terms.agent_username, role="applicant", is_active=True).first()
    if agent is None or agent.id == account_id or _is_granter(agent, account_id):
        raise MandateRefused(reason="name the account of somebody else who has signed in before.")
    if terms.valid_until < clock.legal_day(now):
        raise MandateRefused(reason="its last day has passed.")
    if not terms.powers and not terms.may_declare:
        raise MandateRefused(reason="choose what they may do.")
    if not set(terms.powers) <= set(USUAL_POWERS) or (terms.most_fee is not None and terms.most_fee < 0):
        raise MandateRefused(reason="what they may do, or the highest fee, is not understood.")
    _end_expired(whose, agent.id, now)
    return _enter(whose, Mandate(agent_id=agent.id, granted_by_id=account_id, granted_at=now), terms)


# Whom a mandate is for, by the field of it that says so.
Whose = Mapping[str, UUID]


def _whose(account_id: UUID, business_id: UUID | None) -> Whose:
    """Return whose mandate the account can give: nobody lends what was lent to them."""
    if business_id is None:
        return {"person_id": person_of(account_id).id}
    if not queries.speaks_for(account_id, Holder("business", business_id)):
        raise NotItsRepresentative
    return {"business_id": business_id}


def _is_granter(agent: Account, account_id: UUID) -> bool:
    """Return whether it is another account of the same person: nobody is their own agent."""
    return agent.person_id is not None and agent.person_id == person_of(account_id).id


def expect_mandate(*, viewer: AccountView, mandate_id: UUID, version: int) -> None:
    """Hold the mandate, at this version, until the caller's transaction ends.

    :raises NoSuchMandate: if it is not one of the account's.
    :raises MandateChanged: if it has another version by now.
    """
    if _locked(viewer.id, mandate_id).version != version:
        raise MandateChanged


@transaction.atomic
def accept_mandate(*, account_id: UUID, mandate_id: UUID, now: datetime) -> None:
    """Accept a mandate offered to the account. Twice is once.

    :raises WhoAreYou: if the account is not bound to a person.
    :raises NoSuchMandate: if none is open for this account.
    """
    person = person_of(account_id)
    open_for_agent = Mandate.objects.filter(id=mandate_id, agent_id=account_id, ended_at__isnull=True)
    mandate = open_for_agent.select_for_update().first()
    if mandate is None or mandate.person_id == person.id:
        raise NoSuchMandate
    if mandate.accepted_at is None:
        mandate.accepted_at, mandate.version = now, mandate.version + 1
        mandate.save(update_fields=["accepted_at", "version"])


@transaction.atomic
def end_mandate(*, account_id: UUID, mandate_id: UUID, now: datetime) -> None:
    """End a mandate at once: whom it represents may, and so may the agent (R11.2). Twice is once.

    :raises NoSuchMandate: if it is not one of the account's.
    """
    mandate = _locked(account_id, mandate_id)
    if mandate.ended_at is None:
        mandate.ended_at, mandate.version = now, mandate.version + 1
        mandate.save(update_fields=["ended_at", "version"])


def _locked(account_id: UUID, mandate_id: UUID) -> Mandate:
    mine = Mandate.objects.filter(queries.either_side(account_id), id=mandate_id).values("id")
    mandate = Mandate.objects.filter(id__in=mine).select_for_update().first()
    if mandate is None:
        raise NoSuchMandate
    return mandate


def _end_expired(whose: Whose, agent_id: UUID, now: datetime) -> None:
    """Make room for a new mandate where the old one has run out."""
    expired = Mandate.objects.filter(**whose, agent_id=agent_id, ended_at__isnull=True)
    expired.filter(valid_until__lt=clock.legal_day(now)).update(ended_at=now, version=F("version") + 1)


def _enter(whose: Whose, offered: Mandate, terms: MandateTerms) -> UUID:
    offered.business_id, offered.person_id = whose.get("business_id"), whose.get("person_id")
    offered.services, offered.powers = list(terms.services), list(dict.fromkeys(terms.powers))
    offered.may_declare, offered.most_fee = terms.may_declare, terms.most_fee
    offered.valid_until = terms.valid_until
    try:
        with transaction.atomic():
            offered.save(force_insert=True)
    except IntegrityError as already:
        raise MandateRefused(reason="one is open already; end it first.") from already
    return offered.id
