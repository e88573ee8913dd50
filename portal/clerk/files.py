"""Copies that applicants sent: opened one by one, each time on record, never shown as part of our own pages."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from portal.clerk.coming_in import desk_page
from portal.downloads import download_copy
from services import clock
from services.cases.actions import reading
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
