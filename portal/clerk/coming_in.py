"""Who comes in by this door: officers on duty, and nobody else; to others these pages do not exist."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from services.ledger.looking import an_officer_looks
from services.people import queries as people

View = Callable[..., HttpResponse]


def desk_page(view: View) -> View:
    """Let the view be called with its officer; who is not signed in does so first, anybody else finds nothing."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, **named: object) -> HttpResponse:
        viewer = people.account(request.user.pk)
        if not viewer.role.is_staff:
            raise Http404
        with an_officer_looks():
            return view(request, viewer, **named)

    return page
