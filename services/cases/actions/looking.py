"""The machine looks into a commitment: the register first; what agrees ends it, and nothing is found against anybody.

What no register can tell is looked into by an officer, where the case is drawn for it (R4.9, R15.8).
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.check_letters import heard_letter
from services.cases.actions.claiming import file_of
from services.cases.actions.turns import save_turns
from services.cases.models import Case, CheckState, CommitmentCheck, Task, TaskKind
from services.cases.queries.casefiles import law
from services.cases.turn import Act, turn_case
from services.catalogue import queries as catalogue
from services.core import checks
from services.core.casefile import CaseFile
from services.core.definitions import Definition
from services.core.evidence import UNANSWERED, Outcome, Source
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import Wanted
from services.ledger.actions import WORKER
from services.notices.actions import notify
from services.people.fields import blind_index

ASKED = (CheckState.ASKING, CheckState.UNTRUE)


def look_into(*, check_id: UUID, now: datetime) -> bool:
    """Ask the register that would have proved it, outside any transaction; return False if it is down.

    A register that stays down is waited for no longer than half the time there is.
    """
    check = CommitmentCheck.objects.select_related("case__application__person").get(id=check_id)
    if check.state not in ASKED:
        return True
    definition = catalogue.definition(check.case.service_version_id)
    kind = definition.evidence_types[check.type]
    answer = _ask(check, definition, now) if kind.registered else Outcome.NO_RECORD
    waiting = answer in UNANSWERED and _is_early(check, now)
    if not waiting:
        _conclude(check_id, answer, now)
    return not waiting


def _is_early(check: CommitmentCheck, now: datetime) -> bool:
    half = law().working_days(check.opened_on, law().profile.commitment_check_days // 2)
    return check.state == CheckState.ASKING and clock.legal_day(now) <= half


def _ask(check: CommitmentCheck, definition: Definition, now: datetime) -> Outcome:
    held = evidence_queries.evidence_of(evidence_id=check.evidence_id)
    kind = definition.evidence_types[check.type]
    forms = tuple(definition.facts[code] for code in kind.proves if code in definition.facts)
    wanted = Wanted(type=kind, holder=held.holder, key=held.key, forms=forms)
    (answer,) = evidence.obtain(
        application_id=check.case.application_id, wanted=[wanted], now=now, afresh=True
    )
    return answer.outcome


@transaction.atomic
def _conclude(check_id: UUID, answer: Outcome, now: datetime) -> None:
    # The case before its check, as every act holds them: neither waits for the other crosswise.
    of = CommitmentCheck.objects.values_list("case_id", flat=True).get(id=check_id)
    Case.objects.select_for_update(of=("self",)).get(id=of)
    rows = CommitmentCheck.objects.select_for_update(of=("self",))
    check = rows.select_related("case__application__person").get(id=check_id)
    if check.state not in ASKED:
        return
    is_true = answer is Outcome.FOUND and _agrees(check, now)
    if check.state == CheckState.UNTRUE:
        _repaired_by_register(check, is_true, now)
    elif is_true:
        _end(check, CheckState.TRUE, now)
    elif answer in (Outcome.FOUND, Outcome.CONTRADICTION) or _is_drawn(check):
        check.state = CheckState.WITH_OFFICE
        check.save(update_fields=["state"])
        ask_office(check, now)
    else:
        _end(check, CheckState.SPARED, now)


def _agrees(check: CommitmentCheck, now: datetime) -> bool:
    stated = evidence_queries.evidence_of(evidence_id=check.evidence_id)
    found = evidence_queries.held(
        holders=[stated.holder], types=[check.type], on=clock.legal_day(now),
        application_ids=[check.case.application_id],
    )  # fmt: skip
    told = [one for one in found if one.source is Source.REGISTRY and one.key == stated.key]
    return any(checks.agrees(stated.facts, one.facts) for one in told)


def _is_drawn(check: CommitmentCheck) -> bool:
    """Return whether this case is drawn: by a keyed number that can be drawn again, and guessed by nobody."""
    rate = catalogue.definition(check.case.service_version_id).commitments.check_rate
    drawn = blind_index(f"{check.case_id}:{check.evidence_id}", purpose="commitment.check")
    return checks.is_drawn(int(drawn[:16], 16), rate)


def _repaired_by_register(check: CommitmentCheck, is_true: bool, now: datetime) -> None:
    """What was ordered is put right once the register says what was committed to; else an officer looks (R4.10)."""
    if not is_true:
        ask_office(check, now)
        return
    end_check_task(check, now)
    _end(check, CheckState.REPAIRED, now)
    notify(rows=[heard_letter(check, "commitment_put_right")], now=now)


def _end(check: CommitmentCheck, state: CheckState, now: datetime) -> None:
    check.state = state
    check.by_register = state in (CheckState.TRUE, CheckState.REPAIRED)
    check.save(update_fields=["state", "by_register"])
    note_check(check, Act(WORKER, "commitment_checked", {"check": str(check.id), "found": state.value}), now)


def ask_office(check: CommitmentCheck, now: datetime) -> None:
    """Give the lead office a task to look at the commitment, if it has none already; the case is held."""
    days = law().profile.contest_days
    soon = law().working_days(clock.legal_day(now), days)
    due = check.due_on if check.state == CheckState.WITH_OFFICE else soon
    known = {"case_id": check.case_id, "kind": TaskKind.CHECK, "step": check.task_step}
    if not Task.objects.filter(**known, closed_at__isnull=True).exists():
        Task.objects.create(**known, organisation=check.organisation, opened_at=now, due_on=due)


def end_check_task(check: CommitmentCheck, now: datetime) -> None:
    """Close the office's task, where events have overtaken it."""
    known = Task.objects.filter(case_id=check.case_id, kind=TaskKind.CHECK, step=check.task_step)
    known.filter(closed_at__isnull=True).update(closed_at=now, outcome="overtaken")


def note_check(check: CommitmentCheck, act: Act, now: datetime) -> None:
    """Write the act into the ledger of the check's case, which is locked."""
    case: Case = check.case
    file: CaseFile = file_of(case, now)
    save_turns([turn_case(case, file, act)], now=now)
