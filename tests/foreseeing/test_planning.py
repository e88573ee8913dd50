"""`manage.py simulate --plan`: the officers and windows that a target takes, and what then comes of it, drawn."""

import json
from io import StringIO
from xml.etree import ElementTree

from django.core.management import call_command

from portal.charts import Bar, Chart, Part, shares
from portal.foreseeing.places import group
from portal.foreseeing.planning import Target, plan, with_windows
from tests.core.a_service import CENTRES, definition, step
from tests.foreseeing.a_prefecture import prefecture, small, staffed

HALF_A_DAY = dict.fromkeys(("acceptance", "review", "inspection", "decision", "concern"), 240.0)
ALONE = {"opens": "09:00", "closes": "17:00", "at_work": 1.0, "minutes": HALF_A_DAY, **staffed(1)}
EVERY_DAY = {"applications_a_day": 12.0, "weekdays": (1.0,) * 7}


def test_an_office_that_is_late_gets_as_many_officers_as_the_work_takes():
    """Some seventeen cases a working day of half a day each: more than eight officers' work, and not twenty's."""
    service = definition(step("work", "review", days=2), limits={"statutory": 20, "promised": 3})

    found = plan(small(service), prefecture(demand=EVERY_DAY, offices=ALONE), Target(), seed="1", sample=400)

    now, needed = found.officers["police"]
    assert now == 1 and 8 < needed < 20
    assert found.met and found.tally.share_on_time >= 0.95


def test_windows_are_added_where_people_wait_and_taken_away_where_nobody_comes():
    """Sixty visits a working day of twenty minutes take three windows at least; the hall needs no more than one."""
    service = definition(step("sign", "counter"))
    demand = {"applications_a_day": 45.0, "weekdays": (1.0,) * 7}
    everybody = {"walk_in": 0.0, "homes": {"town-hall": 1.0}, "silent": 0.0, "like_an_example": 0.0}

    found = plan(small(service), prefecture(demand=demand, people=everybody), Target(), seed="1", sample=500)

    assert found.windows["town-hall/town-hall/booked"][0] == 1
    assert found.windows["town-hall/town-hall/booked"][1] >= 3
    assert found.tally.to_appointment.share(3) >= 0.95
    assert found.windows["hall/hall/booked"] == (1, 1)


def test_windows_that_are_added_are_like_those_that_are_there():
    places = with_windows(CENTRES, {"town-hall/town-hall/booked": 3})

    codes = [one.code for one in places[0].windows]
    assert codes == ["town-hall-1", "town-hall-2", "town-hall-3"]
    assert {group(one) for one in places[0].windows} == {"town-hall/town-hall/booked"}
    assert places[0].windows[2].skills == CENTRES[0].windows[0].skills
    assert places[1] == CENTRES[1]


def test_a_plan_is_told_and_what_then_comes_of_it_drawn(tmp_path):
    out, picture = StringIO(), tmp_path / "foreseen.svg"
    call_command(
        "simulate", "--plan", "--cases", "250", "--on-time", "50", "--wait", "60", "--days", "30", "--json",
        "--draw", str(picture), stdout=out,
    )  # fmt: skip

    told = json.loads(out.getvalue())
    assert told["met"] is True and told["officers"]["tax"]["now"] == 8
    drawn = ElementTree.parse(picture).getroot()  # noqa: S314 - our own drawing
    svg = "{http://www.w3.org/2000/svg}"
    titles = [one.text for one in drawn.iter(f"{svg}title")]
    assert titles[0] == "What is foreseen" and "Waiting at the counter" in titles
    assert len(list(drawn.iter(f"{svg}desc"))) == 5


# Charts


def chart(*bars: Bar, right_to_left: bool = False) -> Chart:
    return Chart("visits", "Visits", "How many come.", bars, right_to_left=right_to_left)


def test_pieces_of_a_bar_stand_one_after_another_and_from_the_right_where_one_reads_so():
    bar = Bar("March", shares(60, 30, 10), "60%")

    (left,), (right,) = (list(chart(bar, right_to_left=way).drawn()) for way in (False, True))

    assert [(one.x, one.width) for one in left.pieces] == [
        ("0.00%", "60.00%"),
        ("60.00%", "30.00%"),
        ("90.00%", "10.00%"),
    ]
    assert [one.x for one in right.pieces] == ["40.00%", "10.00%", "0.00%"]


def test_a_piece_of_nothing_is_not_drawn():
    (row,) = chart(Bar("March", (Part(0.0), Part(0.5, 2)), "50%")).drawn()

    assert [(one.x, one.series) for one in row.pieces] == [("0.00%", 2)]
    assert shares(0, 0) == (Part(0.0, 1), Part(0.0, 2))
