"""One thing done once: what happened, the plan, one application, one visit at the most, every result, and a rating."""

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.counter import calls, finishes, receives
from tests.journeys.filling_in import fills_in, signs
from tests.journeys.one_thing import OneThing
from tests.journeys.test_one_thing import answers
from tests.journeys.visitor import Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

MOST_DAYS = 40


@pytest.mark.parametrize(
    ("code", "language", "width", "visits"),
    [
        # Nothing of a first export needs anybody at a counter: it is rated as what it is, done at home.
        ("first-export", "zh-hans", 1280, 0),
        ("move-into-bonded-zone", "zh-hans", 1280, 1),
        ("buy-a-home", "en", 1280, 1),
        ("newborn", "ug", 390, 1),
    ],
)
def test_one_thing_is_applied_for_once_and_done_with_one_visit_at_the_most(
    portal: Portal, newcomer: Newcomer, code: str, language: str, width: int, visits: int
) -> None:
    """R7.1-R7.5, R8.4, R9.8: questions, plan, one application, one attendance, every result on one page, a rating."""
    life, applicant = OneThing(portal, code), newcomer(language=language, width=width)
    applies(applicant, life)
    for username in life.signers:
        signs_along(newcomer(language=language), username)

    applicant.open(f"/my/applications/{life.application}/")
    if follows_until_the_visit(applicant, life):
        comes_in(applicant, newcomer, life)
        applicant.open(f"/my/applications/{life.application}/")
        assert not follows_until_the_visit(applicant, life)

    assert {one["verdict"] for one in life.cases} == {"granted"}
    assert max(one["visits"] for one in life.cases) == visits
    applicant.sees("Your results")
    rates(applicant)


def applies(applicant: Visitor, life: OneThing) -> None:
    """Answer the questions about the situation, look at the plan, fill in one application, and submit it."""
    answers(applicant, life.bundle["code"], *life.taken)
    for one in life.left_out:
        applicant.presses(applicant.main.locator(f"form:has([name=leave_out][value={one}]) button"))
    applicant.sees("What we obtain, so that you do not bring it")
    holder = life.holder()
    applicant.follow("Begin")
    applicant.signs_in_as(life.username)
    if applicant.main.locator("input[name=holder]").count():
        applicant.main.locator(f'input[name=holder][value="{holder}"]').check()
    applicant.press("Begin")
    life.application = applicant.page.url.split("/apply/")[1].split("/")[0]
    fills_in(applicant, life.answer)
    applicant.press("Submit the application")
    life.signers_claim()


def signs_along(signer: Visitor, username: str) -> None:
    """Sign in an account of one's own whatever one is asked to sign, in whichever parts one plays."""
    signer.open("/my/")
    signer.signs_in_as(username)
    while (asked := signer.main.locator("a[href*='/signatures/']")).count():
        signer.presses(asked)
        signs(signer)
        signer.open("/my/")


def follows_until_the_visit(applicant: Visitor, life: OneThing) -> bool:
    """Do what waits for the applicant, day after day; return whether a visit is to be booked, or all is over."""
    for _ in range(MOST_DAYS):
        life.offices_work()
        applicant.page.reload()
        if applicant.main.get_by_text(applicant.said("Choose a time for your one visit.")).count():
            return True
        if life.is_over:
            return False
        if not does_what_is_asked(applicant) and not life.next_day():
            break
    raise AssertionError(f"Nothing happens any more:\n{applicant.main.inner_text()}\n{life.offices.failures}")


def does_what_is_asked(applicant: Visitor) -> bool:
    """Pay what is to be paid, and give what is still to be given; return whether there was anything."""
    whole = applicant.page.url
    asked = applicant.main.locator("a[href*='/treasury/pay/'], .awaiting a[href*='/papers/']")
    if not asked.count():
        return False
    applicant.presses(asked)
    if "/treasury/" in applicant.page.url:
        applicant.page.click("button[type=submit]")
    else:
        fills_in(applicant, str)
    applicant.open(whole)
    return True


def comes_in(applicant: Visitor, newcomer: Newcomer, life: OneThing) -> None:
    """Book the first time at which everything is done at once, come, be called, and leave with everything done."""
    applicant.takes_picture("whole", height=1500)
    applicant.follow("Choose a time")
    applicant.presses(applicant.main.locator("button.slot"))
    applicant.sees("Your visit is booked")
    applicant.takes_picture("visit", height=900)
    booked = life.appointment
    life.day_of(booked)
    officer = newcomer()
    officer.works_as(f"clerk-{life.offices.centres[booked['centre']]}")
    code = applicant.main.locator(".booking-code b").inner_text()
    ticket, windows = receives(officer, centre=booked["centre"], code=code)
    calls(officer, windows[0])
    applicant.open(applicant.page.url)
    applicant.sees("Your ticket")
    applicant.sees(ticket)
    applicant.open(f"/centres/{booked['centre']}/screen/?still")
    applicant.sees(ticket)
    officer.press("They are here: begin")
    if applicant.language == "en":
        officer.takes_picture("desk-visit", height=1250)
    finishes(officer)


def rates(applicant: Visitor) -> None:
    """Say how it went; nothing is chosen beforehand."""
    applicant.presses(applicant.main.get_by_role("link", name=applicant.said("Say how it went")))
    assert applicant.main.locator("input[name=level]:checked").count() == 0
    applicant.tick("Very satisfied")
    applicant.press("Send my rating")
    applicant.sees("Thank you. It is kept as you said it.")
