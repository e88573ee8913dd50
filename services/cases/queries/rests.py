"""Which evidence cases rest on: what is thrown away is never what somebody's matter still needs (R3.17, R15.10)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from services.cases.models import Application, Case, Party
from services.core.facts import Holder
from services.evidence import queries as evidence


def cases_of_the_same(applications: Sequence[Application]) -> QuerySet[Case]:
    """Return the cases in which any of these applications' people and businesses is applicant or party.

    Evidence is used again by whom it is about (`holdings.held`): a co-signer's, in the co-signer's own matter.
    """
    return cases_of(about_whom(applications))


def about_whom(applications: Sequence[Application]) -> set[Holder]:
    """Return who applied in these applications, and whom evidence in them is about."""
    applied = {Holder("person", one.person_id) for one in applications if one.person_id}
    applied |= {Holder("business", one.business_id) for one in applications if one.business_id}
    return applied | evidence.holders_in(application_ids=[one.id for one in applications])


def cases_of(about: Collection[Holder]) -> QuerySet[Case]:
    """Return the cases in which any of these people and businesses is applicant or party."""
    people = {one.id for one in about if one.kind == "person"}
    businesses = {one.id for one in about if one.kind == "business"}
    parties = Party.objects.filter(Q(person__in=people) | Q(business__in=businesses)).values("application")
    own = Q(application__person__in=people) | Q(application__business__in=businesses)
    return Case.objects.filter(own | Q(application__in=parties))


def evidence_in(cases: QuerySet[Case]) -> set[UUID]:
    """Return the evidence that the requirements of these cases rest on."""
    settled: Iterable[Mapping[str, Any]] = cases.values_list("settlements", flat=True)
    return {UUID(item["id"]) for of in settled for one in of.values() for item in one.get("evidence", ())}


def left_behind(applications: Sequence[Application]) -> set[UUID]:
    """Return the emptied and discarded applications that still hold evidence about anybody in these (R15.10).

    It was kept for a matter that rested on it, and goes when no matter does any more.
    """
    parties = Party.objects.filter(application__in=applications)
    named = {Holder("person", one) for one in parties.values_list("person", flat=True) if one}
    named |= {Holder("business", one) for one in parties.values_list("business", flat=True) if one}
    held_by = evidence.applications_about(holders=about_whom(applications) | named)
    living = Application.objects.filter(id__in=held_by, emptied_at__isnull=True)
    return set(held_by) - set(living.values_list("id", flat=True))
