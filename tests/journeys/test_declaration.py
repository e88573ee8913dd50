"""One's word in place of a proof: chosen freely, read in full, signed, seen with its grade, and taken back (R4)."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ug", 390)])
def test_what_no_register_knows_is_committed_to_and_taken_back_at_will(
    portal: Portal, newcomer: Newcomer, language: str, width: int
) -> None:
    """R4.3-R4.8: the register does not know; a copy or one's word, as one likes; nothing is held against either."""
    who = portal.somebody(need="id-card", lack="termination-certificate")
    applicant = newcomer(language=language, width=width)
    begins(applicant, str(who["username"]))
    application = applicant.page.url.split("/apply/")[1].split("/")[0]
    settlement, notice = (f"/apply/{application}/{page}/" for page in ("settlement", "papers/end-of-work"))

    # Both ways stand there, and neither is chosen beforehand.
    applicant.open(notice)
    applicant.sees("The choice is yours: each of these is good, and you lose nothing by any of them.")
    expect(applicant.main.locator("input:checked")).to_have_count(0)
    applicant.main.locator('input[value^="declaration:"]').check()
    applicant.press("Continue")

    # Notice and commitment are one text, on one page, and are signed together.
    expect(applicant.main.locator(".letter--commitment")).to_be_visible()
    applicant.takes_picture("declaration", height=1350)
    applicant.tick("I have read this text. It is true, and I sign it.")
    applicant.press("Sign")

    # It proves the requirement with the grade of one's own word, and is withdrawn at will.
    applicant.open(settlement)
    line = applicant.main.locator("li.evidence").filter(has=applicant.page.locator('a[href*="/withdraw/"]'))
    expect(line.locator(".grade")).to_contain_text("D")
    line.locator("summary").click()
    applicant.presses(line.locator('a[href*="/withdraw/"]'))
    applicant.press("Take it back")
    applicant.open(settlement)
    expect(line).to_have_count(0)


def begins(applicant: Visitor, username: str) -> None:
    """Begin an application whose notice of the end of work no register has, and have everything fetched."""
    applicant.open("/services/unemployment-benefit/")
    applicant.follow("Start now")
    applicant.signs_in_as(username)
    applicant.press("Begin")
    # The page that waits moves on by itself: it is not looked over.
    applicant.main.get_by_role("button", name=applicant.said("Yes, fetch them"), exact=True).click()
    applicant.waits_until(applicant.page.locator(".finding"))
