"""The public pages: find a service, read what it takes, and start."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from portal.templatetags.onevisit import working_days
from services.catalogue import queries
from services.catalogue.pages import StepLine

BADGES = ("no_visit", "officer_comes", "one_visit")  # in the order in which the doors stand
AUDIENCES = ("person", "business", "both")
TEXT_SIZE_KEPT = timedelta(days=365)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box, the promises with their numbers, and the programmes."""
    language = get_language()
    cards = queries.all_cards(language)
    programmes = _with_badges(queries.programmes(language), cards)
    counts = Counter(card.badge for card in cards)
    context = {
        "kinds": _in_order(card.badge for card in cards),
        "counts": {badge: counts[badge] for badge in BADGES},
        "total": len(cards),
        "without_visit": len(cards) - counts["one_visit"],
        "events": queries.bundles(language),
        **{name: [one for one in programmes if one["card"].audience == name] for name in AUDIENCES},
    }
    return render(request, "public/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the services that fit what was typed, the likeliest first."""
    text = request.GET.get("q", "").strip()
    cards = queries.search(text, get_language())
    return render(request, "public/search.html", {"query": text, "cards": cards})


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show every service, by programme."""
    language = get_language()
    cards = sorted(queries.all_cards(language), key=lambda card: card.name)
    programmes = [
        {"card": programme, "services": [card for card in cards if card.programme == programme.code]}
        for programme in queries.programmes(language)
    ]
    return render(request, "public/services.html", {"programmes": programmes, "badges": BADGES})


@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """Show one programme and its services."""
    language = get_language()
    found = next((one for one in queries.programmes(language) if one.code == code), None)
    if found is None:
        raise Http404
    context = {"programme": found, "cards": queries.service_cards(code, language)}
    return render(request, "public/programme.html", context)


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a service gives, to whom, how long, what it costs, what we obtain and what we ask."""
    try:
        page = queries.service_page(code, get_language())
    except queries.NoSuchService as refusal:
        raise Http404 from refusal
    context = {"service": page, "stages": [_stage(step) for step in page.steps]}
    return render(request, "public/service.html", context)


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Explain the promises, and where people help."""
    places = queries.receiving_places(get_language() or "en")
    return render(request, "public/how_it_works.html", {"places": places})


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Remember larger or normal text in this browser, and go back to the page."""
    there = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure()):
        there = "/"
    response = redirect(there)
    size = "large" if request.POST.get("size") == "large" else "normal"
    response.set_cookie(
        "text_size", size, max_age=TEXT_SIZE_KEPT, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response


def _in_order(badges: Iterable[str]) -> list[str]:
    return sorted(badges, key=BADGES.index)


def _with_badges(
    programmes: Iterable[queries.ProgrammeCard], cards: Iterable[queries.ServiceCard]
) -> list[dict[str, Any]]:
    badges: dict[str, list[str]] = {}
    for card in cards:
        badges.setdefault(card.programme, []).append(card.badge)
    return [{"card": one, "kinds": _in_order(badges[one.code])} for one in programmes]


def _stage(step: StepLine) -> dict[str, Any]:
    """Return a step as components/route.html draws it."""
    notes = {
        "auto": gettext("automatic"),
        "counter": gettext("your one visit"),
        "inspection": gettext("an officer comes to you"),
    }
    said = [notes.get(step.mode, ""), working_days(step.days) if step.days else "", step.when]
    note = " · ".join(part for part in said if part)
    shown = {"name": step.name, "organisation": step.organisation, "state": "next", "note": note}
    return {"state": "next", "steps": [shown]}
