"""Who one is: bound by the identity provider or by a clerk's code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from services import clock
from services.cases.actions.parties import invited
from services.core.refusal import Refusal
from services.people import actions, queries
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def identity(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Show who this account belongs to, or bind it with the code a clerk gave."""
    code, error = request.POST.get("code", ""), ""
    if request.method == "POST":
        try:
            actions.bind_by_code(account_id=viewer.id, code=code, now=clock.now())
            invited(viewer=queries.account(viewer.id), now=clock.now())
            messages.success(request, gettext("We know now who you are."))
            return redirect("citizen:home")
        except Refusal as refusal:
            error = sentence(refusal)
    field = {
        "name": "code", "type": "text", "format": "code", "value": code, "error": error, "max_length": 40,
        "ask": gettext("The code from the counter"), "hint": gettext("12 letters and digits, valid for a day."),
    }  # fmt: skip
    context = {
        "viewer": viewer,
        "person": queries.person(viewer.person_id) if viewer.person_id else None,
        "field": field,
        "errors": [("code", error)] if error else [],
    }
    return render(request, "citizen/identity.html", context, status=422 if error else 200)
