"""What was foreseen, as charts: shares of cases and people, and how busy offices and windows are."""

from collections.abc import Mapping, Sequence

from portal.charts import Bar, Chart, Part
from portal.foreseeing.tally import Spread, Tally, Work

MINUTES = (0, 5, 10, 15, 30, 60)
DAYS = (0, 1, 3, 5, 10, 20)


def drawn(tally: Tally) -> list[Chart]:
    """Return the charts of a run."""
    waited = Spread()
    for one in (tally.at_counter, tally.of_walk_ins):
        waited += one
    return [
        Chart(
            "visits", "How often people come in for a case", "The share of cases by the visits each takes.",
            [_bar(words, tally.visits[many] / (tally.cases or 1), f"{tally.visits[many]:,} cases")
             for many, words in ((0, "Never"), (1, "Once"), (2, "Twice"))],
        ),
        Chart("days", "From receipt to the result", "The share of granted cases by working days.",
              _spread(tally.to_result, DAYS, "working day")),
        Chart("minutes", "Waiting at the counter", "The share of visitors by minutes waited in all.",
              _spread(waited, MINUTES, "minute")),
        Chart("offices", "How busy officers are", "The share of their time that each office's officers work on cases.",
              _works(tally.offices, "officer")),
        Chart("windows", "How busy windows are", "The share of its hours in which somebody is at each kind of window.",
              _works(tally.windows, "window")),
    ]  # fmt: skip


def _bar(name: str, share: float, told: str) -> Bar:
    return Bar(name, (Part(min(1.0, share), 1 if share <= 1 else 3),), f"{share:.1%} · {told}")


def _spread(spread: Spread, steps: Sequence[int], unit: str) -> list[Bar]:
    bars, below = [], -1
    for most in (*steps, None):
        values = [value for value in spread.counts if value > below and (most is None or value <= most)]
        count = sum(spread.counts[value] for value in values)
        words = _words(below + 1, most, unit)
        bars.append(_bar(words, count / (spread.number or 1), f"{count:,}"))
        below = most if most is not None else below
    return bars


def _words(first: int, last: int | None, unit: str) -> str:
    if last is None:
        return f"{first} {unit}s and more"
    if first == last:
        return f"{first} {unit}" if first == 1 else f"{first} {unit}s"
    return f"{first} to {last} {unit}s"


def _works(works: Mapping[str, Work], unit: str) -> list[Bar]:
    return [
        _bar(code, one.used, f"{one.places} {unit}{'' if one.places == 1 else 's'}")
        for code, one in sorted(works.items())
        if one.tasks
    ]
