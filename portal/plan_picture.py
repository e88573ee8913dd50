"""The picture of a plan: a row a member, a bar over its working days, and the day of the one visit across them."""

from dataclasses import dataclass

from services.cases.queries.together import PlanView

WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 400, 30, 14, 26, 30, 16
# A bar of a member that is done on the day it begins is still to be seen.
LEAST = 9.0
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Bar:
    """One member: its number, and where its bar and its visit are drawn. `waits_x`: the part that waits for others."""

    number: int
    name: str
    y: float
    x: float
    width: float
    waits_x: float
    waits_width: float
    visit_x: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A working day on the axis."""

    day: int
    x: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything components/plan_picture.html draws, in the units of its view box."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    visit_x: float | None
    bottom: float
    number_x: float


def picture(plan: PlanView, *, from_right: bool = False) -> Picture:
    """Return the drawing of a plan; `from_right`: for a language that is read from right to left."""
    days = max(plan.days, 1)
    scale = (WIDTH - LEFT - RIGHT) / days

    def place(day: float, width: float = 0) -> float:
        x = LEFT + day * scale
        return round(WIDTH - x - width if from_right else x, 1)

    bars = []
    for number, one in enumerate(plan.members, start=1):
        width = round(max((one.ends - one.starts) * scale, LEAST), 1)
        waits = round(one.waits * scale, 1)
        ready = one.ready if one.ready is not None else one.starts
        at_visit = one.attends is not False and plan.visit_day is not None
        bars.append(
            Bar(
                number=number,
                name=one.name,
                y=TOP + (number - 1) * ROW,
                x=place(min(one.starts, days - LEAST / scale), width),
                width=width,
                waits_x=place(ready, waits),
                waits_width=waits,
                visit_x=place(max(plan.visit_day or 0, one.starts)) if at_visit else None,
            )
        )
    bottom = TOP + len(plan.members) * ROW
    step = max(1, -(-days // MOST_TICKS))
    ticks = tuple(Tick(day, place(day)) for day in range(0, days + 1, step))
    visit_x = place(plan.visit_day) if plan.visit_day is not None else None
    return Picture(WIDTH, bottom + 22, tuple(bars), ticks, visit_x, bottom, WIDTH - 12 if from_right else 12)
