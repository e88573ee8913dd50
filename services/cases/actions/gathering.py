"""Gather evidence from registers: outside any transaction, with a deadline, the answer an event like any other."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from services import clock, errands
from services.cases.actions import looking, representing
from services.cases.actions.routing import wake_cases
from services.cases.models import Application, Case, OutboxItem
from services.cases.queries.casefiles import case_files, draft_file, holders_of, may_ask_about
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile
from services.core.definitions import Definition
from services.core.evidence import UNANSWERED, Outcome
from services.core.facts import Fact, Holder
from services.core.reference import EvidenceType
from services.core.states import ENDED, CaseState
from services.evidence import actions as evidence
from services.evidence.actions import Wanted, obtain
from services.evidence.actions.standing import BUSINESS_REGISTER
from services.evidence.offices import tell_office

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(hours=1)
AT_ONCE = 16
HASTENED_AT_ONCE = 500


def gather_evidence(*, now: datetime) -> int:
    """Ask registers for everything that open items want; return how many items were worked off."""
    return work_off(OutboxItem.Kind.GATHER, _gather, now)


def hasten_evidence(*, register: str, now: datetime) -> None:
    """Let those who wait for this register ask it now and not when their pause is over: it answers again.

    A batch at a time, each its own transaction, however many wait. Should nobody hear of it, they come back by
    themselves.
    """
    while _hasten_some(register, now):
        errands.send(errands.Errand.GATHER_EVIDENCE)


@transaction.atomic
def _hasten_some(register: str, now: datetime) -> int:
    case_id = Cast(KeyTextTransform("case", "payload"), UUIDField())
    waits = Case.objects.filter(id=OuterRef("case_id"), waits_for__contains=[f"register:{register}"])
    wanted = Q(Exists(waits))
    if register == BUSINESS_REGISTER.code:
        wanted |= Q(payload__has_key="claim")
    put_off = OutboxItem.objects.filter(kind=OutboxItem.Kind.GATHER, done_at__isnull=True, due_at__gt=now)
    found = put_off.annotate(case_id=case_id).filter(wanted).select_for_update(skip_locked=True, of=("self",))
    ids = list(found.order_by("due_at").values_list("id", flat=True)[:HASTENED_AT_ONCE])
    return OutboxItem.objects.filter(id__in=ids).update(due_at=now)


def deliver_outbox(*, now: datetime) -> int:
    """Tell other offices' records what they are to know; return how many items were worked off."""
    return work_off(OutboxItem.Kind.TELL, _tell, now)


def work_off(kind: str, work: Callable[[OutboxItem, datetime], bool], now: datetime) -> int:
    """Do the work of items of a kind that are due, each under a lease of its own, and return how many there were.

    Registers may be slow: an item is taken when its turn comes, so that no lease runs out behind others and nothing is
    done twice for it. What is not done comes back later; one that fails stops no other.
    """
    began = time.monotonic()
    for done_before in range(AT_ONCE):
        item = _lease(kind, now + timedelta(seconds=time.monotonic() - began))
        if item is None:
            return done_before
        try:
            done = work(item, now)
        except Exception as error:  # noqa: BLE001 - one item must not stop the others; it comes back after its lease
            log.warning("outbox_item_failed", item=item.id, kind=kind, error=type(error).__name__)
            done = False
        _settle_item(item, done, now)
    return AT_ONCE


@transaction.atomic
def _lease(kind: str, moment: datetime) -> OutboxItem | None:
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
    due = OutboxItem.objects.filter(free, kind=kind, done_at__isnull=True, due_at__lte=moment)
    item = due.select_for_update(skip_locked=True).order_by("due_at").first()
    if item is not None:
        item.lease_until = moment + LEASE
        item.save(update_fields=["lease_until"])
    return item


def _settle_item(item: OutboxItem, done: bool, now: datetime) -> None:
    """Close the item, or let it come back later, ever more rarely but never given up.

    Whoever's lease ran out, and whose item another has taken since, settles nothing: the other does.
    """
    pause = min(FIRST_PAUSE * 2 ** min(item.attempts, 10), LONGEST_PAUSE)
    state = {"done_at": now} if done else {"due_at": now + pause, "attempts": item.attempts + 1}
    OutboxItem.objects.filter(id=item.id, lease_until=item.lease_until).update(lease_until=None, **state)


