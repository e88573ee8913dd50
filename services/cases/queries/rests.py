"""Which evidence cases rest on: what is thrown away is never what somebody's matter still needs (R3.17, R15.10)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from services.cases.models import Application, Case, Party
from services.evidence import queries as evidence


def cases_of_the_same(applications: Sequence[Application]) -> QuerySet[Case]:
    """Return the cases in which any of these applications' people and businesses is applicant or party.

    Evidence is used again by whom it is about (`holdings.held`): a co-signer's, in the co-signer's own matter.
    """
    about = evidence.holders_in(application_ids=[one.id for one in applications])
    people = {one.person_id for one in applications} | {one.id for one in about if one.kind == "person"}
    businesses = {one.business_id for one in applications} | {
        one.id for one in about if one.kind == "business"
    }
    people, businesses = people - {None}, businesses - {None}
    parties = Party.objects.filter(Q(person__in=people) | Q(business__in=businesses)).values("application")
    own = Q(application__person__in=people) | Q(application__business__in=businesses)
    return Case.objects.filter(own | Q(application__in=parties))


def evidence_in(cases: QuerySet[Case]) -> set[UUID]:
    """Return the evidence that the requirements of these cases rest on."""
    settled: Iterable[Mapping[str, Any]] = cases.values_list("settlements", flat=True)
    return {UUID(item["id"]) for of in settled for one in of.values() for item in one.get("evidence", ())}
