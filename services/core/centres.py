"""The places people come to, read from a prefecture's data: hours, rooms and windows."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, time

from services.core.appointments import Centre, Closure, Opening, Window
from services.core.definitions import PURPOSES
from services.core.facts import Value
from services.core.reading import KEBAB, Reader
from services.core.reference import Organisation, check_office
from services.core.refusal import Mistake

WEEKDAYS = frozenset(range(1, 6))
MONDAY, SUNDAY = 1, 7
LONGEST_APPOINTMENT, LONGEST_WAY, MOST_ALIKE = 480, 1440, 500
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def read_centres(tables: Mapping[str, Value], mistakes: list[Mistake]) -> tuple[Centre, ...]:
    """Return the centres of the file, in its order."""
    return tuple(read_centre(code, part) for code, part in Reader(tables, "", mistakes).all_parts())


def read_centre(code: str, reader: Reader) -> Centre:
    """Return the centre with its windows; a window with a count stands for as many alike."""
    if not KEBAB.fullmatch(code):
        reader.note("", "Codes are lower-case words joined by hyphens.")
    # Pages and letters tell people where to go.
    for key in ("name", "address"):
        reader.texts(key)
    reader.text("phone")
    hours = (_read_opening(reader, WEEKDAYS),)
    windows = [window for part in reader.parts("windows") for window in _read_windows(code, hours, part)]
    if len({window.code for window in windows}) < len(windows):
        reader.note("windows", "Each window has a code of its own.")
    rooms = frozenset(reader.names("rooms"))
    _check_known("rooms", rooms, PURPOSES, reader)
    centre = Centre(
        code=code,
        general=reader.flag("general"),
        rooms=rooms,
        windows=tuple(windows),
        closures=tuple(_read_closures(reader)),
        minutes_to=_read_distances(reader),
    )
    reader.done()
    return centre


def _check_known(key: str, values: Collection[str], known: Collection[str], reader: Reader) -> None:
    for value in sorted(set(values).difference(known)):
        reader.note(key, "“{value}” is not one of: {options}.", value=value, options=", ".join(known))


def described_centre(code: str, table: Mapping[str, Value]) -> Centre:
    """Return a centre that was checked when it was taken over."""
    return read_centre(code, Reader(table, code, []))


def _read_opening(reader: Reader, weekdays: frozenset[int]) -> Opening:
    opens, closes = (_read_time(reader, key) for key in ("opens", "closes"))
    if opens and closes and opens >= closes:
        reader.note("closes", "A centre closes after it opens.")
    return Opening(weekdays, opens or time.min, closes or time.max)


def _read_shifts(reader: Reader) -> Iterator[Opening]:
    """Yield the hours at which somebody sits at the window, where they are not those of the place."""
    for part in reader.parts("shifts"):
        named = part.list("weekdays")
        weekdays = frozenset(one for one in named if isinstance(one, int) and MONDAY <= one <= SUNDAY)
        if not named or len(weekdays) < len(named):
            part.note("weekdays", "Write weekdays as numbers: 1 is Monday, 7 is Sunday.")
        yield _read_opening(part, weekdays)
        part.done()


def _read_closures(reader: Reader) -> Iterator[Closure]:
    for part in reader.parts("closures"):
        first, last = (_read_day(part, key) for key in ("first", "last"))
        part.texts("reason")
        if first and last and first > last:
            part.note("last", "The last day of a closure is not before the first.")
        part.done()
        yield Closure(first or date.min, last or date.min)


def _read_day(reader: Reader, key: str) -> date | None:
    try:
        return date.fromisoformat(reader.text(key))
    except ValueError:
        reader.note(key, "Write a day as a text, such as “2026-03-02”.")
        return None


def _read_distances(reader: Reader) -> Mapping[str, int]:
    """Return how many minutes it is from the place to others, by their codes."""
    told = reader.mapping("minutes_to")
    found = {code: one for code, one in told.items() if type(one) is int and 0 < one <= LONGEST_WAY}
    if len(found) < len(told):
        reader.note("minutes_to", "Write the way to another place in minutes, at most a day.")
    return found


def _read_time(reader: Reader, key: str) -> time | None:
    value = reader.raw(key)
    if isinstance(value, str) and _TIME.fullmatch(value):
        return time.fromisoformat(value)
    reader.note(key, "Write a time of day as a text, such as “09:00”.")
    return None


def _read_windows(centre: str, hours: tuple[Opening, ...], reader: Reader) -> Iterator[Window]:
    code = reader.code("code")
    name = reader.texts("name", required=False)
    skills, organisations, staff = (
        frozenset(reader.names(key)) for key in ("skills", "organisations", "staff")
    )
    if not skills:
        reader.note("skills", "Write what can be done at this window.")
    _check_known("skills", skills, PURPOSES, reader)
    minutes = reader.number("minutes", default=20, least=1, most=LONGEST_APPOINTMENT)
    count = reader.number("count", default=1, least=1, most=MOST_ALIKE)
    walk_ins = reader.number("walk_ins", default=0, most=MOST_ALIKE)
    if walk_ins > count:
        reader.note("walk_ins", "There are no more windows for walk-ins than windows.")
    equipment = frozenset(reader.names("equipment"))
    shifts, closures = tuple(_read_shifts(reader)), tuple(_read_closures(reader))
    reader.done()
    for number in range(1, count + 1):
        yield Window(
            code=f"{code}-{number}",
            centre=centre,
            skills=skills,
            hours=shifts or hours,
            minutes=minutes,
            organisations=organisations,
            staff=staff,
            equipment=equipment,
            for_walk_ins=number > count - walk_ins,
            closures=closures,
            name={language: f"{text} {number}" for language, text in name.items()},
        )


def check_centres(
    centres: Iterable[Centre], organisations: Mapping[str, Organisation], mistakes: list[Mistake]
) -> None:
    """Note every organisation that a window names and that is not there, and every way to a place that is not."""
    places = {one.code: one for one in centres}
    for centre in places.values():
        for code in sorted(centre.minutes_to.keys() - places.keys()):
            mistakes.append(
                Mistake(f"{centre.code}.minutes_to", "There is no centre “{code}”.", {"code": code})
            )
        named = {name for window in centre.windows for name in window.organisations | window.staff}
        for name in sorted(named):
            mistakes += check_office(f"{centre.code}.windows", name, organisations)
