"""A service without a visit, from the home page to a certificate that anybody can check: in three languages."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

NAMES = {"en": "Company name reservation", "zh-hans": "企业名称自主申报", "ug": "企业名称自主申报"}


def names_the_company(founder: Visitor, name: str) -> None:
    """Answer what nobody knows, and confirm what the register of names says."""
    founder.answer("application.company_name", name)
    founder.takes_picture("question", height=720)
    founder.answer("application.company_form", "limited")
    founder.answer("application.company_activity", "Trade in example goods")

    # The register of names was asked as soon as the name was known.
    founder.waits_until(founder.page.locator(".finding"))
    founder.press("This is right, continue")


def checks(stranger: Visitor, number: str, code: str) -> None:
    """Check the certificate, without signing in."""
    stranger.open("/verify/")
    stranger.write("Number", number)
    stranger.write("Check code", code)
    stranger.press("Check it")
    stranger.sees("Genuine and valid")


@pytest.mark.parametrize(
    ("language", "width", "direction"), [("en", 1280, "ltr"), ("zh-hans", 390, "ltr"), ("ug", 390, "rtl")]
)
def test_a_founder_reserves_a_name_and_never_attends(
    portal: Portal, newcomer: Newcomer, language: str, width: int, direction: str
) -> None:
    founder = newcomer(language=language, width=width)
    who = portal.somebody(need="id-card")

    # The founder finds the service without knowing its name …
    founder.open("/")
    assert founder.page.locator("html").get_attribute("dir") == direction
    founder.takes_picture("home", height=1000)
    founder.write("Search all services", "name reservation")
    founder.press("Search")
    founder.follow(NAMES[language])
    founder.sees("Whatever happens, you attend nowhere.")
    founder.takes_picture("service", height=1180)

    # … starts, and shows who they are.
    founder.follow("Start now")
    founder.signs_in_as(who["username"])
    founder.press("Begin")

    # What offices hold is fetched only when the founder says so, and shown before it is used.
    founder.press("Yes, fetch them")
    founder.waits_until(founder.page.locator(".finding"))
    founder.sees(who["name"])
    founder.press("This is right, continue")

    # Only what nobody knows is asked.
    names_the_company(founder, f"Example {who['name_latin']} Trading Co., Ltd.")

    # The founder checks everything, submits once, and the workers grant it while they look on.
    founder.sees("Example")
    founder.press("Submit the application")
    founder.sees("Application submitted")
    founder.follow("Follow this case")
    founder.waits_until(founder.main.locator(".matter a"))
    founder.sees("Granted")

    # Whoever is shown the certificate can check it, without signing in.
    founder.page.locator(".matter a").click()
    number, code = founder.main.locator("dl.facts bdi.code").all_inner_texts()
    checks(newcomer(language=language, width=width), number, code)
