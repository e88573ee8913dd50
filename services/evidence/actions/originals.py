"""Originals shown at the one visit, or to the inspector who comes anyway: seen once, never again (R3.17)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.core.evidence import Source
from services.core.facts import Value
from services.evidence.actions.keeping import About, check_officer, draft, end, keep_once, standing
from services.evidence.models import EndedAs
from services.ledger.actions import Actor


@transaction.atomic
def record_seen(*, about: About, facts: Mapping[str, Value], clerk: Actor, now: datetime) -> UUID:
    """Keep that an officer saw the original, as evidence of grade B, and return its id; once is enough.

    `facts` are what the original says; those that the type does not prove are not kept.

    :raises OfficersOnly: for anybody but an officer.
    """
    officer = check_officer(clerk)
    before = standing(about, Source.SEEN)
    if before is not None:
        if before.valid_until is None or before.valid_until >= clock.legal_day(now):
            return before.id
        end(before, EndedAs.REPLACED, now)
    row = draft(about, Source.SEEN, facts, now)
    row.checked_by, row.checked_at = officer, now
    return keep_once(row, about).id
