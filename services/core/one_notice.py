"""The one notice of correction of an application: who has yet to look, and when it goes out to the applicant (R7.9).

What is received on one day is asked for in one notice. A service that comes after another is received with the notice
that this is done (R7.5): its office looks then, and has a notice of its own unless it is received on the same day.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from services.core.casefile import CaseFile, accepts_at_visit
from services.core.deadlines import acceptance_ends
from services.core.jurisdiction import Law
from services.core.states import CaseState

# It goes out so long before the hour at which it would be late (R10.3).
_IN_TIME = timedelta(hours=1)


def has_yet_to_look(case: CaseFile) -> bool:
    """Return whether the office may still find something missing in it, and has not said so.

    Nobody is waited for who sees the applicant at the visit, who waits for an earlier service, or who asked before.
    """
    asked = case.correction is not None or bool(case.noted)
    begun = case.state is CaseState.RECEIVED and not case.awaits
    return begun and not asked and not accepts_at_visit(case)


def in_one_notice(cases: Sequence[CaseFile]) -> Iterator[tuple[CaseFile, ...]]:
    """Yield the cases of an application that share a notice: those received on one day, where anything is noted."""
    days: Mapping[date, list[CaseFile]] = {one.received_on: [] for one in cases}
    for one in cases:
        days[one.received_on].append(one)
    yield from (tuple(group) for group in days.values() if any(is_noted(one) for one in group))


def is_noted(case: CaseFile) -> bool:
    """Return whether something is noted that is still to be asked for."""
    return case.state is CaseState.RECEIVED and bool(case.noted)


def awaited_offices(group: Sequence[CaseFile]) -> tuple[str, ...]:
    """Return the services whose offices have yet to look, before the notice of the group goes out."""
    return tuple(one.definition.code for one in group if has_yet_to_look(one))


def last_day(group: Sequence[CaseFile], law: Law) -> date:
    """Return the last day for the notice: that of the member whose office has the shortest time to ask (R2.4, R7.9)."""
    return min(acceptance_ends(one, law) for one in group if is_noted(one) or has_yet_to_look(one))


def goes_out_at(group: Sequence[CaseFile], law: Law, zone: tzinfo) -> datetime:
    """Return the moment at which the notice of the group goes out whoever has not looked.

    On its last day, in time before the hour at which it is late (R10.3).
    """
    late = law.profile.cards.correction_notice_hour
    return datetime.combine(last_day(group, law), late, tzinfo=zone) - _IN_TIME


def goes_out(group: Sequence[CaseFile], now: datetime, law: Law, zone: tzinfo) -> bool:
    """Return whether the notice of the group goes out now.

    When every office has looked, else at its last moment. After that day silence has accepted, and nothing can be
    asked (R2.4).
    """
    if not any(is_noted(one) and one.lacking for one in group):
        return False
    until = last_day(group, law)
    in_days = all(one.on <= until for one in group)
    return in_days and (not awaited_offices(group) or now >= goes_out_at(group, law, zone))
