"""A copy of everything that is kept about me: asked for here, fetched here while it is there (R15.9)."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.downloads import download_open
from services import clock
from services.cases.actions import copying
from services.cases.queries import copies
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def my_data(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the copies, and have a new one made."""
    if request.method == "POST":
        copying.ask_for_copy(viewer=viewer, now=clock.now())
        messages.success(request, gettext("Your copy is being made. It is here in a moment."))
        return redirect("citizen:data")
    found = copies.my_copies(viewer=viewer)
    days = clock.profile().retention.export_calendar_days
    making = any(one.made_at is None for one in found)
    return render(request, "citizen/data.html", {"copies": found, "days": days, "making": making})


@require_safe
@citizen_page
def copy(request: HttpRequest, viewer: AccountView, copy_id: UUID) -> FileResponse:
    """Hand out a copy, to its owner alone."""
    file = copying.fetch_copy(viewer=viewer, copy_id=copy_id, now=clock.now())
    return download_open(file, name="my-data.zip", kind="application/zip")
