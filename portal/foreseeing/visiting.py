"""Coming in: the one visit is found by the composer for everything together, booked, kept or missed, and served."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from portal.foreseeing.offices import Steps
from portal.foreseeing.places import open_hours
from portal.foreseeing.time import DAY
from services.core import acts
from services.core.appointments import Centre, minute_of, need_of
from services.core.composer import Call, Offer
from services.core.definitions import Step
from services.core.readiness import counters_ahead, last_day_to_come, ready_together

if TYPE_CHECKING:
    from portal.foreseeing.application import Application
    from portal.foreseeing.life import Life

MORNING = 8 * 60


def comes_in(application: "Application") -> Steps:
    """Arrange a visit for all that the applicant is awaited for, and keep it; again, if it was missed."""
    world, asked_at = application.world, application.world.env.now
    yield world.env.timeout(application.chance.expovariate(1) * world.prefecture.people.book_hours * 60)
    unasked = application.chance.random() < world.prefecture.people.walk_in
    while not application.is_silent and (calls := calls_of(application)):
        place = _walk_in_place(application, calls) if unasked and _all_ready(application, calls) else None
        if place is not None:
            yield from _walks_in(application, place)
            continue
        offer = _find(application, calls)
        if offer is None:
            yield world.env.timeout(_next_morning(world.env.now))
        else:
            asked_at = yield from _keeps(application, offer, asked_at)
    application.is_arranging = False


def calls_of(application: "Application") -> list[Call]:
    """Return everything the applicant must attend; none while no counter is open."""
    lives = [one for one in application.lives.values() if not one.is_over]
    for life in lives:
        life.look()
    if not any(life.open_counter() for life in lives):
        return []
    ready = ready_together({one.definition.code: one.case for one in lives}, application.world.law)
    return [
        Call(
            case=life.definition.code,
            need=need_of(step),
            persons=frozenset(["applicant"]),
            ready_on=ready[life.definition.code],
            last_on=_last_on(life, step, max(ready.values())),
        )
        for life in lives
        for step in counters_ahead(life.case)
    ]


def _last_on(life: "Life", step: Step, ready_on: date) -> date | None:
    """Return the last day for an open counter; where its visit waits for another service, it waits with it."""
    record = life.case.steps.get(step.code)
    if record is None or record.until is None:
        return None
    waits = ready_on > life.case.on
    return last_day_to_come(record.until, ready_on, life.world.law) if waits else record.until


def _find(application: "Application", calls: Sequence[Call]) -> Offer | None:
    """Return a time for all the calls: an application is never divided."""
    world = application.world
    offer = world.diary.find(calls, world.today, int(world.env.now % DAY), application.home)
    if offer is not None:
        world.diary.book(offer)
    return offer


def _all_ready(application: "Application", calls: Sequence[Call]) -> bool:
    """Return whether everything that is called for can be done now."""
    return all(application.lives[one.case].open_counter() is not None for one in calls)


def _keeps(application: "Application", offer: Offer, asked_at: float) -> Steps:
    """Wait for the appointment and keep it, miss it, or have it moved; return since when the next is sought."""
    world, people = application.world, application.world.prefecture.people
    starts = world.time.midnight(offer.slot.day) + minute_of(offer.slot.starts)
    late = application.chance.random() < people.late
    comes = people.late_minutes if late else -people.early_minutes
    yield world.env.timeout(max(0, starts + comes * application.chance.random() * 2 - world.env.now))
    calls = calls_of(application)
    if not calls or not _all_ready(application, calls):
        # An office is late, or nobody is awaited any more: nobody comes in vain (R8.7).
        world.diary.give_back(offer)
        _put_off(application, calls)
        return world.env.now
    if application.chance.random() < people.miss:
        world.tally.missed += 1
        yield world.env.timeout(_next_morning(world.env.now))
        return world.env.now
    world.tally.to_appointment.add((starts - asked_at) / DAY)
    waited: list[float] = []
    yield from world.windows.keep(offer, application.chance, waited)
    world.tally.at_counter.add(sum(waited))
    _serve(application)
    return world.env.now


def _put_off(application: "Application", calls: Sequence[Call]) -> None:
    """Give whoever is awaited more days: it is an office that is late, and not they."""
    application.world.tally.moved += bool(calls)
    law = application.world.law
    ready_on = max((one.ready_on for one in calls), default=application.world.today)
    for life in application.lives.values():
        if life.open_counter() is not None:
            until = law.working_days(ready_on, law.profile.visit_days)
            life.case = acts.postpone_visit(life.case, until=until)
            life.wake()


def _walk_in_place(application: "Application", calls: Sequence[Call]) -> Centre | None:
    """Return the nearest place where whoever comes unasked can have everything done."""
    needs = [call.need for call in calls]
    fitting = application.world.diary.fitting(needs)
    able = [one for one in fitting if application.world.windows.walk_in_windows(one, needs)]
    return min(able, key=lambda one: one.code != application.home, default=None)


def _walks_in(application: "Application", place: Centre) -> Steps:
    """Go there at some time of the next day it is open, take a ticket, and wait."""
    world, hours = application.world, open_hours(place, application.world.time)
    at = hours.after(world.env.now, application.chance.uniform(30, hours.closes - hours.opens - 60))
    yield world.env.timeout(at - world.env.now)
    calls = [one for one in calls_of(application) if application.lives[one.case].open_counter()]
    if calls:
        waited: list[float] = []
        yield from world.windows.walk_in(place, [one.need for one in calls], application.chance, waited)
        world.tally.of_walk_ins.add(sum(waited))
        _serve(application)


def _serve(application: "Application") -> None:
    """Finish everything that is open for the applicant, in one visit."""
    steps = [(life, life.open_counter()) for life in application.lives.values() if not life.is_over]
    served = [(life, step) for life, step in steps if step is not None]
    application.trips += bool(served)
    for life, step in served:
        life.look()
        life.attend(step)


def _next_morning(now: float) -> float:
    """Return the minutes until the next morning."""
    return (now // DAY + 1) * DAY + MORNING - now
