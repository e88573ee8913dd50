"""Who comes in by this door: people with an account of their own, and officers only with somebody at the counter."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from portal.helping import HELPING
from services import clock
from services.cases.actions.assisting import helped_view
from services.cases.queries import drafts
from services.cases.queries.drafts import DraftView
from services.core.states import Role
from services.ledger.looking import an_officer_looks
from services.people import queries as people
from services.people.actions import NotForStaff
from services.people.queries import AccountView

View = Callable[..., HttpResponse]


# What an officer does together with somebody: what belongs to an application, and nothing else of theirs.
WITH_A_HELPER = frozenset({
    "start", "for_whom", "go_on", "discard", "fetch", "waiting", "settlement", "found", "dispute", "question", "papers",
    "paper", "upload", "declare", "take_back", "parties", "check", "done", "case", "case_settlement", "correction",
    "visit", "cancel_visit", "visit_help", "begin_together", "whole", "result",
})  # fmt: skip


def citizen_page(view: View) -> View:
    """Let the view be called with its viewer; who is not signed in does so first, an office account cannot.

    But for an officer who applies with somebody at the counter: the viewer is then that person, with a helper (R11.4).
    """

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, **named: object) -> HttpResponse:
        viewer = people.account(request.user.pk)
        if viewer.role is Role.APPLICANT:
            return view(request, viewer, **named)
        if request.session.get(HELPING) and request.resolver_match.url_name == "home":
            return redirect("clerk:assist")  # whose applications these are, is told nobody but them
        if not request.session.get(HELPING) or request.resolver_match.url_name not in WITH_A_HELPER:
            raise NotForStaff
        with an_officer_looks():
            return view(request, helped_view(viewer=viewer, now=clock.now()), **named)

    return page


def own_application(viewer: AccountView, application_id: UUID) -> DraftView:
    """Return the application as whoever goes on with it sees it; a co-signer has a page of their own.

    :raises NoSuchApplication: if there is none, or it is neither the account's matter nor was it begun by it.
    """
    return drafts.draft(viewer=viewer, application_id=application_id)
