"""A certificate at the office that issued it: how it stands, and the letter with which that changes."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.work import version_of
from portal.clerk.writing import mark
from portal.refusals import STATUS, mistakes
from portal.words import cited, office_names, said
from services import clock
from services.cases.actions import certificates as acts
from services.cases.actions import reading
from services.cases.actions.certificates import NewStatus
from services.cases.queries.certificates import KeptCertificate
from services.core.grounds import GROUNDS, Change
from services.core.refusal import Kind, Refusal
from services.notices.queries import Letter
from services.people.queries import AccountView


@require_safe
@desk_page
def certificate(request: HttpRequest, viewer: AccountView, number: str) -> HttpResponse:
    """Show how the certificate stands, since when and on what ground, and what this officer can make of it."""
    kept = _kept(viewer, number)
    context = {
        "kept": kept,
        "name": said(kept.name),
        "office": office_names().get(kept.certificate.organisation, ""),
        "ground": said(kept.ground),
        "changes": [{"code": one.value, "words": change_words(one)} for one in kept.may],
    }
    return render(request, "desk/certificate.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def change(request: HttpRequest, viewer: AccountView, number: str, change: str) -> HttpResponse:
    """Write why, read the letter as the holder will, and only then change it (R12.1, R15.8)."""
    kept, wanted = _kept(viewer, number), _change(change)
    new_status = NewStatus(
        change=wanted,
        ground=request.POST.get("ground", ""),
        legal_basis=request.POST.get("legal_basis", cited("; ".join(kept.legal_basis))).strip(),
        explanation=request.POST.get("explanation", "").strip(),
    )
    if request.method != "POST":
        return _page(request, kept, new_status)
    try:
        if request.POST.get("act") == "send" and request.POST.get("read") == mark(_typed(new_status)):
            return _send(request, viewer, number, new_status)
        letter = acts.preview_change(viewer=viewer, number=number, new_status=new_status, now=clock.now())
    except Refusal as refusal:
        if refusal.kind is Kind.MISSING:
            raise
        return _page(request, kept, new_status, refusal=refusal)
    return _page(request, kept, new_status, letter=letter)


def _send(request: HttpRequest, viewer: AccountView, number: str, new_status: NewStatus) -> HttpResponse:
    with transaction.atomic():
        acts.expect_certificate(viewer=viewer, number=number, version=version_of(request.POST))
        acts.change_certificate(viewer=viewer, number=number, new_status=new_status, now=clock.now())
    messages.success(request, f"{number}: {gettext('changed; the holder has the letter.')}")
    return redirect("clerk:certificate", number=number)


def _kept(viewer: AccountView, number: str) -> KeptCertificate:
    return reading.open_certificate(viewer=viewer, number=number, now=clock.now())


def _change(code: str) -> Change:
    try:
        return Change(code)
    except ValueError as error:
        raise Http404 from error


def _typed(new_status: NewStatus) -> dict[str, str]:
    return {
        "ground": new_status.ground,
        "legal_basis": new_status.legal_basis,
        "explanation": new_status.explanation,
    }


def _page(
    request: HttpRequest,
    kept: KeptCertificate,
    new_status: NewStatus,
    *,
    letter: Letter | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    wrong, words = mistakes(refusal) if refusal else {}, change_words(new_status.change)
    context: dict[str, Any] = {
        # The frame of a letter names a case and the version that was looked at: here, the certificate's.
        "view": {"card": {"id": kept.case_id, "number": kept.certificate.number, "version": kept.version}},
        "title": said(kept.name),
        "words": words,
        "grounds": [(code, said(text)) for code, text in GROUNDS[new_status.change].items()],
        "grave": new_status.change is not Change.REINSTATEMENT,
        "typed": _typed(new_status),
        "letter": letter,
        "read": mark(_typed(new_status)) if letter else "",
        "changed": letter is not None and request.POST.get("act") == "send",
        "errors": list(wrong.items()),
        "wrong": wrong,
    }
    status = STATUS[refusal.kind] if refusal else 200
    return render(request, "desk/certificate_change.html", context, status=status)


def change_words(change: Change) -> str:
    """Return what an officer does to a certificate, as an instruction."""
    return {
        Change.REVOCATION: gettext("Revoke the certificate"),
        Change.SUSPENSION: gettext("Suspend the certificate"),
        Change.REINSTATEMENT: gettext("Put the certificate back into force"),
        Change.CANCELLATION: gettext("Cancel the certificate"),
    }[change]
