"""Mandates, as their two sides see them, and what they let an agent do (R11.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, QuerySet

from services.core.facts import Holder
from services.core.mandates import NEEDED, REASONS, Deed, Lent, Power, Why, why_not
from services.core.refusal import Kind, Refusal
from services.people.models import Account, Mandate
from services.people.queries.identity import called


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate, as its two sides see it; it is for a business or for a person, and the other one is None.

    `represented`: what the one of them is called.
    """

    id: UUID
    business_id: UUID | None
    person_id: UUID | None
    represented: str
    agent_id: UUID
    agent_name: str
    services: tuple[str, ...]
    powers: tuple[Power, ...]
    may_declare: bool
    most_fee: Decimal | None
    valid_until: date
    accepted: bool
    version: int

    @property
    def business_name(self) -> str:
        """Return the name of the business it is for; none for a person's."""
        return self.represented if self.business_id else ""


@dataclass(frozen=True, slots=True)
class Represented:
    """A person whom an account may act for, by which mandate."""

    id: UUID
    name: str
    mandate_id: UUID


class NoSuchMandate(Refusal):
    """There is none, or none of yours."""

    code = "no_such_mandate"
    kind = Kind.MISSING
    sentence = "There is no such mandate."


class NotInYourMandate(Refusal):
    """Who acts for somebody else does only what their mandate says."""

    code = "not_in_your_mandate"
    kind = Kind.FORBIDDEN
    sentence = "You cannot do this for somebody else: {reason}."


def check_deed(
    deed: Deed,
    *,
    account_id: UUID,
    holder: Holder,
    services: Collection[str],
    on: date,
    fee: Decimal | None = None,
) -> None:
    """Do nothing if the account may do this for the holder on the day: as themself, or by its mandate (R11.2).

    :raises NotInYourMandate: saying why not.
    """
    if speaks_for(account_id, holder):
        return
    why = why_not(deed, lent_by(holder, account_id), services=services, on=on, fee=fee)
    if why is not None:
        raise NotInYourMandate(reason=REASONS[why])


def may(deed: Deed, *, account_id: UUID, holder: Holder, services: Collection[str], on: date) -> Why | None:
    """Return why the account may not do this for the holder on the day, or None if it may."""
    if speaks_for(account_id, holder):
        return None
    return why_not(deed, lent_by(holder, account_id), services=services, on=on)


def speaks_for(account_id: UUID, holder: Holder) -> bool:
    """Return whether the account is the person's own, or that of the business's representative."""
    of_theirs = Q(person_id=holder.id) if holder.kind == "person" else Q(person__businesses=holder.id)
    return Account.objects.filter(of_theirs, id=account_id).exists()


def lent_by(holder: Holder, account_id: UUID) -> Lent | None:
    """Return the account's mandate from the holder, or the last one that ended; None if there never was one."""
    rows = Mandate.objects.filter(of_holder(holder), agent_id=account_id)
    row = rows.order_by(F("ended_at").desc(nulls_first=True)).first()
    return lent_of(row) if row is not None else None


def of_holder(holder: Holder) -> Q:
    """Return the condition that a mandate is the holder's to give."""
    return Q(person_id=holder.id) if holder.kind == "person" else Q(business_id=holder.id)


def lent_of(row: Mandate) -> Lent:
    """Return a mandate as the law looks at it."""
    return Lent(
        powers=powers_of(row),
        services=frozenset(row.services),
        most_fee=row.most_fee,
        valid_until=row.valid_until,
        accepted=row.accepted_at is not None,
        ended=row.ended_at is not None,
    )


def powers_of(row: Mandate) -> frozenset[Power]:
    """Return what the mandate gives, the power to declare with the others."""
    return frozenset(Power(one) for one in row.powers) | ({Power.DECLARE} if row.may_declare else set())


def live_mandates(on: date) -> QuerySet[Mandate]:
    """Return the mandates in force on a day: accepted, not ended, not run out."""
    return Mandate.objects.filter(accepted_at__isnull=False, ended_at__isnull=True, valid_until__gte=on)


def giving(deed: Deed) -> Q:
    """Return the condition that a mandate gives what the deed needs."""
    needed = NEEDED[deed]
    return Q(may_declare=True) if needed is Power.DECLARE else Q(powers__contains=[needed])


def covering(services: Collection[str]) -> Q:
    """Return the condition that a mandate is for all of these services."""
    return Q(services=[]) | Q(services__contains=list(services))


def agents_of(
    holder: Holder, deed: Deed, *, services: Collection[str], on: date
) -> tuple[tuple[UUID, str], ...]:
    """Return who may do this for the holder on a day, by account and name, the first who was asked first."""
    rows = live_mandates(on).filter(of_holder(holder), giving(deed), covering(services))
    rows = rows.select_related("agent__person").order_by("granted_at", "id")
    return tuple((row.agent_id, called(row.agent)) for row in rows)


def persons_represented(account_id: UUID, *, on: date, service: str) -> tuple[Represented, ...]:
    """Return the persons for whom the account may file this service on a day, the first who asked first."""
    rows = live_mandates(on).filter(giving(Deed.BEGIN), covering([service]), agent_id=account_id)
    rows = rows.filter(person__isnull=False).select_related("person").order_by("granted_at", "id")
    return tuple(Represented(row.person.id, row.person.name, row.id) for row in rows if row.person)


def mandates_of(account_id: UUID) -> tuple[MandateView, ...]:
    """Return the mandates that have not ended: those offered to the account, and those it or its businesses gave."""
    rows = Mandate.objects.filter(either_side(account_id), ended_at__isnull=True).distinct()
    rows = rows.order_by("granted_at", "id").select_related("business", "person", "agent__person")
    return tuple(_view(one) for one in rows)


def either_side(account_id: UUID) -> Q:
    """Return the condition that a mandate is the account's: as its agent, or as whom it represents."""
    given = Q(business__representative__accounts__id=account_id) | Q(person__accounts__id=account_id)
    return Q(agent_id=account_id) | given


def mandate(*, account_id: UUID, mandate_id: UUID) -> MandateView:
    """Return one mandate that has not ended, as its two sides see it.

    :raises NoSuchMandate: if there is none, or it is neither offered to the account nor given by it.
    """
    found = next((one for one in mandates_of(account_id) if one.id == mandate_id), None)
    if found is None:
        raise NoSuchMandate
    return found


def _view(found: Mandate) -> MandateView:
    represented = found.business or found.person
    return MandateView(
        id=found.id,
        business_id=found.business_id,
        person_id=found.person_id,
        represented=represented.name if represented else "",
        agent_id=found.agent_id,
        agent_name=called(found.agent),
        services=tuple(found.services),
        powers=tuple(one for one in Power if one in powers_of(found)),
        may_declare=found.may_declare,
        most_fee=found.most_fee,
        valid_until=found.valid_until,
        accepted=found.accepted_at is not None,
        version=found.version,
    )
