"""Who comes in by this door: officers on duty, and nobody else; to others these pages do not exist."""

from collections.abc import Callable, Collection
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from services.core.states import STAFF, Role
from services.ledger.looking import an_officer_looks
from services.people import queries as people

View = Callable[..., HttpResponse]


def page_of(roles: Collection[Role]) -> Callable[[View], View]:
    """Let a view be called with an account of these roles; who is not signed in does so first, others find nothing."""

    def decorate(view: View) -> View:
        @never_cache
        @login_required
        @wraps(view)
        def page(request: HttpRequest, **named: object) -> HttpResponse:
            viewer = people.account(request.user.pk)
            if viewer.role not in roles:
                raise Http404
            with an_officer_looks():
                return view(request, viewer, **named)

        return page

    return decorate


desk_page = page_of(STAFF)
# For those who look after the portal itself: of an office, or of none.
operators_page = page_of((Role.SUPERVISOR, Role.ADMINISTRATOR))
