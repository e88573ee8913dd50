"""Applications that are not cases yet: drafts, and those that wait for somebody's signature."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from services import clock
from services.cases.models import Application, ApplicationState, Party
from services.cases.queries.drafts import definitions_of
from services.cases.queries.statements import StatementToSign, statements_to_sign
from services.cases.queries.visibility import (
    NoSuchApplication,
    application_for,
    signable_applications,
    visible_applications,
    works_on,
)
from services.core.facts import Holder, Texts, Value
from services.people.queries import AccountView, holder_name

PAGE = 25
_OPEN = (ApplicationState.DRAFT, ApplicationState.AWAITING_SIGNATURES)


@dataclass(frozen=True, slots=True)
class ApplicationCard:
    """An application in a list. `mine`: this account goes on with it; `to_sign`: it waits for its signature."""

    id: UUID
    number: str
    state: str
    services: tuple[str, ...]
    names: tuple[Texts, ...] = field(hash=False)
    changed_at: datetime
    version: int
    mine: bool
    to_sign: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody is asked to sign, and by whom; of the applicant's own facts it tells nothing.

    `declarations` are the texts that they state by signing, to be read in full (R4.6).
    """

    card: ApplicationCard
    role: Texts = field(hash=False)
    applicant: str = field(repr=False)
    answers: Mapping[str, Value] = field(hash=False, repr=False)
    signed: bool
    declarations: tuple[StatementToSign, ...] = field(default=(), hash=False, repr=False)


def open_applications(
    *, viewer: AccountView, before: UUID | None = None, limit: int = PAGE
) -> tuple[ApplicationCard, ...]:
    """Return a page of the account's drafts, and of what waits for its own or another's signature.

    The last changed first; `before` is the id of the last one seen.
    """
    rows = signable_applications(viewer).filter(state__in=_OPEN).select_related("business")
    rows = rows.prefetch_related("parties", "cases")
    last = rows.filter(id=before).values_list("changed_at", flat=True).first() if before else None
    if last is not None:
        rows = rows.filter(Q(changed_at__lt=last) | Q(changed_at=last, id__gt=before))
    return tuple(_card(row, viewer) for row in rows.order_by("-changed_at", "id")[:limit])


def draft_for(*, viewer: AccountView, services: Iterable[str]) -> UUID | None:
    """Return the account's draft for exactly these services that was changed last, or None if there is none."""
    wanted = set(services)
    rows = visible_applications(viewer).filter(
        state=ApplicationState.DRAFT, services__contains=list(wanted), services__len=len(wanted)
    )
    return rows.order_by("-changed_at", "id").values_list("id", flat=True).first()


def _to_declare(row: Application, party: Party) -> tuple[StatementToSign, ...]:
    waits = row.state == ApplicationState.AWAITING_SIGNATURES and party.signed_at is None
    return statements_to_sign(row, party.role, on=clock.today()) if waits else ()


def _card(row: Application, viewer: AccountView) -> ApplicationCard:
    return ApplicationCard(
        id=row.id,
        number=row.number,
        state=row.state,
        services=tuple(row.services),
        names=tuple(one.name for one in definitions_of(row)),
        changed_at=row.changed_at,
        version=row.version,
        mine=works_on(viewer, row),
        to_sign=row.state == ApplicationState.AWAITING_SIGNATURES and _signature_missing(row, viewer),
    )


def _signature_missing(row: Application, viewer: AccountView) -> bool:
    wanted = [one for one in row.parties.all() if one.signs == "account" and one.signed_at is None]
    return any(is_theirs(one, viewer) for one in wanted)


def is_theirs(party: Party, viewer: AccountView) -> bool:
    """Return whether the account speaks for the party: as that person, or as the business's representative."""
    if viewer.person_id is None:
        return False
    represented = party.business is not None and party.business.representative_id == viewer.person_id
    return party.person_id == viewer.person_id or represented


def _invited_as(row: Application, viewer: AccountView) -> Party | None:
    """Return as whom the account is asked next: what it has yet to sign comes first, in the order of signing."""
    theirs = [one for one in row.parties.all() if is_theirs(one, viewer)]
    return min(
        theirs, key=lambda one: (one.signs != "account", one.signed_at is not None, one.role), default=None
    )


def invitation(*, viewer: AccountView, application_id: UUID) -> Invitation:
    """Return what the account is asked to sign.

    :raises NoSuchApplication: if there is none, or it does not name this person.
    """
    row = application_for(viewer, application_id, to_sign=True)
    party = _invited_as(row, viewer)
    if party is None:
        raise NoSuchApplication
    roles = {one.role: one.name for definition in definitions_of(row) for one in definition.parties}
    holder = Holder("business", row.business_id) if row.business_id else Holder("person", row.person_id)
    return Invitation(
        card=_card(row, viewer),
        role=roles.get(party.role, {}),
        applicant=holder_name(holder),
        answers={code: value for code, value in row.answers.items() if code.startswith("application.")},
        signed=party.signed_at is not None,
        declarations=_to_declare(row, party),
    )
