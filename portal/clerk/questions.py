"""Questions people ask about readings of their data: for the supervisor of the office that read (R15.6)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.clerk.coming_in import desk_page
from portal.refusals import STATUS, mistakes
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
    return render(request, "desk/questions.html", {"waiting": queries.waiting_questions(viewer=viewer)})


@require_http_methods(["GET", "POST"])
@desk_page
def question(request: HttpRequest, viewer: AccountView, question_id: UUID) -> HttpResponse:
    """Show a question with the reading it is about, and answer it in words."""
    words, wrong, status = request.POST.get("words", ""), {}, 200
    if request.method == "POST":
        try:
            questioning.answer_question(viewer=viewer, question_id=question_id, words=words, now=clock.now())
            messages.success(request, gettext("Answered; the person has your letter."))
            return redirect("clerk:questions")
        except Refusal as refusal:
            if refusal.kind is Kind.MISSING:
                raise
            wrong, status = mistakes(refusal), STATUS[refusal.kind]
    found = questioning.open_question(viewer=viewer, question_id=question_id, now=clock.now())
    field = {
        "name": "words", "type": "text", "value": words, "error": next(iter(wrong.values()), ""),
        "max_length": questioning.MOST_WORDS, "ask": gettext("Your answer"),
        "hint": gettext("Say who looked, what for, and whether it was right. The person reads these words."),
    }  # fmt: skip
    context = {"found": found, "field": field, "errors": [("words", one) for one in wrong.values()]}
    return render(request, "desk/question.html", context, status=status)
