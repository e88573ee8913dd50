"""What was found of the commitments of a case: for whoever may see the case, and for nobody else (R4.11)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.models import AGAINST, Case, CheckState, CommitmentCheck
from services.cases.queries.visibility import case_for
from services.catalogue import queries as catalogue
from services.core.facts import Texts
from services.people.queries import AccountView


@dataclass(frozen=True, slots=True)
class CheckView:
    """The looking into one commitment, as declarant and office see it."""

    id: UUID
    case_id: UUID
    evidence_id: UUID
    requirement: str
    type: str
    name: Texts = field(hash=False)
    states: Texts = field(hash=False)
    state: str
    opened_on: date
    due_on: date
    by_register: bool
    found_at: datetime | None
    found_by: UUID | None
    legal_basis: str
    explanation: str = field(repr=False)
    reconsideration_until: date | None
    suit_until: date | None
    repair_until: date | None
    closed_until: date | None
    proof_id: UUID | None
    contest: str = field(repr=False)
    contested: bool
    heard: bool
    answer: str = field(repr=False)
    upload: bool
    against: bool
    may_put_right: bool
    may_contest: bool
    late: bool
    task_step: str

    @property
    def to_hear(self) -> bool:
        """Return whether it is contested and nobody has heard it yet."""
        return self.contested and not self.heard


def checks_of_case(*, viewer: AccountView, case_id: UUID) -> tuple[CheckView, ...]:
    """Return what was looked into of a case, in the order of its requirements.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    return check_views(case_for(viewer, case_id))


def check_views(case: Case) -> tuple[CheckView, ...]:
    """Return what was looked into of a case that may be seen."""
    rows = CommitmentCheck.objects.filter(case=case).order_by("opened_on", "requirement", "id")
    return tuple(_view(case, row, clock.today()) for row in rows)


def _view(case: Case, row: CommitmentCheck, on: date) -> CheckView:
    kind = catalogue.definition(case.service_version_id).evidence_types[row.type]
    contestable = row.state in (CheckState.UNTRUE, CheckState.REPAIRED, CheckState.STOPPED)
    in_time = row.reconsideration_until is not None and on <= row.reconsideration_until
    return CheckView(
        id=row.id, case_id=row.case_id, evidence_id=row.evidence_id, requirement=row.requirement, type=row.type,
        name=kind.name, states=kind.states, state=row.state, opened_on=row.opened_on, due_on=row.due_on,
        by_register=row.by_register, found_at=row.found_at, found_by=row.found_by_id, legal_basis=row.legal_basis,
        explanation=row.explanation, reconsideration_until=row.reconsideration_until, suit_until=row.suit_until,
        repair_until=row.repair_until, closed_until=row.closed_until, proof_id=row.proof_id, contest=row.contest,
        contested=row.contested_at is not None, heard=row.heard_at is not None, answer=row.answer,
        upload=kind.upload, against=row.state in AGAINST, may_put_right=row.state == CheckState.UNTRUE,
        may_contest=contestable and row.contested_at is None and in_time,
        late=row.repair_until is not None and on > row.repair_until, task_step=row.task_step,
    )  # fmt: skip
