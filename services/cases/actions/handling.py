"""An officer's acts on a case: claim a task, accept, ask once for a correction, review, inspect, decide, let pass."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from services import clock
from services.cases.actions.letters import case_letter
from services.cases.actions.turns import save_turns
from services.cases.models import Case, CorrectionNotice, Decision, Task, TaskKind
from services.cases.queries.casefiles import case_files, holders_of, law
from services.cases.queries.visibility import case_for, task_for
from services.cases.turn import Act, turn_case
from services.core import acts, reasons
from services.core.acts import NothingToDo
from services.core.casefile import CaseFile, StepOutcome
from services.core.clocks import due_or_provisional
from services.core.evidence import Standing
from services.core.refusal import Kind, Refusal
from services.core.states import Role, Verdict
from services.evidence.actions import About, check_upload, record_seen
from services.ledger.actions import Actor
from services.notices.actions import notify
from services.notices.kinds import NoticeKind
from services.people.queries import AccountView, account


class AnotherHasIt(Refusal):
    """A colleague works on this task."""

    code = "another_has_it"
    kind = Kind.CONFLICT
    sentence = "A colleague is working on this task."


class FourEyes(Refusal):
    """Whoever accepted does not decide alone (design §10.5)."""

    code = "four_eyes"
    kind = Kind.FORBIDDEN
    sentence = "You accepted this case; somebody else decides it."


class SecondOfficerNeeded(Refusal):
    """An inspection is done by two (R2.14)."""

    code = "second_officer_needed"
    sentence = "Name the second officer who inspected with you."


class WrongTask(Refusal):
    """This is not what the task asks."""

    code = "wrong_task"
    kind = Kind.CONFLICT
    sentence = "This task asks for something else: {kind}."


class ReferralNeeded(Refusal):
    """Declined for want of competence, the applicant is told who is responsible (R2.2)."""

    code = "referral_needed"
    sentence = "Name the office that is responsible."


# Counter and acceptance are a clerk's work, decisions a reviewer's; a supervisor may do either.
_DECIDES = frozenset({Role.REVIEWER, Role.SUPERVISOR})


class ReviewersDecide(Refusal):
    """Front desks accept, back offices decide (R6.2)."""

    code = "reviewers_decide"
    kind = Kind.FORBIDDEN
    sentence = "A reviewer or a supervisor decides this."


def actor_of(viewer: AccountView) -> Actor:
    """Return the account as the ledger names it."""
    return Actor(viewer.id, viewer.role, viewer.display_name)


@transaction.atomic
def claim_task(*, viewer: AccountView, task_id: UUID, now: datetime) -> None:
    """Take the task as one's own, so that colleagues see who has it; taking it again changes nothing.

    :raises NoSuchTask, AnotherHasIt:
    """
    task = task_for(viewer, task_id)
    free = Q(claimed_by__isnull=True) | Q(claimed_by_id=viewer.id)
    taken = Task.objects.filter(free, id=task.id, closed_at__isnull=True)
    if not taken.update(claimed_by_id=viewer.id, claimed_at=now):
        raise AnotherHasIt


@transaction.atomic
def release_task(*, viewer: AccountView, task_id: UUID) -> None:
    """Give the task back to the queue; a supervisor can do so for a colleague."""
    task = task_for(viewer, task_id)
    mine = Q() if viewer.role is Role.SUPERVISOR else Q(claimed_by_id=viewer.id)
    Task.objects.filter(mine, id=task.id, closed_at__isnull=True).update(claimed_by=None, claimed_at=None)


@transaction.atomic
def accept_case(*, viewer: AccountView, task_id: UUID, now: datetime) -> None:
    """Accept the case (R2.6): its copies have been looked at and are good; what is still missing may follow."""
    task, case, file = _opened(viewer, task_id, TaskKind.ACCEPTANCE, now)
    _check_copies(file, actor_of(viewer), now)
    _finish(
        viewer, task, case, file, now, acts.accept(_again(case, now), role=viewer.role), "accepted_by_office"
    )


@transaction.atomic
def request_correction(
    *, viewer: AccountView, task_id: UUID, items: Sequence[str], explanation: str = "", now: datetime
) -> None:
    """Ask once, for everything that is missing (R2.4, R2.5, R2.7).

    :raises OneNoticeOnly, NotRequired:
    """
    task, case, file = _opened(viewer, task_id, TaskKind.ACCEPTANCE, now)
    due = law().working_days(file.on, law().profile.correction_days)
    after = acts.request_correction(file, items=items, due_on=due, role=viewer.role)
    CorrectionNotice.objects.create(
        case=case, items=list(dict.fromkeys(items)), explanation=explanation, sent_by_id=viewer.id,
        sent_on=file.on, due_on=due,
    )  # fmt: skip
    names = [dict(_name_of(file, code)) for code in items]
    letter = case_letter(
        case, NoticeKind.CORRECTION_REQUESTED, written=explanation, items=names, until=due.isoformat()
    )
    notify(rows=[letter], now=now)
    _finish(viewer, task, case, file, now, after, "correction_requested", items=list(items))


def _name_of(file: CaseFile, requirement: str) -> object:
    first = file.definition.requirement[requirement].any_of[0][0]
    return file.definition.evidence_types[first].name


@transaction.atomic
def decline_case(
    *, viewer: AccountView, task_id: UUID, reason: str, explanation: str, referred_to: str = "", now: datetime
) -> None:
    """Decline to accept, with the reason and, for want of competence, the right office (R2.1, R2.2)."""
    task, case, file = _opened(viewer, task_id, TaskKind.ACCEPTANCE, now)
    (chosen,) = reasons.check_reasons([reason], reasons.DECLINING, explanation=explanation)
    if chosen == "not_competent" and not referred_to:
        raise ReferralNeeded
    Case.objects.filter(id=case.id).update(ending=chosen, referred_to=referred_to)
    case.ending = chosen
    told = [dict(reasons.DECLINING[chosen])]
    letter = case_letter(
        case, NoticeKind.DECLINED, written=explanation, reasons=told, referred_to=referred_to
    )
    notify(rows=[letter], now=now)
    _finish(viewer, task, case, file, now, acts.decline(file, role=viewer.role), "declined", reason=chosen)


@transaction.atomic
def complete_task(
    *,
    viewer: AccountView,
    task_id: UUID,
    favorable: bool,
    note: str = "",
    second_officer_id: UUID | None = None,
    originals_seen: Sequence[str] = (),
    now: datetime,
) -> None:
    """End a review, an inspection or a delivery, for or against; an inspection names its second officer (R2.14).

    An unfavorable outcome goes to the lead office, where a person looks at it: it refuses nobody by itself.
    """
    kinds = (TaskKind.REVIEW, TaskKind.INSPECTION, TaskKind.DELIVER)
    task, case, file = _opened(viewer, task_id, kinds, now)
    if task.kind == TaskKind.INSPECTION:
        _check_second_officer(viewer, second_officer_id)
        task.second_officer_id = second_officer_id
        see_originals(case, file, originals_seen, actor_of(viewer), now)
    outcome = StepOutcome.DONE if favorable else StepOutcome.AGAINST
    _check_copies(file, actor_of(viewer), now)
    after = acts.end_step(_again(case, now), step=task.step, outcome=outcome)
    _finish(
        viewer, task, case, file, now, after, f"{task.kind}_ended", note=note, step=task.step, outcome=outcome
    )


def _check_second_officer(viewer: AccountView, second_officer_id: UUID | None) -> None:
    if second_officer_id is None or second_officer_id == viewer.id:
        raise SecondOfficerNeeded
    if not account(second_officer_id).role.is_staff:
        raise SecondOfficerNeeded


@transaction.atomic
def grant_case(*, viewer: AccountView, task_id: UUID, note: str = "", now: datetime) -> None:
    """Decide for the applicant. What must still happen before the result (a signature, a fee) then happens.

    :raises ReviewersDecide, FourEyes:
    """
    task, case, file = _opened(viewer, task_id, TaskKind.DECISION, now)
    _check_may_decide(viewer, case, file)
    Decision.objects.update_or_create(
        case=case,
        defaults={"verdict": Verdict.GRANTED, "signed_by_id": viewer.id, "signed_at": now,
                  "legal_basis": "; ".join(file.definition.legal_basis)[:300], "explanation": note},
    )  # fmt: skip
    after = acts.end_step(file, step=task.step, outcome=StepOutcome.DONE)
    _finish(viewer, task, case, file, now, after, "decided_for", note=note, step=task.step)


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
    task, case, file = _opened(viewer, task_id, (TaskKind.DECISION, TaskKind.CONCERN), now)
    _check_may_decide(viewer, case, file)
    chosen = reasons.check_reasons(reason_codes, reasons.REFUSAL, explanation=explanation)
    basis = legal_basis.strip() or "; ".join(file.definition.legal_basis)
    if not basis:
        raise reasons.ReasonsNeeded
    _write_refusal(case, file, viewer, chosen, basis, explanation, now)
    after = acts.refuse(file, role=viewer.role)
    _finish(viewer, task, case, file, now, after, "refused", reasons=list(chosen))


def _write_refusal(
    case: Case,
    file: CaseFile,
    viewer: AccountView,
    chosen: Sequence[str],
    basis: str,
    explanation: str,
    now: datetime,
) -> None:
    profile, calendar = law().profile, law().calendar
    remedies = {
        "reconsideration_until": due_or_provisional(file.on, profile.reconsideration, calendar).on,
        "suit_until": due_or_provisional(file.on, profile.suit, calendar).on,
    }
    Decision.objects.update_or_create(
        case=case,
        defaults={"verdict": Verdict.REFUSED, "signed_by_id": viewer.id, "signed_at": now, "reasons": list(chosen),
                  "legal_basis": basis[:300], "explanation": explanation, **remedies},
    )  # fmt: skip
    days = {f"{name.removesuffix('_until')}_until_on": day.isoformat() for name, day in remedies.items()}
    told = [dict(reasons.REFUSAL[code]) for code in chosen]
    letter = case_letter(
        case, NoticeKind.REFUSED, written=explanation, reasons=told, legal_basis=basis, **days
    )
    notify(rows=[letter], now=now)


@transaction.atomic
def let_pass(
    *,
    viewer: AccountView,
    task_id: UUID,
    determined: dict[str, bool] | None = None,
    note: str = "",
    now: datetime,
) -> None:
    """Let the case go on, having looked at what held it up; copies still unchecked are found good by this.

    `determined`: conditions that could not be told, as the officer found them.

    :raises OnlyRefusal, StillMissing, ReviewersDecide, FourEyes:
    """
    task, case, file = _opened(viewer, task_id, TaskKind.CONCERN, now)
    _check_may_decide(viewer, case, file)
    after = acts.let_pass(file, determined=determined)
    _check_copies(file, actor_of(viewer), now)
    fresh = _again(case, now)
    after = fresh.after(steps=after.steps, determined=after.determined, concern=None)
    _finish(viewer, task, case, file, now, after, "let_pass", note=note, determined=dict(determined or {}))


def _check_may_decide(viewer: AccountView, case: Case, file: CaseFile) -> None:
    if viewer.role not in _DECIDES:
        raise ReviewersDecide
    accepted = Task.objects.filter(case=case, kind=TaskKind.ACCEPTANCE, closed_by_id=viewer.id)
    if file.definition.four_eyes and accepted.exists():
        raise FourEyes


def _opened(
    viewer: AccountView, task_id: UUID, kinds: TaskKind | Sequence[TaskKind], now: datetime
) -> tuple[Task, Case, CaseFile]:
    """Return the task, its case locked, and the case's file; the task becomes this officer's."""
    task = task_for(viewer, task_id)
    case = case_for(viewer, task.case_id, lock=True)
    task.refresh_from_db()
    if task.closed_at is not None:
        raise NothingToDo(what=task.kind)
    if task.claimed_by_id not in (None, viewer.id):
        raise AnotherHasIt
    allowed = (kinds,) if isinstance(kinds, TaskKind) else tuple(kinds)
    if task.kind not in allowed:
        raise WrongTask(kind=task.kind)
    return task, case, _again(case, now)


def _again(case: Case, now: datetime) -> CaseFile:
    """Return the case's file, read anew: evidence may have been checked or seen a moment ago."""
    return case_files([case], on=clock.legal_day(now))[case.id]


