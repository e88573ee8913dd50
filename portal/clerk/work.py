"""The acts that end a task on the case's own page: each is one form, one call, and one line about what comes next."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods

from portal.clerk.case import case_page
from portal.clerk.coming_in import View, desk_page
from portal.clerk.panels import Refused
from portal.refusals import STATUS, mistakes
from services import clock
from services.cases.actions import handling, visiting
from services.cases.actions.versions import expect_task
from services.cases.queries import desk
from services.core.refusal import Kind, Mistake, Refusal
from services.people.queries import AccountView

Act = Callable[[], object]


def act_page(view: View) -> View:
    """Let the view be called with its officer for a form that was sent; whoever only looks is led to the case."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @desk_page
    @wraps(view)
    def page(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
        if request.method != "POST":
            return redirect("clerk:case", case_id=desk.task(viewer=viewer, task_id=task_id).case_id)
        return view(request, viewer, task_id)

    return page


def end_task(
    request: HttpRequest, viewer: AccountView, task_id: UUID, act: Act, *, told: str, whole: bool = False
) -> HttpResponse:
    """Do the act and go back to the queue; what is refused comes back on the case's page, nothing typed lost.

    `whole`: the officer judges the whole case, so that what changed in it since the page was opened must be seen first.
    """
    card = desk.task(viewer=viewer, task_id=task_id)
    try:
        with transaction.atomic():
            if whole:
                expect_task(viewer=viewer, task_id=task_id, version=version_of(request.POST))
            act()
    except Refusal as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return case_page(request, viewer, card.case_id, refused(task_id, request.POST, refusal))
    messages.success(request, f"{card.case_number}: {told}")
    return redirect("clerk:queue")


def refused(task_id: UUID, typed: QueryDict, refusal: Refusal) -> Refused:
    """Return a refusal with what was typed, for the page it goes back to."""
    kept: dict[str, Any] = {name: typed.get(name, "") for name in typed}
    kept |= {"originals": typed.getlist("originals")}
    kept["determined"] = {name.partition(":")[2]: typed[name] for name in typed if name.startswith("when:")}
    return Refused(task_id, kept, mistakes(refusal), STATUS[refusal.kind])


def version_of(typed: Mapping[str, str]) -> int:
    """Return the version of the case that the officer had before them."""
    text = typed.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0


@act_page
def accept(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Accept the case."""
    return end_task(
        request,
        viewer,
        task_id,
        lambda: handling.accept_case(viewer=viewer, task_id=task_id, now=clock.now()),
        told=gettext("accepted."),
        whole=True,
    )


class NotSaid(Refusal):
    """A review ends one way or the other."""

    code = "not_said"
    sentence = gettext_noop("Choose how it ends.")


@act_page
def complete(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """End a review, an inspection or a delivery."""

    def act() -> None:
        handling.complete_task(
            viewer=viewer,
            task_id=task_id,
            favorable=_said(request.POST.get("outcome", "")),
            note=request.POST.get("note", "").strip(),
            second_officer_id=_uuid(request.POST.get("second_officer", "")),
            originals_seen=request.POST.getlist("originals"),
            now=clock.now(),
        )

    return end_task(request, viewer, task_id, act, told=gettext("done."))


def _said(outcome: str) -> bool:
    if outcome not in ("for", "against"):
        raise NotSaid(errors=[Mistake("outcome", NotSaid.sentence)])
    return outcome == "for"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@act_page
def grant(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Decide for the applicant."""
    note = request.POST.get("note", "").strip()
    return end_task(
        request,
        viewer,
        task_id,
        lambda: handling.grant_case(viewer=viewer, task_id=task_id, note=note, now=clock.now()),
        told=gettext("granted."),
        whole=True,
    )


@act_page
def let_pass(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Let the case go on, with what the officer found of conditions that could not be told."""
    found = {
        name.partition(":")[2]: value == "yes"
        for name, value in request.POST.items()
        if name.startswith("when:") and value in ("yes", "no")
    }
    note = request.POST.get("note", "").strip()
    return end_task(
        request,
        viewer,
        task_id,
        lambda: handling.let_pass(
            viewer=viewer, task_id=task_id, determined=found, note=note, now=clock.now()
        ),
        told=gettext("goes on."),
        whole=True,
    )


@act_page
def allow_second_visit(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Agree that somebody comes a second time, and say why."""
    case_id = desk.task(viewer=viewer, task_id=task_id).case_id
    reason = request.POST.get("reason", "")
    return end_task(
        request,
        viewer,
        task_id,
        lambda: visiting.allow_second_visit(viewer=viewer, case_id=case_id, reason=reason, now=clock.now()),
        told=gettext("the applicant is asked to choose a time."),
    )
