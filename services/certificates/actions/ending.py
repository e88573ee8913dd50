"""Certificates end with what they are about (R2.26): a service that ends a thing cancels what was issued for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from services.certificates.actions import hold, key_index_of
from services.certificates.models import Certificate, Status
from services.core.facts import Holder

# Of the grounds for a cancellation (`services.core.grounds`): its holder asked for the end of it.
GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What a granted case ends: the holder's certificates of the type, about this thing.

    `by` is the officer who decided, or where nobody needed to, whoever asked for it: the machine takes nothing away by
    itself (R15.8).
    """

    case_id: UUID
    type: str
    holder: Holder
    key: str
    by: UUID
    legal_basis: str


@transaction.atomic
def end_certificates(*, rows: Sequence[Ending], now: datetime) -> dict[UUID, list[UUID]]:
    """Cancel what is in force of these, suspended or not; return the certificates that were ended, by case.

    What is out of force already stays as it is: ending twice is ending once.
    """
    things = {(row.holder, row.type, key_index_of(row.key)): row for row in rows}
    hold(things.keys())
    found = (
        Certificate.objects.select_for_update()
        .filter(holder_id__in={row.holder.id for row in rows}, type__in={row.type for row in rows})
        .filter(status__in=[Status.VALID, Status.SUSPENDED])
        .order_by("id")
    )
    ended: dict[UUID, list[UUID]] = {}
    for one in found:
        row = things.get((Holder(one.holder_kind, one.holder_id), one.type, one.key_index))
        if row is not None:
            _cancel(one.id, row, now)
            ended.setdefault(row.case_id, []).append(one.id)
    return ended


def _cancel(certificate_id: UUID, row: Ending, now: datetime) -> None:
    Certificate.objects.filter(id=certificate_id).update(
        status=Status.CANCELLED, status_at=now, status_by=row.by, status_reason=GIVEN_UP,
        status_legal_basis=row.legal_basis[:300], revision=F("revision") + 1,
    )  # fmt: skip
