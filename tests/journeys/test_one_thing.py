"""One thing, one application: from what happened, by a few questions and the plan, to all that follows from it."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.one_thing import OneThing
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

EVENTS = {
    "en": "I am buying a home",
    "zh-hans": "我要买房",
    "ug": "我要买房",
}


def answers(somebody: Visitor, code: str, *yes: str) -> None:
    """Open the bundle, answer its questions, these with yes, and see the plan."""
    somebody.open(f"/bundles/{code}/")
    for box in somebody.main.locator("form fieldset input[value=yes]").all():
        name = box.get_attribute("name")
        answer = "yes" if name in yes else "no"
        somebody.page.locator(f'main [name="{name}"][value="{answer}"]').check()
    somebody.press("Show me the plan")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 390), ("ug", 390)])
def test_whoever_buys_a_home_sees_the_whole_plan_before_anything_is_filled_in(
    newcomer: Newcomer, language: str, width: int
) -> None:
    """R7.8, design §7: the plan says what is obtained, asked and signed, when it ends, and what waits for the visit."""
    buyer = newcomer(language=language, width=width, scripts=language == "en")
    buyer.open("/")
    buyer.follow(EVENTS[language])
    buyer.takes_picture("bundle", height=1150)

    answers(buyer, "buy-a-home", "provident-fund-loan", "mortgage-registration")

    buyer.sees("Once, for everything")
    buyer.sees("The same as a table")
    assert buyer.main.locator(".plan-wait").count() == 2
    assert buyer.main.locator(".visit-mark").count() == 3
    buyer.takes_picture("plan", height=1400)
    buyer.main.get_by_role("button", name=buyer.said("Leave this out")).first.click()
    buyer.sees("Once, for everything")


@pytest.mark.parametrize("code", ["first-export", "move-into-bonded-zone", "buy-a-home", "newborn"])
def test_one_thing_is_applied_for_once_and_done_with_one_visit_at_the_most(
    portal: Portal, newcomer: Newcomer, code: str
) -> None:
    """R7.1-R7.5, R8.4: questions, plan, one application, one booking, one attendance, every result on one page."""
    life = OneThing(portal, code)
    applicant = newcomer()
    applicant.open("/bundles/")
    answers(applicant, code, *life.taken)
    for name in life.left_out:
        applicant.main.get_by_role("button", name=f"Leave this out: {name}", exact=True).click()
    applicant.sees("Nothing has been sent to any office yet")

    life.claims_the_business()
    applicant.follow("Begin")
    applicant.signs_in_as(life.username)
    if applicant.main.locator("input[name=holder]").count():
        applicant.page.locator(f'main input[name=holder][value="{life.holder}"]').check()
    applicant.press("Begin")
    application = applicant.page.url.split("/apply/")[1].split("/")[0]
    applicant.press("Yes, fetch them")
    life.prepares(application)
    applicant.open(f"/apply/{application}/check/")
    applicant.press("Submit the application")
    life.others_sign(application)

    applicant.open(f"/my/applications/{application}/")
    life.offices_work_until(
        lambda: applicant.page.reload() and applicant.main.get_by_text(CHOOSE).count() > 0
    )
    if life.needs_a_visit:
        books(applicant)
        if code == "buy-a-home":
            applicant.takes_picture("whole", height=1250)
    life.offices_finish()

    applicant.open(f"/my/applications/{application}/")
    applicant.sees("Your results")
    assert life.ended == {"granted"}
    assert life.visits == int(life.needs_a_visit)


CHOOSE = "Choose a time for your one visit."


def books(applicant: Visitor) -> None:
    """Choose the first time at which everything is done at once."""
    applicant.follow("Choose a time")
    applicant.presses(applicant.main.locator("button.slot"))
    applicant.sees("Your visit is booked")
    applicant.page.go_back()
    applicant.page.go_back()
    applicant.page.reload()
