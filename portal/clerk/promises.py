"""What was promised to follow, at the desk: more time, received on paper, or the acceptance cancelled (R5.4-R5.6)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.work import act_page, end_task, version_of
from portal.refusals import STATUS, mistakes, sentence
from portal.words import said
from services import clock
from services.cases.actions import promising, reading, receiving
from services.cases.actions.versions import expect_case
from services.cases.queries.cases import CaseView
from services.catalogue import queries as catalogue
from services.core.promises import Delivery, deliveries
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@desk_page
def more_time(request: HttpRequest, viewer: AccountView, case_id: UUID, requirement: str) -> HttpResponse:
    """Give something promised more time, with the reason that the applicant reads."""
    wrong: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                expect_case(viewer=viewer, case_id=case_id, version=version_of(request.POST))
                promising.give_more_time(
                    viewer=viewer, case_id=case_id, requirement=requirement, until=_day(request.POST),
                    reason=request.POST.get("reason", "").strip(), now=clock.now(),
                )  # fmt: skip
            messages.success(request, gettext("More time is given; the applicant has the letter."))
            return redirect("clerk:case", case_id=case_id)
        except Refusal as refusal:
            if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN):
                raise
            found, status = mistakes(refusal), STATUS[refusal.kind]
            wrong = found if "reason" in found else {"until": found.get("", sentence(refusal))}
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    one = next((one for one in view.requirements if one.code == requirement), None)
    field = {
        "name": "until", "type": "date", "ask": gettext("Until which day?"), "hint": "",
        "value": {part: request.POST.get(f"until.{part}", "") for part in ("year", "month", "day")},
        "error": wrong.get("until", ""),
    }  # fmt: skip
    context = {
        "view": view, "title": said(view.card.name), "promised": said(one.name) if one else requirement,
        "until": one.promised_until if one else None, "field": field, "wrong": wrong,
        "errors": list(wrong.items()), "typed": {"reason": request.POST.get("reason", "")},
    }  # fmt: skip
    return render(request, "desk/more_time.html", context, status=status)


@require_http_methods(["GET", "POST"])
@desk_page
def received(request: HttpRequest, viewer: AccountView, case_id: UUID, requirement: str) -> HttpResponse:
    """Record that the original of something promised came by post or was handed in (R5.6)."""
    wrong, status, typed = "", 200, request.POST
    if request.method == "POST":
        try:
            with transaction.atomic():
                expect_case(viewer=viewer, case_id=case_id, version=version_of(request.POST))
                receiving.receive_promised(
                    viewer=viewer, case_id=case_id, requirement=requirement, delivery=typed.get("delivery", ""),
                    again=typed.get("again", ""), now=clock.now(),
                )  # fmt: skip
            messages.success(request, gettext("It is recorded; the applicant has the letter."))
            return redirect("clerk:case", case_id=case_id)
        except Refusal as refusal:
            if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN):
                raise
            wrong, status = sentence(refusal), STATUS[refusal.kind]
            if not typed.get("delivery"):
                wrong, status = gettext("Say how it came in."), 422
    view = reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())
    one = next((one for one in view.requirements if one.code == requirement), None)
    context = {
        "view": view, "title": said(view.card.name), "promised": said(one.name) if one else requirement,
        "until": one.promised_until if one else None, "field": _delivery_field(view, typed, wrong),
        "errors": [("delivery", wrong)] if wrong else [], "again": typed.get("again", ""),
        "may_take_again": viewer.role is Role.SUPERVISOR,
    }  # fmt: skip
    return render(request, "desk/received.html", context, status=status)


def _delivery_field(view: CaseView, typed: QueryDict, wrong: str) -> dict[str, Any]:
    words = {
        Delivery.POST: (gettext("By post"), ""),
        Delivery.WINDOW: (
            gettext("Handed in at the window"), gettext("This counts as the applicant’s one visit."),
        ),
    }  # fmt: skip
    offered = deliveries([catalogue.definition(view.version_id)])
    return {
        "name": "delivery", "type": "choice", "ask": gettext("How did the original come in?"), "hint": "",
        "value": typed.get("delivery", ""), "error": wrong,
        "choices": [(one.value, *words[one]) for one in offered if one in words],
    }  # fmt: skip


def _day(typed: QueryDict) -> date:
    """Return the day written; what is none is as good as a day long past, and refused as such."""
    try:
        return date(*(int(typed.get(f"until.{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return date.min


@act_page
def cancel(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Cancel the acceptance, with reasons."""
    explanation = request.POST.get("explanation", "").strip()
    return end_task(
        request,
        viewer,
        task_id,
        lambda: promising.cancel_acceptance(
            viewer=viewer, task_id=task_id, explanation=explanation, now=clock.now()
        ),
        told=gettext("the acceptance is cancelled; the applicant has the letter."),
        whole=True,
    )
