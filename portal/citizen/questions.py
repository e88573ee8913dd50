"""The questions of an application, one a page, saved at each Continue."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page, own_application
from portal.citizen.fields import field_of, sent, summary_of, typed_into, with_rows_changed
from portal.citizen.places import DRAFT, next_place, next_question, question_url
from portal.refusals import mistakes
from portal.words import said
from services import clock
from services.cases.actions import drafting
from services.cases.queries.drafts import DraftView, QuestionView
from services.core.facts import AnswerNotUnderstood, Value, is_empty
from services.people.queries import AccountView

CHECKING = "check"


@require_http_methods(["GET", "POST"])
@citizen_page
def question(request: HttpRequest, viewer: AccountView, application_id: UUID, fact: str) -> HttpResponse:
    """Ask one question, with what is known already filled in to be confirmed."""
    draft = own_application(viewer, application_id)
    asked = next((one for one in draft.questions if one.fact.code == fact), None)
    if asked is None or draft.state != DRAFT:
        return redirect(next_place(draft, viewer))
    if request.method != "POST":
        return _page(request, draft, asked, asked.value)
    typed = typed_into(asked.fact, request.POST)
    if "add_row" in request.POST or "remove_row" in request.POST:
        return _page(request, draft, asked, with_rows_changed(typed, request.POST, fact))
    return _answered(request, viewer, draft, asked, typed)


def _answered(
    request: HttpRequest, viewer: AccountView, draft: DraftView, asked: QuestionView, typed: Value
) -> HttpResponse:
    """Save the answer and go on; one that cannot be read comes back as it was typed, with what to put right."""
    answer = sent(asked.fact, typed)
    if is_empty(answer) and asked.needed:
        return _page(request, draft, asked, typed, {asked.fact.code: gettext("Answer this question.")})
    try:
        drafting.answer_questions(
            viewer=viewer, application_id=draft.id, answers={asked.fact.code: answer}, now=clock.now()
        )
    except AnswerNotUnderstood as refusal:
        return _page(request, draft, asked, typed, mistakes(refusal))
    return redirect(_next(request, viewer, draft.id, asked.fact.code))


def _next(request: HttpRequest, viewer: AccountView, application_id: UUID, code: str) -> str:
    draft = own_application(viewer, application_id)
    if request.GET.get("from") != CHECKING:
        return next_place(draft, viewer, after=code)
    opened = next_question(draft, code) if draft.unanswered else None
    if opened is not None:
        return f"{question_url(draft, opened)}?from={CHECKING}"
    return reverse("citizen:check", args=[application_id])


def _page(
    request: HttpRequest,
    draft: DraftView,
    asked: QuestionView,
    value: Value,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    codes = [one.fact.code for one in draft.questions]
    at, errors = codes.index(asked.fact.code), errors or {}
    checking = request.GET.get("from") == CHECKING
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "field": field_of(asked.fact, value, errors, optional=not asked.needed),
        "errors": summary_of(asked.fact, errors),
        "number": at + 1,
        "total": len(codes),
        "told_before": asked.remembered and not asked.answered,
        "saved_at": draft.changed_at if draft.version > 1 else None,
        "back_url": _back(draft, at, checking),
    }
    return render(request, "citizen/question.html", context, status=422 if errors else 200)


def _back(draft: DraftView, at: int, checking: bool) -> str:
    if checking:
        return reverse("citizen:check", args=[draft.id])
    return question_url(draft, draft.questions[at - 1]) if at else reverse("citizen:home")
