"""The page of a co-signer: what they are asked to sign, by whom, and the signature in their own account (R3.3)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import answer_row, facts_of, said
from services import clock
from services.cases.actions import submission
from services.cases.queries import applications
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def signature(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show what is to be signed, and sign it once it is ticked as read; the last signature submits."""
    invited = applications.invitation(viewer=viewer, application_id=application_id)
    error = ""
    if request.method == "POST" and request.POST.get("read") == "yes":
        try:
            submission.sign_as_party(
                viewer=viewer,
                application_id=application_id,
                read_digests=request.POST.getlist("digest"),
                now=clock.now(),
            )
            return redirect("citizen:signature", application_id=application_id)
        except TextHasChanged as refusal:
            error = sentence(refusal)
    elif request.method == "POST":
        error = gettext("Tick that you have read this and agree to it.")
    facts = facts_of(invited.card.services)
    context = {
        "invited": invited,
        "title": said(invited.card.names[0]),
        "role": said(invited.role),
        "answers": [
            answer_row(facts[code], value) for code, value in invited.answers.items() if code in facts
        ],
        "declarations": [{"name": said(one.name), "text": one} for one in invited.declarations],
        "error": error,
        "errors": [("read", error)] if error else [],
    }
    return render(request, "citizen/signature.html", context, status=422 if error else 200)
