"""Commitments over the wire: what was found of them, answered, contested and heard; handling stopped (R4.9-R4.11)."""

from typing import Any
from uuid import UUID

from portal.api.cases import CaseDoor
from portal.api.desk import DECIDES, Desk, act
from portal.api.operations import operation
from portal.api.pages import Page
from portal.api.scopes import Scope
from portal.api.shapes import cases as case_shapes
from portal.api.shapes import commitments as shapes
from services import clock
from services.cases.actions import answering_checks, checking, promising, reading
from services.cases.actions.certificates import IssuersOnly
from services.cases.actions.pausing import LeadOfficeOnly
from services.cases.actions.versions import expect_case
from services.cases.queries import cards
from services.cases.queries.cards import CaseCard
from services.cases.queries.visibility import NoSuchCase
from services.core.checks import ClosedTooLong
from services.core.states import CannotMove

ANSWERED = (NoSuchCase, answering_checks.NoSuchCheck, checking.NotTheirTurn)
WRITTEN = (promising.ExplainInWords, ClosedTooLong)


class CommitmentChecks(CaseDoor):
    """What was looked into of a case's commitments."""

    @operation(
        "List what was found of commitments", tells=shapes.CommitmentCheck, paged=True, raises=[NoSuchCase]
    )
    def get(self, case_id: UUID) -> Page:
        """For whoever may see the case; there is no list over cases or persons."""
        return Page(reading.open_checks(**self.asked(case_id)))


class CommitmentRepairs(CaseDoor):
    """Saying that it is put right."""

    @operation(
        "Say that it is put right", tells=case_shapes.CaseCard, status=201, expects=expect_case, raises=ANSWERED,
    )  # fmt: skip
    def post(self, case_id: UUID, check_id: UUID) -> CaseCard:
        """The register is asked again; where there is none, an officer looks."""
        answering_checks.put_right(viewer=self.viewer, case_id=case_id, check_id=check_id, now=clock.now())
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class CommitmentContests(CaseDoor):
    """Contesting a finding."""

    @operation(
        "Contest the finding, once", asks=shapes.Contest, tells=case_shapes.CaseCard, status=201,
        expects=expect_case, raises=[*ANSWERED, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID, check_id: UUID) -> CaseCard:
        """A supervisor who did not make it looks again; reconsideration and the court stay open beside it."""
        answering_checks.contest_finding(
            viewer=self.viewer, case_id=case_id, check_id=check_id, **asked, now=clock.now()
        )
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class HandlingStops(CaseDoor):
    """Stopping for an untrue commitment."""

    scope = Scope.TASKS_WORK

    @operation(
        "Stop handling for an untrue commitment", asks=shapes.HandlingStop, tells=case_shapes.CaseCard, status=201,
        expects=expect_case,
        raises=[NoSuchCase, LeadOfficeOnly, checking.ReviewersDecide, checking.NotTheirTurn, CannotMove, *WRITTEN],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], case_id: UUID) -> CaseCard:
        """Before the decision; signed by this officer, with the law, words, and both remedies in the letter."""
        evidence_id = asked.pop("evidence_id")
        checking.stop_for_untrue(
            viewer=self.viewer, case_id=case_id, evidence_id=evidence_id, written=checking.Untrue(**asked),
            now=clock.now(),
        )  # fmt: skip
        return cards.case_card(viewer=self.viewer, case_id=case_id)


class TaskCommitmentFinding(Desk):
    """Ending the look into a commitment."""

    @act(
        "Say what was found of a commitment", asks=shapes.CommitmentFinding,
        raises=[*DECIDES, checking.NotTheirTurn, *WRITTEN],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """True, not verifiable, or untrue: an untrue one is signed, with the law, words and remedies."""
        found, note = asked.pop("found"), asked.pop("note")
        named = {"viewer": self.viewer, "task_id": task_id, "now": clock.now()}
        if found == "untrue":
            checking.find_untrue(**named, written=checking.Untrue(**asked))
        else:
            checking.settle_check(**named, found=found, note=note)
        return self.case_of(task_id)


class TaskRepairJudgement(Desk):
    """Judging what came in to put it right."""

    @act(
        "Say whether it is put right", asks=shapes.RepairJudgement,
        raises=[*DECIDES, checking.NotTheirTurn, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """What is put right leaves the grant as it is."""
        checking.judge_repair(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class TaskGrantRevocation(Desk):
    """Revoking what was granted on an untrue commitment."""

    @act(
        "Revoke what was granted", asks=shapes.GrantRevocation,
        raises=[*DECIDES, IssuersOnly, checking.NotTheirTurn, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """By a supervisor, when the time to put it right is over; the certificate goes with it."""
        checking.revoke_grant(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)


class TaskContestHearing(Desk):
    """Hearing a contested finding."""

    @act(
        "Decide whether a finding stands", asks=shapes.ContestHearing,
        raises=[*DECIDES, checking.AnotherHears, checking.NotTheirTurn, promising.ExplainInWords],
    )  # fmt: skip
    def post(self, asked: dict[str, Any], task_id: UUID) -> CaseCard:
        """By a supervisor who did not make it; one that does not stand leaves nothing behind."""
        checking.hear_contest(viewer=self.viewer, task_id=task_id, **asked, now=clock.now())
        return self.case_of(task_id)
