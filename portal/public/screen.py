"""The call screen of a centre: numbers and windows, in three languages at once, and nobody's name (R6.8)."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop, override
from django.views.decorators.http import require_safe

from portal.ticket_words import number_words, wait_words
from services import clock
from services.visits import queries as visits

SECONDS = 10
MOST_SHOWN = 12
WORDS = {
    "called": gettext_noop("Please come to the window"),
    "ticket": gettext_noop("Ticket"),
    "window": gettext_noop("Window"),
    "waiting": gettext_noop("Waiting"),
    "nobody": gettext_noop("Nobody is called at the moment"),
}


@require_safe
def screen(request: HttpRequest, centre: str) -> HttpResponse:
    """Show who is called to which window, and how long the others wait; it loads itself anew, or is held still."""
    place = visits.centre(code=centre)
    line, windows = visits.shown_line(centre=centre, now=clock.now()), _windows(centre)
    context = {
        "place": place,
        "names": [{"lang": lang, "text": text} for lang, text in place.name.items()],
        "words": {name: list(_in_all(text)) for name, text in WORDS.items()},
        "called": [
            {
                "number": number_words(one.number),
                "window": windows[one.window],
                "fresh": one.state == "called",
            }
            for one in line
            if one.state != "waiting"
        ][:MOST_SHOWN],
        "waiting": [
            {"number": number_words(one.number), "wait": wait_words(one.minutes)}
            for one in line
            if one.state == "waiting"
        ][:MOST_SHOWN],
        "at": clock.now(),
        "still": "still" in request.GET,
    }
    response = render(request, "public/screen.html", context)
    if not context["still"]:
        # As a header it works without scripts; whoever reads slowly can hold the page still.
        response["Refresh"] = str(SECONDS)
    return response


def _windows(centre: str) -> dict[str, list[dict[str, str]]]:
    """Return what each window is called in the languages of the catalogue; its code, where it has no name."""
    found = {one.code: one.name or {"": one.code} for one in visits.windows_of(centre=centre)}
    return {
        code: [{"lang": lang, "text": text} for lang, text in name.items()] for code, name in found.items()
    }


def _in_all(text: str) -> Iterator[dict[str, Any]]:
    """Yield the words in every language of the portal."""
    for code, _ in settings.LANGUAGES:
        with override(code):
            yield {"lang": code, "dir": "rtl" if code == "ug" else "ltr", "text": gettext(text)}
