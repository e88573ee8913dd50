"""A supervisor's acts: a case that was set aside goes back to the workers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.routing import retry_case
from services.cases.actions.second_visits import check_supervisor
from services.cases.queries.visibility import case_for
from services.ledger import looking
from services.people.queries import AccountView


@looking.unseen()
@transaction.atomic
def retry_set_aside(*, viewer: AccountView, case_id: UUID, now: datetime) -> None:
    """Put a case of the supervisor's office back into the queue, once its cause is mended; twice is once.

    :raises SupervisorsOnly: for anybody else.
    :raises NoSuchCase: if there is none, or it is another office's.
    """
    check_supervisor(viewer)
    case = case_for(viewer, case_id, lock=True)
    if case.needs_attention:
        retry_case(case_id=case.id, now=now)
