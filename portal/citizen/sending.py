"""A copy that only the applicant has: photos of its pages or a PDF, put in order, and sent as one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.citizen.papers import after_giving, party_of, wanted
from portal.refusals import mistakes, sentence
from portal.words import isolated, said
from services import clock
from services.cases.actions import sending
from services.cases.queries import drafts
from services.core.refusal import Kind, Refusal
from services.evidence import queries as evidence
from services.evidence.actions import NoSuchPage, SentFile
from services.evidence.binding import check_together
from services.people.queries import AccountView

ACTS = {"earlier": -1, "later": 1, "remove": 0}


@require_http_methods(["GET", "POST"])
@citizen_page
def upload(
    request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str, type: str
) -> HttpResponse:
    """Take in a copy, page by page or at once, the limits told first; one that cannot be used says why."""
    error = ""
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if _does(request, viewer, application_id, requirement, type, act):
                return redirect(after_giving(viewer, application_id))
            return redirect(request.path)
        except Refusal as refusal:
            if refusal.kind in (Kind.MISSING, Kind.FORBIDDEN) and not act.partition(":")[2]:
                raise
            error = mistakes(refusal).get("", sentence(refusal))
    return _page(request, viewer, application_id, requirement, type, error)


def _does(
    request: HttpRequest, viewer: AccountView, application_id: UUID, requirement: str, type: str, act: str
) -> bool:
    """Do what the button says, and return whether the copy was handed in with it."""
    name, _colon, page = act.partition(":")
    if name in ACTS:
        sending.arrange_page(
            viewer=viewer, application_id=application_id, page_id=_page_id(page), by=ACTS[name]
        )
        return False
    place: dict[str, Any] = {
        "viewer": viewer, "application_id": application_id, "requirement": requirement, "type": type,
        "now": clock.now(), "files": _files(request, viewer),
    }  # fmt: skip
    if name == "add":
        sending.add_pages(**place)
        return False
    sending.hand_in(**place)
    return True


def _page_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NoSuchPage from error


def _files(request: HttpRequest, viewer: AccountView) -> list[SentFile]:
    chosen: list[UploadedFile] = request.FILES.getlist("copy")
    check_together([one.size or 0 for one in chosen])
    return [SentFile.taken(one, account_id=viewer.id) for one in chosen]


def _page(
    request: HttpRequest,
    viewer: AccountView,
    application_id: UUID,
    requirement: str,
    type: str,
    error: str,
) -> HttpResponse:
    draft = drafts.draft(viewer=viewer, application_id=application_id)
    one, ways = wanted(draft, requirement)
    name = next((said(way.name) for way in ways if way.type == type), said(one.name))
    sent = [copy.name for copy in evidence.uploads(application_ids=[application_id]) if copy.type == type]
    field = {
        "name": "copy", "type": "file", "ask": gettext("Send a copy: %(what)s") % {"what": isolated(name)},
        "hint": party_of(draft, one), "error": error, "file_name": sent[-1] if sent else "", "several": True,
    }  # fmt: skip
    context = {
        "draft": draft,
        "title": said(draft.names[0]),
        "field": field,
        "errors": [("copy", error)] if error else [],
        "pages": evidence.pages(application_id=application_id, requirement=requirement, type=type),
        "most": settings.UPLOAD_MAX_PAGES,
        "pages_url": reverse("api:pages", args=[application_id]),
        "requirement": requirement,
        "type": type,
    }
    return render(request, "citizen/upload.html", context, status=422 if error else 200)
