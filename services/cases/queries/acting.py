"""Who acted for whom: both names, wherever an act of an agent is shown (R11.2)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.cases.models import ActedFor, Application, Case
from services.cases.queries.visibility import application_for, speaks_for_applicant, visible_applications
from services.core.acting import Done
from services.core.states import Role
from services.people import queries as people
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class Both:
    """An agent and whom they act for, by name."""

    agent: str = field(repr=False)
    applicant: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ActView:
    """One act of an agent, as whom it was done for sees it."""

    by: Both
    done: Done
    at: datetime


def filed_for(*, viewer: AccountView, application_ids: Collection[UUID]) -> Mapping[UUID, Both]:
    """Return of those applications that an agent filed who did so and for whom, in two queries."""
    rows = visible_applications(viewer).filter(id__in=application_ids, filed_by="agent")
    found = list(rows.select_related("business", "for_person"))
    names = people.names_of([one.account_id for one in found]) if found else {}
    return {one.id: Both(names.get(one.account_id, ""), applicant_name(one)) for one in found}


def applicant_name(application: Application) -> str:
    """Return what the business or the person is called for whom it is."""
    applicant = application.business or application.for_person or application.person
    return applicant.name if applicant else ""


def acts_in(*, viewer: AccountView, application_id: UUID) -> tuple[ActView, ...]:
    """Return what agents did in an application, oldest first.

    :raises NoSuchApplication: if there is none, or it may not be seen.
    """
    application = application_for(viewer, application_id)
    rows = list(ActedFor.objects.filter(application_id=application.id).order_by("id"))
    names = people.names_of([row.agent_id for row in rows]) if rows else {}
    whom = applicant_name(application)
    return tuple(ActView(Both(names.get(row.agent_id, ""), whom), Done(row.done), row.at) for row in rows)


def agents_among(case: Case, account_ids: Iterable[UUID]) -> Mapping[UUID, Both]:
    """Return of these accounts those that acted for the applicant of the case, each with both names.

    Who is the applicant, or a party who signed for themselves, acts for nobody.
    """
    application = case.application
    others = set(account_ids)
    if application.filed_by != "agent":
        others -= {application.account_id}
    if not others:
        return {}
    parties = {party.person_id for party in application.parties.all() if party.person_id}
    parties |= {party.business.representative_id for party in application.parties.all() if party.business}
    return {
        one.id: Both(one.display_name, applicant_name(application))
        for one in people.accounts(others).values()
        if one.role is Role.APPLICANT
        and not speaks_for_applicant(one, application)
        and one.person_id not in parties
    }