def _gather(item: OutboxItem, now: datetime) -> bool:
    """Return whether every register has answered; one that has not is asked again later."""
    if "claim" in item.payload:
        return representing.look_into_claim(claim_id=UUID(item.payload["claim"]), now=now)
    if "check" in item.payload:
        return looking.look_into(check_id=UUID(item.payload["check"]), now=now)
    if "application" in item.payload:
        _gather_for_draft(UUID(item.payload["application"]), now)
        return True
    return _gather_for_case(UUID(item.payload["case"]), now)


def _gather_for_draft(application_id: UUID, now: datetime) -> None:
    """Ask for a draft; what a draft wanted that was thrown away meanwhile is neither asked nor kept (R15.10)."""
    rows = Application.objects.select_related("person").prefetch_related("parties")
    application = rows.filter(id=application_id).first()
    if application is None:
        return
    on = clock.legal_day(now)
    for code in application.services:
        definition = catalogue.definition(catalogue.current_version_id(code))
        _ask(application, lambda one=definition: draft_file(application, one, on=on), now)
    with transaction.atomic():
        if not Application.objects.select_for_update().filter(id=application_id).exists():
            evidence.forget(application_ids=[application_id])


def _gather_for_case(case_id: UUID, now: datetime) -> bool:
    cases = Case.objects.select_related("application__person").prefetch_related("application__parties")
    case = cases.get(id=case_id)
    if CaseState(case.state) in ENDED:
        return True
    outcomes = _ask(case.application, lambda: case_files([case], on=clock.legal_day(now))[case.id], now)
    with transaction.atomic():
        wake_cases(case_ids=[case.id], now=now)
    return outcomes.isdisjoint(UNANSWERED)


def _ask(application: Application, look: Callable[[], CaseFile], now: datetime) -> set[Outcome]:
    """Ask for all that the file wants, then at once for what it wants in place of what was not found.

    Each thing is asked for once: whatever failed comes again with the next pass.
    """
    ended: dict[Wanted, Outcome] = {}
    while wanted := [one for one in dict.fromkeys(_wanted(application, look())) if one not in ended]:
        answers = obtain(application_id=application.id, wanted=wanted, now=now)
        ended |= zip(wanted, (answer.outcome for answer in answers), strict=True)
        if all(answer.outcome is Outcome.FOUND for answer in answers):
            break
    return set(ended.values())


def _wanted(application: Application, file: CaseFile) -> Iterator[Wanted]:
    holders = holders_of(application)
    for one in file.settlements.values():
        party = file.definition.requirement[one.requirement].party
        for code in one.fetch if may_ask_about(application, party) else ():
            kind = file.definition.evidence_types[code]
            holder = holders.of(kind, party)
            key = str(file.shelves[party].keys.get(kind.key, "")) if kind.key else ""
            if holder is not None and (key or not kind.key):
                yield Wanted(type=kind, holder=holder, key=key, forms=_forms(file.definition, kind))


def _forms(definition: Definition, kind: EvidenceType) -> tuple[Fact, ...]:
    return tuple(definition.facts[code] for code in kind.proves if code in definition.facts)


def ask_for(
    application: Application,
    definition: Definition,
    kind: EvidenceType,
    holder: Holder,
    key: str,
    now: datetime,
) -> bool:
    """Ask the register for one thing, whatever else is wanted; return whether it has answered."""
    wanted = Wanted(type=kind, holder=holder, key=key, forms=_forms(definition, kind))
    answers = obtain(application_id=application.id, wanted=[wanted], now=now)
    return all(answer.outcome not in UNANSWERED for answer in answers)


def _tell(item: OutboxItem, now: datetime) -> bool:
    case = Case.objects.get(id=UUID(item.payload["case"]))
    return tell_office(
        organisation=item.payload["office"], case_number=case.number, service=case.service,
        step=item.payload["step"], reference=item.dedup_key,
    )  # fmt: skip


@transaction.atomic
def ask_for_draft(*, application: Application, now: datetime) -> None:
    """Have registers asked for a draft's evidence, because its applicant said so (R16.1)."""
    key = f"draft:{application.id}:{application.version}"
    OutboxItem.objects.bulk_create(
        [OutboxItem(kind="gather", dedup_key=key, payload={"application": str(application.id)}, due_at=now)],
        ignore_conflicts=True,
    )
    errands.send(errands.Errand.GATHER_EVIDENCE)