def _check_copies(file: CaseFile, officer: Actor, now: datetime) -> None:
    """Note that the copies this officer has before them were looked at and are good (R3.17)."""
    for settlement in file.settlements.values():
        if settlement.standing is Standing.UNCHECKED:
            for one in settlement.evidence:
                if not one.checked and one.source == "upload":
                    check_upload(evidence_id=one.id, clerk=officer, good=True, now=now)


def see_originals(case: Case, file: CaseFile, seen: Sequence[str], officer: Actor, now: datetime) -> None:
    """Keep that originals were seen: evidence of grade B, seen once and by no window again (R3.17)."""
    for code in seen:
        requirement = file.definition.requirement.get(code)
        if requirement is None:
            raise acts.NotRequired(what=code)
        for name in requirement.any_of[0]:
            kind = file.definition.evidence_types[name]
            holders = holders_of(case.application)
            holder = holders.of(kind, requirement.party) or holders.of(kind, "applicant")
            if holder is not None:
                key = str(file.facts.get(kind.key, "")) if kind.key else ""
                about = About(application_id=case.application_id, type=kind, holder=holder, key=key)
                record_seen(about=about, facts=file.facts, clerk=officer, now=now)


def _finish(
    viewer: AccountView,
    task: Task,
    case: Case,
    before: CaseFile,
    now: datetime,
    after: CaseFile,
    event: str,
    *,
    note: str = "",
    **detail: object,
) -> None:
    """Close the officer's task and write the case's turn."""
    task.closed_at, task.closed_by_id, task.outcome, task.note = now, viewer.id, event[:20], note
    task.claimed_by_id = task.claimed_by_id or viewer.id
    task.save(update_fields=["closed_at", "closed_by", "outcome", "note", "claimed_by", "second_officer"])
    act = Act(actor_of(viewer), event, {"task": str(task.id), **detail})
    save_turns([turn_case(case, before, act, file=after)], now=now)
