"""An officer looks into a commitment: true, untrue, or not verifiable; put right, or revoked (R4.9-R4.11).

A finding against somebody is a decision: signed, with reasons and remedies, and contested before another supervisor.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from services import clock
from services.cases.actions.beginning_again import begin_again
from services.cases.actions.certificates import IssuersOnly, NewStatus, change_certificate
from services.cases.actions.check_letters import (
    Finding,
    heard_letter,
    name_of,
    revoked_letter,
    stopped_letter,
    untrue_letter,
)
from services.cases.actions.claiming import OpenTask, actor_of, end_task, open_task
from services.cases.actions.deciding import ReviewersDecide
from services.cases.actions.letters import letter_as_sent
from services.cases.actions.looking import ask_office
from services.cases.actions.opening_checks import commitments_of
from services.cases.actions.pausing import led_case
from services.cases.actions.promising import ExplainInWords
from services.cases.actions.turns import save_turns
from services.cases.models import Case, CheckState, CommitmentCheck, TaskKind
from services.cases.queries.casefiles import holders_of, law
from services.cases.turn import Act, turn_case
from services.certificates import queries as certificates
from services.core import acts, checks
from services.core.casefile import CaseFile
from services.core.evidence import HeldEvidence
from services.core.grounds import Change
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.evidence import actions as evidence
from services.ledger import looking
from services.notices.actions import notify
from services.notices.queries import Letter
from services.people.queries import AccountView

UNTRUE = "commitment_untrue"
KINDS = (TaskKind.CHECK,)


class NotTheirTurn(Refusal):
    """The looking into this commitment is at another point."""

    code = "not_their_turn"
    kind = Kind.CONFLICT
    sentence = "This commitment is not looked into in this way now."


class AnotherHears(Refusal):
    """Whoever found it does not judge whether the finding holds."""

    code = "another_hears"
    kind = Kind.FORBIDDEN
    sentence = "Another supervisor, who did not make the finding, hears this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Untrue:
    """What an officer writes of an untrue commitment; `closed_months`: none for the usual time, 0 for not at all."""

    legal_basis: str = ""
    explanation: str = ""
    closed_months: int | None = None


@looking.unseen()
@transaction.atomic
def settle_check(
    *,
    viewer: AccountView,
    task_id: UUID,
    found: Literal["true", "not_verifiable"],
    note: str = "",
    now: datetime,
) -> None:
    """End the looking: it is true, or it cannot be verified, which counts for nothing against anybody (R4.9).

    :raises NotTheirTurn: if it was found otherwise already.
    """
    opened, check = _opened(viewer, task_id, now, CheckState.WITH_OFFICE)
    check.state = CheckState(found)
    check.save(update_fields=["state"])
    end_task(opened, opened.file, "commitment_checked", note=note, check=str(check.id), found=found)


@looking.unseen()
@transaction.atomic
def find_untrue(*, viewer: AccountView, task_id: UUID, written: Untrue, now: datetime) -> None:
    """Sign that the commitment is untrue, and order to put it right in the time there is (R4.10, R4.11).

    :raises ReviewersDecide: for a clerk.
    :raises ExplainInWords, services.core.checks.ClosedTooLong:
    """
    opened, check = _opened(viewer, task_id, now, CheckState.WITH_OFFICE)
    finding = _finding(viewer, opened.case, opened.file, written)
    check.state, check.repair_until = CheckState.UNTRUE, finding.repair_until
    _sign(check, viewer, finding, now)
    check.save()
    notify(rows=[untrue_letter(opened.case, name_of(check), finding)], now=now)
    until = finding.closed_until.isoformat() if finding.closed_until else ""
    end_task(opened, opened.file, "commitment_untrue", check=str(check.id), closed_until=until)


@looking.unseen()
@transaction.atomic
def preview_untrue(*, viewer: AccountView, task_id: UUID, written: Untrue, now: datetime) -> Letter:
    """Return the letter that `find_untrue` would send; nothing is written."""
    opened, check = _opened(viewer, task_id, now, CheckState.WITH_OFFICE)
    finding = _finding(viewer, opened.case, opened.file, written)
    return letter_as_sent(opened.case, untrue_letter(opened.case, name_of(check), finding), now=now)


@looking.unseen()
@transaction.atomic
def stop_for_untrue(
    *, viewer: AccountView, case_id: UUID, evidence_id: UUID, written: Untrue, now: datetime
) -> None:
    """Stop handling for an untrue commitment, before the decision: signed, with reasons and remedies (R4.10).

    :raises services.cases.actions.pausing.LeadOfficeOnly, ReviewersDecide:
    :raises services.core.states.CannotMove: once it is decided.
    :raises NotTheirTurn: if the case rests on no such commitment.
    """
    case, file = led_case(viewer, case_id, now)
    requirement, one = _commitment(file, evidence_id)
    finding = _finding(viewer, case, file, written)
    after = acts.stop_handling(file, role=viewer.role)
    check = _stopped(case, file, requirement, one)
    _sign(check, viewer, finding, now)
    check.save()
    case.ending = UNTRUE
    notify(rows=[stopped_letter(case, finding)], now=now)
    until = finding.closed_until.isoformat() if finding.closed_until else ""
    act = Act(actor_of(viewer), "handling_stopped", {"check": str(check.id), "closed_until": until})
    save_turns([turn_case(case, file, act, file=after)], now=now)


@looking.unseen()
@transaction.atomic
def preview_stop(
    *, viewer: AccountView, case_id: UUID, evidence_id: UUID, written: Untrue, now: datetime
) -> Letter:
    """Return the letter that `stop_for_untrue` would send; nothing is written."""
    case, file = led_case(viewer, case_id, now)
    _commitment(file, evidence_id)
    finding = _finding(viewer, case, file, written)
    acts.stop_handling(file, role=viewer.role)
    return letter_as_sent(case, stopped_letter(case, finding), now=now)


def _commitment(file: CaseFile, evidence_id: UUID) -> tuple[str, HeldEvidence]:
    found = next((pair for pair in commitments_of(file) if pair[1].id == evidence_id), None)
    if found is None:
        raise NotTheirTurn
    return found


def _stopped(case: Case, file: CaseFile, requirement: str, one: HeldEvidence) -> CommitmentCheck:
    party = file.definition.requirement[requirement].party if requirement else "applicant"
    holder = holders_of(case.application).declarant(party) or one.holder
    return CommitmentCheck(
        case=case, evidence_id=one.id, type=one.type, requirement=requirement, organisation=case.organisation,
        service=case.service, holder_kind=holder.kind, holder_id=holder.id, state=CheckState.STOPPED,
        opened_on=file.on, due_on=file.on,
    )  # fmt: skip


def _finding(viewer: AccountView, case: Case, file: CaseFile, written: Untrue) -> Finding:
    """Return the finding, if this officer may sign it and it says all it must."""
    if viewer.role not in (Role.REVIEWER, Role.SUPERVISOR):
        raise ReviewersDecide
    if not written.explanation.strip():
        raise ExplainInWords(errors=[Mistake("explanation", ExplainInWords.sentence)])
    basis = written.legal_basis.strip() or "; ".join(file.definition.legal_basis)
    return Finding(
        found_on=file.on,
        legal_basis=basis[:300],
        explanation=written.explanation,
        closed_until=checks.closed_until(file.on, written.closed_months, law()),
        repair_until=law().working_days(file.on, law().profile.commitment_repair_days),
    )


def _sign(check: CommitmentCheck, viewer: AccountView, finding: Finding, now: datetime) -> None:
    check.found_by_id, check.found_at = viewer.id, now
    check.legal_basis, check.explanation = finding.legal_basis, finding.explanation
    check.reconsideration_until, check.suit_until = finding.reconsideration_until, finding.suit_until
    check.closed_until = finding.closed_until


@looking.unseen()
@transaction.atomic
def judge_repair(
    *, viewer: AccountView, task_id: UUID, good: bool, explanation: str = "", now: datetime
) -> None:
    """Say whether what the declarant brought puts it right: what was granted then stays as it is (R4.10).

    :raises NotTheirTurn: if nothing is to be judged, or it is contested and has to be heard first.
    :raises ExplainInWords: for a no without words.
    """
    opened, check = _opened(viewer, task_id, now, CheckState.UNTRUE)
    if check.contested_at is not None and check.heard_at is None:
        raise NotTheirTurn
    if not good and not explanation.strip():
        raise ExplainInWords(errors=[Mistake("explanation", ExplainInWords.sentence)])
    if check.proof_id is not None:
        evidence.check_upload(evidence_id=check.proof_id, clerk=opened.officer, good=good, now=now)
    check.state = CheckState.REPAIRED if good else CheckState.UNTRUE
    check.proof_id = check.proof_id if good else None
    check.save(update_fields=["state", "proof_id"])
    outcome, until = ("commitment_put_right", None) if good else (UNTRUE, check.repair_until)
    notify(rows=[heard_letter(check, outcome, written=explanation, until=until)], now=now)
    event = "commitment_repaired" if good else "repair_not_good"
    end_task(opened, opened.file, event, note=explanation, check=str(check.id))


@looking.unseen()
@transaction.atomic
def revoke_grant(
    *, viewer: AccountView, task_id: UUID, explanation: str, legal_basis: str = "", now: datetime
) -> None:
    """Revoke what was granted on a commitment that was not put right in time: by a supervisor, never a machine (R15.8).

    The certificate, where there is one, is revoked with it (R4.10, R12.1).

    :raises IssuersOnly: for anybody but a supervisor of the office.
    :raises NotTheirTurn: before the time to put it right has passed, or while it is contested.
    """
    opened, check = _opened(viewer, task_id, now, CheckState.UNTRUE)
    contested = check.contested_at is not None and check.heard_at is None
    if viewer.role is not Role.SUPERVISOR:
        raise IssuersOnly
    if contested or check.repair_until is None or opened.file.on <= check.repair_until:
        raise NotTheirTurn
    if not explanation.strip():
        raise ExplainInWords(errors=[Mistake("explanation", ExplainInWords.sentence)])
    basis = legal_basis.strip() or check.legal_basis
    check.state = CheckState.REVOKED
    check.save(update_fields=["state"])
    end_task(opened, opened.file, "grant_revoked", note=explanation, check=str(check.id))
    if not _revoke_certificates(viewer, opened, basis, explanation):
        letter = revoked_letter(opened.case, name_of(check), legal_basis=basis, explanation=explanation)
        notify(rows=[letter], now=now)


def _revoke_certificates(viewer: AccountView, opened: OpenTask, basis: str, explanation: str) -> bool:
    """Revoke what was issued in the case, and return whether anything was."""
    issued = certificates.of_cases(case_ids=[opened.case.id], on=opened.file.on)
    numbers = [one.number for one in issued if one.status in ("valid", "suspended")]
    new_status = NewStatus(
        change=Change.REVOCATION, ground="commitment_broken", legal_basis=basis, explanation=explanation
    )
    for number in numbers:
        change_certificate(viewer=viewer, number=number, new_status=new_status, now=opened.now)
    return bool(numbers)


@looking.unseen()
@transaction.atomic
def hear_contest(
    *, viewer: AccountView, task_id: UUID, stands: bool, explanation: str, now: datetime
) -> None:
    """Decide whether a contested finding stands: a supervisor who did not make it (R4.11).

    A finding that does not stand leaves nothing behind: no order, and the commitment route is open again. A case that
    was stopped for it has ended, and is begun again for whoever filed it (`beginning_again`).

    :raises AnotherHears: for who found it, and anybody but a supervisor.
    :raises NotTheirTurn: if nothing is contested.
    :raises ExplainInWords:
    """
    opened, check = _opened(viewer, task_id, now, CheckState.UNTRUE, CheckState.REPAIRED, CheckState.STOPPED)
    if check.contested_at is None or check.heard_at is not None:
        raise NotTheirTurn
    if viewer.role is not Role.SUPERVISOR or viewer.id == check.found_by_id:
        raise AnotherHears
    if not explanation.strip():
        raise ExplainInWords(errors=[Mistake("explanation", ExplainInWords.sentence)])
    check.heard_by_id, check.heard_at, check.answer = viewer.id, now, explanation
    if stands and check.state == CheckState.UNTRUE:
        # The time in which it was heard is not taken from the declarant's.
        days = law().profile.commitment_repair_days
        check.repair_until = max(
            check.repair_until or opened.file.on, law().working_days(opened.file.on, days)
        )
    stopped = check.state == CheckState.STOPPED
    check.state = check.state if stands else CheckState.OVERTURNED
    check.save()
    again = begin_again(opened.case, now=now) if stopped and not stands else None
    outcome = "commitment_finding_stands" if stands else "commitment_finding_overturned"
    until = check.repair_until if stands and check.state == CheckState.UNTRUE else None
    letter = heard_letter(check, "begun_again" if again else outcome, written=explanation, until=until)
    notify(rows=[replace(letter, application_id=again) if again else letter], now=now)
    detail = {"begun_again": str(again)} if again else {}
    end_task(opened, opened.file, "contest_heard", check=str(check.id), stands=stands, **detail)
    if stands and check.proof_id is not None and check.state == CheckState.UNTRUE:
        ask_office(check, now)


def _opened(
    viewer: AccountView, task_id: UUID, now: datetime, *states: CheckState
) -> tuple[OpenTask, CommitmentCheck]:
    """Return the task with its check, both held, if it is at one of these points."""
    opened = open_task(viewer=viewer, task_id=task_id, kinds=KINDS, now=now)
    rows = CommitmentCheck.objects.select_for_update(of=("self",)).filter(case=opened.case)
    check = next((one for one in rows if one.task_step == opened.task.step), None)
    if check is None or check.state not in states:
        raise NotTheirTurn
    check.case = opened.case
    return opened, check


def look_at_orders(*, now: datetime) -> int:
    """Have an officer look at what was not put right in time; nothing is revoked by itself (R4.10, R15.8)."""
    late = CommitmentCheck.objects.filter(_is_late(now)).values_list("id", "case_id")
    return sum(_look_at_order(check_id, case_id, now) for check_id, case_id in list(late))


def _is_late(now: datetime) -> Q:
    open_to_act = Q(contested_at__isnull=True) | Q(heard_at__isnull=False)
    return Q(state=CheckState.UNTRUE, repair_until__lt=clock.legal_day(now)) & open_to_act


@transaction.atomic
def _look_at_order(check_id: UUID, case_id: UUID, now: datetime) -> bool:
    """Open the task, the case held first as in every act: two who come at once open one."""
    Case.objects.select_for_update(of=("self",)).get(id=case_id)
    check = CommitmentCheck.objects.select_for_update(of=("self",)).filter(_is_late(now), id=check_id).first()
    if check is not None:
        ask_office(check, now)
    return check is not None
