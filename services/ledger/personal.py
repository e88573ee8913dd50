"""Which records of this room are about a person: what happened to their cases, and readings (R15.9)."""

from collections.abc import Callable, Mapping

from django.db.models import Model, Q

from services.core.personal import Whose
from services.ledger.models import Entry, Reading

PERSONAL: Mapping[type[Model], Callable[[Whose], Q]] = {
    Entry: lambda whose: Q(case_id__in=whose.case_ids),
    Reading: lambda whose: Q(holder_kind="person", holder_id=whose.person_id),
}
