"""What a day brings besides routing: reminders of fees, corrections and ends, appointments that nobody kept."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from uuid import UUID

import structlog
from django.db import transaction

from services import clock
from services.cases.actions import asking, checking, putting_off
from services.cases.actions.acting import tell_whom_it_was_for
from services.cases.actions.leaving import close_begun_visits
from services.cases.actions.letters import case_letter, notice_letter, requirement_names
from services.cases.actions.missing import miss_visit
from services.cases.actions.renewing import remind_of_ends
from services.cases.models import Bill, Case, CorrectionNotice, Promise, Reminder
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.urgency import days_left
from services.core.clocks import first_moment, reminder_days
from services.core.deadlines import fee_ends
from services.core.evidence import Standing
from services.core.promises import promised
from services.core.states import ENDED, UNDER_WAY, CaseState
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.visits import queries as visits
from services.visits.actions import cancel_appointment, end_line

log = structlog.get_logger(__name__)


def send_reminders(*, now: datetime) -> int:
    """Send what is due today and note who did not come; each reminder goes out once. Return how many were sent."""
    on = clock.legal_day(now)
    # Whoever comes late is still served: a time is missed when its day is over.
    close_begun_visits(now=now)
    for unserved in end_line(now=now):
        cancel_appointment(appointment_id=unserved, now=now)
    for missed in visits.not_kept(before=first_moment(on, clock.zone())):
        _miss(missed.id, now)
    # Nobody comes for a part of what they applied for, and again for the rest.
    putting_off.look_at_visits(now=now)
    checking.look_at_orders(now=now)
    asking.send_notices(now=now)
    due = [*_fee_reminders(on), *_correction_reminders(on), *_promise_reminders(on)]
    return _send(due, now) + remind_of_ends(now=now) + tell_whom_it_was_for(now=now)


def _miss(appointment_id: UUID, now: datetime) -> None:
    try:
        miss_visit(appointment_id=appointment_id, now=now)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one appointment must not stop the others
        log.warning("visit_not_missed", appointment=str(appointment_id), error=type(error).__name__)


Due = tuple[str, Case, Callable[[], NewNotice]]


def _fee_reminders(on: date) -> Iterator[Due]:
    """An unpaid bill is reminded of once its time is over; the days of grace follow (R14.3)."""
    rows = Bill.objects.filter(paid_at__isnull=True, due_on__lt=on).exclude(case__state__in=ENDED)
    for bill in rows.select_related("case__application"):
        last_day = fee_ends(bill.asked_on, law())
        told = {"amount": str(bill.amount), "until": last_day.isoformat()}
        yield (
            f"fee:{bill.number}",
            bill.case,
            partial(case_letter, bill.case, NoticeKind.FEE_REMINDER, **told),
        )


def _correction_reminders(on: date) -> Iterator[Due]:
    """A correction is reminded of at half time and shortly before its end (R2.8), all that one notice asked at once."""
    rows = CorrectionNotice.objects.filter(
        answered_on__isnull=True, case__state=CaseState.CORRECTION_REQUESTED
    )
    asked: dict[tuple[UUID, date], list[tuple[Case, CorrectionNotice]]] = {}
    for notice in rows.select_related("case__application").order_by("case__number"):
        asked.setdefault((notice.case.application_id, notice.sent_on), []).append((notice.case, notice))
    for (_, sent_on), found in asked.items():
        case = found[0][0]
        # An application can have another notice, of what comes after another service: that is reminded of by itself.
        several = len(case.application.services) > 1
        subject = f"{case.application_id}:{sent_on}" if several else case.id
        for day in _reminded_on(sent_on, on):
            yield f"correction:{subject}:{day}", case, partial(notice_letter, found)


def _reminded_on(sent_on: date, on: date) -> Iterator[date]:
    profile, calendar = law().profile, law().calendar.presuming()
    days = reminder_days(
        sent_on, profile.correction_days, calendar, before_end=profile.correction_reminder_days_before
    )
    yield from (day for day in days if day <= on)


def _promise_reminders(on: date) -> Iterator[Due]:
    """Something promised is reminded of at half time and shortly before its day, as long as it has not come (R5.2)."""
    rows = Promise.objects.filter(application__cases__state__in=UNDER_WAY).distinct()
    due = {key: row for row in rows for key in _promise_keys(row, on)}
    sent = set(Reminder.objects.filter(key__in=due).values_list("key", flat=True))
    for key, row in due.items():
        if key not in sent:
            yield from _of_promise(key, row, on)


def _promise_keys(row: Promise, on: date) -> Iterator[str]:
    """Yield the key of the reminder that is due last, if any is."""
    begun, until = clock.legal_day(row.signed_at), row.extended_until or row.due_on
    before, calendar = law().profile.promise_reminder_days_before, law().calendar.presuming()
    days = reminder_days(begun, days_left(begun, until), calendar, before_end=before)
    yield from (f"promise:{row.id}:{day}" for day in [day for day in days if day <= on <= until][-1:])


def _of_promise(key: str, row: Promise, on: date) -> Iterator[Due]:
    rows = Case.objects.filter(application_id=row.application_id, service=row.service, state__in=UNDER_WAY)
    # How it stood at the last turn: only what is still awaited then is looked at closely.
    waiting = rows.filter(**{f"settlements__{row.requirement}__standing": Standing.PROMISED})
    case = waiting.select_related("application__person").prefetch_related("application__parties").first()
    file = case_files([case], on=on)[case.id] if case else None
    for one, until in promised(file, law()) if case and file else ():
        if one.requirement == row.requirement:
            names = requirement_names(file.definition, [one.requirement])
            told = {"items": names, "until": until.isoformat()}
            yield key, case, partial(case_letter, case, NoticeKind.PROMISE_DUE, **told)


def _send(due: list[Due], now: datetime) -> int:
    sent = 0
    for key, case, letter in due:
        try:
            sent += _send_once(key, letter(), now)
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("reminder_not_sent", case=str(case.id), error=type(error).__name__)
    return sent


@transaction.atomic
def _send_once(key: str, letter: NewNotice, now: datetime) -> bool:
    """Send the reminder and return whether it is the first of its key."""
    _, fresh = Reminder.objects.get_or_create(key=key, defaults={"sent_at": now})
    if fresh:
        notify(rows=[letter], now=now)
    return fresh
