"""By what right an account acts for somebody else: as a business's representative, or by a mandate."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import FilteredRelation, Q

from services.core.facts import Holder
from services.core.mandates import Deed, Power
from services.people.models import Account, Business
from services.people.queries.mandates import covering, giving, live_mandates


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


@dataclass(frozen=True, slots=True)
class Matter:
    """What is done for somebody, in which services, and by which account; all the services have to be covered.

    A business, a person, or both: who founds a business by it stays whom it was filed for.
    """

    business_id: UUID | None
    services: tuple[str, ...]
    person_id: UUID | None = None
    filed_by: UUID | None = None

    @property
    def holders(self) -> frozenset[UUID]:
        """Return the business and the person whose matter it is."""
        return frozenset(one for one in (self.business_id, self.person_id) if one is not None)


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
    """Return per matter the accounts that stand for its business or person today, in a constant number of queries.

    These are their own, and those of agents whose mandate covers every service of it (R11.2): with the power to see,
    or with the power to file what they filed themselves.
    """
    asked = set(matters)
    own = _own_accounts(asked)
    lent = _lent_accounts(asked, on)
    return {
        one: tuple(
            dict.fromkeys(
                [account for holder, account in own if holder in one.holders]
                + [mandate.agent for mandate in lent if mandate.shows(one)]
            )
        )
        for one in asked
    }


class _Mandate(NamedTuple):
    """A mandate in force: of whom, whose it is, and what it covers."""

    holder: UUID
    agent: UUID
    services: list[str]
    powers: list[str]

    def shows(self, matter: Matter) -> bool:
        """Return whether its agent sees the matter by it, as `own_matters` says of rows."""
        covered = not self.services or set(matter.services) <= set(self.services)
        seen = Power.VIEW in self.powers or self.agent == matter.filed_by
        return self.holder in matter.holders and covered and seen


def _own_accounts(matters: Iterable[Matter]) -> list[tuple[UUID, UUID]]:
    active = Account.objects.filter(is_active=True).order_by("date_joined", "id")
    businesses = {one.business_id for one in matters if one.business_id}
    persons = {one.person_id for one in matters if one.person_id}
    found = []
    if businesses:
        found += active.filter(person__businesses__in=businesses).values_list("person__businesses", "id")
    if persons:
        found += active.filter(person__in=persons).values_list("person", "id")
    return found


def _lent_accounts(matters: Iterable[Matter], on: date) -> list[_Mandate]:
    holders = frozenset[UUID]().union(*(one.holders for one in matters))
    rows = live_mandates(on).filter(_sees(), agent__is_active=True)
    rows = rows.filter(Q(business_id__in=holders) | Q(person_id__in=holders)).order_by("granted_at", "id")
    found = rows.values_list("business_id", "person_id", "agent_id", "services", "powers")
    return [_Mandate(business or person, *rest) for business, person, *rest in found]


def _sees() -> Q:
    """Return the condition that a mandate lets its agent see anything of a matter: who only comes along does not."""
    return giving(Deed.CHANGE) | giving(Deed.LOOK)


def own_matters(account_id: UUID, *, on: date, self_filed: bool = False) -> Q:
    """Return the condition that a row with `account`, `business`, `for_person` and `services` is the account's then.

    What is for itself is its own, whoever filed it. What is for a business is its representative's. What is for
    somebody else is an agent's while their mandate lasts and covers every service of it: what they filed themselves, by
    the power to file, and what others filed, by the power to see it (R11.2).

    `self_filed`: the rows also have the `person` who filed, for themselves if for nobody else.
    """
    # By their ids, and not by a join: each side of the condition then has an index to go by.
    known = list(_known_of(account_id, on))
    person, businesses = (
        (known[0].person if known else None),
        {one.represents for one in known if one.represents},
    )
    own = Q(account_id=account_id, business__isnull=True, for_person__isnull=True)
    if person:
        own |= Q(for_person_id=person)
    if businesses:
        own |= Q(business_id__in=businesses)
    for lent in {one.lent: one for one in known if one.lent}.values():
        own |= _lent_matters(lent, account_id, self_filed)
    return own


class _Known(NamedTuple):
    """What an account may speak for: its person, one of their businesses, and one of the mandates it has."""

    person: UUID | None
    represents: UUID | None
    lent: UUID | None
    for_business: UUID | None
    for_person: UUID | None
    services: list[str] | None
    powers: list[str] | None


def _known_of(account_id: UUID, on: date) -> Iterator[_Known]:
    """Yield all of it in one query: each business with each mandate in force on the day."""
    live = Q(
        mandates__accepted_at__isnull=False, mandates__ended_at__isnull=True, mandates__valid_until__gte=on
    )
    rows = Account.objects.filter(id=account_id).annotate(lent=FilteredRelation("mandates", condition=live))
    fields = ("lent__id", "lent__business", "lent__person", "lent__services", "lent__powers")
    return (_Known(*row) for row in rows.values_list("person_id", "person__businesses", *fields))


def _lent_matters(lent: _Known, account_id: UUID, self_filed: bool) -> Q:
    powers = lent.powers or ()
    theirs = Q(business_id=lent.for_business) if lent.for_business else Q(for_person_id=lent.for_person)
    if self_filed and lent.for_person and Power.VIEW in powers:
        theirs |= Q(person_id=lent.for_person, business__isnull=True)
    if lent.services:
        theirs &= Q(services__contained_by=lent.services)
    if Power.VIEW in powers:
        return theirs
    return theirs & Q(account_id=account_id) if Power.FILE in powers else Q(pk__in=())


def businesses_of(account_id: UUID, *, on: date) -> tuple[BusinessView, ...]:
    """Return the businesses an account may act for on a day, by name: first its own, then by mandate."""
    own = Business.objects.filter(representative__accounts__id=account_id)
    lent = live_mandates(on).filter(_sees(), agent_id=account_id)
    standings = [(one, Standing.REPRESENTATIVE) for one in own.order_by("name")]
    known = {one.id for one, _ in standings}
    mandated = Business.objects.filter(mandates__in=lent).order_by("name")
    standings += [(one, Standing.AGENT) for one in mandated if one.id not in known]
    return tuple(_business_view(one, standing) for one, standing in standings)


def may_act_for(*, account_id: UUID, business_id: UUID, service_code: str, on: date) -> Standing | None:
    """Return by what right an account may file for a business in a service on that day, or None.

    With no service code, a mandate that is limited to some services gives no right.
    """
    if Business.objects.filter(id=business_id, representative__accounts__id=account_id).exists():
        return Standing.REPRESENTATIVE
    rows = live_mandates(on).filter(giving(Deed.BEGIN), covering([service_code]), agent_id=account_id)
    return Standing.AGENT if rows.filter(business_id=business_id).exists() else None


def _business_view(found: Business, standing: Standing) -> BusinessView:
    return BusinessView(
        id=found.id, name=found.name, uscc=found.uscc, kind=found.kind, status=found.status, standing=standing
    )
