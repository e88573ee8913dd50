"""A visit that nothing needs any more: its appointment is cancelled with the last case that called for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services import clock
from services.cases.actions.letters import case_letter
from services.cases.models import Case
from services.cases.queries.visits import open_counter_step
from services.cases.turn import Act, Turn
from services.core.casefile import CaseFile
from services.core.definitions import Mode
from services.core.states import ENDED, Verdict
from services.ledger.actions import WORKER
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind
from services.visits import actions as visits
from services.visits import queries as appointments
from services.visits.queries import AppointmentView

NOT_NEEDED = "not_needed"


def call_off_visits(turns: Sequence[Turn], *, now: datetime) -> list[Turn]:
    """Cancel what was booked where the turns leave nobody awaited at a counter in any of its applications.

    The turns are returned with what follows for the ledger; the window is free, and whoever is still expected is told.
    Inside the caller's transaction; where no case stopped waiting for its visit, nothing is asked of the database.
    """
    stopped = {
        turn.case.application_id: turn for turn in turns if _awaits(turn.before) and not _awaits(turn.after)
    }
    # The appointments are held first: of two workers who end the last two cases at once, one sees the other's end.
    booked = appointments.booked_for(application_ids=list(stopped), lock=True) if stopped else ()
    if not booked:
        return list(turns)
    needed = _needed({code for one in booked for code in one.application_ids}, turns)
    unneeded = {
        stopped[code].case.id: one
        for one in booked
        if needed.isdisjoint(one.application_ids)
        for code in [next(code for code in one.application_ids if code in stopped)]
    }
    letters = []
    for case_id, one in unneeded.items():
        visits.cancel_appointment(appointment_id=one.id, now=now)
        letters += _letters(next(turn.case for turn in turns if turn.case.id == case_id), one, now)
    notify(rows=letters, now=now)
    return [_told(turn, unneeded) for turn in turns]


def _awaits(file: CaseFile) -> bool:
    """Return whether somebody is awaited at a counter for the case."""
    if file.ended or file.verdict is Verdict.REFUSED:
        return False
    return any(file.is_open(step) for step in file.definition.steps_of(Mode.COUNTER))


def _needed(application_ids: Collection[UUID], turns: Sequence[Turn]) -> set[UUID]:
    """Return the applications in which another case still calls for the visit, as these turns leave them."""
    turned = {turn.case.id: turn for turn in turns}
    rows = Case.objects.filter(application_id__in=application_ids).exclude(id__in=turned)
    waiting = rows.exclude(state__in=ENDED).exclude(verdict=Verdict.REFUSED)
    needed = {case.application_id for case in waiting if open_counter_step(case) is not None}
    return needed | {turn.case.application_id for turn in turned.values() if _awaits(turn.after)}


def _letters(case: Case, booked: AppointmentView, now: datetime) -> list[NewNotice]:
    """Return the letter to somebody who would still have come; who did not come on the day needs none."""
    if clock.legal_day(booked.starts_at) < clock.legal_day(now):
        return []
    place = appointments.centre(code=booked.centre)
    told = {"centre": dict(place.name), "starts_at": booked.starts_at.isoformat()}
    return [case_letter(case, NoticeKind.VISIT_CANCELLED, **told)]


def _told(turn: Turn, unneeded: Mapping[UUID, AppointmentView]) -> Turn:
    booked = unneeded.get(turn.case.id)
    if booked is None:
        return turn
    detail = {"appointment": str(booked.id), "why": NOT_NEEDED}
    return replace(turn, follows=(Act(WORKER, "visit_cancelled", detail),))
