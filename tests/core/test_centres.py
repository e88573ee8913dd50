"""Places are data: hours, shifts, closures, windows kept for whoever comes unasked, and the way to other places."""

import copy
from datetime import date

import pytest

from services.core.appointments import Closure
from services.core.centres import check_centres, read_centres

HALL = {
    "hall": {
        "name": {"en": "Hall", "zh": "大厅"}, "address": {"en": "1 Road", "zh": "路1号"}, "phone": "0000-1",
        "opens": "09:00", "closes": "17:00", "general": True,
        "closures": [{"first": "2026-03-02", "last": "2026-03-03", "reason": {"en": "Repairs", "zh": "维修"}}],
        "windows": [
            {"code": "desk", "skills": ["signature"], "count": 3, "walk_ins": 1, "equipment": ["scanner"],
             "shifts": [{"weekdays": [1, 2], "opens": "09:00", "closes": "12:00"},
                        {"weekdays": [6], "opens": "14:00", "closes": "15:00"}]},
        ],
    },
}  # fmt: skip


def read(**changes):
    tables, mistakes = copy.deepcopy(HALL), []
    tables["hall"].update({key: value for key, value in changes.items() if key != "window"})
    tables["hall"]["windows"][0].update(changes.get("window", {}))
    return read_centres(tables, mistakes)[0], [one.place for one in mistakes]


def test_of_windows_that_are_alike_the_last_are_kept_for_walk_ins():
    hall, mistakes = read()
    assert [(one.code, one.for_walk_ins) for one in hall.windows] == [
        ("desk-1", False), ("desk-2", False), ("desk-3", True),
    ]  # fmt: skip
    assert (mistakes, hall.windows[0].equipment) == ([], {"scanner"})


def test_somebody_sits_at_a_window_in_its_shifts_and_at_others_while_the_place_is_open():
    desk = read()[0].windows[0]
    assert [desk.hours_on(weekday) for weekday in (1, 3, 6)] == [((540, 720),), (), ((840, 900),)]
    always = read(window={"shifts": []})[0].windows[0]
    assert always.hours_on(3) == ((540, 1020),)


def test_a_closure_names_its_days_and_why():
    hall, _ = read()
    assert hall.closures == (Closure(date(2026, 3, 2), date(2026, 3, 3)),)
    assert [hall.is_closed(date(2026, 3, day)) for day in (1, 2, 3, 4)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (
            {"closures": [{"first": "2026-03-02", "last": "2026-03-01", "reason": {"en": "x", "zh": "x"}}]},
            "last",
        ),
        ({"closures": [{"first": "soon", "last": "2026-03-01", "reason": {"en": "x", "zh": "x"}}]}, "first"),
        ({"closures": [{"first": "2026-03-01", "last": "2026-03-01"}]}, "reason"),
        ({"window": {"walk_ins": 4}}, "walk_ins"),
        ({"window": {"shifts": [{"weekdays": [8], "opens": "09:00", "closes": "10:00"}]}}, "weekdays"),
        ({"window": {"shifts": [{"opens": "09:00", "closes": "10:00"}]}}, "weekdays"),
        ({"window": {"shifts": [{"weekdays": [1], "opens": "10:00", "closes": "09:00"}]}}, "closes"),
        ({"minutes_to": {"hall": "far"}}, "minutes_to"),
        ({"minutes_to": {"hall": 0}}, "minutes_to"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(changes, field):
    _, mistakes = read(**changes)
    assert [one.rpartition(".")[2] for one in mistakes] == [field]


def test_a_way_leads_to_a_place_that_is_there():
    hall, _ = read(minutes_to={"nowhere": 20})
    mistakes = []
    check_centres([hall], {}, mistakes)
    assert [one.place for one in mistakes] == ["hall.minutes_to"]


def test_a_window_is_called_by_its_name_and_number():
    """R6.8: the call screen sends people to what stands over the window."""
    named = read(window={"name": {"en": "Desk", "zh": "窗口"}})[0].windows
    assert [one.name for one in named][:2] == [
        {"en": "Desk 1", "zh": "窗口 1"},
        {"en": "Desk 2", "zh": "窗口 2"},
    ]
    assert read()[0].windows[0].name == {}
