"""Done for others: a forwarder files for three exporters, and a clerk applies with somebody who walked in (R11)."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.filling_in import fills_in
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

FILING = "foreign-trade-operator-filing"
NAMING = "company-name-reservation"
ANSWERS = {
    "business.name_foreign": "Example Silk Trading Co., Ltd.",
    "business.trade_kind": "goods",
    "business.contact_name": "Zhao Anan",
    "business.phone": "00001234567",
}


# --- A forwarder for three exporters ----------------------------------------------------------------------


def test_a_forwarder_files_for_three_exporters_and_each_is_told_who_did_it(
    portal: Portal, newcomer: Newcomer
) -> None:
    """R11.2, R11.3: each gives leave by themselves, within limits; every act shows both names, and ends at once."""
    forwarder, who = newcomer(), portal.somebody(need="id-card")
    forwarder.open("/my/")
    forwarder.signs_in_as(str(who["username"]))
    others = (one for one in portal.companies(4) if one["representative"]["username"] != who["username"])
    exporters = list(others)[:3]
    owners = [lets_act(newcomer(), exporter, str(who["username"])) for exporter in exporters]

    forwarder.open("/my/businesses/")
    for _ in exporters:
        forwarder.press("Accept")
    for exporter in exporters:
        files_for(forwarder, exporter)
    forwarder.open("/my/")
    for exporter in exporters:
        forwarder.sees(f"{who['name']} for {exporter['name']}")
    forwarder.takes_picture("for-three-exporters", height=900)

    # A letter gathers what follows each other, and goes when the agent has been still for a while.
    portal.move_clock(days=1)
    for owner, exporter in zip(owners, exporters, strict=True):
        is_told(owner, str(who["name"]), str(exporter["name"]))

    owner, exporter = owners[0], exporters[0]
    owner.open("/my/businesses/")
    owner.press("End it now")
    forwarder.open("/my/")
    assert str(exporter["name"]) not in forwarder.main.inner_text()
    forwarder.sees(f"{who['name']} for {exporters[1]['name']}")


def lets_act(owner: Visitor, exporter: dict, forwarder: str) -> Visitor:
    """Claim the business, and let the forwarder act for it in one service, up to a fee and a day."""
    owner.open("/my/businesses/add/")
    owner.signs_in_as(exporter["representative"]["username"])
    owner.write("What is the unified social credit code of the business?", exporter["number"])
    owner.presses(owner.main.locator(".buttons button"))
    owner.waits_until(owner.page.get_by_text("The register names you"))
    owner.open("/my/businesses/")
    owner.presses(owner.main.locator("a[href*='/mandates/add/']").first)
    owner.write("The name of their account", forwarder)
    owner.tick("Only those I tick")
    lists = owner.main.locator(f"details:has([value={FILING}]) > summary")
    lists.first.click()
    lists.last.click()
    owner.page.locator(f"main [name=service][value={FILING}]").check()
    # To state something in one's name is allowed by itself (R4.12): that they are authorised is such a statement.
    owner.page.locator("main [name=powers][value=declare]").check()
    owner.write("Up to which fee may they file?", "200")
    for part, value in (("year", "2030"), ("month", "12"), ("day", "31")):
        owner.page.fill(f"[name='until.{part}']", value)
    owner.takes_picture("mandate", height=2350)
    owner.press("Offer the mandate")
    owner.sees("Not accepted yet")
    return owner


def files_for(forwarder: Visitor, exporter: dict) -> None:
    """Begin for this exporter, answer what no office holds, and submit it; the rest is fetched."""
    forwarder.open(f"/apply/{FILING}/for/")
    forwarder.tick(str(exporter["name"]))
    forwarder.press("Continue")
    fills_in(forwarder, ANSWERS.__getitem__)
    forwarder.sees(str(exporter["name"]))
    forwarder.press("Submit the application")
    forwarder.sees("Application submitted")


def is_told(owner: Visitor, forwarder: str, exporter: str) -> None:
    """See in one's own account what was done, by whom and for whom, and that a letter says so too."""
    owner.open("/my/")
    owner.sees(f"{forwarder} for {exporter}")
    owner.open("/my/letters/")
    letter = owner.main.get_by_role("link", name="Somebody acted for you")
    owner.waits_until(letter)
    owner.presses(letter)
    owner.sees(f"By the mandate that you gave, {forwarder} did this for you")


# --- A walk-in, assisted ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ug"])
def test_a_walk_in_is_applied_with_at_the_counter(portal: Portal, newcomer: Newcomer, language: str) -> None:
    """R11.4: the same pages, read back and confirmed; the sheet shows on the web how it stands."""
    clerk, who = newcomer(language=language), portal.somebody(need="id-card")
    clerk.works_as("clerk-market-regulation")
    begins_with(clerk, who)
    clerk.open(f"/apply/{NAMING}/")
    clerk.press("Begin")
    clerk.press("Yes, fetch them")
    clerk.waits_until(clerk.page.locator(".finding"))
    clerk.press("This is right, continue")
    clerk.answer("application.company_name", f"Example {who['name_latin']} Trading Co., Ltd.")
    clerk.answer("application.company_form", "limited")
    clerk.answer("application.company_activity", "Trade in example goods")
    clerk.waits_until(clerk.page.locator(".finding"))
    clerk.press("This is right, continue")
    clerk.takes_picture("assisted", height=1400)
    clerk.page.locator("[name=read_back]").check()
    clerk.press("Submit the application")
    clerk.sees("Application submitted")
    clerk.press("Print the sheet to sign")
    number = clerk.main.locator(".sheet-head bdi.code").inner_text()
    code = clerk.main.locator(".sheet-head .reference").inner_text()
    clerk.takes_picture("assisted-sheet", height=1300, width=900)

    at_home = newcomer(language=language, width=390)
    at_home.open("/sheet/")
    at_home.write("Number of the application", number)
    at_home.write("Code on the sheet", code)
    at_home.press("See it")
    at_home.sees("See how it stands")
    assert str(who["name"]) not in at_home.main.inner_text()


def begins_with(clerk: Visitor, who: dict) -> None:
    """Type what the document says that the clerk has before them."""
    clerk.open("/desk/assist/")
    clerk.page.locator("main [name=document_kind][value=resident_id]").check()
    clerk.write("Number", who["number"])
    clerk.write("Name, as the document has it", who["name"])
    for part, value in zip(("year", "month", "day"), who["birth_date"].split("-"), strict=True):
        clerk.page.fill(f"[name='birth_date.{part}']", value)
    clerk.press("I have seen the document: begin")
