"""Who had a case in hand, and which office has a supervisor of another hand for it (R6.6, R9.7)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from services.cases.models import Case, Decision, Task
from services.core.states import Role
from services.people.queries import AccountView, officers_of
from services.visits import queries as visits


def hands_of(case: Case) -> frozenset[UUID]:
    """Return the officers who did anything in the case: whoever ended a task of it, or signed its decision."""
    tasks = Task.objects.filter(Q(closed_by__isnull=False) | Q(second_officer__isnull=False), case=case)
    found = {one for row in tasks.values_list("closed_by_id", "second_officer_id") for one in row}
    found |= set(Decision.objects.filter(case=case).values_list("signed_by_id", flat=True))
    return frozenset(one for one in found if one is not None)


def office_of_another_hand(organisation: str, hands: Collection[UUID]) -> str:
    """Return the office that answers: the one concerned, unless each of its supervisors had a hand in it.

    Then one whose officers sit at a general centre and that has another supervisor; the one concerned if there is none.
    """
    general = {office for one in visits.centres() if one.is_general for office in one.offices}
    for office in [organisation, *sorted(general - {organisation})]:
        if any(one.role is Role.SUPERVISOR and one.id not in hands for one in officers_of(office)):
            return office
    return organisation


def is_another_hand(viewer: AccountView, hands: Collection[UUID]) -> bool:
    """Return whether the officer is a supervisor who had no hand in it."""
    return viewer.role is Role.SUPERVISOR and viewer.id not in hands
