"""What an applicant says is wrong in a register: sent to its office, heard, asked anew once it is corrected (R3.15).

The case goes on meanwhile with what the applicant gives. The office's answer is an event like any other.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock, errands
from services.cases.actions.gathering import ask_for, work_off
from services.cases.actions.giving import note_act, requires
from services.cases.actions.letters import application_letter
from services.cases.actions.routing import wake_cases
from services.cases.models import Application, Case, OutboxItem
from services.cases.queries.drafts import definitions_of, files_of
from services.cases.turn import Act
from services.core.casefile import CaseFile
from services.core.waiting import UNDECIDED
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.queries import CorrectionView
from services.ledger.actions import WORKER
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind

CORRECTED, KEPT = "corrected", "kept"


def mend_records(*, now: datetime) -> int:
    """Send requests to registers and hear what became of those sent; return how many items were worked off."""
    return work_off(OutboxItem.Kind.MEND, _mend, now)


def ask_office(*, correction_id: UUID, now: datetime) -> None:
    """Have a request sent, inside the transaction in which the applicant says what is wrong."""
    item = OutboxItem(
        kind=OutboxItem.Kind.MEND, dedup_key=f"mend:{correction_id}",
        payload={"correction": str(correction_id)}, due_at=now,
    )  # fmt: skip
    OutboxItem.objects.bulk_create([item], ignore_conflicts=True)
    errands.send(errands.Errand.DELIVER_OUTBOX)


def _mend(item: OutboxItem, now: datetime) -> bool:
    """Return whether nothing more is to be done: the office kept its entry, or the corrected one has come."""
    correction_id = UUID(item.payload["correction"])
    evidence.send_correction(correction_id=correction_id, now=now)
    verdict = evidence.hear_verdict(correction_id=correction_id)
    if verdict is not None:
        _keep(correction_id, verdict, now)
    request = evidence_queries.correction(correction_id=correction_id)
    if request is None or request.state == KEPT:
        return True  # its draft was thrown away, or the office has explained itself
    return request.state == CORRECTED and _ask_anew(request, now)


@transaction.atomic
def _keep(correction_id: UUID, verdict: evidence.Verdict, now: datetime) -> None:
    """Keep the answer, with an entry in the ledger of every case that still waits for its decision."""
    request = evidence_queries.correction(correction_id=correction_id)
    application = _application(request, lock=True) if request is not None else None
    if not evidence.keep_verdict(correction_id=correction_id, verdict=verdict, now=now):
        return
    if request is None or application is None:
        return
    cases = _undecided(application, request.type, now)
    act = Act(WORKER, f"record_{verdict.state}", {"type": request.type, "evidence": str(request.evidence_id)})
    note_act(act, application, cases, now)
    notify(rows=[_letter(application, request, verdict)], now=now)


def _letter(application: Application, request: CorrectionView, verdict: evidence.Verdict) -> NewNotice:
    """Return the letter that tells the applicant what the office came to, in its own words where it wrote any."""
    kind = NoticeKind.RECORD_CORRECTED if verdict.state == CORRECTED else NoticeKind.RECORD_KEPT
    types = [one.evidence_types for one in definitions_of(application)]
    name = next((dict(one[request.type].name) for one in types if request.type in one), {"en": request.type})
    letter = application_letter(application, kind, request.organisation, name=name)
    return replace(letter, written=verdict.explanation)


def _application(request: CorrectionView, *, lock: bool = False) -> Application | None:
    rows = Application.objects.select_related("person", "business").prefetch_related("parties")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    return rows.filter(id=request.application_id).first()


def _undecided(application: Application, type: str, now: datetime) -> list[Case]:
    concerned = {file.definition.code for file in _open_files(application, type, now)}
    cases = application.cases.select_for_update().order_by("number")
    return [case for case in cases if case.service in concerned]


def _open_files(application: Application, type: str, now: datetime) -> list[CaseFile]:
    files = files_of(application, on=clock.legal_day(now))
    return [file for file in files if file.state in UNDECIDED and requires(file.definition, type)]


def _ask_anew(request: CorrectionView, now: datetime) -> bool:
    """Ask the register again where nothing is decided yet; return whether it has answered.

    What is told for a draft that was thrown away meanwhile is not kept (R15.10).
    """
    application = _application(request)
    files = _open_files(application, request.type, now) if application is not None else []
    if application is None or not files:
        return True
    kind = files[0].definition.evidence_types[request.type]
    answered = ask_for(application, files[0].definition, kind, request.holder, request.key, now)
    with transaction.atomic():
        if _application(request, lock=True) is None:
            evidence.forget(application_ids=[request.application_id])
            return True
        cases = _undecided(application, request.type, now)
        wake_cases(case_ids=[case.id for case in cases], now=now)
    return answered
