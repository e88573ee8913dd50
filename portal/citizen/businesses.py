"""Who acts for whom: businesses claimed at their register, and the mandates given and received."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page
from portal.citizen.mandates import power_words
from portal.refusals import sentence
from services import clock
from services.cases.actions.representing import claim_business
from services.catalogue import queries as catalogue
from services.core.facts import FORMATS
from services.core.refusal import Refusal
from services.evidence.queries import claims
from services.people import queries
from services.people.identifiers import IdentifierMistyped
from services.people.queries import AccountView, MandateView

# Seconds until the page of a claim looks again: soon at first, seldom while the register is out of order.
LOOK_AGAIN, LOOK_AGAIN_LATER = "2", "20"


@require_safe
@citizen_page
def businesses(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List whom this account may act for, and the mandates given and received."""
    mandates = queries.mandates_of(viewer.id)
    names = catalogue.service_names(
        [code for one in mandates for code in one.services], get_language() or "en"
    )
    context = {
        "viewer": viewer,
        "businesses": queries.businesses_of(viewer.id, on=clock.today()),
        "claims": claims.open_claims(account_id=viewer.id),
        "given": [_mandate(one, names) for one in mandates if one.agent_id != viewer.id],
        "received": [_mandate(one, names) for one in mandates if one.agent_id == viewer.id],
    }
    return render(request, "citizen/businesses.html", context)


def _mandate(one: MandateView, names: dict[str, str]) -> dict[str, object]:
    powers = [words for code, (words, _) in power_words().items() if code in one.powers]
    return {"view": one, "services": [names.get(code, code) for code in one.services], "powers": powers}


@require_http_methods(["GET", "POST"])
@citizen_page
def claim(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Have the business register asked whether it names this person; the next page waits for its answer."""
    uscc, error = request.POST.get("uscc", ""), ""
    if request.method == "POST":
        try:
            claim_id = claim_business(viewer=viewer, uscc=uscc, now=clock.now())
            return redirect("citizen:claimed", claim_id=claim_id)
        except IdentifierMistyped:
            error = gettext(FORMATS["uscc"][1])
        except Refusal as refusal:
            error = sentence(refusal)
    field = {
        "name": "uscc", "type": "text", "format": "uscc", "value": uscc, "error": error, "max_length": 40,
        "ask": gettext("What is the unified social credit code of the business?"),
        "hint": gettext(
            "18 characters, as on the business licence. "
            "We ask the business register whether you are its legal representative."
        ),
    }  # fmt: skip
    context = {"field": field, "errors": [("uscc", error)] if error else []}
    return render(request, "citizen/claim.html", context, status=422 if error else 200)


@require_safe
@citizen_page
def claimed(request: HttpRequest, viewer: AccountView, claim_id: UUID) -> HttpResponse:
    """Show what the business register says, and look again by itself as long as it says nothing."""
    found = claims.claim(claim_id=claim_id, account_id=viewer.id)
    title = {
        claims.ASKING: gettext("Asking the business register"),
        claims.BOUND: gettext("The register names you"),
        "not_named": gettext("The register does not name you as the legal representative of this business."),
        "no_business": gettext("The business register has no business with this code."),
    }[found.state]
    response = render(request, "citizen/claimed.html", {"claim": found, "title": title})
    if found.state == claims.ASKING:
        response["Refresh"] = LOOK_AGAIN_LATER if found.failures else LOOK_AGAIN
    return response
