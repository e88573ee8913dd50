"""All that a visit is for happens at one centre, one thing after another, at times nobody else has."""

import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.core.appointments import (
    SPECIAL_PURPOSES,
    Centre,
    Closure,
    Need,
    Opening,
    Taken,
    Window,
    may_receive,
)
from services.core.clocks import CalendarNotPublished
from services.core.jurisdiction import calendar_from
from services.core.timetable import LONGEST_WAIT, fitting_centres, visits_on

LAW = tomllib.loads(
    (Path(__file__).parents[2] / "services/catalogue/definitions/jurisdiction.toml").read_text()
)
CALENDAR = calendar_from(LAW["calendar"])

MONDAY = date(2026, 3, 2)
SATURDAY = date(2026, 3, 7)
MAKEUP_SATURDAY = date(2026, 2, 28)
HOLIDAY_TUESDAY = date(2026, 2, 17)
WEEK = frozenset(range(1, 6))
MORNING = Opening(WEEK, time(9), time(10))


def a_window(code="w1", *, centre="general", skills=("original", "signature"), hours=(MORNING,), **more):
    return Window(code=code, centre=centre, skills=frozenset(skills), hours=hours, minutes=15, **more)


def a_centre(*windows, code="general", general=True, rooms=(), closures=()):
    return Centre(code=code, general=general, rooms=frozenset(rooms), windows=windows, closures=closures)


def a_need(*purposes, minutes=15, organisation="market-regulation"):
    return Need(purposes=frozenset(purposes), minutes=minutes, organisation=organisation)


def free_slots(*asked):
    return tuple(visits_on(*asked))


def starts(slots):
    return [slot.starts.strftime("%H:%M") for slot in slots]


def test_a_centre_fits_if_its_windows_can_do_every_step():
    able, unable = a_centre(a_window()), a_centre(a_window(skills=["signature"]), code="branch")
    assert fitting_centres([a_need("original", "signature")], [unable, able]) == (able,)


def test_a_visit_for_nothing_fits_everywhere_and_has_no_slots():
    assert fitting_centres([], [a_centre()]) == (a_centre(),)
    assert free_slots(a_centre(a_window()), [], MONDAY, [], CALENDAR) == ()


def test_two_steps_may_be_taken_at_two_windows_of_one_centre_but_not_at_two_centres():
    check, sign = a_need("original"), a_need("signature")
    one, other = a_window("w1", skills=["original"]), a_window("w2", skills=["signature"])
    together = a_centre(one, other)
    apart = [a_centre(one, code="east"), a_centre(other, code="west")]
    assert fitting_centres([check, sign], [*apart, together]) == (together,)


@pytest.mark.parametrize("purpose", sorted(SPECIAL_PURPOSES))
def test_clinics_halls_and_testing_lanes_are_never_at_the_general_centre(purpose):
    able, need = a_window(skills=["identity", purpose]), a_need("identity", purpose)
    general = a_centre(able, rooms=SPECIAL_PURPOSES)
    special = a_centre(able, code="special", general=False, rooms=[purpose])
    without_room = a_centre(able, code="plain", general=False)
    without_skill = a_centre(a_window(), code="unskilled", general=False, rooms=[purpose])
    assert fitting_centres([need], [general, special, without_room, without_skill]) == (special,)


def test_a_window_acts_for_the_organisations_it_names_or_for_all():
    need = a_need("signature", organisation="customs")
    all_of_them, named = a_centre(a_window()), a_centre(a_window(organisations=frozenset({"customs"})))
    another = a_centre(a_window(organisations=frozenset({"tax"})))
    assert fitting_centres([need], [all_of_them, named, another]) == (all_of_them, named)


def test_steps_that_are_longer_than_the_window_is_open_do_not_fit():
    assert fitting_centres([a_need("signature", minutes=60)], [a_centre(a_window())]) != ()
    assert fitting_centres([a_need("signature", minutes=61)], [a_centre(a_window())]) == ()
    assert fitting_centres([a_need("signature", minutes=31)] * 2, [a_centre(a_window())]) == ()


def test_free_times_lie_within_the_hours_and_beside_what_is_taken():
    centre = a_centre(a_window())
    assert starts(free_slots(centre, [a_need("signature")], MONDAY, [], CALENDAR)) == [
        "09:00",
        "09:15",
        "09:30",
        "09:45",
    ]
    taken = [Taken("w1", time(9, 15), time(9, 30)), Taken("w9", time(9, 45), time(10))]
    assert starts(free_slots(centre, [a_need("signature")], MONDAY, taken, CALENDAR)) == [
        "09:00",
        "09:30",
        "09:45",
    ]
    assert starts(free_slots(centre, [a_need("signature", minutes=30)], MONDAY, taken, CALENDAR)) == ["09:30"]


