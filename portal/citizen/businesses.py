"""The businesses one acts for: claimed at the business register, or by a mandate that was granted and accepted."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.citizen.coming_in import citizen_page
from portal.refusals import mistakes, sentence
from services import clock
from services.cases.actions.representing import claim_business
from services.catalogue import queries as catalogue
from services.core.facts import FORMATS
from services.core.refusal import Refusal
from services.evidence.queries import claims
from services.people import actions, queries
from services.people.identifiers import IdentifierMistyped
from services.people.queries import AccountView, MandateView, Standing

# Seconds until the page of a claim looks again: soon at first, seldom while the register is out of order.
LOOK_AGAIN, LOOK_AGAIN_LATER = "2", "20"


@require_safe
@citizen_page
def businesses(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the businesses this account may act for, and the mandates given and received."""
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
    return {"view": one, "services": [names.get(code, code) for code in one.services]}


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


@require_http_methods(["GET", "POST"])
@citizen_page
def grant(request: HttpRequest, viewer: AccountView, business_id: UUID) -> HttpResponse:
    """Offer somebody a mandate to act for the business; it holds once they accept it."""
    mine = queries.businesses_of(viewer.id, on=clock.today())
    business = next(
        (one for one in mine if one.id == business_id and one.standing is Standing.REPRESENTATIVE), None
    )
    if business is None:
        raise Http404
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _granted(viewer, business_id, request.POST)
        if not errors:
            messages.success(
                request, gettext("Offered. It holds as soon as they accept it in their account.")
            )
            return redirect("citizen:businesses")
    context = {
        "business": business,
        "fields": _mandate_fields(request.POST, errors),
        "may_declare": request.POST.get("may_declare") == "yes",
        "errors": list(errors.items()),
    }
    return render(request, "citizen/grant.html", context, status=422 if errors else 200)


def _granted(viewer: AccountView, business_id: UUID, data: QueryDict) -> dict[str, str]:
    """Offer the mandate, and return what is wrong with it, by field."""
    until = _date(data)
    if until is None:
        return {"until": gettext("Write a real date: year, month and day, such as 2026-03-02.")}
    terms = actions.MandateTerms(
        agent_username=data.get("agent", "").strip(),
        services=[code for code in [data.get("service", "")] if code],
        may_declare=data.get("may_declare") == "yes",
        valid_until=until,
    )
    try:
        actions.grant_mandate(account_id=viewer.id, business_id=business_id, terms=terms, now=clock.now())
    except actions.MandateRefused as refusal:
        return {"agent": mistakes(refusal)[""]}
    return {}


def _date(data: QueryDict) -> date | None:
    try:
        return date(*(int(data.get(f"until.{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def _mandate_fields(data: QueryDict, errors: dict[str, str]) -> list[dict[str, object]]:
    cards = sorted(catalogue.all_cards(get_language() or "en"), key=lambda card: card.name)
    services = [
        ("", gettext("Every service")),
        *((one.code, one.name) for one in cards if one.audience != "person"),
    ]
    parts = {part: data.get(f"until.{part}", "") for part in ("year", "month", "day")}
    return [
        {"name": "agent", "type": "text", "ask": gettext("The name of their account"), "max_length": 150,
         "hint": gettext("They find it under “Who I am”. They must have signed in once."),
         "value": data.get("agent", ""), "error": errors.get("agent", "")},
        {"name": "service", "type": "choice", "ask": gettext("For which service?"), "hint": "", "choices": services,
         "value": data.get("service", ""), "error": ""},
        {"name": "until", "type": "date", "ask": gettext("Until which day?"),
         "hint": gettext("You can end it at any time before."), "value": parts, "error": errors.get("until", "")},
    ]  # fmt: skip


@require_POST
@citizen_page
def accept(request: HttpRequest, viewer: AccountView, mandate_id: UUID) -> HttpResponse:
    """Accept a mandate that was offered."""
    actions.accept_mandate(account_id=viewer.id, mandate_id=mandate_id, now=clock.now())
    messages.success(request, gettext("You can act for this business now."))
    return redirect("citizen:businesses")


@require_POST
@citizen_page
def end(request: HttpRequest, viewer: AccountView, mandate_id: UUID) -> HttpResponse:
    """End a mandate, from either side."""
    actions.end_mandate(account_id=viewer.id, mandate_id=mandate_id, now=clock.now())
    messages.success(request, gettext("The mandate has ended."))
    return redirect("citizen:businesses")
