"""The queue: what the office has to do, the most urgent first, and who does it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.words import KINDS, kind_words
from portal.refusals import sentence
from portal.words import office_names, said
from services import clock
from services.cases.actions import handling
from services.cases.queries import desk
from services.cases.queries.desk import TaskCard
from services.people.queries import AccountView

HERE = "clerk:queue"


@require_safe
@desk_page
def queue(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List the open tasks of the officer's office, a page at a time; filters stand in the address."""
    kind, mine, after = _filters(request)
    found = desk.tasks(viewer=viewer, kind=kind, mine=mine, after=after, limit=desk.PAGE + 1)
    shown = found[: desk.PAGE]
    counts = desk.open_counts(viewer=viewer)
    context = {
        "viewer": viewer,
        "office": office_names().get(viewer.organisation, viewer.organisation),
        "tasks": [_row(one) for one in shown],
        "tabs": _tabs(counts, kind, mine),
        "kind": kind,
        "mine": mine,
        "free": any(not one.claimed_by for one in shown),
        "next_url": _address(kind, mine, str(shown[-1].id)) if len(found) > desk.PAGE else "",
        "first_url": _address(kind, mine) if after else "",
        "all_url": _address(kind, mine=False),
        "mine_url": _address(kind, mine=True),
    }
    return render(request, "desk/queue.html", context)


def _filters(request: HttpRequest) -> tuple[str, bool, str]:
    kind = request.GET.get("kind", "")
    return (
        (kind if kind in KINDS else ""),
        request.GET.get("mine") == "1",
        _uuid(request.GET.get("after", "")),
    )


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _address(kind: str, mine: bool, after: str = "") -> str:
    asked = {"kind": kind, "mine": "1" if mine else "", "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse(HERE)}?{query}" if query else reverse(HERE)


def _tabs(counts: Any, kind: str, mine: bool) -> list[dict[str, object]]:
    known = [one for one in KINDS if counts.get(one) or one == kind]
    tabs = [
        {"text": gettext("All"), "count": sum(counts.values()), "href": _address("", mine), "here": not kind}
    ]
    return tabs + [
        {
            "text": kind_words(one),
            "count": counts.get(one, 0),
            "href": _address(one, mine),
            "here": one == kind,
        }
        for one in known
    ]


def _row(one: TaskCard) -> dict[str, object]:
    return {
        "task": one,
        "kind": kind_words(one.kind),
        "step": said(one.step_name),
        "service": said(one.service_name),
    }


@require_POST
@desk_page
def take_next(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Take the most urgent task that nobody has, and go to its case."""
    kind = request.POST.get("kind", "")
    case_id = handling.claim_next(viewer=viewer, kind=kind if kind in KINDS else "", now=clock.now())
    if case_id is None:
        messages.info(request, gettext("Nothing is left that nobody has. Colleagues work on the rest."))
        return redirect(HERE)
    return redirect("clerk:case", case_id=case_id)


@require_POST
@desk_page
def claim(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Take a task, and go to its case."""
    try:
        handling.claim_task(viewer=viewer, task_id=task_id, now=clock.now())
    except handling.AnotherHasIt as refusal:
        messages.warning(request, sentence(refusal))
    return redirect("clerk:case", case_id=desk.task(viewer=viewer, task_id=task_id).case_id)


@require_POST
@desk_page
def release(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Give a task back to the queue; a supervisor does so for a colleague who is away."""
    handling.release_task(viewer=viewer, task_id=task_id)
    messages.success(request, gettext("The task is back in the queue."))
    return redirect(HERE)
