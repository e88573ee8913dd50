"""Questions people ask about readings of their data: for the supervisor of the office that read (R15.6)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.clerk.coming_in import desk_page
from portal.refusals import STATUS, mistakes
from portal.request_words import request_words
from services import clock
from services.cases.actions import questioning
from services.cases.queries import questions as queries
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people.queries import AccountView


@require_safe
@desk_page
def questions(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List what the office has not answered, the most urgent first."""
    if viewer.role is not Role.SUPERVISOR:
        raise Http404
    waiting = [
        (one, request_words().get(one.asked_for, "")) for one in queries.waiting_questions(viewer=viewer)
    ]
    return render(request, "desk/questions.html", {"waiting": waiting})


@require_http_methods(["GET", "POST"])
@desk_page
def question(request: HttpRequest, viewer: AccountView, question_id: UUID) -> HttpResponse:
    """Show a question with the reading it is about, and answer it in words."""
    words, outcome, wrong, status = request.POST.get("words", ""), request.POST.get("outcome", ""), {}, 200
    if request.method == "POST":
        try:
            questioning.answer_question(
                viewer=viewer, question_id=question_id, words=words, outcome=outcome, now=clock.now()
            )
            messages.success(request, gettext("Answered; the person has your letter."))
            return redirect("clerk:questions")
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal), STATUS[refusal.kind]
    found = questioning.open_question(viewer=viewer, question_id=question_id, now=clock.now())
    field = {
        "name": "words", "type": "text", "value": words, "error": wrong.get("words", ""),
        "max_length": questioning.MOST_WORDS, "ask": gettext("Your answer"),
        "hint": gettext("Say who looked, what for, and whether it was right. The person reads these words.")
        if found.reading
        else gettext("Say what was done, or why not. The person reads these words."),
    }  # fmt: skip
    context = {
        "found": found, "field": field, "errors": list(wrong.items()),
        "what": request_words().get(found.question.asked_for, ""), "outcome": _outcome_field(outcome, wrong),
        "settled": found.question.asked_for in ("correct", "delete"),
    }  # fmt: skip
    return render(request, "desk/question.html", context, status=status)


def _outcome_field(chosen: str, wrong: dict[str, str]) -> dict[str, object]:
    return {
        "name": "outcome", "type": "choice", "value": chosen, "error": wrong.get("outcome", ""), "hint": "",
        "ask": gettext("Was it done?"),
        "choices": [("done", gettext("Yes, as asked")), ("refused", gettext("No, for the reasons below"))],
    }  # fmt: skip
