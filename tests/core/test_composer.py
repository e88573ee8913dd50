"""One visit for everything that somebody is awaited for: if there is one, it is found, and the best is found first."""

from datetime import date, time, timedelta
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.appointments import Centre, Closure, Need, Opening, Taken, Window, minute_of, time_of
from services.core.clocks import PublishedYear, WorkCalendar
from services.core.composer import Call, Situation, compose, joint_days, open_days, together
from services.core.timetable import LONGEST_WAIT, visits_on

CALENDAR = WorkCalendar({2026: PublishedYear(frozenset(), frozenset())})
MONDAY = date(2026, 3, 2)
ALL_WEEK = frozenset(range(1, 8))
MORNING = Opening(ALL_WEEK, time(9), time(11))


def a_window(code, *skills, hours=(MORNING,), minutes=10, **more):
    return Window(code=code, centre="c", skills=frozenset(skills), hours=hours, minutes=minutes, **more)


def a_centre(*windows, code="hall", general=False, rooms=("exam", "health_check"), **more):
    return Centre(code=code, general=general, rooms=frozenset(rooms), windows=windows, **more)


def a_call(case, *purposes, minutes=10, ready_on=MONDAY, last_on=None, persons=("anna",)):
    need = Need(purposes=frozenset(purposes), minutes=minutes, organisation="tax")
    return Call(case=case, need=need, persons=frozenset(persons), ready_on=ready_on, last_on=last_on)


def in_situation(*centres, **more):
    return Situation(centres=centres, calendar=CALENDAR, **more)


def days_of(offers):
    return [(one.centre, (one.slot.day - MONDAY).days, one.slot.starts.strftime("%H:%M")) for one in offers]


def test_all_open_cases_are_done_in_one_visit():
    calls = [a_call("1", "signature"), a_call("2", "original"), a_call("3", "signature", minutes=20)]
    hall = a_centre(a_window("w1", "signature", "original"))
    first = compose(calls, in_situation(hall), from_day=MONDAY, days=30)[0]
    assert (first.slot.starts, first.slot.ends, first.slot.waiting) == (time(9), time(9, 40), 0)
    assert "earliest" in first.because


def test_nobody_is_called_before_all_is_ready_or_when_it_is_too_late_for_one():
    """What must come before the visit is expected to be there; a limit that presses is kept."""
    wednesday = MONDAY + timedelta(days=2)
    calls = [a_call("1", "signature", ready_on=wednesday), a_call("2", "original", last_on=wednesday)]
    hall = a_centre(a_window("w1", "signature", "original"))
    assert list(joint_days(calls, MONDAY, 30)) == [wednesday]
    assert {one.slot.day for one in compose(calls, in_situation(hall), from_day=MONDAY, days=30)} == {
        wednesday
    }
    late = [*calls, a_call("3", "signature", ready_on=wednesday + timedelta(days=1))]
    assert compose(late, in_situation(hall), from_day=MONDAY, days=30) == ()


def test_all_who_must_come_are_free_for_the_whole_visit():
    """Spouses, buyer and seller: one time for all of them (issue: attendance is counted per person)."""
    calls = [a_call("1", "signature", persons=("anna", "ben"), minutes=30)]
    busy = {("anna", MONDAY): [(9 * 60, 9 * 60 + 30)], ("ben", MONDAY): [(10 * 60, 10 * 60 + 20)]}
    hall = a_centre(a_window("w1", "signature"))
    first = compose(calls, in_situation(hall, busy=busy), from_day=MONDAY, days=1)[0]
    assert (first.slot.starts, first.slot.ends) == (time(9, 30), time(10))


def test_of_several_places_the_earliest_the_nearest_and_the_least_waiting_are_offered_and_it_says_which():
    calls = [a_call("1", "signature"), a_call("2", "original")]
    town = a_centre(a_window("w1", "signature"), a_window("w2", "original"), code="town")
    village = a_centre(a_window("w1", "signature", "original"), code="village",
                       closures=(Closure(MONDAY, MONDAY + timedelta(days=1)),))  # fmt: skip
    # In the town somebody waits between the two windows on Monday.
    taken = {("town", MONDAY): [Taken("w1", time(9), time(10)), Taken("w2", time(9, 10), time(10, 10)),
                                Taken("w2", time(10, 20), time(11)), Taken("w1", time(10, 10), time(11))]}  # fmt: skip
    taken["town", MONDAY] = [Taken("w1", time(9), time(9, 30)), Taken("w2", time(9, 10), time(11)),
                             Taken("w1", time(9, 40), time(11))]  # fmt: skip
    away = {"town": 40, "village": 5}
    offers = compose(
        calls, in_situation(town, village, taken=taken, minutes_away=away), from_day=MONDAY, days=9
    )
    by_reason = {reason: one for one in offers for reason in one.because}
    assert days_of([by_reason["earliest"]]) == [("town", 0, "09:00")]
    assert by_reason["earliest"].slot.waiting == 20
    assert days_of([by_reason["least_waiting"]]) == [("town", 1, "09:00")]
    assert days_of([by_reason["nearest"]]) == [("village", 2, "09:00")]


