"""How every requirement is settled, over the wire: for the applicant, the officer, and their programs."""

from uuid import UUID

from portal.api.applications import Mine
from portal.api.cases import CaseDoor
from portal.api.operations import operation
from portal.api.shapes import settlements as shapes
from services.cases.actions import reading
from services.cases.queries import settlements
from services.cases.queries.settlements import SettlementSheet
from services.cases.queries.visibility import NoSuchApplication, NoSuchCase


class CaseSettlements(CaseDoor):
    """How a case is proved."""

    @operation("Read how everything is proved", tells=shapes.SettlementSheet, raises=[NoSuchCase])
    def get(self, case_id: UUID) -> SettlementSheet:
        """By which source, with which trust, until when, and what was tried before; from the decision on as decided."""
        return reading.open_settlements(**self.asked(case_id))


class ApplicationSettlements(Mine):
    """How an application is proved."""

    @operation(
        "Read how everything would be proved", tells=shapes.SettlementSheet, raises=[NoSuchApplication]
    )
    def get(self, application_id: UUID) -> SettlementSheet:
        """Of a draft as if it were filed now."""
        return settlements.application_settlements(viewer=self.viewer, application_id=application_id)
