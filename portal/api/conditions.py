"""The commitment to a licence's conditions over the wire: read, and signed, at the applicant's choice (R4.3, R4.7)."""

from typing import Any
from uuid import UUID

from portal.api.applications import Mine
from portal.api.operations import operation
from portal.api.shapes import drafts as shapes
from services.cases.actions import conditions, drafting, evidence
from services.cases.actions.versions import expect_application
from services.core.acts import NotRequired
from services.evidence.actions import NotDeclarable, TextHasChanged


class ConditionCommitments(Mine):
    """Commitments to the conditions of a licence."""

    @operation(
        "Read the commitment to the conditions", wants=shapes.ConditionsWanted, tells=shapes.DeclarationText,
        raises=[NotRequired, NotDeclarable, drafting.NotADraft],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any], application_id: UUID) -> Any:
        """In the application's language; its digest is what a signature names."""
        return conditions.conditions_to_sign(
            viewer=self.viewer, application_id=application_id, **wanted, now=self.now
        )

    @operation(
        "Commit to the conditions", asks=shapes.ConditionsSigned, tells=shapes.Given, status=201,
        expects=expect_application,
        raises=[NotRequired, NotDeclarable, TextHasChanged, evidence.NotYoursToSign, drafting.NotADraft],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> dict[str, UUID]:
        """It is then decided on the spot, and looked at afterwards; without it the case goes its usual way."""
        signed = conditions.commit_to_conditions(
            viewer=self.viewer, application_id=application_id, **asked, now=self.now
        )
        return {"evidence_id": signed}
