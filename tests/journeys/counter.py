"""The counter: whoever comes gets a ticket by their code, is called to a window, and leaves with everything done."""

import re

from tests.journeys.visitor import Visitor


def receives(officer: Visitor, *, centre: str, code: str) -> tuple[str, list[str]]:
    """Sit down at the centre, give a ticket for the code of a booking; return its number and the windows it is for."""
    officer.open("/desk/visits/")
    officer.main.get_by_label(officer.said("Where do you sit today?")).select_option(centre)
    officer.press("Choose")
    windows = officer.main.get_by_role("table").locator("bdi.code").first.inner_text().split(", ")
    officer.follow("Somebody has come: give a ticket")
    officer.write("The code on their letter or telephone", code)
    officer.press("Give a ticket")
    given = officer.main.get_by_role("status").get_by_role("heading").inner_text()
    return re.search(r"\d+", given).group(), windows


def calls(officer: Visitor, window: str) -> None:
    """Sit down at the window, and call whose turn it is."""
    officer.open("/desk/window/")
    officer.main.get_by_label(officer.said("At which window do you sit?")).select_option(window)
    officer.press("Choose")
    officer.press("Call next")


def finishes(officer: Visitor) -> None:
    """Do everything that is on the list of the visit, every original shown, and close it with nothing left open."""
    officer.sees("Do one thing after the other: what you tell nothing of stays on the list.")
    while officer.main.locator("input[name^='outcome:']").count():
        for good in officer.main.locator(
            "input[value=served], input[value=seen], input[name^='copies:']"
        ).all():
            good.check()
        officer.press("Record what is done")
    officer.sees("Everything that could be done at this visit is done.")
    officer.press("Close the visit")
    officer.sees("The visit is closed.")
