"""What is kept no longer than needed: a warning first, then it goes, files included; the ledger notes it (R15.10).

How long is data: `[profile.retention]` of the jurisdiction. Everything here is done in batches, may run twice or at
once with one effect, and stops nothing else when one part fails. Entries and readings of the ledger are never deleted:
they hold no personal value (R15.7).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from services import clock
from services.cases.actions.copying import delete_copies
from services.cases.actions.idempotency import KEPT
from services.cases.actions.letters import application_letter
from services.cases.models import (
    Application,
    ApplicationState,
    Case,
    CommitmentCheck,
    CorrectionNotice,
    Decision,
    Extension,
    IdempotencyKey,
    Party,
    Task,
)
from services.cases.queries.casefiles import law
from services.catalogue import queries as catalogue
from services.core.clocks import add_months
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import standing
from services.ledger.actions import WORKER, Head, NewEntry, record_entries
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind

log = structlog.get_logger(__name__)

AT_ONCE = 50
MONTHS = 12


def keep_retention(*, now: datetime) -> int:
    """Do everything that is due, and return how much there was; what fails does not stop the rest."""
    return sum(_done(part, now) for part in PARTS)


def _done(part: Callable[..., int], now: datetime) -> int:
    try:
        return part(now=now)
    except Exception as error:  # noqa: BLE001 - one kind of record must not keep the others
        log.warning("retention_failed", part=part.__name__, error=type(error).__name__)
        return 0


@transaction.atomic
def warn_idle_drafts(*, now: datetime) -> int:
    """Write to whoever has left a draft for long that it will be deleted; once, until they touch it again."""
    terms, profile = law().profile.retention, law().profile
    warning = timedelta(days=terms.draft_warning_calendar_days)
    since = now - (timedelta(days=profile.draft_calendar_days) - warning)
    unwarned = Q(warned_at__isnull=True) | Q(warned_at__lt=F("changed_at"))
    idle = Application.objects.filter(unwarned, state=ApplicationState.DRAFT, changed_at__lt=since)
    drafts = list(idle.select_for_update(skip_locked=True).order_by("changed_at")[:AT_ONCE])
    ends = {
        one.id: max(one.changed_at + timedelta(days=profile.draft_calendar_days), now + warning)
        for one in drafts
    }
    notify(rows=[_ending(one, ends[one.id]) for one in drafts], now=now)
    Application.objects.filter(id__in=ends).update(warned_at=now)
    return len(drafts)


def _ending(draft: Application, ends: datetime) -> NewNotice:
    office = catalogue.organisation_of(draft.services[0])
    until = clock.legal_day(ends).isoformat()
    return application_letter(draft, NoticeKind.DRAFT_ENDING, office, until=until)


@transaction.atomic
def forget_unused(*, now: datetime) -> int:
    """Forget what was gathered for applications that have ended, and that no decision rests on (R15.10)."""
    running = Case.objects.filter(application=OuterRef("pk"), ended_on__isnull=True)
    over = Application.objects.filter(~Exists(running), submitted_at__isnull=False, cleared_at__isnull=True)
    over = over.filter(cases__ended_on__lt=clock.legal_day(now)).distinct()
    ids = list(over.values_list("id", flat=True)[:AT_ONCE])
    # Another worker may have done some of them since they were found.
    still = Application.objects.filter(id__in=ids, cleared_at__isnull=True)
    chosen = list(still.select_for_update(skip_locked=True))
    if chosen:
        evidence.forget(application_ids=[one.id for one in chosen], keep=_rested_on(chosen), history=False)
        _note(chosen, "unused_evidence_deleted", now)
        Application.objects.filter(id__in=[one.id for one in chosen]).update(cleared_at=now)
    return len(chosen)


def _rested_on(applications: Sequence[Application]) -> set[UUID]:
    """Return the evidence that any case of those whom it is about rests on, these applications' own among them."""
    return _evidence_in(_cases_of_the_same(applications))


