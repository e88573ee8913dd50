"""Everything somebody is awaited for, across their open cases: what one visit does for all of them (R8.4, R8.8)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services import clock
from services.cases.models import Application, Attendance, Case
from services.cases.queries.casefiles import case_files, law
from services.cases.queries.visibility import application_for, visible_applications
from services.catalogue import queries as catalogue
from services.core.appointments import need_of
from services.core.casefile import CaseFile
from services.core.clocks import first_moment
from services.core.composer import Call, joint_days, together
from services.core.definitions import Step
from services.core.readiness import counters_ahead, last_day_to_come, ready_together
from services.core.states import ENDED
from services.core.waiting import VISIT_WAIT
from services.people.queries import AccountView, account
from services.visits import queries as visits
from services.visits.queries import Slot

# How far ahead times are offered, in days.
DAYS_AHEAD = 21
# So many applications at the most are brought together in one visit.
MOST_TOGETHER = 10
# Of so many that are awaited the oldest are looked at.
MOST_AWAITED = 50


@dataclass(frozen=True, slots=True)
class JointVisit:
    """One visit for everything: for which applications, all it does, and what it takes the place of.

    `calls`: the counter steps of all of them. `instead_of`: appointments that are given up when it is booked.
    """

    application_ids: tuple[UUID, ...]
    calls: tuple[Call, ...]
    instead_of: tuple[UUID, ...] = ()

    @property
    def people(self) -> tuple[UUID, ...]:
        """Return everybody who must come, each once."""
        return tuple(dict.fromkeys(UUID(one) for call in self.calls for one in sorted(call.persons)))


def joint_visit(
    application_id: UUID, *, now: datetime, viewer: AccountView | None = None
) -> JointVisit | None:
    """Return the one visit that does what this application needs, and all else its applicant is awaited for.

    Other applications through the same account join if one place can do them too, on a day that is too early for none
    and too late for none, and if there is such a time; those that are booked together join together or not at all.
    An application is never divided: where one of its services is not ready, all of it waits, and there is no time yet.
    Who only represents the business joins nothing else. None if nobody is awaited at a counter for this application
    yet. Without a `viewer`: as whoever filed it sees it.
    """
    application = Application.objects.get(id=application_id)
    who = viewer or account(application.account_id)
    matters = _matters(application, who, clock.legal_day(now))
    mine = next((one for one in matters if application_id in one), None)
    if mine is None:
        return None
    for joined in _fewer_and_fewer(mine, matters, clock.legal_day(now)):
        visit = _visit(joined, matters, who)
        if visits.best_slots(calls=visit.calls, days=DAYS_AHEAD, after=now, instead_of=visit.instead_of):
            return visit
    return _visit([mine], matters, who)


# Applications that are booked together, or one by itself; and what they call for.
Matter = tuple[UUID, ...]
Matters = Mapping[Matter, Sequence[Call]]


def _visit(joined: Sequence[Matter], matters: Matters, viewer: AccountView) -> JointVisit:
    ids = tuple(code for one in joined for code in one)
    # What somebody else arranged for more than this stands for the rest, and its time is not free.
    booked = [
        one
        for one in visits.booked_for(application_ids=ids)
        if one.account_id == viewer.id or len(one.application_ids) == 1
    ]
    return JointVisit(
        application_ids=ids,
        calls=tuple(call for one in joined for call in matters[one]),
        instead_of=tuple(one.id for one in booked),
    )


def _matters(application: Application, viewer: AccountView, on: date) -> dict[Matter, list[Call]]:
    """Return what the applicant is awaited for, of what the viewer sees: as many applications as one visit may take."""
    calls = _calls(_candidates(application, viewer), on)
    booked = [one.application_ids for one in visits.booked_for(application_ids=list(calls))]
    alone = calls.keys() - {code for one in booked for code in one}
    groups = [one for one in booked if calls.keys() >= set(one)] + [(one,) for one in calls if one in alone]
    if not any(application.id in one for one in groups) and application.id in calls:
        # What it was booked with is no matter of the viewer's any more.
        groups.append((application.id,))
    found: dict[Matter, list[Call]] = {}
    taken: set[UUID] = set()
    for group in sorted(groups, key=lambda one: application.id not in one):
        if taken.isdisjoint(group) and len(taken) + len(group) <= MOST_TOGETHER:
            found[group] = [call for one in group for call in calls[one]]
            taken |= set(group)
    return found


def _fewer_and_fewer(mine: Matter, matters: Matters, on: date) -> Iterator[list[Matter]]:
    """Yield what could be one visit with this matter, all that fits first, then without the last to be ready."""
    places = visits.open_centres()
    group = next((one for one in together(matters, places) if mine in one), (mine,))
    joined = _joined(mine, {one: matters[one] for one in group}, on)
    while joined:
        yield joined
        joined = joined[:-1]


def offered_slots(*, viewer: AccountView, application_id: UUID, now: datetime) -> tuple[Slot, ...]:
    """Return the times that can be booked for an application of one's own (`visit_slots`).

    :raises NoSuchApplication: if there is none, or it is somebody else's.
    """
    application = application_for(viewer, application_id)
    return visit_slots(application_id=application.id, now=now, viewer=viewer)


def visit_slots(
    *, application_id: UUID, now: datetime, viewer: AccountView | None = None
) -> tuple[Slot, ...]:
    """Return the times that can be booked for everything the visit is for, the earliest first; none if not needed."""
    visit = joint_visit(application_id, now=now, viewer=viewer)
    return slots_of(visit, now=now) if visit is not None else ()


def days_of(visit: JointVisit, *, now: datetime) -> tuple[date, ...]:
    """Return the days on which the visit can be booked."""
    return visits.open_days(calls=visit.calls, days=DAYS_AHEAD, after=now, instead_of=visit.instead_of)


def slots_on(visit: JointVisit, day: date, *, now: datetime) -> tuple[Slot, ...]:
    """Return the times of one day that can be booked for the visit, the earliest first."""
    after = max(now, first_moment(day, clock.zone()) - timedelta(seconds=1))
    found = visits.free_slots(calls=visit.calls, days=2, after=after, instead_of=visit.instead_of)
    return tuple(one for one in found if clock.legal_day(one.starts_at) == day)


def slots_of(visit: JointVisit, *, now: datetime) -> tuple[Slot, ...]:
    """Return the times that can be booked for the visit, the earliest first."""
    return visits.free_slots(calls=visit.calls, days=DAYS_AHEAD, after=now, instead_of=visit.instead_of)


def visit_offers(visit: JointVisit, *, now: datetime, near: str = "") -> tuple[Slot, ...]:
    """Return the best few times for the visit, and why each is offered; `near`: the place one comes from, if told.

    :raises services.visits.queries.NoSuchCentre: if there is no such place.
    """
    return visits.best_slots(
        calls=visit.calls, days=DAYS_AHEAD, after=now, instead_of=visit.instead_of, near=near
    )


def awaited_for(application_ids: Collection[UUID], *, on: date) -> Mapping[UUID, Sequence[Call]]:
    """Return what each of these applications calls for, of those in which somebody is awaited at a counter."""
    rows = Case.objects.filter(application_id__in=application_ids).exclude(state__in=ENDED)
    return _calls(
        list(rows.select_related("application__person").prefetch_related("application__parties")), on
    )


def _candidates(application: Application, viewer: AccountView) -> list[Case]:
    """Return the open cases of the application, and of others of the same applicant who is awaited at a counter."""
    mine = visible_applications(viewer).filter(account_id=viewer.id, person_id=application.person_id)
    same = Case.objects.filter(application__in=mine if viewer.id == application.account_id else [application])
    awaited = same.exclude(state__in=ENDED).filter(waits_for__contains=[VISIT_WAIT])
    # Who was attended to already waits for a supervisor, and holds nobody else up (R8.7).
    seen = Attendance.objects.filter(case__in=awaited).values("case__application_id")
    others = awaited.exclude(application_id__in=seen).order_by("received_at", "id")
    ids = others.values_list("application_id", flat=True)[:MOST_AWAITED]
    rows = Case.objects.filter(application_id__in={application.id, *ids}).exclude(state__in=ENDED)
    return list(rows.select_related("application__person").prefetch_related("application__parties"))


def _calls(cases: Sequence[Case], on: date) -> dict[UUID, list[Call]]:
    """Return the calls by application, of those in which a counter is open."""
    files = case_files(cases, on=on)
    by_application: dict[UUID, list[Case]] = {}
    for case in cases:
        by_application.setdefault(case.application_id, []).append(case)
    found = {}
    for application_id, own in by_application.items():
        if any(files[case.id].is_open(step) for case in own for step in counters_ahead(files[case.id])):
            found[application_id] = list(_calls_of(own, files))
    return found


def _calls_of(cases: Sequence[Case], files: Mapping[UUID, CaseFile]) -> Iterator[Call]:
    ready = ready_together({case.service: files[case.id] for case in cases}, law())
    for case in cases:
        for step in counters_ahead(files[case.id]):
            yield Call(
                case=str(case.id),
                need=need_of(step),
                persons=frozenset(str(one) for one in awaited_people(case)),
                ready_on=ready[case.service],
                last_on=_last_on(files[case.id], step, max(ready.values())),
            )


def _last_on(file: CaseFile, step: Step, ready_on: date) -> date | None:
    """Return the last day for an open counter; where its visit waits for another service, it waits with it."""
    record = file.steps.get(step.code)
    if record is None or record.until is None:
        return None
    return last_day_to_come(record.until, ready_on, law()) if ready_on > file.on else record.until


def awaited_people(case: Case) -> Iterator[UUID]:
    """Yield who has to be at the counter: who applied, and the parties of this service who sign there."""
    if case.application.person_id is not None:
        yield case.application.person_id
    there = {
        one.role for one in catalogue.definition(case.service_version_id).parties if one.signs == "visit"
    }
    for party in case.application.parties.all():
        if party.role in there and party.person_id is not None:
            yield party.person_id


def _joined(first: Matter, matters: Matters, on: date) -> list[Matter]:
    """Return the matters that have a day in common with the first, which leads; the soonest ready before others."""
    chosen, calls = [first], list(matters[first])
    others = sorted(
        matters.keys() - {first}, key=lambda one: (max(call.ready_on for call in matters[one]), one)
    )
    for other in others:
        if any(joint_days([*calls, *matters[other]], on, DAYS_AHEAD)):
            chosen.append(other)
            calls += matters[other]
    return chosen
