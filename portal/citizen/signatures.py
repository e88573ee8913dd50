"""The page of a co-signer: what they are asked to sign, by whom, and the signature in their own account (R3.3)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import sentence
from portal.words import answer_row, facts_of, said
from services import clock
from services.cases.actions import submission
from services.cases.actions.drafting import ChangedMeanwhile
from services.cases.queries import applications
from services.evidence.actions import TextHasChanged
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def signature(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show what is to be signed, and sign it once it is ticked as read; the last signature submits.

    Whoever signs has seen this very text: if it was changed meanwhile, the new one is shown, to be read first.
    """
    error = ""
    if request.method == "POST":
        error = _signed(request.POST, viewer, application_id)
        if not error:
            return redirect("citizen:signature", application_id=application_id)
    invited = applications.invitation(viewer=viewer, application_id=application_id)
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


def _signed(typed: QueryDict, viewer: AccountView, application_id: UUID) -> str:
    """Sign what was read, and return what is wrong."""
    if typed.get("read") != "yes":
        return gettext("Tick that you have read this and agree to it.")
    try:
        submission.sign_as_party(
            viewer=viewer,
            application_id=application_id,
            version=_version(typed),
            read_digests=typed.getlist("digest"),
            now=clock.now(),
        )
    except ChangedMeanwhile:
        return gettext("This was changed since you opened it. Read it once more before you sign.")
    except TextHasChanged as refusal:
        return sentence(refusal)
    return ""


def _version(typed: QueryDict) -> int:
    """Return the version that the page carried; 0, which nothing has, if it carried none."""
    version = typed.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
