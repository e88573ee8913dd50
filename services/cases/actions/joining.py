"""What may be applied for as one application: something, and nothing that would need a second visit (R7.1, R8.4)."""

from collections.abc import Sequence

from services.cases.queries.together import definitions_in
from services.core.refusal import Mistake, Refusal
from services.core.together import apart
from services.visits import queries as visits


class NothingChosen(Refusal):
    """An application is for one service at least; all of a bundle may have been left out."""

    code = "nothing_chosen"
    sentence = "Nothing is chosen."


class NotOneVisit(Refusal):
    """The services have no place in common: as one application, nobody could be offered a visit for it."""

    code = "not_one_visit"
    sentence = "No one place can do all of this in one visit. Apply for each part by itself."


def check_one_application(services: Sequence[str]) -> None:
    """Do nothing if these services can be one application with one visit at the most (R8.4).

    :raises NothingChosen: if there are none.
    :raises NotOneVisit: with the services of each part by which they can be applied for.
    """
    if not services:
        raise NothingChosen
    parts = _parts(services) if len(services) > 1 else ()
    if len(parts) > 1:
        raise NotOneVisit(
            errors=[
                Mistake("services", "One application: {services}.", {"services": ", ".join(part)})
                for part in parts
            ]
        )


def _parts(services: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return apart(definitions_in(services), visits.open_centres())
