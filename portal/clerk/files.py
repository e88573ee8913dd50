"""Copies that applicants sent: opened one by one, each time on record, never shown as part of our own pages."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from portal.clerk.coming_in import desk_page
from services import clock
from services.cases.actions import reading
from services.people.queries import AccountView


@require_safe
@desk_page
def copy(request: HttpRequest, viewer: AccountView, case_id: UUID, evidence_id: UUID) -> FileResponse:
    """Return the copy as a download: whatever is in it, no browser runs it under our name."""
    stored = reading.open_file(viewer=viewer, case_id=case_id, evidence_id=evidence_id, now=clock.now())
    answer = FileResponse(stored.open(), as_attachment=True, filename=stored.name, content_type=stored.kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
