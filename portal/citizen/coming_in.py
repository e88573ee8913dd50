"""Who comes in by this door: people with an account of their own, never officers on duty."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from services.cases.queries import drafts
from services.cases.queries.drafts import DraftView
from services.core.states import Role
from services.people import queries as people
from services.people.actions import NotForStaff
from services.people.queries import AccountView

View = Callable[..., HttpResponse]


def citizen_page(view: View) -> View:
    """Let the view be called with its viewer; who is not signed in does so first, an office account cannot."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, **named: object) -> HttpResponse:
        viewer = people.account(request.user.pk)
        if viewer.role is not Role.APPLICANT:
            raise NotForStaff
        return view(request, viewer, **named)

    return page


def own_application(viewer: AccountView, application_id: UUID) -> DraftView:
    """Return the application as whoever goes on with it sees it; a co-signer has a page of their own.

    :raises NoSuchApplication: if there is none, or it is neither the account's matter nor was it begun by it.
    """
    return drafts.draft(viewer=viewer, application_id=application_id)
