"""What is kept no longer than needed: a warning first, then it goes, files included; the ledger notes it (R15.10).

How long is data: `[profile.retention]` of the jurisdiction. Everything here is done in batches, may run twice or at
once with one effect, and stops nothing else when one part fails. Entries and readings of the ledger are never deleted:
they hold no personal value (R15.7).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from services import clock
from services.cases.actions.acting import forget_acts, forget_told_drafts
from services.cases.actions.assisting import forget_assistances
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
    NotDone,
    Promise,
    Rating,
    RatingLink,
    ReadingQuestion,
    RememberedAnswer,
    Task,
)
from services.cases.queries.casefiles import law
from services.cases.queries.rests import about_whom, cases_of, cases_of_the_same, evidence_in, left_behind
from services.catalogue import queries as catalogue
from services.core.clocks import add_months
from services.evidence import actions as evidence
from services.evidence import queries as evidence_queries
from services.evidence.actions import standing
from services.ledger.actions import WORKER, Head, NewEntry, record_entries
from services.notices.actions import NewNotice, empty_letters, notify
from services.notices.kinds import NoticeKind
from services.visits import actions as visits

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
    return evidence_in(cases_of_the_same(applications))


@transaction.atomic
def empty_old_cases(*, now: datetime) -> int:
    """Take everything personal out of applications whose class of retention has run out (R14.9): files too."""
    years = law().profile.retention.case_years
    last_day = add_months(clock.legal_day(now), -years * MONTHS)
    running = Case.objects.filter(application=OuterRef("pk")).exclude(ended_on__lt=last_day)
    old = Application.objects.filter(~Exists(running), submitted_at__isnull=False, emptied_at__isnull=True)
    chosen = list(old.select_for_update(skip_locked=True).order_by("submitted_at")[:AT_ONCE])
    if chosen:
        ids = [one.id for one in chosen]
        # What was kept of earlier ones for these goes now, with its files, unless another still rests on it.
        left = left_behind(chosen)
        evidence.forget(application_ids=[*ids, *left], keep=_rested_on_elsewhere(chosen, left))
        visits.forget(application_ids=ids)
        forget_acts(ids)
        empty_letters(application_ids=ids, case_ids=_cases_in(ids))
        _note(chosen, "personal_data_deleted", now)
    for one in chosen:
        _empty(one, now)
    return len(chosen)


def _rested_on_elsewhere(applications: Sequence[Application], left: Collection[UUID]) -> set[UUID]:
    """Return the evidence of these, and left of earlier ones, that another case rests on: it goes with that one."""
    about = about_whom(applications) | evidence_queries.holders_in(application_ids=left)
    return evidence_in(cases_of(about).exclude(application_id__in=[one.id for one in applications]))


def _cases_in(applications: Sequence[UUID]) -> list[UUID]:
    return list(Case.objects.filter(application__in=applications).values_list("id", flat=True))


def _empty(application: Application, now: datetime) -> None:
    """Leave of an application that there was one: numbers, days and decisions; nobody's words, answers or name."""
    application.answers, application.person, application.business = {}, None, None
    application.for_person = None
    application.emptied_at = now
    application.save(update_fields=["answers", "person", "for_person", "business", "emptied_at"])
    application.parties.update(person=None, business=None, number_index="", signed_by=None)
    _wipe(Promise.objects.filter(application=application))
    cases = _cases_in([application.id])
    for model in OF_A_CASE:
        _wipe(model.objects.filter(case_id__in=cases))


def _wipe(rows: QuerySet) -> int:
    wiped = WIPED[rows.model]
    for row in rows:
        for name, nothing in wiped.items():
            # What nobody has written yet, an answer that is still awaited, stays unwritten.
            if getattr(row, name) is not None:
                setattr(row, name, nothing)
        row.save(update_fields=list(wiped))
    return len(rows)


# What people wrote about people, in each record that stays; a test walks every encrypted field of every room.
WIPED: dict[type[Model], dict[str, object]] = {
    Task: {"note": ""},
    CorrectionNotice: {"explanation": ""},
    Decision: {"explanation": "", "facts": None},
    Extension: {"reasons": ""},
    CommitmentCheck: {"explanation": "", "contest": "", "answer": "", "holder_id": UUID(int=0)},
    # The digest of a text that names somebody could be tried out with names.
    Promise: {"text": "", "text_digest": "", "extension_reason": ""},
    ReadingQuestion: {"words": "", "answer": ""},
    NotDone: {"words": "", "answer": ""},
    Rating: {
        "words": "", "added": "", "contact": "", "answer": "", "appeal": "", "review": "", "person_id": UUID(int=0),
    },
}  # fmt: skip
OF_A_CASE = (Task, CorrectionNotice, Decision, Extension, CommitmentCheck, ReadingQuestion, NotDone, Rating)


@transaction.atomic
def empty_old_questions(*, now: datetime) -> int:
    """Take the words out of questions that were answered so long ago, and out of their letters (R15.7, R15.10)."""
    before = _years_before(now, law().profile.retention.question_years)
    answered = ReadingQuestion.objects.filter(answered_at__lt=before, emptied_at__isnull=True)
    rows = list(answered.select_for_update(skip_locked=True).order_by("answered_at")[:AT_ONCE])
    ids = [one.id for one in rows]
    _wipe(ReadingQuestion.objects.filter(id__in=ids))
    ReadingQuestion.objects.filter(id__in=ids).update(emptied_at=now)
    return len(rows)


@transaction.atomic
def empty_old_letters(*, now: datetime) -> int:
    """Take an officer's words out of old letters that stand in no matter: they go with the question they answer."""
    return empty_letters(before=_years_before(now, law().profile.retention.question_years), limit=AT_ONCE)


@transaction.atomic
def forget_answers(*, now: datetime) -> int:
    """Forget what somebody told us once and has not told again for so long: it is asked anew then (R15.10)."""
    before = _years_before(now, law().profile.retention.remembered_years)
    old = RememberedAnswer.objects.filter(told_at__lt=before).order_by("told_at")
    ids = list(old.select_for_update(skip_locked=True).values_list("id", flat=True)[:AT_ONCE])
    return RememberedAnswer.objects.filter(id__in=ids).delete()[0]


def _years_before(now: datetime, years: int) -> datetime:
    return datetime.combine(add_months(clock.legal_day(now), -years * MONTHS), time.min, tzinfo=clock.zone())


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


def forget_links(*, now: datetime) -> int:
    """Forget links to rate by that work no more (R9.9)."""
    return RatingLink.objects.filter(until__lt=clock.legal_day(now)).delete()[0]


def end_sessions(*, now: datetime) -> int:
    """Delete sessions that have run out."""
    if "django.contrib.sessions" in settings.INSTALLED_APPS:
        call_command("clearsessions")
    return 0


PARTS: Sequence[Callable[..., int]] = (
    warn_idle_drafts,
    forget_unused,
    empty_old_cases,
    empty_old_questions,
    empty_old_letters,
    forget_answers,
    forget_told_drafts,
    forget_assistances,
    delete_copies,
    forget_claims,
    delete_answers,
    forget_links,
    end_sessions,
)
