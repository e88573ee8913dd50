"""By what right an account acts for a business: as its representative, or by a mandate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from services.core.facts import Holder
from services.core.refusal import Kind, Refusal
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
    version: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What is done for a business: which one, and in which services; all of them have to be covered."""

    business_id: UUID
    services: tuple[str, ...]


class NoSuchMandate(Refusal):
    """There is none, or none of yours."""

    code = "no_such_mandate"
    kind = Kind.MISSING
    sentence = "There is no such mandate."


def accounts_of(holder: Holder) -> tuple[UUID, ...]:
    """Return the accounts that speak for a holder themselves: the person's, or those of the business's representative.

    An agent is not among them: what they may do is told by matter (`accounts_in`).
    """
    if holder.kind == "person":
        found = Account.objects.filter(person_id=holder.id)
    else:
        found = Account.objects.filter(person__businesses=holder.id)
    return tuple(found.order_by("date_joined", "id").values_list("id", flat=True))


def accounts_in(matters: Iterable[Matter], *, on: date) -> Mapping[Matter, tuple[UUID, ...]]:
    """Return per matter the accounts that stand for its business today, in two queries however many there are.

    These are the representative's, and those of agents whose mandate covers every service of it (R11.2).
    """
    asked = set(matters)
    businesses = {one.business_id for one in asked}
    own = Account.objects.filter(person__businesses__in=businesses, is_active=True)
    represented = list(own.order_by("date_joined", "id").values_list("person__businesses", "id"))
    mandates = _live_mandates(on).filter(business_id__in=businesses, agent__is_active=True)
    lent = list(mandates.order_by("granted_at", "id").values_list("business_id", "agent_id", "services"))
    return {
        one: tuple(
            dict.fromkeys(
                [account for business, account in represented if business == one.business_id]
                + [
                    agent
                    for business, agent, services in lent
                    if business == one.business_id and (not services or set(one.services) <= set(services))
                ]
            )
        )
        for one in asked
    }


def own_matters(account_id: UUID, *, on: date) -> Q:
    """Return the condition that a row with `account`, `business` and `services` is the account's on a day.

    What is for itself is its own. What is for a business is its representative's, and an agent's own while their
    mandate lasts and covers every service of it (R11.2).
    """
    covering = Q(services=[]) | Q(services__contains=OuterRef("services"))
    mandated = _live_mandates(on).filter(covering, agent_id=account_id, business=OuterRef("business"))
    # By their ids, and not by a join: both sides of the condition then have an index to go by.
    represented = list(
        Business.objects.filter(representative__accounts=account_id).values_list("id", flat=True)
    )
    own = Q(account_id=account_id) & (Q(business__isnull=True) | Exists(mandated))
    return own | Q(business_id__in=represented) if represented else own


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


def mandate(*, account_id: UUID, mandate_id: UUID) -> MandateView:
    """Return one mandate that has not ended, as its two sides see it.

    :raises NoSuchMandate: if there is none, or it is neither offered to the account nor for its business.
    """
    found = next((one for one in mandates_of(account_id) if one.id == mandate_id), None)
    if found is None:
        raise NoSuchMandate
    return found


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
        version=found.version,
    )
