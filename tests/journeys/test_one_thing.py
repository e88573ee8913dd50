"""One thing, one application: from what happened, by a few questions and the plan, to all that follows from it."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor

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
