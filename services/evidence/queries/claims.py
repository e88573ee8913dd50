"""What somebody said of themselves and a business, and what its register answered."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.core.refusal import Kind, Refusal
from services.evidence.models import BusinessClaim

MOST = 20
STATES = tuple(str(one) for one in BusinessClaim.State.values)
ASKING, BOUND = str(BusinessClaim.State.ASKING), str(BusinessClaim.State.BOUND)


class NoSuchClaim(Refusal):
    """There is no such claim, it is somebody else's, or it was forgotten after a month."""

    code = "no_such_claim"
    kind = Kind.MISSING
    sentence = "There is no such question to the business register, or not any more. Ask it anew."


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as whoever made it sees it. `failures`: how often the register was called in vain."""

    id: UUID
    uscc: str = field(repr=False)
    state: str
    asked_at: datetime
    failures: int
    business_id: UUID | None


def claim(*, claim_id: UUID, account_id: UUID) -> ClaimView:
    """Return a claim of the account's own.

    :raises NoSuchClaim:
    """
    row = BusinessClaim.objects.filter(id=claim_id, account_id=account_id).first()
    if row is None:
        raise NoSuchClaim
    return _view(row)


def open_claims(*, account_id: UUID) -> tuple[ClaimView, ...]:
    """Return the claims of the account that its register has not answered yet, the latest first."""
    rows = BusinessClaim.objects.filter(account_id=account_id, state=ASKING).order_by("-asked_at")
    return tuple(_view(row) for row in rows[:MOST])


def claimed_by(*, claim_id: UUID) -> UUID | None:
    """Return the account that made the claim, if it is still known."""
    return BusinessClaim.objects.filter(id=claim_id).values_list("account_id", flat=True).first()


def _view(row: BusinessClaim) -> ClaimView:
    return ClaimView(row.id, row.uscc, row.state, row.asked_at, row.failures, row.business_id)
