"""The answer to an office's one question for more: what is missing, each supplied, then sent (R2.4-R2.8)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.words import said
from services import clock
from services.cases.actions import following
from services.cases.queries import cases
from services.cases.queries.cases import CaseView
from services.cases.queries.drafts import RequirementView
from services.core.evidence import Standing
from services.core.states import CaseState
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def correction(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Show what the office asks for, with its words, and hand everything in at once."""
    if request.method == "POST":
        following.answer_correction(viewer=viewer, case_id=case_id, now=clock.now())
        messages.success(request, gettext("Sent. The office looks at it again."))
        return redirect("citizen:case", case_id=case_id)
    view = cases.case(viewer=viewer, case_id=case_id)
    if view.correction is None or view.card.state != CaseState.CORRECTION_REQUESTED:
        return redirect("citizen:case", case_id=case_id)
    wanted = {one.code: one for one in view.requirements}
    tasks = [_task(view, wanted[code]) for code in view.correction.items if code in wanted]
    context = {
        "view": view,
        "title": said(view.card.name),
        "tasks": tasks,
        "first_open": next((task["href"] for task in tasks if task["status"] != "completed"), ""),
    }
    return render(request, "citizen/correction.html", context)


def _task(view: CaseView, one: RequirementView) -> dict[str, str]:
    is_given = one.standing is not Standing.OPEN and _since_notice(view, one)
    return {
        "title": said(one.name),
        "hint": "",
        "href": reverse("citizen:paper", args=[view.application_id, one.code]),
        "status": "completed" if is_given else "incomplete",
    }


def _since_notice(view: CaseView, one: RequirementView) -> bool:
    """Return whether something came in since the office asked; what it has seen already is not the answer."""
    sent_on = view.correction.sent_on if view.correction else None
    return not one.evidence or any(sent_on is None or item.obtained_on >= sent_on for item in one.evidence)
