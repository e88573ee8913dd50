"""Who works in an office."""

from services.core.states import STAFF, Role
from services.people.models import Account
from services.people.queries.identity import AccountView


def officers_of(organisation: str) -> tuple[AccountView, ...]:
    """Return the officers of an office who can sign in, by their name."""
    rows = Account.objects.filter(organisation=organisation, role__in=STAFF, is_active=True)
    return tuple(_officer(row) for row in rows.order_by("name", "username"))


def _officer(row: Account) -> AccountView:
    return AccountView(
        id=row.id,
        username=row.username,
        role=Role(row.role),
        organisation=row.organisation,
        person_id=None,
        display_name=row.get_full_name(),
        language=row.language,
    )
