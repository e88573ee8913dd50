"""A service without a visit, from the home page to a certificate that anybody can check: in three languages."""

import base64
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal
from tests.services.a_picture import picture_of, square_code_on

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


# A file comes to a page as the browser hands it over when somebody lets it go there.
DROPPED = """(content) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], "certificate.pdf", { type: "application/pdf" }));
  return held;
}"""


def takes_it_along(founder: Visitor, kept: Path) -> bytes:
    """Download the certificate in the reader's own language, and return the file."""
    founder.takes_picture("certificate", height=1180)
    return founder.takes_along(founder.main.locator("a[download]"), kept / "certificate.pdf")


def drops(stranger: Visitor, paper: bytes) -> None:
    """Drop the file onto the page of the check."""
    stranger.open("/verify/")
    held = stranger.page.evaluate_handle(DROPPED, base64.b64encode(paper).decode())
    with stranger.page.expect_navigation():
        stranger.page.dispatch_event("form[data-takes-drops]", "drop", {"dataTransfer": held})


def checks_the_file(stranger: Visitor, paper: bytes, kept: Path) -> None:
    """Drop the file, spoilt and as it is, and scan the square code on it: all three tell the truth."""
    drops(stranger, paper + b" ")
    stranger.sees("Not genuine")
    drops(stranger, paper)
    stranger.sees("Genuine and valid")
    stranger.takes_picture("certificate-check", height=1000)
    stranger.keeps_picture("certificate-paper", picture_of(paper, kept))

    scanned = urlsplit(square_code_on(paper, kept))
    assert f"{scanned.scheme}://{scanned.netloc}" == stranger.portal.site
    stranger.open(scanned.path)
    stranger.sees("Genuine and valid")


def checks(stranger: Visitor, number: str, code: str) -> None:
    """Check the certificate, without signing in."""
    stranger.open("/verify/")
    stranger.write("Number", number)
    stranger.write("Check code", code)
    stranger.press("Check it")
    stranger.sees("Genuine and valid")


def finds_the_service(founder: Visitor, name: str) -> None:
    """Search for it in other words, and read beforehand that nobody need come in."""
    founder.takes_picture("home", height=1000)
    founder.write("Search all services", "name reservation")
    founder.press("Search")
    founder.follow(name)
    founder.sees("Whatever happens, you attend nowhere.")
    founder.takes_picture("service", height=1180)


@pytest.mark.parametrize(
    ("language", "width", "direction"), [("en", 1280, "ltr"), ("zh-hans", 390, "ltr"), ("ug", 390, "rtl")]
)
def test_a_founder_reserves_a_name_and_never_attends(
    portal: Portal, newcomer: Newcomer, tmp_path: Path, language: str, width: int, direction: str
) -> None:
    founder = newcomer(language=language, width=width)
    who = portal.somebody(need="id-card")

    # The founder finds the service without knowing its name, starts, and shows who they are.
    founder.open("/")
    assert founder.page.locator("html").get_attribute("dir") == direction
    finds_the_service(founder, NAMES[language])
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
    stranger = newcomer(language=language, width=width)
    checks(stranger, number, code)

    # The founder takes it along as a file; whoever gets that can check it too, on the screen and from paper.
    checks_the_file(stranger, takes_it_along(founder, tmp_path), tmp_path)


def test_a_square_code_is_checked_where_no_script_runs(newcomer: Newcomer) -> None:
    passer_by = newcomer(scripts=False)

    passer_by.open("/verify/code/no-code-of-ours")

    passer_by.sees("Not genuine")
