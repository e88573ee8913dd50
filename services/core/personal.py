"""Whose data: what somebody is known by in the records of all rooms, for each room to say which rows are theirs."""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """One person: their id, their accounts, and the applications and cases that are their own."""

    person_id: UUID | None
    account_ids: Collection[UUID] = field(hash=False)
    application_ids: Collection[UUID] = field(hash=False)
    case_ids: Collection[UUID] = field(hash=False)
