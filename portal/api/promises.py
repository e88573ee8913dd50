"""Filing with a gap over the wire: promised in writing, given more time, taken on paper, or cancelled (R5.1-R5.6)."""

from typing import Any
from uuid import UUID

from portal.api.applications import Mine
from portal.api.cases import CaseDoor
from portal.api.desk import DECIDES, Desk, act
from portal.api.operations import operation
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import desk as desk_shapes
from portal.api.shapes import drafts as shapes
from services import clock
from services.cases.actions import drafting, evidence, promising, receiving
from services.cases.actions.pausing import LeadOfficeOnly
from services.cases.actions.second_visits import SecondVisit
from services.cases.actions.versions import expect_application, expect_case
from services.cases.queries import cards
from services.cases.queries.cards import CaseCard
from services.cases.queries.drafts import DraftView
from services.cases.queries.visibility import NoSuchCase
from services.core.promises import DeliveryNotOffered, NotDeferrable, PromiseNotOpen, PromiseTooLate
from services.evidence.actions import TextHasChanged


class Promises(Mine):
    """What is promised to follow."""

    @operation(
        "Read the promise to sign", wants=shapes.PromiseWanted, tells=shapes.PromiseText,
        raises=[NotDeferrable, PromiseTooLate, DeliveryNotOffered, drafting.NotADraft],
    )  # fmt: skip
    def get(self, wanted: dict[str, Any], application_id: UUID) -> Any:
        """The notice on the spot: what, in which form, by when, and what follows if it does not come."""
        found = promising.promise_to_sign(
            viewer=self.viewer, application_id=application_id, **wanted, now=self.now
        )
        return {
            "language": found.text.language, "text": found.text.text, "digest": found.text.digest,
            "until": found.until, "last_day": found.last_day, "delivery": found.delivery,
            "deliveries": found.deliveries,
        }  # fmt: skip

    @operation(
        "Promise that something follows", asks=shapes.Promised, tells=shapes.Draft, status=201,
        expects=expect_application,
        raises=[
            NotDeferrable, PromiseTooLate, DeliveryNotOffered, TextHasChanged, evidence.NotYoursToSign,
            drafting.NotADraft,
        ],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], application_id: UUID) -> DraftView:
        """With the digest of the text that was read; the case is then accepted and handled meanwhile."""
        promising.promise_to_follow(viewer=self.viewer, application_id=application_id, **asked, now=self.now)
        return self.draft(application_id)


class PromiseExtension(CaseDoor):
    """More time for something promised."""

    scope = Scope.TASKS_WORK

    @operation(
        "Give something promised more time", asks=desk_shapes.MoreTime, tells=case_shapes.CaseCard, status=201,
        expects=expect_case,
        raises=[NoSuchCase, LeadOfficeOnly, PromiseNotOpen, PromiseTooLate, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID, requirement: str) -> CaseCard:
        """For something beyond the applicant's control, up to the law's own last day."""
        promising.give_more_time(
            viewer=self.viewer, case_id=case_id, requirement=requirement, **asked, now=clock.now()
        )
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class PromiseReceipt(CaseDoor):
    """What was promised, come in on paper."""

    scope = Scope.TASKS_WORK

    @operation(
        "Record that something promised came in on paper", asks=desk_shapes.PromiseReceipt,
        tells=case_shapes.CaseCard, status=201, expects=expect_case,
        raises=[NoSuchCase, LeadOfficeOnly, PromiseNotOpen, DeliveryNotOffered, SecondVisit, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID, requirement: str) -> CaseCard:
        """The original, come by post or handed in at the window; handing in is the case's one visit."""
        receiving.receive_promised(
            viewer=self.viewer, case_id=case_id, requirement=requirement, **asked, now=clock.now()
        )
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class TaskCancellation(Desk):
    """Cancelling the acceptance."""

    @act(
        "Cancel the acceptance",
        asks=desk_shapes.AcceptanceCancellation,
        raises=[*DECIDES, promising.ExplainInWords],
    )
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """Where something promised did not come; signed by this officer, with written reasons."""
        promising.cancel_acceptance(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)
