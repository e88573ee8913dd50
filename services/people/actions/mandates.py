"""Mandates to act for a business: its representative grants, the agent accepts, either ends (R11.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from services import clock
from services.core.refusal import Kind, Refusal
from services.people import queries
from services.people.actions.businesses import NotItsRepresentative
from services.people.actions.identity import person_of
from services.people.models import Account, Mandate
from services.people.queries import AccountView, NoSuchMandate, Standing


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
    """What an agent may do, and until when (the last day included); no service named means every service."""

    agent_username: str
    services: Sequence[str] = ()
    may_declare: bool = False
    valid_until: date


@transaction.atomic
def grant_mandate(*, account_id: UUID, business_id: UUID, terms: MandateTerms, now: datetime) -> UUID:
    """Offer somebody to act for the business, and return the mandate; it holds once the agent accepts it.

    :raises NotItsRepresentative: if the account is not the legal representative's.
    :raises MandateRefused: for no such agent, oneself, a day that has passed, or if one is open already.
    """
    today = clock.legal_day(now)
    standing = queries.may_act_for(account_id=account_id, business_id=business_id, service_code="", on=today)
    if standing is not Standing.REPRESENTATIVE:
        raise NotItsRepresentative
    agent = Account.objects.filter(username=terms.agent_username, role="applicant", is_active=True).first()
    if agent is None or agent.id == account_id:
        raise MandateRefused(reason="name the account of somebody else who has signed in before.")
    if terms.valid_until < today:
        raise MandateRefused(reason="its last day has passed.")
    _end_expired(business_id, agent.id, now)
    return _enter(account_id, business_id, agent.id, terms, now)


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
    person_of(account_id)
    open_for_agent = Mandate.objects.filter(id=mandate_id, agent_id=account_id, ended_at__isnull=True)
    mandate = open_for_agent.select_for_update().first()
    if mandate is None:
        raise NoSuchMandate
    if mandate.accepted_at is None:
        mandate.accepted_at, mandate.version = now, mandate.version + 1
        mandate.save(update_fields=["accepted_at", "version"])


@transaction.atomic
def end_mandate(*, account_id: UUID, mandate_id: UUID, now: datetime) -> None:
    """End a mandate at once: the business's representative may, and so may the agent (R11.2). Twice is once.

    :raises NoSuchMandate: if it is not one of the account's.
    """
    mandate = _locked(account_id, mandate_id)
    if mandate.ended_at is None:
        mandate.ended_at, mandate.version = now, mandate.version + 1
        mandate.save(update_fields=["ended_at", "version"])


def _locked(account_id: UUID, mandate_id: UUID) -> Mandate:
    theirs = Q(agent_id=account_id) | Q(business__representative__accounts__id=account_id)
    mandate = Mandate.objects.filter(theirs, id=mandate_id).select_for_update(of=("self",)).first()
    if mandate is None:
        raise NoSuchMandate
    return mandate


def _end_expired(business_id: UUID, agent_id: UUID, now: datetime) -> None:
    """Make room for a new mandate where the old one has run out."""
    expired = Mandate.objects.filter(business_id=business_id, agent_id=agent_id, ended_at__isnull=True)
    expired.filter(valid_until__lt=clock.legal_day(now)).update(ended_at=now, version=F("version") + 1)


def _enter(account_id: UUID, business_id: UUID, agent_id: UUID, terms: MandateTerms, now: datetime) -> UUID:
    try:
        with transaction.atomic():
            mandate = Mandate.objects.create(
                business_id=business_id, agent_id=agent_id, granted_by_id=account_id, granted_at=now,
                services=list(terms.services), may_declare=terms.may_declare, valid_until=terms.valid_until,
            )  # fmt: skip
    except IntegrityError as already:
        raise MandateRefused(reason="one is open already; end it first.") from already
    return mandate.id
