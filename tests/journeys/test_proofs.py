"""How everything is proved: seen before filing, one thing disputed, and two photos sent in its place as one."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 390)])
def test_what_an_office_has_wrong_is_disputed_and_photos_take_its_place(
    portal: Portal, newcomer: Newcomer, tmp_path: Path, language: str, width: int
) -> None:
    who = portal.somebody(need="id-card,household-register", lack="disability-certificate")
    applicant = newcomer(language=language, width=width)
    begins(applicant, str(who["username"]))

    # Everything found stands there with its source, and what was tried.
    place = applicant.page.url.replace("/found/", "/settlement/")
    applicant.open(place)
    applicant.sees("How everything is proved")
    applicant.main.locator("details.settlement summary").first.click()
    applicant.sees("What was tried")
    applicant.takes_picture("settlement", height=1150)

    # One thing is wrong: the register is told, and the applicant's own opens.
    applicant.presses(applicant.main.locator('a[href*="/found/"]'))
    applicant.write("What is wrong with it?", "The birth date is another one.")
    applicant.takes_picture("dispute", height=900)
    applicant.press("This is wrong")

    # Both sides of the card, photographed and sent together, are one piece of evidence.
    applicant.open(place.replace("/settlement/", "/papers/identity/send/id-card/"))
    applicant.page.set_input_files("input[type=file]", [side(tmp_path, "front"), side(tmp_path, "back")])
    # The page shows them by itself once both have arrived: nobody loads it anew under them.
    applicant.page.locator(".page-name").nth(1).wait_for()
    applicant.takes_picture("upload", width=390, height=940)
    applicant.press("Send")
    applicant.open(place)
    applicant.sees("An officer still has to look at this copy.")


def begins(applicant: Visitor, username: str) -> None:
    """Begin an application and have everything fetched; what was found is shown."""
    applicant.open("/services/disability-certificate/")
    applicant.follow("Start now")
    applicant.signs_in_as(username)
    applicant.press("Begin")
    if applicant.page.url.endswith("/for/"):
        applicant.tick("For myself")
        applicant.press("Continue")
    # The page that waits moves on by itself: it is not looked over.
    applicant.main.get_by_role("button", name=applicant.said("Yes, fetch them"), exact=True).click()
    applicant.waits_until(applicant.page.locator(".finding"))


def side(folder: Path, name: str) -> str:
    """Return a photo of one side of a card, such as a telephone takes."""
    card = Image.new("RGB", (900, 600), "ivory")
    ImageDraw.Draw(card).rectangle((60, 60, 840, 540), outline="teal", width=12)
    content = BytesIO()
    card.save(content, "JPEG")
    path = folder / f"card-{name}.jpg"
    path.write_bytes(content.getvalue())
    return str(path)
