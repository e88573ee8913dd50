"""Who one is: bound by the identity provider or by a clerk's code; and who has read one's data."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.readings import reading_rows
from portal.refusals import sentence
from services import clock
from services.cases.actions.parties import invited
from services.core.facts import Holder
from services.core.refusal import Refusal
from services.ledger import queries as ledger
from services.people import actions, queries
from services.people.queries import AccountView, BusinessView, Standing


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


@require_safe
@citizen_page
def readings(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List who has read this person's data: which office, from where, when and why (R15.6)."""
    holder = queries.holder_of_person(viewer.person_id) if viewer.person_id else None
    represented = [one for one in _businesses(viewer) if one.standing is Standing.REPRESENTATIVE]
    return _readings(request, holder, reverse("citizen:readings"), businesses=represented)


@require_safe
@citizen_page
def business_readings(request: HttpRequest, viewer: AccountView, business_id: UUID) -> HttpResponse:
    """List who has read the data of a business, to its representative and to nobody with a mandate."""
    for one in _businesses(viewer):
        if one.id == business_id and one.standing is Standing.REPRESENTATIVE:
            here = reverse("citizen:business_readings", args=[business_id])
            return _readings(request, Holder("business", business_id), here, business=one.name)
    raise Http404


def _businesses(viewer: AccountView) -> tuple[BusinessView, ...]:
    return queries.businesses_of(viewer.id, on=clock.today())


def _readings(request: HttpRequest, holder: Holder | None, here: str, **more: object) -> HttpResponse:
    before = request.GET.get("before", "")
    found = ledger.readings_about(holder, before=_number(before)) if holder else ()
    context = more | {
        "readings": reading_rows(found),
        "next_url": f"{here}?before={found[-1].id}" if len(found) == ledger.PAGE else "",
        "first_url": here if before else "",
    }
    return render(request, "citizen/readings.html", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
