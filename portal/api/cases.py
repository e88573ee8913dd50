"""Cases over the wire: where they stand and why, for applicants and officers; the applicant's acts on them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from drf_spectacular.utils import extend_schema

from portal.api.describing import sealed_pdf
from portal.api.operations import Door, operation
from portal.api.pages import Page, page
from portal.api.scopes import Scope
from portal.api.shapes import cases as shapes
from portal.api.shapes import drafts as draft_shapes
from portal.downloads import download, download_copy
from services import clock
from services.cases.actions import following, handing_over, reading
from services.cases.actions.versions import expect_case
from services.cases.queries import cards
from services.cases.queries.cases import CaseView
from services.cases.queries.visibility import NoSuchCase
from services.core.acts import StillMissing
from services.core.states import CannotMove


class CaseDoor(Door):
    """A resource about a case."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.APPLICATIONS_WRITE}

    def asked(self, case_id: UUID) -> dict[str, Any]:
        """Return who reads which case, and when: an officer's reading is on record before it is answered."""
        return {"viewer": self.viewer, "case_id": case_id, "now": clock.now()}


class Cases(CaseDoor):
    """The cases one may see."""

    @operation("List the cases one may see", wants=shapes.CasesWanted, tells=shapes.CaseCard, paged=True)
    def get(self, wanted: dict[str, Any]) -> Page:
        """An applicant's own, or those an office leads or has a task in; the newest first."""

        def find(limit: int) -> Sequence[Any]:
            return cards.my_cases(viewer=self.viewer, before=wanted.get("before", ""), limit=limit)

        return page(self.request, find, limit=wanted["limit"], mark="before", last="number")


class Case(CaseDoor):
    """One case."""

    @operation("Read a case", tells=shapes.Case, raises=[NoSuchCase])
    def get(self, case_id: UUID) -> CaseView:
        """Where it stands, its clock, its steps, how its requirements are met, its decision, bill and result."""
        return reading.open_view(**self.asked(case_id))


class CaseTimeline(CaseDoor):
    """What has happened to a case."""

    @operation("Read what has happened", tells=shapes.Event, paged=True)
    def get(self, case_id: UUID) -> Page:
        """The ledger's entries, oldest first."""
        return Page(reading.open_timeline(**self.asked(case_id)))


class CaseEvidence(CaseDoor):
    """What a case rests on."""

    @operation("Read the evidence", tells=draft_shapes.RequirementState, paged=True)
    def get(self, case_id: UUID) -> Page:
        """Each requirement with its evidence: source, grade, and what it says."""
        return Page(reading.open_evidence(**self.asked(case_id)))


class CaseAnswers(CaseDoor):
    """What was answered."""

    @operation("Read the answers", tells=shapes.CaseAnswer, paged=True)
    def get(self, case_id: UUID) -> Page:
        """Those this service asked for or evidence proved, and nothing else."""
        return Page(reading.open_answers(**self.asked(case_id)))


class CaseFile(CaseDoor):
    """A copy that was sent for a case."""

    scope = Scope.TASKS_WORK

    @extend_schema(summary="Open a copy that was sent", responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Any, case_id: UUID, evidence_id: UUID) -> FileResponse:
        """For the office that asked for it; that it was opened stays on record."""
        return download_copy(reading.open_file(evidence_id=evidence_id, **self.asked(case_id)))


class CaseResult(CaseDoor):
    """What was issued in a case, on paper."""

    @sealed_pdf("Receive what was issued in a case")
    def get(self, request: Any, case_id: UUID, certificate_id: UUID) -> HttpResponse:
        """For the applicant, and for an agent whose mandate lets them receive it; the holder is told that they did."""
        language = request.query_params.get("language", "en")
        paper = handing_over.hand_over(
            certificate_id=certificate_id, language=language, **self.asked(case_id)
        )
        return download(paper.content, name=paper.name, kind="application/pdf")


class CorrectionReplies(CaseDoor):
    """Replies to the correction notice."""

    @operation(
        "Say that what was missing is handed in", tells=shapes.CaseCard, status=201, expects=expect_case,
        raises=[CannotMove, StillMissing],
    )  # fmt: skip
    def post(self, case_id: UUID) -> Any:
        """Give what was asked for to the application first; the office then looks again.

        Of several services all those are handed in of which everything has come in, whichever case is named.
        """
        following.answer_correction(viewer=self.viewer, case_id=case_id, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class Withdrawal(CaseDoor):
    """Withdrawing a case."""

    @operation(
        "Withdraw a case",
        tells=shapes.CaseCard,
        status=201,
        expects=expect_case,
        raises=[CannotMove, NoSuchCase],
    )
    def post(self, case_id: UUID) -> Any:
        """Any time before the decision; nothing is held against anybody."""
        following.withdraw_case(viewer=self.viewer, case_id=case_id, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)
