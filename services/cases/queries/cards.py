"""Cases in lists: the account's own, those of an application, and one as an act on it tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from services.cases.models import Case
from services.cases.queries.visibility import case_for, received_cases, task_for, visible_cases
from services.catalogue import queries as catalogue
from services.core.facts import Texts
from services.people.queries import AccountView

PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in a list."""

    id: UUID
    application_id: UUID
    number: str
    service: str
    name: Texts = field(hash=False)
    organisation: str
    state: str
    verdict: str
    waits_for: tuple[str, ...]
    received_on: date
    promised_due: date | None
    version: int


def my_cases(*, viewer: AccountView, before: str = "", limit: int = PAGE) -> tuple[CaseCard, ...]:
    """Return a page of the cases the account may see, newest first; `before` is the number of the last one seen."""
    rows = visible_cases(viewer).order_by("-received_at", "-number")
    rows = _after(rows, before, viewer)
    return tuple(card(case) for case in rows[:limit])


def received_here(*, viewer: AccountView, limit: int = PAGE) -> tuple[CaseCard, ...]:
    """Return what the officer's office received for other offices lately, newest first (R11.7)."""
    rows = received_cases(viewer).order_by("-received_at", "-number")
    return tuple(card(case) for case in rows[:limit])


def _after(rows: QuerySet[Case], before: str, viewer: AccountView) -> QuerySet[Case]:
    if not before:
        return rows
    last = visible_cases(viewer).filter(number=before).first()
    if last is None:
        return rows.none()
    older = rows.filter(received_at__lt=last.received_at)
    return older | rows.filter(received_at=last.received_at, number__lt=last.number)


def card(case: Case) -> CaseCard:
    """Return the case as lists show it."""
    definition = catalogue.definition(case.service_version_id)
    return CaseCard(
        id=case.id,
        application_id=case.application_id,
        number=case.number,
        service=case.service,
        name=definition.name,
        organisation=case.organisation,
        state=case.state,
        verdict=case.verdict,
        waits_for=tuple(case.waits_for),
        received_on=case.received_on,
        promised_due=case.promised_due,
        version=case.version,
    )


def case_card(*, viewer: AccountView, case_id: UUID) -> CaseCard:
    """Return the case as lists show it: what an act on it tells.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    return card(case_for(viewer, case_id))


def card_of_task(*, viewer: AccountView, task_id: UUID) -> CaseCard:
    """Return the case of an office's task as lists show it.

    :raises NoSuchTask: if there is none, or it is another office's.
    """
    return case_card(viewer=viewer, case_id=task_for(viewer, task_id).case_id)


def cases_of_application(*, viewer: AccountView, application_id: UUID) -> Sequence[CaseCard]:
    """Return the cases of an application, in the order of its services: each after what it needs (R7.5)."""
    rows = visible_cases(viewer).filter(application_id=application_id).select_related("application")
    return tuple(
        card(one) for one in sorted(rows, key=lambda one: one.application.services.index(one.service))
    )
