"""What people said: who was not content, who could not get it done, and how one's own work was rated (R6.6, R9)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.rating_words import level_words, rating_lines
from portal.refusals import STATUS, mistakes, sentence
from portal.words import said
from services import clock
from services.cases.actions import not_done, rating_answers
from services.cases.actions.questioning import MOST_WORDS
from services.cases.queries import not_done as reports
from services.cases.queries import ratings as queries
from services.cases.queries.ratings import RatingAtDesk
from services.core.ratings import NEGATIVE
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people.queries import AccountView


@require_safe
@desk_page
def heard(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List what waits for this officer's answer, and the ratings of their own work; nobody's name stands here."""
    levels = level_words()
    context = {
        "supervisor": viewer.role is Role.SUPERVISOR,
        "reports": reports.waiting_reports(viewer=viewer),
        "waiting": [(one, levels[one.level]) for one in queries.waiting_ratings(viewer=viewer)],
        "own": [(one, levels[one.level]) for one in queries.ratings_of_my_work(viewer=viewer)],
    }
    return render(request, "desk/heard.html", context)


@require_safe
@desk_page
def rating(request: HttpRequest, viewer: AccountView, rating_id: UUID) -> HttpResponse:
    """Show a rating, and what may be done about it."""
    return _page(request, viewer, rating_id)


def _page(
    request: HttpRequest, viewer: AccountView, rating_id: UUID, refusal: Refusal | None = None
) -> HttpResponse:
    found = rating_answers.open_rating(viewer=viewer, rating_id=rating_id, now=clock.now())
    wrong = (mistakes(refusal) or {"": sentence(refusal)}) if refusal else {}
    context = {
        "found": found,
        "rating": rating_lines(found.view),
        "service": said(found.view.service_name),
        "may": _may(found, viewer),
        "words": request.POST.get("words", ""),
        "most": MOST_WORDS,
        "errors": [("", text) for text in wrong.values()],
    }
    return render(request, "desk/rating.html", context, status=STATUS[refusal.kind] if refusal else 200)


def _may(found: RatingAtDesk, viewer: AccountView) -> dict[str, bool]:
    """Return which forms the page has: those of another hand, or those of whoever was rated."""
    other = viewer.role is Role.SUPERVISOR and not found.mine
    owed = (
        other and found.view.level in NEGATIVE and found.view.answered_at is None and not found.view.excluded
    )
    return {
        "contact": owed and found.contacted_at is None,
        "longer": owed and found.answer_due_on != found.last_due_on,
        "answer": owed,
        "appeal": found.mine and found.appealed_at is None,
        "review": other and found.appealed_at is not None and found.reviewed_at is None,
    }


def _contact(named: dict[str, Any], words: str, request: HttpRequest) -> str:
    rating_answers.contact_rater(**named, words=words)
    return gettext("Sent; the portal forwards it.")


def _longer(named: dict[str, Any], words: str, request: HttpRequest) -> str:
    rating_answers.take_longer(**named)
    return gettext("The answer is due on the last day there is.")


def _answer(named: dict[str, Any], words: str, request: HttpRequest) -> str:
    rating_answers.answer_rating(**named, words=words)
    return gettext("Answered; the person has your letter.")


def _appeal(named: dict[str, Any], words: str, request: HttpRequest) -> str:
    rating_answers.appeal_rating(**named, words=words)
    return gettext("Somebody whose work was not rated reviews it.")


def _review(named: dict[str, Any], words: str, request: HttpRequest) -> str:
    rating_answers.review_rating(**named, words=words, excluded=request.POST.get("excluded") == "yes")
    return gettext("Reviewed. The rating stays on record.")


ACTS: Mapping[str, Callable[[dict[str, Any], str, HttpRequest], str]] = {
    "contact": _contact, "longer": _longer, "answer": _answer, "appeal": _appeal, "review": _review,
}  # fmt: skip


@require_POST
@desk_page
def rating_act(request: HttpRequest, viewer: AccountView, rating_id: UUID, act: str) -> HttpResponse:
    """Do what the button says; what was written stays if it cannot be done."""
    if act not in ACTS:
        raise Http404
    named = {"viewer": viewer, "rating_id": rating_id, "now": clock.now()}
    try:
        messages.success(request, ACTS[act](named, request.POST.get("words", ""), request))
    except Refusal as refusal:
        if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN):
            raise
        return _page(request, viewer, rating_id, refusal)
    return redirect("clerk:rating", rating_id=rating_id)


@require_http_methods(["GET", "POST"])
@desk_page
def report(request: HttpRequest, viewer: AccountView, report_id: UUID) -> HttpResponse:
    """Show what somebody could not get done, and answer it in words (R6.6)."""
    words, wrong, status = request.POST.get("words", ""), {}, 200
    if request.method == "POST":
        try:
            not_done.answer_report(viewer=viewer, report_id=report_id, words=words, now=clock.now())
            messages.success(request, gettext("Answered; the person has your letter."))
            return redirect("clerk:heard")
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal) or {"": sentence(refusal)}, STATUS[refusal.kind]
    found = not_done.open_report(viewer=viewer, report_id=report_id, now=clock.now())
    field = {
        "name": "words", "type": "text", "value": words, "error": wrong.get("words", ""), "max_length": MOST_WORDS,
        "ask": gettext("Your answer"),
        "hint": gettext("Say what went wrong and what can be done now. The person reads these words."),
    }  # fmt: skip
    context = {
        "found": found,
        "service": said(found.service_name),
        "field": field,
        "errors": list(wrong.items()),
    }
    return render(request, "desk/not_done.html", context, status=status)
