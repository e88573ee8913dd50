"""The places people come to, read from a prefecture's data: hours, rooms and windows."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import time

from services.core.appointments import Centre, Opening, Window
from services.core.definitions import PURPOSES
from services.core.facts import Value
from services.core.reading import KEBAB, Reader
from services.core.refusal import Mistake

WEEKDAYS = frozenset(range(1, 6))
LONGEST_APPOINTMENT, MOST_ALIKE = 480, 500
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
    hours = (_read_hours(reader),)
    windows = [window for part in reader.parts("windows") for window in _read_windows(code, hours, part)]
    if len({window.code for window in windows}) < len(windows):
        reader.note("windows", "Each window has a code of its own.")
    rooms = frozenset(reader.names("rooms"))
    _check_known("rooms", rooms, PURPOSES, reader)
    centre = Centre(code=code, general=reader.flag("general"), rooms=rooms, windows=tuple(windows))
    reader.done()
    return centre


def _check_known(key: str, values: Collection[str], known: Collection[str], reader: Reader) -> None:
    for value in sorted(set(values).difference(known)):
        reader.note(key, "“{value}” is not one of: {options}.", value=value, options=", ".join(known))


def described_centre(code: str, table: Mapping[str, Value]) -> Centre:
    """Return a centre that was checked when it was taken over."""
    return read_centre(code, Reader(table, code, []))


def _read_hours(reader: Reader) -> Opening:
    opens, closes = (_read_time(reader, key) for key in ("opens", "closes"))
    if opens and closes and opens >= closes:
        reader.note("closes", "A centre closes after it opens.")
    return Opening(WEEKDAYS, opens or time.min, closes or time.max)


def _read_time(reader: Reader, key: str) -> time | None:
    value = reader.raw(key)
    if isinstance(value, str) and _TIME.fullmatch(value):
        return time.fromisoformat(value)
    reader.note(key, "Write a time of day as a text, such as “09:00”.")
    return None


def _read_windows(centre: str, hours: tuple[Opening, ...], reader: Reader) -> Iterator[Window]:
    code = reader.code("code")
    reader.texts("name", required=False)
    skills, organisations, staff = (
        frozenset(reader.names(key)) for key in ("skills", "organisations", "staff")
    )
    if not skills:
        reader.note("skills", "Write what can be done at this window.")
    _check_known("skills", skills, PURPOSES, reader)
    minutes = reader.number("minutes", default=20, least=1, most=LONGEST_APPOINTMENT)
    count = reader.number("count", default=1, least=1, most=MOST_ALIKE)
    reader.done()
    for number in range(1, count + 1):
        yield Window(
            code=f"{code}-{number}",
            centre=centre,
            skills=skills,
            hours=hours,
            minutes=minutes,
            organisations=organisations,
            staff=staff,
        )


def check_centres(centres: Iterable[Centre], organisations: Collection[str], mistakes: list[Mistake]) -> None:
    """Note every organisation that a window names and that is not there."""
    for centre in centres:
        named = {name for window in centre.windows for name in window.organisations | window.staff}
        for name in sorted(named.difference(organisations)):
            sentence = "There is no organisation “{name}”."
            mistakes.append(Mistake(f"{centre.code}.windows", sentence, {"name": name}))
