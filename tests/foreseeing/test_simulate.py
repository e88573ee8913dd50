"""`manage.py simulate` tells what it counted, and refuses assumptions that make no sense, each with its place."""

import json
import tomllib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.foreseeing.prefecture import OURS, PrefectureRefused, prefecture_from
from portal.foreseeing.tally import Spread
from tests.core.a_service import definition, step
from tests.foreseeing.a_prefecture import foreseen, prefecture, small, staffed

EIGHT_TO_FIVE = {"opens": "09:00", "closes": "17:00", "at_work": 1.0, "minutes": dict.fromkeys(
    ("acceptance", "review", "inspection", "decision", "concern"), 240.0)}  # fmt: skip
NOBODY_FAILS = {"against": 0.0, **EIGHT_TO_FIVE}


def simulated(*words: str) -> str:
    out = StringIO()
    call_command("simulate", *words, stdout=out)
    return out.getvalue()


def test_it_tells_of_waiting_visits_punctuality_and_work():
    told = json.loads(simulated("--cases", "400", "--json"))

    assert told["cases"] >= 400 and told["broken"] == {}
    assert set(told["visitsOfApplications"]) == {"0", "1"}
    assert 0.5 < told["shareOnTime"] <= 1
    assert {"minutesAtCounter", "daysToAppointment", "workingDaysToResult"} <= told.keys()
    assert told["offices"]["tax"]["places"] > 0 and 0 < told["offices"]["tax"]["used"] < 2


def test_people_read_the_same():
    told = simulated("--cases", "300", "--seed", "2")

    assert "visits a case" in told and "services-centre/comprehensive/booked" in told


def test_fewer_officers_let_work_lie_and_make_decisions_late():
    """One case takes half an officer's day; forty a day are more than four officers can do, and ten can."""
    service = definition(step("work", "review", days=2), limits={"statutory": 20, "promised": 3})
    demand = {"applications_a_day": 12.0, "weekdays": (1.0,) * 7}
    few, enough = (
        foreseen(small(service), prefecture(demand=demand, offices=NOBODY_FAILS | staffed(many)), cases=400)
        for many in (4, 14)
    )

    assert few.offices["police"].used > 0.95 > enough.offices["police"].used
    assert few.share_on_time < 0.5 < 0.95 < enough.share_on_time
    assert few.to_result.mean > 2 * enough.to_result.mean


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        simulated("--prefecture", str(tmp_path / "nowhere.toml"))


def ours() -> dict[str, dict[str, object]]:
    return tomllib.loads(OURS.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("people", "known", 1.2), ("people", "known", "most"), ("people", "known", -0.1), ("people", "known", None),
        ("offices", "officers", 0), ("offices", "opens", "18:00"), ("demand", "weekdays", [1, 1]),
        ("demand", "first_day", "tomorrow"), ("offices", "minutes", {"review": 30}), ("registers", "colour", "red"),
    ],
)  # fmt: skip
def test_an_assumption_that_makes_no_sense_is_refused_with_its_place(part, name, value):
    tables = ours()
    if value is None:
        del tables[part][name]
    else:
        tables[part][name] = value

    with pytest.raises(PrefectureRefused) as refused:
        prefecture_from(tables)

    assert {"opens": "closes"}.get(name, name) in str([one.place for one in refused.value.errors])


def test_a_spread_counts_whole_numbers():
    spread = Spread()
    for minutes in (0, 0, 5, 15, 40):
        spread.add(minutes)

    assert (spread.number, spread.mean, spread.percentile(50), spread.percentile(95)) == (5, 12, 5, 40)
    assert spread.share(15) == 0.8


@pytest.mark.parametrize("few", [("--cases", "0"), ("--applications-a-day", "-3")])
def test_fewer_than_one_of_anything_foresees_nothing(few):
    with pytest.raises(CommandError, match="one at least"):
        simulated(*few)
