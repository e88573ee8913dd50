"""By what right an account acts for a business: as its representative, or by a mandate."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from services.core.facts import Holder
from services.people.models import Account, Business, Mandate
from services.people.queries.identity import called


class Standing(StrEnum):
    """By what right an account acts for a business."""

    REPRESENTATIVE = "representative"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessView:
    """A business an account may act for, and by what right; its code is public and shown whole."""

    id: UUID
    name: str
    uscc: str
    kind: str
    status: str
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate, as its two sides see it."""

    id: UUID
    business_id: UUID
    business_name: str
    agent_id: UUID
    agent_name: str
    services: tuple[str, ...]
    may_declare: bool
    valid_until: date
    accepted: bool


def accounts_of(holder: Holder, *, on: date) -> tuple[UUID, ...]:
    """Return the accounts that get a holder's letters: the person's, or the representative's and agents'."""
    if holder.kind == "person":
        found = Account.objects.filter(person_id=holder.id)
    else:
        agents = Q(mandates__in=_live_mandates(on).filter(business_id=holder.id))
        found = Account.objects.filter(agents | Q(person__businesses=holder.id)).distinct()
    return tuple(found.order_by("date_joined", "id").values_list("id", flat=True))


def businesses_of(account_id: UUID, *, on: date) -> tuple[BusinessView, ...]:
    """Return the businesses an account may act for on a day, by name: first its own, then by mandate."""
    own = Business.objects.filter(representative__accounts__id=account_id)
    mandated = Business.objects.filter(mandates__in=_live_mandates(on).filter(agent_id=account_id))
    standings = [(one, Standing.REPRESENTATIVE) for one in own.order_by("name")]
    known = {one.id for one, _ in standings}
    standings += [(one, Standing.AGENT) for one in mandated.order_by("name") if one.id not in known]
    return tuple(_business_view(one, standing) for one, standing in standings)


def may_act_for(*, account_id: UUID, business_id: UUID, service_code: str, on: date) -> Standing | None:
    """Return by what right an account may act for a business in a service on that day, or None.

    With no service code, a mandate that is limited to some services gives no right.
    """
    if Business.objects.filter(id=business_id, representative__accounts__id=account_id).exists():
        return Standing.REPRESENTATIVE
    return Standing.AGENT if _mandates_for(account_id, business_id, service_code, on).exists() else None


def may_declare_for(*, account_id: UUID, business_id: UUID, service_code: str, on: date) -> bool:
    """Return whether the account may sign declarations for the business; an agent only if told so."""
    if Business.objects.filter(id=business_id, representative__accounts__id=account_id).exists():
        return True
    return _mandates_for(account_id, business_id, service_code, on).filter(may_declare=True).exists()


def mandates_of(account_id: UUID) -> tuple[MandateView, ...]:
    """Return the mandates that have not ended: those offered to the account, and those for its businesses."""
    theirs = Q(agent_id=account_id) | Q(business__representative__accounts__id=account_id)
    open_ones = Mandate.objects.filter(theirs, ended_at__isnull=True).distinct().order_by("granted_at", "id")
    return tuple(_mandate_view(one) for one in open_ones.select_related("business", "agent__person"))


def _live_mandates(on: date) -> QuerySet[Mandate]:
    return Mandate.objects.filter(accepted_at__isnull=False, ended_at__isnull=True, valid_until__gte=on)


def _mandates_for(account_id: UUID, business_id: UUID, service_code: str, on: date) -> QuerySet[Mandate]:
    theirs = _live_mandates(on).filter(agent_id=account_id, business_id=business_id)
    return theirs.filter(Q(services=[]) | Q(services__contains=[service_code]))


def _business_view(found: Business, standing: Standing) -> BusinessView:
    return BusinessView(
        id=found.id, name=found.name, uscc=found.uscc, kind=found.kind, status=found.status, standing=standing
    )


def _mandate_view(found: Mandate) -> MandateView:
    return MandateView(
        id=found.id,
        business_id=found.business_id,
        business_name=found.business.name,
        agent_id=found.agent_id,
        agent_name=called(found.agent),
        services=tuple(found.services),
        may_declare=found.may_declare,
        valid_until=found.valid_until,
        accepted=found.accepted_at is not None,
    )
