"""What a supervisor looks after: cases that no worker can move, put back once their cause is mended."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.words import said
from services import clock
from services.cases.actions import supervising
from services.cases.queries import desk
from services.core.states import Role
from services.people.queries import AccountView


@require_safe
@desk_page
def set_aside(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the cases of the office that were set aside, each with the reason."""
    if viewer.role is not Role.SUPERVISOR:
        raise Http404
    found = desk.set_aside(viewer=viewer)
    context = {"cases": [{"case": one, "service": said(one.service_name)} for one in found]}
    return render(request, "desk/set_aside.html", context)


@require_POST
@desk_page
def retry(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Put a case back into the queue of the workers."""
    supervising.retry_set_aside(viewer=viewer, case_id=case_id, now=clock.now())
    messages.success(
        request, gettext("The case is tried again now. If it fails once more, it comes back here.")
    )
    return redirect("clerk:set_aside")
