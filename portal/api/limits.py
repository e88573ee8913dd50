"""The limits of a case over the wire: pauses, extensions, each day explained, and whether its record is whole."""

from typing import Any
from uuid import UUID

from portal.api.cases import CaseDoor
from portal.api.operations import operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import desk as shapes
from services import clock
from services.cases.actions import pausing, second_visits
from services.cases.actions.versions import expect_case
from services.cases.queries import cards, limits, records
from services.cases.queries.cards import CaseCard
from services.cases.queries.records import RecordView
from services.cases.queries.visibility import NoSuchCase
from services.core.pauses import ExtensionNotLawful, PauseNotLawful
from services.core.states import CannotMove


class LimitDoor(CaseDoor):
    """A resource about the limits of a case: whoever sees the case reads it, the office that leads the case acts."""

    scope = {"GET": Scope.CASES_READ, "POST": Scope.TASKS_WORK}


class Pauses(LimitDoor):
    """The times that do not count."""

    @operation("List the pauses of a case", tells=case_shapes.Pause, paged=True, raises=[NoSuchCase])
    def get(self, case_id: UUID) -> Page:
        """In the order in which they began."""
        return Page(limits.pauses_of_case(viewer=self.viewer, case_id=case_id))

    @operation(
        "Pause the limits of a case", asks=shapes.NewPause, tells=case_shapes.CaseCard, status=201,
        expects=expect_case, raises=[NoSuchCase, PauseNotLawful, pausing.LeadOfficeOnly, CannotMove],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> CaseCard:
        """For one of the eight things the law lists; the applicant is told. It ends by itself with its length."""
        pausing.pause_case(viewer=self.viewer, case_id=case_id, **asked, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class PauseEnd(LimitDoor):
    """The end of a pause."""

    @operation(
        "End a pause", tells=case_shapes.CaseCard, status=201, expects=expect_case,
        raises=[NoSuchCase, pausing.NoSuchPause, pausing.LeadOfficeOnly, CannotMove],
    )  # fmt: skip
    def post(self, case_id: UUID, pause_id: UUID) -> CaseCard:
        """Before its told length is over: the time counts again, and the applicant is told."""
        pausing.resume_case(viewer=self.viewer, case_id=case_id, pause_id=pause_id, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class Extensions(LimitDoor):
    """The one extension of a case."""

    @operation(
        "Extend the limits of a case", asks=shapes.NewExtension, tells=case_shapes.CaseCard, status=201,
        expects=expect_case,
        raises=[NoSuchCase, ExtensionNotLawful, second_visits.SupervisorsOnly, pausing.LeadOfficeOnly],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> CaseCard:
        """Once, by a supervisor of the lead office, before the law's last day, with reasons that are told."""
        pausing.extend_case(viewer=self.viewer, case_id=case_id, **asked, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class ClockDays(LimitDoor):
    """The days of a limit."""

    @operation(
        "Explain a limit day by day", wants=case_shapes.DaysWanted, tells=case_shapes.ExplainedDay, paged=True,
        raises=[NoSuchCase],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any], case_id: UUID) -> Page:
        """From acceptance to the last day: which days count, and why the others do not; all on one page."""
        which = limits.WhichLimit(wanted["which"])
        return Page(limits.explained_days(viewer=self.viewer, case_id=case_id, limit=which))


class LedgerVerification(LimitDoor):
    """Whether the record of a case is whole."""

    scope = Scope.TASKS_WORK

    @operation("Verify the record of a case", tells=shapes.LedgerVerification, raises=[NoSuchCase])
    def get(self, case_id: UUID) -> RecordView:
        """Computed anew from every entry, up to the head that the case remembers."""
        return records.record_of_case(viewer=self.viewer, case_id=case_id)
