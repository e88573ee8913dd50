"""Whether a demonstration went as it should: what ended otherwise, what never happened, and what no source settled."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.demonstration.following import Running
from portal.demonstration.lives import OF_OTHERS, OF_THE_USUAL
from portal.demonstration.table import missing_sources

Json = Mapping[str, Any]


def not_as_it_should(running: Sequence[Running], statistics: Json) -> Iterator[str]:
    """Yield a line for everything that is not as the demonstration has it."""
    yield from _ended_otherwise(running)
    yield from _not_lived(running)
    yield from (f"nothing was settled by the source “{code}”" for code in missing_sources(statistics))
    if second := statistics["total"]["secondVisits"]:
        yield f"{second} second visits, where there must be none"


def _ended_otherwise(running: Sequence[Running]) -> Iterator[str]:
    for one in running:
        if not one.as_it_should and one.ended_as != "stuck":  # what is stuck has told its reason itself
            yield (
                f"{one.matter.service.code} ({one.matter.life}): ended as {one.ended_as or 'nothing'}, "
                f"not {one.matter.life.ending}, with {one.visits} visits: {one.number}"
            )


def _not_lived(running: Sequence[Running]) -> Iterator[str]:
    """Yield the unhappy lives that fewer applications had than were to have them: nobody fitted, or none was filed."""
    lived = Counter(one.matter.life for one in running)
    for life, count in (OF_THE_USUAL | OF_OTHERS).items():
        if lived[life] < count:
            yield f"{life}: {lived[life]} of {count} applications"
