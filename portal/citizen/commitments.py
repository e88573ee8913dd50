"""What was found of one's commitments: put right with a proof, or contested, once (R4.10, R4.11)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.refusals import mistakes, sentence
from portal.words import cited, isolated, said
from services import clock
from services.cases.actions import answering_checks
from services.cases.actions.answering_checks import NoSuchCheck
from services.cases.actions.promising import ExplainInWords
from services.cases.queries import cases, checks
from services.cases.queries.checks import CheckView
from services.core.refusal import Refusal
from services.evidence.actions import SentFile
from services.people.queries import AccountView


def finding_lines(found: Sequence[CheckView]) -> list[dict[str, Any]]:
    """Return what was found against the declarant, with what they can do about it; nothing else is told."""
    return [
        {"one": one, "name": said(one.name), "basis": cited(one.legal_basis), "tag": _tag(one)}
        for one in found
        if one.against or one.state == "overturned"
    ]


def _tag(one: CheckView) -> dict[str, str]:
    words = {
        "untrue": (gettext("To be put right"), "wait"),
        "repaired": (gettext("Put right"), "good"),
        "revoked": (gettext("Revoked"), "bad"),
        "stopped": (gettext("Handling stopped"), "bad"),
        "overturned": (gettext("Does not hold"), "good"),
    }
    text, tone = words[one.state]
    return {"text": text, "tone": tone}


@require_http_methods(["GET", "POST"])
@citizen_page
def put_right(request: HttpRequest, viewer: AccountView, case_id: UUID, check_id: UUID) -> HttpResponse:
    """Send the proof, or say that it is put right where no copy proves it; registers are asked again."""
    one, error = _own(viewer, case_id, check_id), ""
    if request.method == "POST":
        error = _answer(request, viewer, one)
        if not error:
            messages.success(request, gettext("Sent. The office looks at it, and asks the registers again."))
            return redirect("citizen:case", case_id=case_id)
    field = {
        "name": "copy", "type": "file", "hint": gettext("If you have none, send the form without it."),
        "ask": gettext("Send a copy: %(what)s") % {"what": isolated(said(one.name))}, "error": error, "file_name": "",
    }  # fmt: skip
    context = _context(viewer, one) | {"field": field, "errors": [("copy", error)] if error else []}
    return render(request, "citizen/put_right.html", context, status=422 if error else 200)


def _answer(request: HttpRequest, viewer: AccountView, one: CheckView) -> str:
    """Hand in the answer, and return what is wrong with the file, if anything is."""
    file = request.FILES.get("copy")
    try:
        sent = SentFile.taken(file, account_id=viewer.id) if file and one.upload else None
        answering_checks.put_right(
            viewer=viewer, case_id=one.case_id, check_id=one.id, sent=sent, now=clock.now()
        )
    except Refusal as refusal:
        if refusal.kind in ("missing", "forbidden", "conflict"):
            raise
        return mistakes(refusal).get("", sentence(refusal))
    return ""


@require_http_methods(["GET", "POST"])
@citizen_page
def contest(request: HttpRequest, viewer: AccountView, case_id: UUID, check_id: UUID) -> HttpResponse:
    """Say what is wrong with the finding: a supervisor who did not make it looks again."""
    one = _own(viewer, case_id, check_id)
    reason, error = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            answering_checks.contest_finding(
                viewer=viewer, case_id=case_id, check_id=check_id, reason=reason, now=clock.now()
            )
            messages.success(
                request, gettext("Noted. A supervisor who did not make the finding looks again.")
            )
            return redirect("citizen:case", case_id=case_id)
        except ExplainInWords as refusal:
            error = mistakes(refusal)["reason"]
    field = {
        "name": "reason", "type": "text", "max_length": 2000, "value": reason, "error": error,
        "ask": gettext("What is wrong with the finding?"), "hint": gettext("The supervisor reads this."),
    }  # fmt: skip
    context = _context(viewer, one) | {"field": field, "errors": [("reason", error)] if error else []}
    return render(request, "citizen/contest.html", context, status=422 if error else 200)


def _own(viewer: AccountView, case_id: UUID, check_id: UUID) -> CheckView:
    found = checks.checks_of_case(viewer=viewer, case_id=case_id)
    one = next((one for one in found if one.id == check_id and one.found_by is not None), None)
    if one is None:
        raise NoSuchCheck
    return one


def _context(viewer: AccountView, one: CheckView) -> dict[str, Any]:
    view = cases.case(viewer=viewer, case_id=one.case_id)
    return {"view": view, "title": said(view.card.name), "one": one, "name": said(one.name)}