def _cases_of_the_same(applications: Sequence[Application]) -> QuerySet[Case]:
    """Return the cases in which any of these applications' people and businesses is applicant or party.

    Evidence is used again by whom it is about (`holdings.held`): a co-signer's, in the co-signer's own matter.
    """
    about = evidence_queries.holders_in(application_ids=[one.id for one in applications])
    people = {one.person_id for one in applications} | {one.id for one in about if one.kind == "person"}
    businesses = {one.business_id for one in applications} | {
        one.id for one in about if one.kind == "business"
    }
    people, businesses = people - {None}, businesses - {None}
    parties = Party.objects.filter(Q(person__in=people) | Q(business__in=businesses)).values("application")
    own = Q(application__person__in=people) | Q(application__business__in=businesses)
    return Case.objects.filter(own | Q(application__in=parties))


def _evidence_in(cases: QuerySet[Case]) -> set[UUID]:
    return {
        UUID(item["id"])
        for settled in cases.values_list("settlements", flat=True)
        for one in settled.values()
        for item in one.get("evidence", ())
    }


@transaction.atomic
def empty_old_cases(*, now: datetime) -> int:
    """Take everything personal out of applications whose class of retention has run out (R14.9): files too."""
    years = law().profile.retention.case_years
    last_day = add_months(clock.legal_day(now), -years * MONTHS)
    running = Case.objects.filter(application=OuterRef("pk")).exclude(ended_on__lt=last_day)
    old = Application.objects.filter(~Exists(running), submitted_at__isnull=False, emptied_at__isnull=True)
    chosen = list(old.select_for_update(skip_locked=True).order_by("submitted_at")[:AT_ONCE])
    if chosen:
        evidence.forget(application_ids=[one.id for one in chosen], keep=_rested_on_elsewhere(chosen))
        _note(chosen, "personal_data_deleted", now)
    for one in chosen:
        _empty(one, now)
    return len(chosen)


def _rested_on_elsewhere(applications: Sequence[Application]) -> set[UUID]:
    """Return the evidence of these that a later case of the same people rests on: it goes with that one."""
    ids = {one.id for one in applications}
    return _evidence_in(_cases_of_the_same(applications).exclude(application_id__in=ids))


def _empty(application: Application, now: datetime) -> None:
    """Leave of an application that there was one: numbers, days and decisions, and nobody's words or answers."""
    application.answers, application.emptied_at = {}, now
    application.save(update_fields=["answers", "emptied_at"])
    application.parties.update(person=None, business=None, number_index="")
    cases = list(application.cases.values_list("id", flat=True))
    for model, wiped in WIPED.items():
        for row in model.objects.filter(case_id__in=cases):
            for name, nothing in wiped.items():
                setattr(row, name, nothing)
            row.save(update_fields=list(wiped))


# What people wrote about people, in each record of a case.
WIPED = {
    Task: {"note": ""},
    CorrectionNotice: {"explanation": ""},
    Decision: {"explanation": "", "facts": None},
    Extension: {"reasons": ""},
    CommitmentCheck: {"explanation": "", "contest": "", "answer": ""},
}


def _note(applications: Sequence[Application], event: str, now: datetime) -> None:
    """Add to each case's chain that something was deleted; never what."""
    cases = list(Case.objects.filter(application__in=applications).select_for_update().order_by("id"))
    entries = [
        NewEntry(
            case_id=case.id, head=Head(case.ledger_sequence, case.ledger_head), at=now, actor=WORKER,
            event=event, detail={"application": str(case.application_id)},
        )
        for case in cases
        if case.ledger_sequence
    ]  # fmt: skip
    for case_id, head in record_entries(entries=entries).items():
        Case.objects.filter(id=case_id).update(
            ledger_sequence=head.sequence, ledger_head=head.digest, version=F("version") + 1
        )


def forget_claims(*, now: datetime) -> int:
    """Forget what people claimed to represent a month ago; whom the register named, it named."""
    return standing.forget_claims(now=now)


def delete_answers(*, now: datetime) -> int:
    """Delete what was answered to programs, once it can be asked for no more. Keys live on real time."""
    return IdempotencyKey.objects.filter(asked_at__lte=Now() - KEPT).delete()[0]


def end_sessions(*, now: datetime) -> int:
    """Delete sessions that have run out."""
    if "django.contrib.sessions" in settings.INSTALLED_APPS:
        call_command("clearsessions")
    return 0


PARTS: Sequence[Callable[..., int]] = (
    warn_idle_drafts,
    forget_unused,
    empty_old_cases,
    delete_copies,
    forget_claims,
    delete_answers,
    end_sessions,
)
