"""Mandates: let somebody act for oneself or one's business, within limits; accept one; end it, from either side."""

from collections import defaultdict
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.citizen.coming_in import citizen_page
from portal.refusals import mistakes
from services import clock
from services.catalogue import queries as catalogue
from services.core.mandates import Power
from services.people import actions, queries
from services.people.actions import WhoAreYou
from services.people.queries import AccountView, Standing

EVERY, SOME = "every", "some"
SCOPES = (EVERY, SOME)


def power_words() -> dict[Power, tuple[str, str]]:
    """Return what each power lets an agent do, and what to know about it."""
    return {
        Power.FILE: (
            gettext("Begin and file applications"),
            gettext("They answer, prove and submit, and book the visit."),
        ),
        Power.VIEW: (gettext("See what others have filed"), gettext("Also what you filed yourself.")),
        Power.DECLARE: (
            gettext("Sign statements and commitments"),
            gettext("You answer for what they sign."),
        ),
        Power.ATTEND: (
            gettext("Come to the visit instead"),
            gettext("Only where the law does not ask for the person."),
        ),
        Power.RECEIVE: (gettext("Collect the result"), ""),
    }


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
    return _page(request, viewer, business_id, business.name)


@require_http_methods(["GET", "POST"])
@citizen_page
def grant_own(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Offer somebody a mandate to act for oneself.

    :raises WhoAreYou: for an account that is bound to nobody.
    """
    if viewer.person_id is None:
        raise WhoAreYou
    return _page(request, viewer, None, viewer.display_name)


def _page(request: HttpRequest, viewer: AccountView, business_id: UUID | None, name: str) -> HttpResponse:
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _granted(viewer, business_id, request.POST)
        if not errors:
            told = gettext("Offered. It holds as soon as they accept it in their account.")
            messages.success(request, told)
            return redirect("citizen:businesses")
    context = {
        "whom": name,
        "for_business": business_id is not None,
        "fields": _fields(request.POST, errors),
        "services": _services(request.POST, errors, for_business=business_id is not None),
        "powers": _powers(request),
        "errors": list(errors.items()),
    }
    return render(request, "citizen/grant.html", context, status=422 if errors else 200)


def _powers(request: HttpRequest) -> list[dict[str, object]]:
    """Return the powers to tick; to see all, and to sign, are never ticked beforehand (R4.12)."""
    usual = (Power.FILE, Power.ATTEND, Power.RECEIVE)
    ticked = request.POST.getlist("powers") if request.method == "POST" else usual
    return [
        {"code": one, "words": words, "note": note, "ticked": one in ticked}
        for one, (words, note) in power_words().items()
    ]


def _granted(viewer: AccountView, business_id: UUID | None, data: QueryDict) -> dict[str, str]:
    """Offer the mandate, and return what is wrong with it, by field."""
    until, most_fee = _date(data), _fee(data)
    wrong = {}
    if until is None:
        wrong["until"] = gettext("Write a real date: year, month and day, such as 2026-03-02.")
    if most_fee is None and data.get("most_fee", "").strip():
        wrong["most_fee"] = gettext("Write an amount, such as 200 or 200.00.")
    scope, named = data.get("scope", ""), data.getlist("service")
    if scope not in SCOPES:
        wrong["scope"] = gettext("Choose every service, or only some.")
    elif scope == SOME and not named:
        wrong["scope"] = gettext("Tick at least one service.")
    if until is None or wrong:
        return wrong
    chosen = data.getlist("powers")
    terms = actions.MandateTerms(
        agent_username=data.get("agent", "").strip(),
        services=named if scope == SOME else (),
        powers=[one for one in chosen if one != Power.DECLARE],
        may_declare=Power.DECLARE in chosen,
        most_fee=most_fee,
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


def _fee(data: QueryDict) -> Decimal | None:
    """Return the amount that was typed; None for none, and for what is no amount."""
    typed = data.get("most_fee", "").strip()
    try:
        amount = Decimal(typed).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < 10**9 else None


def _services(data: QueryDict, errors: dict[str, str], *, for_business: bool) -> dict[str, object]:
    """Return the services that can be ticked, by programme; nothing is ticked that nobody chose."""
    language, other = get_language() or "en", "person" if for_business else "business"
    named, by_programme = data.getlist("service"), defaultdict(list)
    for card in catalogue.all_cards(language):
        if card.audience != other:
            by_programme[card.programme].append((card.code, card.name, card.code in named))
    groups = [(one.name, by_programme[one.code]) for one in catalogue.programmes(language)]
    return {
        "scope": data.get("scope", ""),
        "groups": [(name, found, any(ticked for *_, ticked in found)) for name, found in groups if found],
        "error": errors.get("scope", ""),
    }


def _fields(data: QueryDict, errors: dict[str, str]) -> list[dict[str, object]]:
    parts = {part: data.get(f"until.{part}", "") for part in ("year", "month", "day")}
    return [
        {"name": "agent", "type": "text", "ask": gettext("The name of their account"), "max_length": 150,
         "hint": gettext("They find it under “Who I am”. They must have signed in once."),
         "value": data.get("agent", ""), "error": errors.get("agent", "")},
        {"name": "most_fee", "type": "text", "ask": gettext("Up to which fee may they file?"), "max_length": 12,
         "hint": gettext("In yuan, for one application. Leave it empty for any fee the law sets."), "optional": True,
         "value": data.get("most_fee", ""), "error": errors.get("most_fee", "")},
        {"name": "until", "type": "date", "ask": gettext("Until which day?"),
         "hint": gettext("You can end it at any time before."), "value": parts, "error": errors.get("until", "")},
    ]  # fmt: skip


@require_POST
@citizen_page
def accept(request: HttpRequest, viewer: AccountView, mandate_id: UUID) -> HttpResponse:
    """Accept a mandate that was offered."""
    actions.accept_mandate(account_id=viewer.id, mandate_id=mandate_id, now=clock.now())
    messages.success(request, gettext("The mandate holds from now on."))
    return redirect("citizen:businesses")


@require_POST
@citizen_page
def end(request: HttpRequest, viewer: AccountView, mandate_id: UUID) -> HttpResponse:
    """End a mandate, from either side."""
    actions.end_mandate(account_id=viewer.id, mandate_id=mandate_id, now=clock.now())
    messages.success(request, gettext("The mandate has ended."))
    return redirect("citizen:businesses")