def test_times_that_have_passed_today_are_not_offered():
    hall = a_centre(a_window("w1", "signature"))
    found = compose([a_call("1", "signature")], in_situation(hall), from_day=MONDAY, days=1, after=10 * 60)
    assert days_of(found)[0] == ("hall", 0, "10:10")
    asked = [a_call("1", "signature")], in_situation(hall), MONDAY, 1
    assert list(open_days(*asked, after=17 * 60)) == []
    assert list(open_days(*asked, after=10 * 60)) == [MONDAY]


def test_what_no_one_place_can_do_is_the_fewest_visits_and_each_place_does_all_it_can():
    """An examination is never behind a general counter; what both can do is done where one must go anyway."""
    sought = {"exam": "exam", "sign": "signature", "lost": "assessment"}
    calls = {case: [a_call(case, what)] for case, what in sought.items()}
    general = a_centre(a_window("w1", "signature", "exam"), code="general", general=True)
    clinic = a_centre(a_window("w1", "exam"), code="clinic")
    both = a_centre(a_window("w1", "exam", "signature"), code="both")
    assert together(calls, [general, clinic]) == (("exam",), ("sign",))
    assert together(calls, [general, clinic, both]) == (("exam", "sign"),)
    # Nobody goes to two places for one matter.
    divided = {"both": [*calls["exam"], *calls["sign"]], "sign": calls["sign"]}
    assert together(divided, [general, clinic]) == (("sign",),)
    assert together(divided, [general, clinic, both]) == (("both", "sign"),)


skills = st.sets(st.sampled_from(["signature", "original", "exam"]), min_size=1)
some_windows = st.lists(skills, min_size=1, max_size=3).map(
    lambda able: [a_window(f"w{n}", *one) for n, one in enumerate(able)]
)
some_calls = st.lists(
    st.tuples(skills, st.sampled_from([10, 15, 20])), min_size=1, max_size=4
).map(lambda made: [a_call(str(n), *what, minutes=minutes) for n, (what, minutes) in enumerate(made)])  # fmt: skip
some_taken = st.lists(
    st.builds(
        lambda window, at, long: Taken(f"w{window}", time_of(540 + at), time_of(540 + at + long)),
        st.integers(0, 2), st.integers(0, 85), st.integers(5, 35),
    ), max_size=8,
)  # fmt: skip


def by_brute_force(centre, needs, taken):
    """Return the least end by beginning, of all orders, windows and waits minute by minute."""
    held = {}
    for one in taken:
        held.setdefault(one.window, []).append((minute_of(one.starts), minute_of(one.ends)))

    def free(window, starts, ends):
        within = any(minute_of(o.opens) <= starts and ends <= minute_of(o.closes) for o in window.hours)
        return within and all(
            ends <= begins or finishes <= starts for begins, finishes in held.get(window.code, ())
        )

    best, able = {}, {need: centre.windows_for(need) for need in needs}
    first = {n for w in centre.windows for o in w.hours
             for n in range(minute_of(o.opens), minute_of(o.closes), w.minutes)}  # fmt: skip
    for starts, order in product(sorted(first), permutations(needs)):
        at = starts
        for number, need in enumerate(order):
            waits = range(1 if number == 0 else LONGEST_WAIT + 1)
            at = next((at + wait + need.minutes for wait in waits
                       if any(free(one, at + wait, at + wait + need.minutes) for one in able[need])), None)  # fmt: skip
            if at is None:
                break
        if at is not None and at - starts - sum(one.minutes for one in needs) <= LONGEST_WAIT:
            best[starts] = min(at, best.get(starts, at))
    return best


@settings(deadline=None)
@given(some_windows, some_calls, some_taken)
def test_every_visit_there_is_is_found_and_none_is_over_sooner(windows, calls, taken):
    centre, needs = a_centre(*windows), [one.need for one in calls]
    found = {
        minute_of(one.starts): minute_of(one.ends)
        for one in visits_on(centre, needs, MONDAY, taken, CALENDAR)
    }
    assert found == by_brute_force(centre, needs, taken)


@settings(deadline=None)
@given(st.lists(some_windows, min_size=1, max_size=3), some_calls, st.data())
def test_the_earliest_the_nearest_and_the_least_waiting_of_all_days_are_among_the_offers(halls, calls, data):
    centres = [a_centre(*windows, code=f"c{n}") for n, windows in enumerate(halls)]
    days = [MONDAY + timedelta(days=n) for n in range(4)]
    taken = {(one.code, day): data.draw(some_taken) for one in centres for day in days}
    away = {one.code: data.draw(st.integers(1, 60)) for one in centres}
    offers = compose(calls, in_situation(*centres, taken=taken, minutes_away=away), from_day=MONDAY, days=4)
    every = [
        (day, end, centre.code, end - start - sum(one.need.minutes for one in calls))
        for centre in centres
        for day in days
        for start, end in by_brute_force(centre, [one.need for one in calls], taken[centre.code, day]).items()
    ]
    assert bool(offers) == bool(every)
    open_ones = open_days(calls, in_situation(*centres, taken=taken), MONDAY, 4)
    assert list(open_ones) == sorted({day for day, *_ in every})
    if every:
        best = {reason: one for one in offers for reason in one.because}
        told = {reason: (one.slot.day, minute_of(one.slot.ends), one.centre) for reason, one in best.items()}
        assert told["earliest"] == min(one[:3] for one in every)
        assert best["least_waiting"].slot.waiting == min(one[3] for one in every)
        assert away[best["nearest"].centre] == min(away[one[2]] for one in every)
