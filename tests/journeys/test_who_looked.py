"""Who looked at my data: an officer opens a case, its person sees it, asks why, and a supervisor answers (R15.6)."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

WORDS = "I applied on Friday. Why was this read before anybody had told me that it was accepted?"
ANSWER = "A reviewer compared the name you chose with those that are taken. Nothing else was opened."


def applies(founder: Visitor, username: str, company: str) -> str:
    """Let the founder reserve a name, and return the number of the case."""
    founder.open("/services/company-name-reservation/")
    founder.follow("Start now")
    founder.signs_in_as(username)
    founder.press("Begin")
    # Before anything is looked up: who is asked, by which law, how, for how long, and what one may do (R15.2).
    founder.sees("Your rights")
    founder.sees("Resident Identity Card Law")
    founder.press("Yes, fetch them")
    founder.waits_until(founder.page.locator(".finding"))
    founder.press("This is right, continue")
    founder.answer("application.company_name", company)
    founder.answer("application.company_form", "limited")
    founder.answer("application.company_activity", "Trade in example goods")
    founder.waits_until(founder.page.locator(".finding"))
    founder.press("This is right, continue")
    founder.press("Submit the application")
    founder.follow("Follow this case")
    return founder.main.locator("bdi.code").first.inner_text()


def answers_at_the_desk(supervisor: Visitor) -> None:
    """Let the supervisor of the office read the question and answer it."""
    supervisor.works_as("supervisor-market-regulation")
    supervisor.open("/desk/questions/")
    supervisor.presses(supervisor.main.get_by_role("row").last.get_by_role("link"))
    supervisor.sees(WORDS)
    supervisor.sees("The person sees the office, and not the name.")
    supervisor.takes_picture("question-at-the-desk")
    supervisor.write("Your answer", ANSWER)
    supervisor.press("Send the answer")


def test_somebody_sees_who_read_their_data_asks_why_and_is_answered(
    portal: Portal, newcomer: Newcomer
) -> None:
    founder, who = newcomer(), portal.somebody(need="id-card")
    number = applies(founder, who["username"], portal.a_company()["name"])
    reviewer = newcomer()
    reviewer.works_as("reviewer-market-regulation")
    reviewer.opens_case(number)

    # The list tells it at once: office and role, what for, by which law; and there is a way to ask.
    founder.open("/my/readings/")
    founder.sees("a reviewer")
    founder.sees("to handle your application")
    founder.takes_picture("who-looked", height=1000)
    founder.presses(founder.main.get_by_role("link", name=founder.said("Ask why")))
    founder.write("What do you want to know?", WORDS)
    founder.press("Send the question")
    founder.sees("The answer is due")

    answers_at_the_desk(newcomer())

    founder.page.reload()
    founder.sees(ANSWER)
    founder.takes_picture("question-answered")
    at_home = newcomer(language="ug", width=390)
    at_home.open("/my/readings/")
    at_home.signs_in_as(who["username"])
    at_home.sees("a reviewer")
    at_home.sees("Read the answer to your question")

    founder.open("/my/letters/")
    founder.follow("Why your data was read")
    founder.sees(ANSWER)

    # And everything that is kept goes into one file, which a worker makes.
    founder.open("/my/data/")
    founder.press("Make a copy")
    founder.waits_until(founder.main.get_by_role("link", name="Download"))
    founder.takes_picture("my-data")
