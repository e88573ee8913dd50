"""A copy of everything that is kept about oneself, over the wire (R15.9)."""

from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.utils import extend_schema

from portal.api.describing import answered_as_problems
from portal.api.operations import Door, operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import people as people_shapes
from portal.api.shapes import readings as shapes
from portal.downloads import download_open
from services import clock
from services.cases.actions import copying
from services.cases.queries import copies


class PersonalCopies(Door):
    """Copies of one's data."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE}

    @operation("List the copies of one's data", tells=shapes.PersonalCopy, paged=True)
    def get(self) -> Page:
        """The latest first; one that is being made, and those that were deleted again, too."""
        return Page(copies.my_copies(viewer=self.viewer))

    @operation("Ask for a copy of one's data", tells=people_shapes.Made, status=202)
    def post(self) -> dict[str, UUID]:
        """A worker makes it; while one is being made, asking again gives the same."""
        return {"id": copying.ask_for_copy(viewer=self.viewer, now=clock.now())}


class PersonalCopyFile(Door):
    """The file of a copy."""

    scope = Scope.CASES_READ

    @extend_schema(
        summary="Fetch a copy of one's data",
        responses={(200, "application/zip"): bytes, **answered_as_problems({401, 403, 404, 429, 500})},
    )
    def get(self, request: Any, copy_id: UUID) -> FileResponse:
        """To its owner alone, while it is there."""
        file = copying.fetch_copy(viewer=self.viewer, copy_id=copy_id, now=clock.now())
        return download_open(file, name="my-data.zip", kind="application/zip")
