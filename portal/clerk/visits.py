"""The visits of a day at a centre: who is expected there, and who has come."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.ticket_words import number_words
from portal.words import said
from services import clock
from services.cases.actions import reading
from services.cases.queries import desk
from services.cases.queries.desk import Arrival
from services.people.queries import AccountView
from services.visits.queries import centres as places_of_all
from services.visits.queries import handed_over_to

# Where the officer sits today; it stays for the session.
CENTRE = "desk-centre"


@require_safe
@desk_page
def visits(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List who is expected at the centre on the day, and who has come."""
    centres = _centres(viewer)
    chosen, day = request.session.get(CENTRE, ""), _day(request.GET.get("day", ""))
    # Whoever has changed offices since then chooses anew.
    chosen = chosen if chosen in dict(centres) else ""
    seen = {"viewer": viewer, "centre": chosen, "day": day, "now": clock.now()}
    found = reading.open_arrivals(**seen) if chosen else ()
    context = {
        "centres": centres,
        "chosen": chosen,
        "centre": dict(centres).get(chosen, ""),
        "day": day,
        "today": day == clock.today(),
        "before_url": _day_url(day - timedelta(days=1)),
        "after_url": _day_url(day + timedelta(days=1)),
        "arrivals": [_arrival(one) for one in found],
        "handed_over": _handed_over(viewer),
        "expected": sum(one.appointment.status == "booked" for one in found),
    }
    return render(request, "desk/visits.html", context)


def _handed_over(viewer: AccountView) -> list[dict[str, Any]]:
    """Return the questions that wait for this office, each by its ticket (R6.5)."""
    places = {one.code: said(one.name) for one in places_of_all()}
    return [
        {"view": one, "number": number_words(one.number), "centre": places.get(one.centre, one.centre)}
        for one in handed_over_to(organisation=viewer.organisation)
    ]


def _centres(viewer: AccountView) -> list[tuple[str, str]]:
    """Return the places at which the officer may sit: those their office has a part in."""
    return [(one.code, said(one.name)) for one in desk.centres_of(viewer=viewer)]


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    # The pages of the day before and the day after are linked from this one.
    return day if date.min < day < date.max else clock.today()


def _day_url(day: date) -> str:
    return f"{reverse('clerk:visits')}?day={day.isoformat()}"


def _arrival(one: Arrival) -> dict[str, Any]:
    return {
        "appointment": one.appointment,
        "name": one.name,
        "services": [said(name) for _, _, name in one.cases],
        "windows": sorted({leg.window for leg in one.appointment.legs}),
        "status": status_words(one.appointment.status),
    }


def status_words(status: str) -> tuple[str, str]:
    """Return what became of an appointment, with the tone of its tag."""
    return {
        "booked": (gettext("Expected"), "wait"),
        "kept": (gettext("Has come"), "good"),
        "missed": (gettext("Did not come"), "bad"),
        "cancelled": (gettext("Cancelled"), ""),
    }[status]


@require_POST
@desk_page
def choose_centre(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Remember at which centre this officer sits."""
    chosen = request.POST.get("centre", "")
    if chosen in dict(_centres(viewer)):
        request.session[CENTRE] = chosen
    return redirect("clerk:visits")
