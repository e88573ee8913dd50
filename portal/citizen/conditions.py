"""The commitment to a licence's conditions: a free choice, read in full, and decided on the spot (R4.3, R4.7)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import said
from services import clock
from services.cases.actions import conditions
from services.cases.queries import drafts
from services.core.acts import NotRequired
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def commit(request: HttpRequest, viewer: AccountView, application_id: UUID, service: str) -> HttpResponse:
    """Show the whole notice and commitment, and sign exactly that text once it is ticked as read."""
    named = {"viewer": viewer, "application_id": application_id, "service": service}
    error = ""
    if request.method == "POST" and request.POST.get("read") == "yes":
        try:
            conditions.commit_to_conditions(
                **named, read_digest=request.POST.get("digest", ""), now=clock.now()
            )
            return redirect("citizen:check", application_id=application_id)
        except TextHasChanged as refusal:
            error = sentence(refusal)
    elif request.method == "POST":
        error = gettext("Tick that you have read the text and that it is true.")
    text = conditions.conditions_to_sign(**named, now=clock.now())
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    offer = next((one for one in draft.offers if one.service == service), None)
    if offer is None:
        raise NotRequired(what=service)
    context = {
        "draft": draft, "title": said(draft.names[0]), "name": said(offer.name), "text": text, "error": error,
        "before": None, "commits": True, "errors": [("read", error)] if error else [], "language": text.language,
    }  # fmt: skip
    return render(request, "citizen/declare.html", context, status=422 if error else 200)
