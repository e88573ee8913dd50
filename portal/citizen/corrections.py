"""The answer to the offices' one question for more: what is missing, each supplied, then sent (R2.4-R2.8, R7.9)."""

from typing import Any
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
from services.cases.queries import cases, one_notice
from services.cases.queries.cases import CaseView
from services.cases.queries.one_notice import MemberAsked, NoticeView
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def correction(request: HttpRequest, viewer: AccountView, case_id: UUID) -> HttpResponse:
    """Show what the offices ask for, with their words, and hand in what is there.

    One page for the whole application, from whichever of its cases it is reached (R7.9).
    """
    if request.method == "POST":
        following.answer_correction(viewer=viewer, case_id=case_id, now=clock.now())
        messages.success(request, gettext("Sent. The office looks at it again."))
    view = cases.case(viewer=viewer, case_id=case_id)
    notice = one_notice.open_notice(viewer=viewer, application_id=view.application_id)
    if notice is None:
        return redirect("citizen:case", case_id=case_id)
    if request.method == "POST":
        return redirect("citizen:correction", case_id=notice.open_members[0].case_id)
    return render(request, "citizen/correction.html", _page(view, notice))


def _page(view: CaseView, notice: NoticeView) -> dict[str, Any]:
    """Return what is asked, by service; `whole` if others of the application may be waiting for their own."""
    members = notice.open_members
    groups = [
        {"name": said(one.name), "explanation": one.explanation, "tasks": _tasks(notice, one)}
        for one in members
    ]
    tasks = [task for group in groups for task in group["tasks"]]
    return {
        "view": view,
        "title": said(members[0].name) if len(members) == 1 else gettext("The whole application"),
        "due_on": notice.due_on,
        "groups": groups,
        "tasks_in_all": len(tasks),
        "first_open": next((task["href"] for task in tasks if task["status"] != "completed"), ""),
        "ready": [said(one.name) for one in members if one.complete],
    }


def _tasks(notice: NoticeView, member: MemberAsked) -> list[dict[str, str]]:
    return [
        {
            "title": said(one.requirement.name),
            "hint": "",
            "href": reverse("citizen:paper", args=[notice.application_id, one.requirement.code]),
            "status": "completed" if one.given else "incomplete",
        }
        for one in member.asked
    ]
