"""Which businesses somebody represents: claimed at once, asked of the register by an errand, known when it answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import errands
from services.cases.actions.parties import invited
from services.cases.models import OutboxItem
from services.evidence.actions import standing
from services.evidence.queries import claims
from services.people import queries as people
from services.people.queries import AccountView


@transaction.atomic
def claim_business(*, viewer: AccountView, uscc: str, now: datetime) -> UUID:
    """Have the business register asked whether it names the viewer, and return the claim; no request waits for it.

    While it is open, claiming again is the same claim.

    :raises services.people.actions.WhoAreYou: for an account that is bound to nobody (design §6).
    :raises services.people.identifiers.IdentifierMistyped: if this cannot be the code of a business.
    :raises services.evidence.actions.standing.TooManyClaims: if too many of the viewer's wait for an answer.
    """
    claim_id = standing.open_claim(account_id=viewer.id, uscc=uscc, now=now)
    item = OutboxItem(
        kind=OutboxItem.Kind.GATHER, dedup_key=f"claim:{claim_id}", payload={"claim": str(claim_id)}, due_at=now
    )  # fmt: skip
    OutboxItem.objects.bulk_create([item], ignore_conflicts=True)
    errands.send(errands.Errand.GATHER_EVIDENCE)
    return claim_id


def look_into_claim(*, claim_id: UUID, now: datetime) -> bool:
    """Ask the register, outside any transaction, and show whom it names what their business is asked to sign.

    Return whether it has answered; if not, it is asked again later. A claim that was forgotten is asked no more.
    """
    if not standing.ask_about_claim(claim_id=claim_id, now=now):
        return False
    claimed_by = claims.claimed_by(claim_id=claim_id)
    if claimed_by is not None:
        with transaction.atomic():
            invited(viewer=people.account(claimed_by), now=now)
    return True
