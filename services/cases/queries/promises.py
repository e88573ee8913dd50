"""What applications promised in writing to bring in later, and whether a commitment may be given in a matter now."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Coalesce

from services.cases.models import AGAINST, Application, ApplicationState, CommitmentCheck, Promise
from services.cases.queries.visibility import application_for
from services.catalogue import queries as catalogue
from services.core.definitions import Definition
from services.core.evidence import commitment_needed
from services.core.facts import Holder
from services.core.promises import Delivery
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """How something promised comes, and to which office."""

    delivery: Delivery
    organisation: str


Promised = Mapping[tuple[str, str], date]


@dataclass(frozen=True, slots=True)
class Word:
    """What the applicants' words are worth in a batch: what they promised, by application, and where none is taken.

    `closed` names the holders and services in which an earlier commitment was found untrue, for as long as that
    finding says (R4.11).
    """

    promised: Mapping[UUID, Promised] = field(default_factory=dict)
    closed: frozenset[tuple[Holder, str]] = frozenset()

    def deferred(self, application_id: UUID, service: str) -> dict[str, date]:
        """Return what was promised in one service of an application, by when."""
        promised = self.promised.get(application_id, {})
        return {requirement: until for (of, requirement), until in promised.items() if of == service}


def words_of(
    applications: Collection[Application],
    definitions: Iterable[Definition],
    holders: Collection[Holder],
    on: date,
) -> Word:
    """Return what these applicants promised, and where no commitment is taken from them on the day.

    Asked only where a service lets something follow, or takes commitments.
    """
    read = list(definitions)
    defers = any(one.deferrable for definition in read for one in definition.requirements)
    commits = [definition.code for definition in read if _takes_commitments(definition)]
    return Word(
        promised=_promised(applications, on) if defers else {},
        closed=_closed(holders, commits, on) if commits else frozenset(),
    )


def on_their_way(*, viewer: AccountView, application_id: UUID) -> Mapping[str, OnItsWay]:
    """Return how the things promised in an application of one's own come, by requirement (R5.6).

    :raises NoSuchApplication: if there is none, or it is somebody else's.
    """
    rows = Promise.objects.filter(application=application_for(viewer, application_id))
    return {
        row.requirement: OnItsWay(Delivery(row.delivery), catalogue.organisation_of(row.service))
        for row in rows.order_by("-service")
    }


def _takes_commitments(definition: Definition) -> bool:
    kinds = {code for one in definition.requirements for entry in one.any_of for code in entry}
    given = any(commitment_needed(definition.evidence_types[code]) for code in kinds)
    return bool(definition.commitments.offer) or given


def _promised(applications: Collection[Application], on: date) -> dict[UUID, dict[tuple[str, str], date]]:
    """Return the promises; one whose day passed before it was filed has to be made anew."""
    drafts = {one.id for one in applications if one.state == ApplicationState.DRAFT}
    found: dict[UUID, dict[tuple[str, str], date]] = {one.id: {} for one in applications}
    rows = Promise.objects.filter(application__in=found).annotate(
        last=Coalesce("extended_until", F("due_on"))
    )
    for row in rows:
        if row.last >= on or row.application_id not in drafts:
            found[row.application_id][row.service, row.requirement] = row.last
    return found


def _closed(
    holders: Collection[Holder], services: Collection[str], on: date
) -> frozenset[tuple[Holder, str]]:
    rows = CommitmentCheck.objects.filter(
        holder_id__in=[one.id for one in holders],
        service__in=services,
        closed_until__gte=on,
        state__in=AGAINST,
    )
    found = rows.values_list("holder_kind", "holder_id", "service")
    return frozenset((Holder(kind, holder_id), service) for kind, holder_id, service in found)
