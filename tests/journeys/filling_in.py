"""Filling in an application page by page, whatever it asks: what offices hold, questions, what only people can give."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from portal.demonstration.pictures import picture
from tests.journeys.visitor import Visitor

PAGE = re.compile(
    r"/apply/[0-9a-f-]{36}/(?P<kind>[a-z]+)/(?:(?P<what>[^/]+)/)?(?:(?P<way>send|sign|later)/)?"
)
MOST_PAGES = 150
WAYS = ("declaration", "upload", "seen")


def fills_in(applicant: Visitor, answer: Callable[[str], Any]) -> None:
    """Go from page to page, as each leads to the next, until everything is there to be checked, or was given."""
    for _ in range(MOST_PAGES):
        here = PAGE.search(applicant.page.url)
        kind, what, way = here.group("kind", "what", "way") if here else ("", "", "")
        match way or kind:
            case "" | "check" | "done":
                return
            case "fetch":
                applicant.press("Yes, fetch them")
            case "waiting":
                applicant.page.wait_for_url(lambda url: "/waiting/" not in url)
            case "found":
                applicant.presses(applicant.main.locator(".buttons button"))
            case "questions":
                writes(applicant, what, answer(what))
                applicant.press("Save and continue")
            case "parties":
                applicant.follow("Continue")
            case _:
                gives(applicant, way or (what and "paper"))
    raise AssertionError(f"{applicant.page.url}: the application never ends")


def gives(applicant: Visitor, where: str | None) -> None:
    """Give one thing that no office holds: commit to it where that will do, else send a photo, else show it later."""
    match where:
        case None:
            applicant.presses(applicant.main.locator(".buttons a").first)
        case "paper":
            ways = applicant.main.locator("input[name=way]")
            offered = [one.get_attribute("value") for one in ways.all()]
            best = next(one for way in WAYS for one in offered if one.startswith(way))
            applicant.main.locator(f'input[name=way][value="{best}"]').check()
            applicant.press("Continue")
        case "sign":
            signs(applicant)
        case "send":
            applicant.chooses_file("photo.png", picture(applicant.page.url))
            applicant.press("Send")
            # The form goes by itself as soon as the photo has arrived.
            applicant.page.wait_for_url(lambda url: "/send/" not in url)


def signs(somebody: Visitor) -> None:
    """Tick that the text was read, and sign it."""
    read = somebody.main.locator("input[name=read][type=checkbox]")
    if read.count():
        read.check()
    somebody.presses(somebody.main.locator(".buttons button"))


def writes(applicant: Visitor, name: str, value: object) -> None:
    """Put an answer into its field, whatever its form: rows, a day, one of several, or plain words."""
    if isinstance(value, list):
        _writes_rows(applicant, name, value)
    elif applicant.main.locator(f'[name="{name}.year"]').count():
        for part, number in zip(("year", "month", "day"), str(value).split("-"), strict=True):
            applicant.page.fill(f'main [name="{name}.{part}"]', number)
    else:
        _writes_one(applicant, name, {True: "yes", False: "no"}.get(value, str(value)))


def _writes_rows(applicant: Visitor, name: str, rows: list[Mapping[str, object]]) -> None:
    for at, row in enumerate(rows):
        if not applicant.main.locator(f'[name^="{name}.{at}."]').count():
            applicant.presses(applicant.main.locator(f'button[name=add_row][value="{name}"]'))
        for column, value in row.items():
            writes(applicant, f"{name}.{at}.{column}", value)


def _writes_one(applicant: Visitor, name: str, value: str) -> None:
    field = applicant.main.locator(f'[name="{name}"]').first
    if field.get_attribute("type") == "radio":
        applicant.main.locator(f'[name="{name}"][value="{value}"]').check()
    elif field.evaluate("it => it.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
