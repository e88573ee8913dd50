"""A refusal: signed by a person, with its reasons and both remedies; the applicant's browser runs no scripts."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SERVICE = "Company name reservation"
REASON = "The conditions that the law sets for this service are not met."
WORDS = "Another company has borne this name since 2019. Please choose another name."


def applies_for_a_taken_name(founder: Visitor, *, username: str, name: str) -> str:
    """Let the founder apply for a name that a company bears already, and return the number of the case."""
    founder.open("/services/company-name-reservation/")
    founder.follow("Start now")
    founder.signs_in_as(username)
    founder.press("Begin")
    founder.press("Yes, fetch them")
    founder.waits_until(founder.page.locator(".finding"))
    founder.press("This is right, continue")
    founder.answer("application.company_name", name)
    founder.answer("application.company_form", "limited")
    founder.answer("application.company_activity", "Trade in example goods")

    # The register of names was asked as soon as the name was known.
    founder.waits_until(founder.page.locator(".finding"))
    founder.press("This is right, continue")
    founder.press("Submit the application")
    founder.follow("Follow this case")
    return founder.main.locator("bdi.code").first.inner_text()


def test_a_reviewer_refuses_and_the_applicant_reads_why_and_what_to_do(
    portal: Portal, newcomer: Newcomer
) -> None:
    # A founder wishes for a name that is taken; every page works without scripts.
    founder = newcomer(scripts=False)
    who = portal.somebody(need="id-card")
    number = applies_for_a_taken_name(founder, username=who["username"], name=portal.a_company()["name"])

    # The machine refuses nobody: it leaves the case to a person, who signs for it.
    reviewer = newcomer()
    reviewer.works_as("reviewer-market-regulation")
    reviewer.opens_case(number)
    reviewer.sees("The machine does not go on, and refuses nobody")
    reviewer.follow("Write a refusal")
    reviewer.tick(REASON)
    reviewer.write("Explain it in plain words", WORDS)
    reviewer.press("Read the letter")
    reviewer.sees("As the applicant reads it")
    reviewer.press("Sign the refusal")

    # At home the founder reads the letter: who, why, and both ways to contest it (R2.16).
    founder.waits_until(founder.main.get_by_role("heading", name="Refused"))
    at_home = newcomer()
    at_home.open("/my/letters/")
    at_home.signs_in_as(who["username"])
    at_home.follow("Your application is refused")
    at_home.sees(REASON)
    at_home.sees(WORDS)
    at_home.sees("administrative reconsideration within 60 calendar days")
    at_home.sees("go to court within 6 months")
    at_home.open("/my/")
    at_home.follow(SERVICE)
    at_home.sees("Ask for administrative reconsideration by")
    at_home.sees("Bring a suit before the court by")
