"""Where people can come, and whose officers sit there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.core import appointments, timetable
from services.core.appointments import Need
from services.core.centres import described_centre
from services.core.facts import Texts
from services.core.refusal import Kind, Refusal
from services.visits.models import Centre


class NoSuchCentre(Refusal):
    """There is no centre with this code, it is closed, or this office has no part in it."""

    code = "no_such_centre"
    kind = Kind.MISSING
    sentence = "There is no such centre."


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreView:
    """A place people come to, as a page shows it; hours are the jurisdiction's own time, `offices` sit there."""

    code: str
    name: Texts = field(hash=False)
    address: Texts = field(hash=False)
    phone: str
    opens: str
    closes: str
    is_open: bool
    is_general: bool
    offices: tuple[str, ...]


def centres() -> tuple[CentreView, ...]:
    """Return the places people can come to, in the catalogue's order of code."""
    return tuple(_centre_view(row) for row in Centre.objects.order_by("code"))


def centre(*, code: str) -> CentreView:
    """Return the place.

    :raises NoSuchCentre: if there is none.
    """
    return _centre_view(_centre(code))


def centres_for(*, organisation: str) -> tuple[CentreView, ...]:
    """Return the open places where the organisation's officers sit, or whose windows take its matters."""
    rows = Centre.objects.filter(is_open=True).order_by("code")
    return tuple(_centre_view(row) for row in rows if has_part(organisation, _place(row)))


def open_centres() -> tuple[appointments.Centre, ...]:
    """Return the places that can be booked, with their windows."""
    return tuple(_place(row) for row in Centre.objects.filter(is_open=True).order_by("code"))


def fitting_centres(*, needs: Sequence[Need]) -> tuple[appointments.Centre, ...]:
    """Return the open centres that can take all the needs of one visit."""
    return timetable.fitting_centres(needs, open_centres())


def minutes_from(code: str) -> Mapping[str, int]:
    """Return how many minutes it is from the place to every other, as its data says; to itself none.

    :raises NoSuchCentre: if there is none.
    """
    return {**place_of(code).minutes_to, code: 0}


def has_part(organisation: str, place: appointments.Centre) -> bool:
    """Say whether the organisation's officers sit at the place, or a window of it takes its matters."""
    return organisation in place.offices or place.acts_for(organisation)


def _centre(code: str) -> Centre:
    row = Centre.objects.filter(code=code).first()
    if row is None:
        raise NoSuchCentre()
    return row


def _centre_view(row: Centre) -> CentreView:
    return CentreView(
        code=row.code,
        name=row.described["name"],
        address=row.described["address"],
        phone=row.described["phone"],
        opens=row.described["opens"],
        closes=row.described["closes"],
        is_open=row.is_open,
        is_general=_place(row).general,
        offices=tuple(sorted(_place(row).offices)),
    )


def _place(row: Centre) -> appointments.Centre:
    return described_centre(row.code, row.described)


def place_of(code: str) -> appointments.Centre:
    """Return the place with its windows.

    :raises NoSuchCentre: if there is none.
    """
    return _place(_centre(code))
