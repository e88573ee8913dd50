"""What the scanner finds in what applicants send: looked at again until it answers, and told to the office."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from services import clock
from services.cases.actions.giving import note_act, requires
from services.cases.models import Application, ApplicationState
from services.cases.queries.drafts import files_of
from services.cases.turn import Act
from services.core.waiting import UNDECIDED
from services.evidence import actions as evidence
from services.evidence.scanning import Finding, Scan
from services.ledger.actions import WORKER


def scan_copies(*, now: datetime) -> int:
    """Have the scanner look at the copies that wait for it; return how many it has looked at.

    While it is away none is lost and no officer sees one. Running twice has the effect of once.
    """
    done = 0
    for evidence_id in evidence.waiting_copies():
        finding = evidence.look_at(evidence_id=evidence_id)
        if finding.scan is Scan.WAITING:
            break  # whoever comes next would not get through either
        done += _keep(evidence_id, finding, now)
    return done


@transaction.atomic
def _keep(evidence_id: UUID, finding: Finding, now: datetime) -> int:
    application_id = evidence.application_of(evidence_id=evidence_id)
    rows = Application.objects.select_for_update(of=("self",)).select_related("person", "business")
    application = rows.prefetch_related("parties").filter(id=application_id).first()
    scanned = evidence.keep_finding(evidence_id=evidence_id, finding=finding, now=now)
    if application is None or scanned is None:
        return 0
    if finding.scan is Scan.HARMFUL:
        note_harm(application, scanned.type, finding.harm, now)
    return 1


def note_harm(application: Application, type: str, harm: str, now: datetime) -> None:
    """Write into the ledger of the undecided cases that a file for them was set apart; each waits for another one."""
    if application.state == ApplicationState.DRAFT:
        return
    files = files_of(application, on=clock.legal_day(now))
    concerned = {
        file.definition.code for file in files if file.state in UNDECIDED and requires(file.definition, type)
    }
    cases = [
        case for case in application.cases.select_for_update().order_by("number") if case.service in concerned
    ]
    act = Act(WORKER, "copy_quarantined", {"type": type, "harm": harm})
    note_act(act, application, cases, now)


def clear_old() -> int:
    """Throw away pages that nobody handed in for a day, and bytes set apart a month ago; return how many."""
    return evidence.discard_old_pages() + evidence.clear_quarantine()
