"""A grant that rests on a commitment opens the looking into it, in the transaction of the decision (R4.9)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.cases.models import CheckState, CommitmentCheck, OutboxItem
from services.cases.queries.casefiles import holders_of, law
from services.cases.turn import Turn
from services.core.casefile import CaseFile
from services.core.evidence import HeldEvidence, Source, commitment_needed
from services.core.routing import Event
from services.core.states import Verdict


def open_checks(turns: Sequence[Turn], *, now: datetime) -> None:
    """Open the checks of the cases that were granted on commitments, and have a worker begin with the registers."""
    granted = (turn for turn in turns if turn.saw(Event.DECIDED) and turn.after.verdict is Verdict.GRANTED)
    checks = [check for turn in granted for check in _checks(turn)]
    if not checks:
        return
    CommitmentCheck.objects.bulk_create(checks, ignore_conflicts=True)
    OutboxItem.objects.bulk_create([asking(check, now) for check in checks], ignore_conflicts=True)


def asking(check: CommitmentCheck, now: datetime, *, again: int = 0) -> OutboxItem:
    """Return the errand to look into a commitment; `again` tells one asking from another."""
    key = f"check:{check.id}:{again}"
    return OutboxItem(kind="gather", dedup_key=key, payload={"check": str(check.id)}, due_at=now)


def _checks(turn: Turn) -> Iterator[CommitmentCheck]:
    definition = turn.after.definition
    if definition.commitments.exempt:
        return
    holders = holders_of(turn.case.application)
    days = law().profile.commitment_check_days
    for requirement, one in commitments_of(turn.after):
        party = definition.requirement[requirement].party if requirement else "applicant"
        holder = holders.declarant(party) or one.holder
        yield CommitmentCheck(
            case_id=turn.case.id, evidence_id=one.id, type=one.type, requirement=requirement,
            organisation=turn.case.organisation, service=turn.case.service, holder_kind=holder.kind,
            holder_id=holder.id, state=CheckState.ASKING, opened_on=turn.after.on,
            due_on=law().working_days(turn.after.on, days),
        )  # fmt: skip


def commitments_of(file: CaseFile) -> Iterator[tuple[str, HeldEvidence]]:
    """Yield each commitment that the case rests on, with its requirement; none for one to the licence's conditions."""
    kinds = file.definition.evidence_types
    for settlement in file.settlements.values():
        for one in settlement.evidence:
            if one.source is Source.DECLARATION and commitment_needed(kinds[one.type]):
                yield settlement.requirement, one
    if file.committed:
        offer = file.definition.commitments.offer
        yield from (("", one) for one in file.shelves["applicant"].held if one.type == offer)
