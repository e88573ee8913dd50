"""The decision on a case: granted, refused with reasons and remedies, or let pass after a question was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from services.cases.actions.claiming import OpenTask, end_task, open_task
from services.cases.actions.letters import case_letter, letter_as_sent
from services.cases.actions.reviewing import check_copies
from services.cases.models import Case, Decision, Task, TaskKind
from services.cases.queries.casefiles import law
from services.core import acts, reasons
from services.core.casefile import CaseFile, StepOutcome
from services.core.clocks import due_or_provisional
from services.core.refusal import Kind, Refusal
from services.core.states import Role, Verdict
from services.ledger import looking
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.notices.queries import Letter
from services.people.queries import AccountView

# Counter and acceptance are a clerk's work, decisions a reviewer's; a supervisor may do either.
_DECIDES = frozenset({Role.REVIEWER, Role.SUPERVISOR})
REFUSABLE = (TaskKind.DECISION, TaskKind.CONCERN)


class FourEyes(Refusal):
    """Whoever accepted does not decide alone (design §10.5)."""

    code = "four_eyes"
    kind = Kind.FORBIDDEN
    sentence = "You accepted this case; somebody else decides it."


class ReviewersDecide(Refusal):
    """Front desks accept, back offices decide (R6.2)."""

    code = "reviewers_decide"
    kind = Kind.FORBIDDEN
    sentence = "A reviewer or a supervisor decides this."


@looking.unseen()
@transaction.atomic
def grant_case(*, viewer: AccountView, task_id: UUID, note: str = "", now: datetime) -> None:
    """Decide for the applicant. What must still happen before the result (a signature, a fee) then happens.

    :raises ReviewersDecide, FourEyes:
    """
    opened = open_task(viewer=viewer, task_id=task_id, kinds=(TaskKind.DECISION,), now=now)
    file, step = opened.file, opened.task.step
    check_may_decide(viewer, opened.case, file)
    Decision.objects.update_or_create(
        case=opened.case,
        defaults={"verdict": Verdict.GRANTED, "signed_by_id": viewer.id, "signed_at": now,
                  "legal_basis": "; ".join(file.definition.legal_basis)[:300], "explanation": note},
    )  # fmt: skip
    after = acts.end_step(file, step=step, outcome=StepOutcome.DONE)
    end_task(opened, after, "decided_for", note=note, step=step)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A refusal before it is signed: reasons, legal basis, words, and until when each remedy is open (R2.16)."""

    reasons: tuple[str, ...]
    legal_basis: str
    explanation: str = field(repr=False)
    reconsideration_until: date
    suit_until: date

    def letter(self, case: Case) -> NewNotice:
        """Return the letter that tells it."""
        return case_letter(
            case,
            NoticeKind.REFUSED,
            written=self.explanation,
            reasons=[dict(reasons.REFUSAL[code]) for code in self.reasons],
            legal_basis=self.legal_basis,
            reconsideration_until_on=self.reconsideration_until.isoformat(),
            suit_until_on=self.suit_until.isoformat(),
        )


@looking.unseen()
@transaction.atomic
def refuse_case(
    *,
    viewer: AccountView,
    task_id: UUID,
    reason_codes: Sequence[str],
    legal_basis: str,
    explanation: str,
    now: datetime,
) -> None:
    """Refuse, signed by this person, with reasons and both remedies (R2.16, R15.8).

    :raises ReasonsNeeded, ReviewersDecide, FourEyes:
    """
    opened = open_task(viewer=viewer, task_id=task_id, kinds=REFUSABLE, now=now)
    made = _refusal(opened, reason_codes, legal_basis, explanation)
    Decision.objects.update_or_create(
        case=opened.case,
        defaults={"verdict": Verdict.REFUSED, "signed_by_id": viewer.id, "signed_at": now,
                  "reasons": list(made.reasons), "legal_basis": made.legal_basis, "explanation": explanation,
                  "reconsideration_until": made.reconsideration_until, "suit_until": made.suit_until},
    )  # fmt: skip
    notify(rows=[made.letter(opened.case)], now=now)
    after = acts.refuse(opened.file, role=viewer.role)
    end_task(opened, after, "refused", reasons=list(made.reasons))


@looking.unseen()
@transaction.atomic
def preview_refusal(
    *,
    viewer: AccountView,
    task_id: UUID,
    reason_codes: Sequence[str],
    legal_basis: str,
    explanation: str,
    now: datetime,
) -> Letter:
    """Return the letter that `refuse_case` would send, as the applicant reads it; nothing is written."""
    opened = open_task(viewer=viewer, task_id=task_id, kinds=REFUSABLE, now=now)
    made = _refusal(opened, reason_codes, legal_basis, explanation)
    acts.refuse(opened.file, role=viewer.role)
    return letter_as_sent(opened.case, made.letter(opened.case), now=now)


def _refusal(opened: OpenTask, reason_codes: Sequence[str], legal_basis: str, explanation: str) -> _Refusal:
    """Return the refusal, if it has all it needs and this officer may sign it."""
    file, profile, calendar = opened.file, law().profile, law().calendar
    check_may_decide(opened.viewer, opened.case, file)
    chosen = reasons.check_reasons(reason_codes, reasons.REFUSAL, explanation=explanation)
    basis = legal_basis.strip() or "; ".join(file.definition.legal_basis)
    if not basis:
        raise reasons.ReasonsNeeded
    return _Refusal(
        reasons=chosen,
        legal_basis=basis[:300],
        explanation=explanation,
        reconsideration_until=due_or_provisional(file.on, profile.reconsideration, calendar).on,
        suit_until=due_or_provisional(file.on, profile.suit, calendar).on,
    )


@looking.unseen()
@transaction.atomic
def let_pass(
    *,
    viewer: AccountView,
    task_id: UUID,
    determined: Mapping[str, bool] | None = None,
    note: str = "",
    now: datetime,
) -> None:
    """Let the case go on, having looked at what held it up; copies still unchecked are found good by this.

    `determined`: conditions that could not be told, as the officer found them.

    :raises OnlyRefusal, StillMissing, ReviewersDecide, FourEyes:
    """
    opened = open_task(viewer=viewer, task_id=task_id, kinds=(TaskKind.CONCERN,), now=now)
    check_may_decide(viewer, opened.case, opened.file)
    passed = acts.let_pass(opened.file, determined=dict(determined or {}))
    check_copies(opened)
    fresh = opened.read_again()
    after = fresh.after(steps=passed.steps, determined=passed.determined, concern=None)
    end_task(opened, after, "let_pass", note=note, determined=dict(determined or {}))


def check_may_decide(viewer: AccountView, case: Case, file: CaseFile) -> None:
    """Do nothing if this officer may decide the case.

    :raises ReviewersDecide: for a clerk.
    :raises FourEyes: where four eyes are asked, for whoever accepted it.
    """
    if viewer.role not in _DECIDES:
        raise ReviewersDecide
    # Where acceptance is the visit, the counter's clerk accepted.
    accepting = (TaskKind.ACCEPTANCE, TaskKind.COUNTER)
    accepted = Task.objects.filter(case=case, kind__in=accepting, closed_by_id=viewer.id)
    if file.definition.four_eyes and accepted.exists():
        raise FourEyes
