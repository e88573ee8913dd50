"""Saying how a case or a visit of one's own went, adding something, and that it could not be got done (R6.6, R9)."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from portal.citizen.coming_in import citizen_page
from portal.rating_words import rating_form, rating_lines, said_in
from portal.refusals import STATUS, mistakes, sentence
from portal.words import said
from services import clock
from services.cases.actions import not_done, rating
from services.cases.actions.questioning import MOST_WORDS
from services.cases.queries import cases
from services.cases.queries import not_done as reports
from services.cases.queries import ratings as queries
from services.cases.queries.cards import CaseCard
from services.cases.queries.ratings import Rateable
from services.core.ratings import Said
from services.core.refusal import Kind, Refusal
from services.people.queries import AccountView
from services.visits import queries as visits


@require_http_methods(["GET", "POST"])
@citizen_page
def rate_case(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Ask how it went; nothing is chosen beforehand, and whoever leaves the page has said nothing."""
    queries.case_to_rate(viewer=viewer, case_id=case_id)
    view = cases.case(viewer=viewer, case_id=case_id)
    back = reverse("citizen:case", args=[case_id])

    def keep(typed: Said) -> None:
        rating.rate_case(viewer=viewer, case_id=case_id, said=typed, now=clock.now())

    return _rate(request, "case", {"title": said(view.card.name), "back": back}, keep)


@require_http_methods(["GET", "POST"])
@citizen_page
def rate_visit(request: HttpRequest, viewer: AccountView, visit_id: UUID) -> HttpResponse:
    """Ask how a visit went."""
    found = queries.visit_to_rate(viewer=viewer, visit_id=visit_id)
    place = said(visits.centre(code=found.centre).name)

    def keep(typed: Said) -> None:
        rating.rate_visit(viewer=viewer, visit_id=visit_id, said=typed, now=clock.now())

    return _rate(request, "visit", {"title": place, "on": found.on, "back": reverse("citizen:home")}, keep)


def _rate(
    request: HttpRequest, touchpoint: str, about: dict[str, Any], keep: Callable[[Said], None]
) -> HttpResponse:
    wrong, status = {}, 200
    if request.method == "POST":
        try:
            keep(said_in(request.POST))
            messages.success(request, gettext("Thank you. It is kept as you said it."))
            return redirect(about["back"])
        except Refusal as refusal:
            if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN):
                raise
            wrong, status = mistakes(refusal) or {"": sentence(refusal)}, STATUS[refusal.kind]
    context = about | {"form": rating_form(touchpoint, request.POST, wrong), "errors": list(wrong.items())}
    return render(request, "citizen/rate.html", context, status=status)


@require_POST
@citizen_page
def add(request: HttpRequest, viewer: AccountView, case_id: UUID, rating_id: UUID) -> HttpResponse:
    """Add something to what one said of a case, or of a visit to it."""
    try:
        rating.add_to_rating(
            viewer=viewer, rating_id=rating_id, words=request.POST.get("words", ""), now=clock.now()
        )
        messages.success(request, gettext("Added."))
    except Refusal as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        messages.error(request, " ".join(mistakes(refusal).values()) or sentence(refusal))
    return redirect("citizen:case", case_id=case_id)


@require_http_methods(["GET", "POST"])
@citizen_page
def report(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Let somebody say that they could not get it done (R6.6)."""
    view, wrong, status = cases.case(viewer=viewer, case_id=case_id), {}, 200
    if request.method == "POST":
        try:
            words = request.POST.get("words", "")
            not_done.report_not_done(viewer=viewer, case_id=case_id, words=words, now=clock.now())
            messages.success(
                request, gettext("Sent. A supervisor who had no hand in it answers you in writing.")
            )
            return redirect("citizen:case", case_id=case_id)
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal) or {"": sentence(refusal)}, STATUS[refusal.kind]
    field = {
        "name": "words", "type": "text", "ask": gettext("What could you not get done, and what happened?"),
        "hint": gettext("In any language."), "value": request.POST.get("words", ""),
        "error": wrong.get("words", ""), "max_length": MOST_WORDS,
    }  # fmt: skip
    context = {
        "view": view, "title": said(view.card.name), "field": field, "errors": list(wrong.items()),
        "days": clock.profile().counter.not_done_days,
    }  # fmt: skip
    return render(request, "citizen/not_done.html", context, status=status)


def said_of(viewer: AccountView, case_id: UUID, state: str) -> dict[str, Any]:
    """Return what the case page says of ratings: what was said, what may be, and what could not be got done."""
    rows = [
        {"one": one, "said": rating_lines(one.rating) if one.rating else None, "href": _rate_url(one)}
        for one in queries.rateables(viewer=viewer, case_id=case_id)
    ]
    return {
        "rateables": [row for row in rows if row["said"] or row["href"]],
        "report": reports.report_of(viewer=viewer, case_id=case_id),
        "may_report": state in not_done.NOT_DONE,
    }


def _rate_url(one: Rateable) -> str:
    """Return where this is rated; nothing if it may not be."""
    page = "citizen:rate_case" if one.touchpoint == "case" else "citizen:rate_visit"
    return reverse(page, args=[one.id]) if one.may_rate else ""


def to_rate(viewer: AccountView, cards: Sequence[CaseCard]) -> list[dict[str, Any]]:
    """Return what may be rated of an application: the visits first, each once, then its services."""
    found = [(one, card) for card in cards for one in queries.rateables(viewer=viewer, case_id=card.id)]
    rows = {
        one.id: {"on": one.on, "name": said(card.name), "href": _rate_url(one)}
        for one, card in found
        if one.may_rate
    }
    return sorted(rows.values(), key=lambda row: row["on"] is None)
