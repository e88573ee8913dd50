"""What was foreseen, in figures by name and in lines for the person at the terminal."""

from collections.abc import Iterator
from typing import Any

from portal.foreseeing.planning import Plan, Target
from portal.foreseeing.tally import Spread, Tally, Work

MOST_NAMED = 5


def figures(tally: Tally) -> dict[str, Any]:
    """Return everything that was counted, in plain JSON form."""
    return {
        "applications": tally.applications,
        "cases": tally.cases,
        "endings": dict(tally.endings.most_common()),
        "visitsOfCases": {str(many): tally.visits[many] for many in sorted(tally.visits)},
        "visitsOfApplications": {str(many): tally.trips[many] for many in sorted(tally.trips)},
        "visitsPerCase": round(tally.visits_a_case, 3),
        "shareOnTime": round(tally.share_on_time, 4),
        "lateIn": dict((+tally.late_in).most_common(MOST_NAMED)),
        "minutesAtCounter": _spread(tally.at_counter),
        "minutesOfWalkIns": _spread(tally.of_walk_ins),
        "daysToAppointment": _spread(tally.to_appointment),
        "workingDaysToResult": _spread(tally.to_result),
        "appointmentsMissed": tally.missed,
        "appointmentsMoved": tally.moved,
        "offices": {code: _work(one, "hours") for code, one in sorted(tally.offices.items())},
        "windows": {code: _work(one, "minutes") for code, one in sorted(tally.windows.items())},
        "broken": {name: dict(services) for name, services in tally.broken.items()},
    }


def _spread(one: Spread) -> dict[str, float]:
    return {"number": one.number, "mean": round(one.mean, 1)} | {
        f"p{percent}": one.percentile(percent) for percent in (50, 90, 95)
    }


def _work(one: Work, unit: str) -> dict[str, Any]:
    return {
        "places": one.places,
        "tasks": one.tasks,
        "used": round(one.used, 3),
        "late": one.late,
        f"{unit}Waited": {"mean": round(one.waited.mean, 1), "p95": one.waited.percentile(95)},
    }


def lines(tally: Tally) -> Iterator[str]:
    """Yield the same as a person reads it."""
    yield f"{tally.cases:,} cases of {tally.applications:,} applications"
    yield "  ended: " + ", ".join(f"{name} {count:,}" for name, count in tally.endings.most_common())
    visits = ", ".join(f"{many}: {tally.visits[many]:,}" for many in sorted(tally.visits))
    trips = ", ".join(f"{many}: {tally.trips[many]:,}" for many in sorted(tally.trips))
    yield f"  visits a case: {tally.visits_a_case:.2f} ({visits}); an application: {trips}"
    late = ", ".join(f"{code} {count}" for code, count in (+tally.late_in).most_common(MOST_NAMED))
    yield f"  decided on time: {tally.share_on_time:.1%}" + (f"; late most in {late}" if late else "")
    yield _spread_line("working days to the result", tally.to_result)
    yield _spread_line("days from being asked in to the appointment", tally.to_appointment)
    yield _spread_line("minutes waited with an appointment", tally.at_counter)
    yield _spread_line("minutes waited without one", tally.of_walk_ins)
    yield f"  appointments missed {tally.missed:,}, moved because an office was late {tally.moved:,}"
    yield ""
    yield f"{'office':<44}{'officers':>9}{'tasks':>9}{'used':>7}{'late':>7}{'hours waited':>14}"
    yield from (_work_line(code, one) for code, one in sorted(tally.offices.items()))
    yield ""
    yield f"{'windows':<44}{'number':>9}{'served':>9}{'used':>7}{'':>7}{'min. waited':>14}"
    yield from (_work_line(code, one, late="") for code, one in sorted(tally.windows.items()))


def _spread_line(words: str, one: Spread) -> str:
    told = f"mean {one.mean:.1f}, half within {one.percentile(50)}, 95 of 100 within {one.percentile(95)}"
    return f"  {words}: {told}"


def _work_line(code: str, one: Work, late: str | None = None) -> str:
    told = f"{one.late:,}" if late is None else late
    return f"{code:<44}{one.places:>9}{one.tasks:>9,}{one.used:>7.0%}{told:>7}{one.waited.mean:>14.1f}"


def plan_figures(found: Plan) -> dict[str, Any]:
    """Return what a target takes, in plain JSON form."""
    pairs = {"officers": found.officers, "windows": found.windows}
    told = {
        name: {code: {"now": now, "needed": needed} for code, (now, needed) in part.items()}
        for name, part in pairs.items()
    }
    return {"met": found.met, "rounds": found.rounds, **told, "then": figures(found.tally)}


def plan_lines(found: Plan, target: Target) -> Iterator[str]:
    """Yield what a target takes as a person reads it: how many there are, and how many are needed."""
    wanted = f"{target.on_time:.0%} decided on time, 95 of 100 waiting at most {target.minutes} minutes"
    yield f"Wanted: {wanted}, and coming within {target.days} days of being asked in."
    yield f"{'Met' if found.met else 'Not met'} after {found.rounds} rounds with:"
    for words, part in (("office", found.officers), ("windows", found.windows)):
        yield ""
        yield f"{words:<48}{'now':>6}{'needed':>8}"
        yield from (
            f"{code:<48}{now:>6}{needed:>8}{_more(now, needed)}" for code, (now, needed) in part.items()
        )
    yield ""
    yield "What then comes of it:"
    yield from lines(found.tally)


def _more(now: int, needed: int) -> str:
    return f"  {needed - now:+}" if needed != now else ""
