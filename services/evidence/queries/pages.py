"""Pages on their way in, in their order, and how much of each has arrived."""

from dataclasses import dataclass, field
from uuid import UUID

from services.evidence.models import SentPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """One page: its name as sent, how long it is, and how much of it has arrived."""

    id: UUID
    application_id: UUID
    name: str = field(repr=False)
    length: int
    received: int
    position: int

    @property
    def whole(self) -> bool:
        """Return whether all of it has arrived."""
        return self.received == self.length

    @classmethod
    def of(cls, row: SentPage) -> "PageView":
        """Return the view of a record."""
        return cls(
            id=row.id, application_id=row.application_id, name=row.name, length=row.length,
            received=row.received, position=row.position,
        )  # fmt: skip


def pages(*, application_id: UUID, requirement: str, type: str) -> tuple[PageView, ...]:
    """Return the pages that are on their way for a type of evidence, in their order."""
    rows = SentPage.objects.filter(application_id=application_id, requirement=requirement, type=type)
    return tuple(PageView.of(row) for row in rows.order_by("position", "begun_at"))


def page(*, page_id: UUID, account_id: UUID) -> PageView | None:
    """Return a page of the account's own, or None."""
    row = SentPage.objects.filter(id=page_id, account_id=account_id).first()
    return PageView.of(row) if row is not None else None
