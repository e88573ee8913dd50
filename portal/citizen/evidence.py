"""What offices hold: fetched when asked for, shown with its source, confirmed or disputed (R16.1, R3.15)."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.citizen.coming_in import citizen_page, own_application
from portal.citizen.places import DRAFT, findings, next_place
from portal.citizen.proofs import definitions, found_rows, office_of, source_of
from portal.refusals import mistakes
from portal.words import cited, facts_of, office_names, said
from services import clock
from services.cases.actions import drafting
from services.cases.actions import evidence as saying
from services.cases.queries.drafts import DraftView
from services.core.definitions import Definition
from services.evidence.actions import ReasonForDispute
from services.people.queries import AccountView

LOOK_AGAIN_SECONDS = "2"


@require_http_methods(["GET", "POST"])
@citizen_page
def fetch(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Say which office would be asked for what, and ask only when told to: apart from submitting (R16.1)."""
    draft = own_application(viewer, application_id)
    if request.method == "POST":
        drafting.request_evidence(viewer=viewer, application_id=application_id, now=clock.now())
        return redirect("citizen:waiting", application_id=application_id)
    if draft.state != DRAFT:
        return redirect(next_place(draft, viewer))
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "wanted": _wanted(draft),
        "without_url": next_place(draft, viewer, skip=["fetch"]),
    }
    return render(request, "citizen/fetch.html", context)


def _wanted(draft: DraftView) -> list[dict[str, str]]:
    kinds, offices = definitions(draft.services), office_names()
    wanted = []
    for one in draft.to_fetch:
        required = next(kind.requirement[one.code] for kind in kinds if one.code in kind.requirement)
        names = {office_of(kinds, code) for code in required.any_of[0]}
        holder = ", ".join(sorted(offices.get(name, name) for name in names))
        wanted.append({"name": said(one.name), "holder": holder, "basis": _law(kinds, required.any_of[0])})
    return wanted


def _law(kinds: Sequence[Definition], codes: Sequence[str]) -> str:
    """Return by which law registers are asked for these kinds of evidence (R15.1), each act once."""
    types = [kind.evidence_types[code] for kind in kinds for code in codes if code in kind.evidence_types]
    return cited("; ".join(dict.fromkeys(one.basis for one in types if one.basis)))


@require_safe
@citizen_page
def waiting(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Wait a moment for the registers, and look again by itself; nobody has to wait."""
    draft = own_application(viewer, application_id)
    if not draft.fetching:
        return redirect(next_place(draft, viewer))
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "meanwhile_url": next_place(draft, viewer, skip=["waiting"]),
    }
    response = render(request, "citizen/waiting.html", context)
    response["Refresh"] = LOOK_AGAIN_SECONDS
    return response


@require_http_methods(["GET", "POST"])
@citizen_page
def found(request: HttpRequest, viewer: AccountView, application_id: UUID) -> HttpResponse:
    """Show what was found, each with its source, to be confirmed or disputed before it is used."""
    draft = own_application(viewer, application_id)
    if request.method == "POST":
        saying.confirm_findings(viewer=viewer, application_id=application_id, now=clock.now())
        return redirect("citizen:go_on", application_id=application_id)
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "found": _found(draft),
        "late": [said(one.name) for one in draft.to_fetch],
    }
    return render(request, "citizen/found.html", context)


def _found(draft: DraftView) -> list[dict[str, object]]:
    kinds, offices, facts = definitions(draft.services), office_names(), facts_of(draft.services)
    return [
        {
            "id": item.id,
            "name": said(item.name),
            "source": source_of(item, kinds, offices),
            "until": item.valid_until,
            "rows": found_rows(item, facts),
        }
        for item in findings(draft)
    ]


@require_http_methods(["GET", "POST"])
@citizen_page
def dispute(
    request: HttpRequest, viewer: AccountView, application_id: UUID, evidence_id: UUID
) -> HttpResponse:
    """Take down what is wrong with what was found; the applicant's own then counts."""
    draft = own_application(viewer, application_id)
    reason, errors = request.POST.get("reason", ""), {}
    if request.method == "POST":
        try:
            saying.dispute_evidence(
                viewer=viewer,
                application_id=application_id,
                evidence_id=evidence_id,
                reason=reason,
                now=clock.now(),
            )
            messages.success(
                request, gettext("Noted. The office is told, and yours counts: you can give it yourself.")
            )
            return redirect("citizen:go_on", application_id=application_id)
        except ReasonForDispute as refusal:
            errors = {"reason": mistakes(refusal)[""]}
    item = next((one for one in _found(draft) if one["id"] == evidence_id), None)
    if item is None:
        return redirect("citizen:go_on", application_id=application_id)
    return render(
        request,
        "citizen/dispute.html",
        _dispute_context(draft, item, reason, errors),
        status=422 if errors else 200,
    )


def _dispute_context(
    draft: DraftView, item: dict[str, object], reason: str, errors: dict[str, str]
) -> dict[str, object]:
    field = {
        "name": "reason", "type": "text", "max_length": 1000, "value": reason, "error": errors.get("reason", ""),
        "ask": gettext("What is wrong with it?"), "hint": gettext("The office that keeps the record reads this."),
    }  # fmt: skip
    return {
        "draft": draft,
        "title": said(draft.names[0]),
        "item": item,
        "field": field,
        "errors": list(errors.items()),
    }
