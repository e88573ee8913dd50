"""At a window: who waits, who is called next, and what becomes of whoever is there. Tickets have no names."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from portal.clerk.coming_in import desk_page
from portal.clerk.visits import CENTRE
from portal.clerk.words import ended_words
from portal.refusals import mistakes, sentence
from portal.ticket_words import help_words, language_words, number_words, state_words, wait_words
from portal.words import said
from services import clock
from services.cases.actions import at_window
from services.cases.queries import desk
from services.catalogue import queries as catalogue
from services.core.closing import Answer, QuestionStillOpen, VisitStillOpen
from services.core.refusal import Kind, Refusal
from services.core.tickets import TicketCannotMove
from services.people.queries import AccountView
from services.visits import queries as visits
from services.visits.queries import TicketView

WINDOW = "desk-window"


@require_safe
@desk_page
def window(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Show the line of the centre where the officer sits, and who is at their window."""
    centre, name = _centre(request, viewer)
    if not centre:
        return redirect("clerk:visits")
    codes = [one.code for one in visits.windows_of(centre=centre)]
    mine = request.session.get(WINDOW, "")
    mine = mine if mine in codes else ""
    line = visits.line(centre=centre, now=clock.now())
    context = {
        "centre": name,
        "centre_code": centre,
        "windows": codes,
        "window": mine,
        "here": next((ticket_row(one) for one in line if mine and one.window == mine), None),
        "waiting": [ticket_row(one) for one in line if one.state == "waiting"],
        "elsewhere": [ticket_row(one) for one in line if one.window and one.window != mine],
        "endings": ended_words(),
        "offices": catalogue.handling_offices(get_language() or "en"),
    }
    return render(request, "desk/window.html", context)


def ticket_row(one: TicketView) -> dict[str, Any]:
    """Return a ticket as the desk's pages show it."""
    return {
        "view": one,
        "number": number_words(one.number),
        "state": state_words(one.state),
        "wait": wait_words(one.minutes),
        "language": language_words().get(one.language, ""),
        "help": [help_words()[code] for code in one.help if code in help_words()],
    }


@require_POST
@desk_page
def choose_window(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Remember at which window this officer sits."""
    centre, _ = _centre(request, viewer)
    chosen = request.POST.get("window", "")
    if centre and chosen in [one.code for one in visits.windows_of(centre=centre)]:
        request.session[WINDOW] = chosen
    return redirect("clerk:window")


@require_POST
@desk_page
def call_next(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """Call whose turn it is."""
    centre, _ = _centre(request, viewer)
    if not centre:
        return redirect("clerk:visits")
    try:
        called = at_window.call_next(
            viewer=viewer, centre=centre, window=request.session.get(WINDOW, ""), now=clock.now()
        )
        if called is None:
            messages.info(request, gettext("Nobody waits for this window now."))
    except Refusal as refusal:
        if refusal.kind is not Kind.CONFLICT:
            raise
        messages.error(request, sentence(refusal))
    return redirect("clerk:window")


def _begin(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    appointment = at_window.begin_visit(viewer=viewer, ticket_id=ticket_id, now=clock.now())
    return redirect("clerk:visit", appointment) if appointment else redirect("clerk:window")


def _put_back(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    at_window.put_back(viewer=viewer, ticket_id=ticket_id, now=clock.now())
    messages.success(request, gettext("The ticket waits again, in the place it had."))
    return redirect("clerk:window")


def _leave(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    at_window.leave(viewer=viewer, ticket_id=ticket_id, now=clock.now())
    messages.success(request, gettext("Noted. What is still needed can be booked for another time."))
    return redirect("clerk:window")


def _send_on(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    at_window.send_on(viewer=viewer, ticket_id=ticket_id, now=clock.now())
    messages.success(request, gettext("Another window calls them for what is left; they keep their place."))
    return redirect("clerk:window")


def _close(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    at_window.close_visit(
        viewer=viewer, ticket_id=ticket_id, cause=request.POST.get("cause", ""),
        answer=Answer(request.POST.get("ended", ""), request.POST.get("referred_to", "")), now=clock.now(),
    )  # fmt: skip
    messages.success(request, gettext("The visit is closed."))
    return redirect("clerk:window")


def _take_up(viewer: AccountView, ticket_id: UUID, request: HttpRequest) -> HttpResponse:
    at_window.take_up(viewer=viewer, ticket_id=ticket_id)
    messages.success(request, gettext("Noted: your office goes on with it."))
    return redirect("clerk:visits")


ACTS: Mapping[str, Callable[[AccountView, UUID, HttpRequest], HttpResponse]] = {
    "begin": _begin, "back": _put_back, "left": _leave, "on": _send_on, "close": _close,
    "taken": _take_up,
}  # fmt: skip


@require_POST
@desk_page
def ticket_act(request: HttpRequest, viewer: AccountView, ticket_id: UUID, act: str) -> HttpResponse:
    """Do with a ticket what the button says; what cannot be done is told where the officer is."""
    if act not in ACTS:
        raise Http404
    held = visits.ticket(ticket_id=ticket_id)
    try:
        return ACTS[act](viewer, ticket_id, request)
    except QuestionStillOpen as refusal:
        messages.error(request, " ".join(mistakes(refusal).values()))
        return redirect("clerk:window")
    except VisitStillOpen as refusal:
        messages.error(request, sentence(refusal))
        return redirect("clerk:visit", held.appointment_id)
    except TicketCannotMove:
        messages.error(request, gettext("This ticket has moved on meanwhile."))
    except Refusal as refusal:
        if refusal.kind is not Kind.CONFLICT:
            raise
        messages.error(request, sentence(refusal))
    return redirect("clerk:window")


def _centre(request: HttpRequest, viewer: AccountView) -> tuple[str, str]:
    """Return the place where the officer sits today, and its name; nothing if they have not said it."""
    places = {one.code: said(one.name) for one in desk.centres_of(viewer=viewer)}
    chosen = request.session.get(CENTRE, "")
    return (chosen, places[chosen]) if chosen in places else ("", "")