def test_the_steps_stand_in_the_order_in_which_all_is_over_first():
    """Whoever must wait at the first window is served at the second one meanwhile."""
    centre = a_centre(a_window("w1", skills=["original"]), a_window("w2", skills=["signature"]))
    needs = [a_need("original"), a_need("signature")]
    taken = [Taken("w1", time(9), time(9, 15))]
    first = free_slots(centre, needs, MONDAY, taken, CALENDAR)[0]
    assert [(leg.window, leg.starts) for leg in first.legs] == [("w2", time(9)), ("w1", time(9, 15))]
    assert first.waiting == 0


def test_nobody_waits_longer_between_two_windows_than_is_said():
    centre = a_centre(a_window("w1", skills=["original"]), a_window("w2", skills=["signature"]))
    needs = [a_need("original"), a_need("signature")]
    for until, offered in ((time(9, 45), ["09:00", "09:15", "09:30"]), (time(9, 50), [])):
        taken = [Taken("w2", time(9), until)]
        found = free_slots(centre, needs, MONDAY, taken, CALENDAR)
        assert [one for one in starts(found) if one < "09:45"] == offered
        assert all(one.waiting <= LONGEST_WAIT for one in found)


def test_a_window_for_walk_ins_is_never_promised_to_anybody():
    """R6.7: who comes unasked finds a window that nobody has booked."""
    centre = a_centre(a_window("w1"), a_window("w2", for_walk_ins=True))
    assert {leg.window for slot in free_slots(centre, [a_need("signature")], MONDAY, [], CALENDAR)
            for leg in slot.legs} == {"w1"}  # fmt: skip
    assert fitting_centres([a_need("signature")], [a_centre(a_window(for_walk_ins=True))]) == ()


def test_a_step_that_needs_equipment_is_taken_where_it_stands():
    plain, with_scale = a_window("w1"), a_window("w2", equipment=frozenset({"scale"}))
    need = Need(
        purposes=frozenset({"signature"}), minutes=15, organisation="tax", equipment=frozenset({"scale"})
    )
    assert a_centre(plain, with_scale).windows_for(need) == (with_scale,)


def test_on_days_of_closure_nobody_is_called():
    """A place or one window may be closed on working days; the days are written in its data."""
    shut, needs = (Closure(MONDAY, MONDAY),), [a_need("signature")]
    tuesday = MONDAY + timedelta(days=1)
    place, window = (
        a_centre(a_window(), closures=shut),
        a_centre(a_window("w1", closures=shut), a_window("w2")),
    )
    assert starts(free_slots(place, needs, MONDAY, [], CALENDAR)) == []
    assert len(free_slots(place, needs, tuesday, [], CALENDAR)) == 4
    assert free_slots(window, needs, MONDAY, [], CALENDAR)[0].legs[0].window == "w2"
    assert free_slots(window, needs, tuesday, [], CALENDAR)[0].legs[0].window == "w1"


def test_whoever_sits_at_a_window_stays_there_if_it_can_do_the_next_step_too():
    centre = a_centre(
        a_window("w1", skills=["original"]), a_window("w2"), a_window("w3", skills=["signature"])
    )
    needs = [a_need("original"), a_need("signature")]
    taken = [Taken("w1", time(9), time(9, 15))]
    first, second, *_ = free_slots(centre, needs, MONDAY, taken, CALENDAR)
    assert [(leg.window, leg.starts) for leg in first.legs] == [("w2", time(9)), ("w2", time(9, 15))]
    assert (first.starts, first.ends) == (time(9), time(9, 30))
    assert [leg.window for leg in second.legs] == ["w2", "w2"]


def test_the_centre_is_closed_on_days_of_rest_and_works_a_make_up_day_like_a_monday():
    centre, needs = a_centre(a_window()), [a_need("signature")]
    assert free_slots(centre, needs, SATURDAY, [], CALENDAR) == ()
    assert free_slots(centre, needs, HOLIDAY_TUESDAY, [], CALENDAR) == ()
    assert len(free_slots(centre, needs, MAKEUP_SATURDAY, [], CALENDAR)) == 4


def test_a_window_may_keep_hours_of_its_own_on_saturdays():
    saturdays = a_window(hours=(MORNING, Opening(frozenset({6}), time(14), time(14, 30))))
    for day in (SATURDAY, MAKEUP_SATURDAY):
        assert starts(free_slots(a_centre(saturdays), [a_need("signature")], day, [], CALENDAR)) == [
            "14:00",
            "14:15",
        ]


