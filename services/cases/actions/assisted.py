"""What was filled in with a helper is marked, and a helper signs nothing in somebody's place (R11.4)."""

from uuid import UUID

from services.cases.models import Application, AssistedFiling
from services.core.refusal import Kind, Refusal
from services.people import queries as people
from services.people.queries import AccountView


class HelpersSignNothing(Refusal):
    """A commitment is the person's own word, and a helper cannot give it."""

    code = "helpers_sign_nothing"
    kind = Kind.FORBIDDEN
    sentence = (
        "A helper cannot sign this for somebody. It is proved otherwise, or signed in their own account."
    )


class ReadBackFirst(Refusal):
    """What was filled in with a helper is read back to the person as it stands, and confirmed by them."""

    code = "read_back_first"
    kind = Kind.CONFLICT
    sentence = "Read the summary back to the person as it stands now, and have them confirm it."


def mark_assisted(application: Application, *, helper_id: UUID) -> None:
    """Mark an application that was begun with a helper; it stays marked, whoever goes on with it."""
    organisation = people.account(helper_id).organisation
    AssistedFiling.objects.create(application=application, helper_id=helper_id, organisation=organisation)


def check_nobody_helps(viewer: AccountView) -> None:
    """Do nothing where people act for themselves.

    :raises HelpersSignNothing: where a helper at the counter would sign.
    """
    if viewer.helped_by is not None:
        raise HelpersSignNothing


def check_read_back(viewer: AccountView, application: Application) -> None:
    """Do nothing where nobody helps, or what stands there was read back and confirmed.

    :raises ReadBackFirst: otherwise.
    """
    confirmed = {"confirmed_at__isnull": False, "read_version": application.version}
    if (
        viewer.helped_by is not None
        and not AssistedFiling.objects.filter(application=application, **confirmed).exists()
    ):
        raise ReadBackFirst
