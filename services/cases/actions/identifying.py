"""Somebody shows a document at the counter: they get a code, and whoever is bound to them already hears of it."""

from datetime import datetime

from django.db import transaction

from services import clock
from services.cases.actions.claiming import actor_of
from services.core.facts import Holder
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.people import actions as people
from services.people import queries
from services.people.actions import Identity
from services.people.queries import AccountView


@transaction.atomic
def issue_binding_code(*, viewer: AccountView, identity: Identity, now: datetime) -> str:
    """Return a code for the person whose document the officer has just seen; accounts of theirs get a letter.

    :raises services.people.actions.OnlyAtTheCounter: unless this is a clerk or a supervisor.
    :raises services.people.actions.IdentityDiffers: if the person is known otherwise; nothing is overwritten.
    :raises services.people.actions.BirthDateImplausible:
    :raises services.people.identifiers.IdentifierMistyped: if the number cannot be one of its kind.
    """
    issued = people.issue_binding_code(
        actor=actor_of(viewer), organisation=viewer.organisation,
        basis=clock.profile().identity_basis, identity=identity, now=now,
    )  # fmt: skip
    letters = [
        NewNotice(account_id=one, kind=NoticeKind.IDENTITY_CODE, values={"organisation": viewer.organisation})
        for one in queries.accounts_of(Holder("person", issued.person_id))
    ]
    notify(rows=letters, now=now)
    return issued.code
