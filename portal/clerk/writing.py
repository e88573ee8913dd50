"""Letters an officer signs: a correction notice, a declining, a refusal; read first as the applicant will."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.clerk.coming_in import desk_page
from portal.clerk.words import concern_words, noted_words
from portal.clerk.work import version_of
from portal.refusals import STATUS, mistakes
from portal.words import cited, office_names, said
from services import clock
from services.cases.actions import handling, reading
from services.cases.actions.versions import expect_task
from services.cases.queries import casework, desk, one_notice
from services.cases.queries.cases import CaseView
from services.catalogue import queries as catalogue
from services.core.reasons import DECLINING, REFUSAL
from services.core.refusal import Kind, Refusal
from services.notices.queries import Letter
from services.people.queries import AccountView

Typed = dict[str, Any]


@dataclass(frozen=True)
class Writing:
    """A letter in the making: what was typed, how to see it, how to send it, and what is said once it is sent.

    `hold`: how to hold what it is about at the version that was looked at, where it is about no task.
    """

    template: str
    typed: Typed = field(repr=False)
    see: Callable[[], Letter]
    send: Callable[[], None]
    told: str | Callable[[], str]
    context: Mapping[str, Any] = field(repr=False)
    hold: Callable[[], None] | None = None


@require_http_methods(["GET", "POST"])
@desk_page
def correction(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Ask once, for everything that is missing (R2.4)."""
    view = case_of(viewer, task_id)
    wanted = casework.wanting(view)
    must = [one.code for one in wanted if one.must]
    chosen = request.POST.getlist("items") if request.method == "POST" else must
    typed: Typed = {"items": chosen, "explanation": request.POST.get("explanation", "").strip()}
    named = {"viewer": viewer, "task_id": task_id, **typed}
    writing = Writing(
        template="desk/correction.html",
        typed=typed,
        see=lambda: handling.preview_correction(**named, now=clock.now()),
        send=lambda: handling.request_correction(**named, now=clock.now()),
        told=lambda: _asked_or_noted(viewer, view.card.id),
        context={
            "wanted": [{"one": one, "name": said(one.name), "chosen": one.code in chosen} for one in wanted]
        },
    )
    return write(request, viewer, (task_id, view), writing)


def _asked_or_noted(viewer: AccountView, case_id: UUID) -> str:
    """Return whether the notice has gone out, or when it does with what the other offices find (R7.9)."""
    found = one_notice.noted(viewer=viewer, case_id=case_id)
    if found is None:
        return gettext("the applicant was asked for what is missing.")
    return gettext("noted. %(when)s") % {"when": noted_words(found)}


@require_http_methods(["GET", "POST"])
@desk_page
def decline(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Decline to accept, with the reason and, for want of competence, the office that is responsible (R2.2)."""
    view = case_of(viewer, task_id)
    typed: Typed = {
        "reason": request.POST.get("reason", ""),
        "explanation": request.POST.get("explanation", "").strip(),
        "referred_to": request.POST.get("referred_to", ""),
    }
    named = {"viewer": viewer, "task_id": task_id, **typed}
    writing = Writing(
        template="desk/decline.html",
        typed=typed,
        see=lambda: handling.preview_decline(**named, now=clock.now()),
        send=lambda: handling.decline_case(**named, now=clock.now()),
        told=gettext("declined."),
        context={
            "reasons": [(code, said(text)) for code, text in DECLINING.items()],
            "offices": sorted(office_names().items(), key=lambda one: one[1]),
        },
    )
    return write(request, viewer, (task_id, view), writing)


@require_http_methods(["GET", "POST"])
@desk_page
def refuse(request: HttpRequest, viewer: AccountView, task_id: UUID) -> HttpResponse:
    """Refuse, with reasons from the law's list, the legal basis, plain words, and both remedies (R2.16)."""
    view = case_of(viewer, task_id)
    basis = cited("; ".join(catalogue.definition(view.version_id).legal_basis))
    typed: Typed = {
        "reason_codes": request.POST.getlist("reason_codes"),
        "legal_basis": request.POST.get("legal_basis", basis).strip(),
        "explanation": request.POST.get("explanation", "").strip(),
    }
    named = {"viewer": viewer, "task_id": task_id, **typed}
    writing = Writing(
        template="desk/refuse.html",
        typed=typed,
        see=lambda: handling.preview_refusal(**named, now=clock.now()),
        send=lambda: handling.refuse_case(**named, now=clock.now()),
        told=gettext("refused; the applicant has the letter."),
        context={
            "reasons": [(code, said(text), code in typed["reason_codes"]) for code, text in REFUSAL.items()],
            "cause": concern_words(view.concern),
        },
    )
    return write(request, viewer, (task_id, view), writing)


def case_of(viewer: AccountView, task_id: UUID) -> CaseView:
    """Return the case that the task is of; that it was opened stands on record."""
    case_id = desk.task(viewer=viewer, task_id=task_id).case_id
    return reading.open_view(viewer=viewer, case_id=case_id, now=clock.now())


def write(
    request: HttpRequest, viewer: AccountView, about: tuple[UUID, CaseView], writing: Writing
) -> HttpResponse:
    """Write, read, send: a letter goes out only as it was read; one changed since is shown once more."""
    task_id, view = about
    if request.method != "POST":
        return _page(request, about, writing)
    unread = request.POST.get("read") != mark(writing.typed)
    try:
        if request.POST.get("act") == "send" and not unread:
            with transaction.atomic():
                if writing.hold is not None:
                    writing.hold()
                else:
                    expect_task(viewer=viewer, task_id=task_id, version=version_of(request.POST))
                writing.send()
            told = writing.told if isinstance(writing.told, str) else writing.told()
            messages.success(request, f"{view.card.number}: {told}")
            return redirect("clerk:queue")
        letter = writing.see()
    except Refusal as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return _page(request, about, writing, refusal=refusal)
    return _page(request, about, writing, letter=letter)


def mark(typed: Typed) -> str:
    """Return a mark of exactly these words, to know whether they are the ones that were read."""
    return sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()


def _page(
    request: HttpRequest,
    about: tuple[UUID, CaseView],
    writing: Writing,
    *,
    letter: Letter | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    task_id, view = about
    wrong = mistakes(refusal) if refusal else {}
    context = {
        "task_id": task_id,
        "view": view,
        "title": said(view.card.name),
        "typed": writing.typed,
        "letter": letter,
        "read": mark(writing.typed) if letter else "",
        "changed": letter is not None and request.POST.get("act") == "send",
        "errors": list(wrong.items()),
        "wrong": wrong,
        **writing.context,
    }
    return render(request, writing.template, context, status=STATUS[refusal.kind] if refusal else 200)
