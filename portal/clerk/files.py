"""Files at the desk: copies that applicants sent, opened one by one and on record, and results to be printed."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.clerk.coming_in import desk_page
from portal.downloads import download, download_copy
from services import clock
from services.cases.actions import handing_over, reading
from services.people.queries import AccountView


@require_safe
@desk_page
def copy(request: HttpRequest, viewer: AccountView, case_id: UUID, evidence_id: UUID) -> FileResponse:
    """Return the copy as a download: whatever is in it, no browser runs it under our name."""
    return download_copy(
        reading.open_file(viewer=viewer, case_id=case_id, evidence_id=evidence_id, now=clock.now())
    )


@require_safe
@desk_page
def visit_copy(
    request: HttpRequest, viewer: AccountView, appointment_id: UUID, evidence_id: UUID
) -> FileResponse:
    """Return a copy that waits to be looked at, at the visit of whoever sent it."""
    return download_copy(
        reading.open_visit_copy(
            viewer=viewer, appointment_id=appointment_id, evidence_id=evidence_id, now=clock.now()
        )
    )


@require_safe
@desk_page
def visit_result(
    request: HttpRequest, viewer: AccountView, appointment_id: UUID, certificate_id: UUID, language: str
) -> HttpResponse:
    """Return what a case of the visit came to, to be printed for whoever is here; that it was, is on record."""
    found = handing_over.print_at_visit(
        viewer=viewer, appointment_id=appointment_id, certificate_id=certificate_id, language=language,
        now=clock.now(),
    )  # fmt: skip
    return download(found.content, name=found.name, kind="application/pdf")