def test_no_time_is_offered_on_a_day_whose_calendar_is_not_published():
    with pytest.raises(CalendarNotPublished):
        free_slots(a_centre(a_window()), [a_need("signature")], date(2027, 3, 1), [], CALENDAR)


def test_a_step_takes_a_minute_at_least():
    with pytest.raises(ValueError, match="a minute at least"):
        a_need("signature", minutes=0)
    with pytest.raises(ValueError, match="a minute apart"):
        Window(code="w", centre="c", skills=frozenset(), hours=(), minutes=0)


skills = st.sets(st.sampled_from(["original", "signature", "exam"]), max_size=3)
openings = st.builds(
    lambda days, opens, hours: Opening(frozenset(days), time(opens), time(opens + hours)),
    st.sets(st.integers(1, 7), min_size=1),
    st.integers(8, 16),
    st.integers(1, 4),
)
windows = st.lists(
    st.builds(lambda able, hours: (able, tuple(hours)), skills, st.lists(openings, max_size=2)), max_size=4
).map(lambda made: [a_window(f"w{n}", skills=able, hours=hours) for n, (able, hours) in enumerate(made)])
rooms = st.sets(st.sampled_from(sorted(SPECIAL_PURPOSES)))
centres = st.builds(
    lambda made, general, inside: a_centre(*made, general=general, rooms=inside),
    windows,
    st.booleans(),
    rooms,
)
needs = st.lists(
    st.builds(
        lambda what, minutes: a_need(*what, minutes=minutes),
        skills,
        st.integers(1, 90),
    ),
    min_size=1,
    max_size=3,
)
takings = st.lists(
    st.builds(
        lambda window, at, hours: Taken(f"w{window}", time(at), time(at + hours)),
        st.integers(0, 3),
        st.integers(8, 18),
        st.integers(1, 3),
    ),
    max_size=4,
)
mondays_to_sundays = st.dates(date(2026, 3, 2), date(2026, 3, 8))


@settings(deadline=None)
@given(centres, needs, mondays_to_sundays, takings)
def test_every_slot_offered_can_be_kept(centre, wanted, day, taken):
    by_code = {window.code: window for window in centre.windows}
    for slot in free_slots(centre, wanted, day, taken, CALENDAR):
        assert sorted(map(repr, (leg.need for leg in slot.legs))) == sorted(map(repr, wanted))
        assert all(one.ends <= other.starts for one, other in zip(slot.legs, slot.legs[1:], strict=False))
        assert 0 <= slot.waiting <= LONGEST_WAIT
        for leg in slot.legs:
            window = by_code[leg.window]
            assert window in centre.windows_for(leg.need)
            assert any(
                o.opens <= leg.starts and leg.ends <= o.closes
                for o in window.hours
                if day.isoweekday() in o.weekdays
            )
            assert not any(
                t.window == leg.window and t.starts < leg.ends and leg.starts < t.ends for t in taken
            )


@settings(deadline=None)
@given(centres, needs)
def test_a_centre_fits_exactly_if_an_empty_week_has_a_slot(centre, wanted):
    week = [date(2026, 3, 2 + n) for n in range(7)]
    has_slot = any(free_slots(centre, wanted, day, [], CALENDAR) for day in week)
    assert fitting_centres(wanted, [centre]) == ((centre,) if has_slot else ())


@settings(deadline=None)
@given(centres, needs, mondays_to_sundays, takings, takings)
def test_taking_more_times_never_frees_one(centre, wanted, day, taken, more):
    before = starts(free_slots(centre, wanted, day, taken, CALENDAR))
    assert set(starts(free_slots(centre, wanted, day, [*taken, *more], CALENDAR))) <= set(before)


def test_officers_receive_at_the_windows_they_sit_at_or_who_comes_to_their_office():
    """R6.1: whoever staffs a comprehensive window receives for every office; others only for their own."""
    hall = a_centre(a_window(staff=frozenset({"hall"})))
    station = a_centre(a_window(organisations=frozenset({"transport"})))

    assert may_receive("hall", hall, ["customs"])
    assert may_receive("customs", hall, ["customs"])
    assert not may_receive("tax", hall, ["customs"])
    assert may_receive("transport", station, ["customs"])
    assert not may_receive("hall", station, ["customs"])
    assert (hall.acts_for("tax"), station.acts_for("tax")) == (True, False)
