"""How people rate what they got, of their own will and once, and what is owed to whoever was not content (R9)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from services.core.jurisdiction import Law
from services.core.refusal import Kind, Mistake, Refusal
from services.core.states import Role
from services.core.suppression import TOTAL, Cell, hidden_cells

MOST_WORDS = 2000
RATINGS = "ratings"


class Level(IntEnum):
    """The five levels (R9.1)."""

    VERY_DISSATISFIED = 1
    DISSATISFIED = 2
    FAIRLY_SATISFIED = 3
    SATISFIED = 4
    VERY_SATISFIED = 5


NEGATIVE = frozenset({Level.VERY_DISSATISFIED, Level.DISSATISFIED})


class Touchpoint(StrEnum):
    """What is rated: on site each visit, and of all that was done each matter (R9.2)."""

    VISIT = "visit"
    CASE = "case"


# What may be said to have been good or bad, beside the level (R9.10).
ASPECTS: Mapping[Touchpoint, tuple[str, ...]] = {
    Touchpoint.VISIT: ("speed", "competence", "attitude"),
    Touchpoint.CASE: ("speed", "guide", "ease", "platform"),
}


class RatingNotUnderstood(Refusal):
    """No level is presumed, and no words are needed."""

    code = "rating_not_understood"
    sentence = "Choose one of the five levels. Everything else is optional."


class NotYoursToRate(Refusal):
    """Officers, helpers and agents rate nothing: who it was done for does (R9.3, R11.4)."""

    code = "not_yours_to_rate"
    kind = Kind.FORBIDDEN
    sentence = "Only the person it was done for can rate it."


class TooLateToAdd(Refusal):
    """Something is added once, within the time set (R9.2)."""

    code = "too_late_to_add"
    kind = Kind.CONFLICT
    sentence = "Something could be added to this rating once, until {until}."


@dataclass(frozen=True, slots=True)
class Owed:
    """By when the office contacts whoever was not content, answers, and at the latest where it is complex (R9.5)."""

    contact_on: date
    answer_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A rating as it is given: the level, what it is about, any words, and whether the office may know who it was."""

    level: int | None
    aspects: Collection[str] = ()
    words: str = ""
    named: bool = False


def check_rating(said: Said, touchpoint: Touchpoint) -> Level:
    """Return the level that was chosen.

    :raises RatingNotUnderstood: without one, with too many words, or with an aspect that is not asked about.
    """
    mistakes = []
    if said.level not in list(Level):
        mistakes.append(Mistake("level", "Choose one of the five levels."))
    if len(said.words) > MOST_WORDS:
        mistakes.append(Mistake("words", "Write at most {most} characters.", {"most": MOST_WORDS}))
    if not set(said.aspects) <= set(ASPECTS[touchpoint]):
        mistakes.append(Mistake("aspects", "Choose from the list."))
    if mistakes:
        raise RatingNotUnderstood(errors=mistakes)
    return Level(said.level or 0)


def check_rater(role: Role, *, is_self: bool) -> None:
    """Do nothing if whoever rates is the person it was done for, in their own name.

    :raises NotYoursToRate: otherwise.
    """
    if role is not Role.APPLICANT or not is_self:
        raise NotYoursToRate


def owed(level: int, on: date, law: Law) -> Owed | None:
    """Return what the office owes somebody who rates so on this day; None for who was content."""
    if level not in NEGATIVE:
        return None
    counter = law.profile.counter
    days = (counter.rating_contact_days, counter.rating_answer_days, counter.rating_last_days)
    return Owed(*(law.working_days(on, number) for number in days))


def last_day_to_add(rated_on: date, law: Law) -> date:
    """Return until when something may be added to a rating."""
    return law.working_days(rated_on, law.profile.counter.rating_supplement_days)


# By what ratings are divided: how many there are by row and level. Each division is of the same ratings.
Divided = Mapping[str, Mapping[str, Mapping[int, int]]]
Told = dict[str, dict[str, int | None]]


def published(counts: Divided) -> dict[str, Told]:
    """Return, by division and row, how many there are by level and in all that may be told; None if hidden (R9.8).

    A cell under ten is hidden, and so many others that no sum gives it away, of its own table or of another one. Each
    table has the row `TOTAL` of all. A row without a name (`""`: of no centre) is hidden like any other, and not told.
    """
    rows = {(by, row): levels for by, table in counts.items() for row, levels in table.items()}
    cells: dict[Cell, int] = {}
    for (by, row), levels in rows.items():
        cells |= _cells(f"{by} {row}", levels)
    cells |= _cells(TOTAL, _sum(next(iter(counts.values()), {}).values()))
    levels_told = [str(int(level)) for level in Level]
    groups = [[f"{by} {row}" for row in table] for by, table in counts.items()]
    # Every rating is on one of the levels: what is left of all of them would tell the one that is hidden.
    hidden = hidden_cells(cells, exact={RATINGS: [levels_told]}, groups=groups)
    columns = [*levels_told, RATINGS]

    def told(row: str) -> dict[str, int | None]:
        return {one: None if (row, one) in hidden else cells[row, one] for one in columns}

    return {
        by: {TOTAL: told(TOTAL)} | {row: told(f"{by} {row}") for row in table if row}
        for by, table in counts.items()
    }


def _cells(row: str, levels: Mapping[int, int]) -> dict[Cell, int]:
    counted = {(row, str(int(level))): levels.get(level, 0) for level in Level}
    return counted | {(row, RATINGS): sum(counted.values())}


def _sum(many: Iterable[Mapping[int, int]]) -> dict[int, int]:
    tables = list(many)
    return {level: sum(levels.get(level, 0) for levels in tables) for level in Level}
