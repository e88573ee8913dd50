"""A service with one visit: applied for at home, served once at the counter, finished without coming again."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from tests.journeys.conftest import Newcomer
from tests.journeys.counter import calls, finishes, receives
from tests.journeys.visitor import PICTURES_WANTED, Visitor
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SERVICE = "Disability certificate"
# What the office does comes after the visit: five working days for objections, whatever holidays lie between.
DAYS_FOR_OBJECTIONS = 14


def test_an_applicant_is_seen_once_and_the_certificate_follows(portal: Portal, newcomer: Newcomer) -> None:
    if PICTURES_WANTED:
        others_apply_before(portal, newcomer)
    who = somebody_with_a_record(portal)
    applicant = newcomer()
    number = applies(applicant, who)

    # A clerk looks at the copy and accepts; the same office reads the hospital's record.
    clerk = newcomer()
    clerk.works_as("clerk-disability-federation")
    clerk.takes_picture("desk-queue", height=760)
    clerk.opens_case(number)
    clerk.sees(who["name"])
    clerk.press("Accept the case")
    clerk.opens_case(number)
    clerk.tick("In favor")
    clerk.write("What you found", "The record agrees with what was stated.")
    clerk.takes_picture("desk-case", height=1100)
    clerk.press("End the review")

    day = books_the_visit(applicant)
    portal.move_clock(days=(day - portal.move_clock(days=0)).days)
    applicant.open(applicant.page.url)
    serves(newcomer(), newcomer(), code=applicant.page.locator(".booking-code b").inner_text())

    # Nobody comes again: the office waits for objections, and a reviewer decides.
    portal.move_clock(days=DAYS_FOR_OBJECTIONS)
    reviewer = newcomer()
    reviewer.works_as("reviewer-disability-federation")
    reviewer.opens_case(number)
    reviewer.press("Grant it")

    applicant.open("/my/")
    applicant.follow(SERVICE)
    applicant.waits_until(applicant.main.locator("[aria-labelledby=results] a"))
    applicant.sees("Granted")
    visits = applicant.main.locator("dl.facts div").filter(has_text="Visits so far")
    assert visits.locator("dd").inner_text() == "1"
    rates(applicant)


def somebody_with_a_record(portal: Portal) -> dict:
    """Return somebody whose hospital knows them, and who has no such certificate yet."""
    return portal.somebody(need="id-card,household-register,medical-record", lack="disability-certificate")


def applies(applicant: Visitor, who: dict) -> str:
    """Apply from home, with a photo taken there, and return the case's number."""
    hospital = next(one["key"] for one in who["records"] if one["register"] == "medical-record")
    applicant.open("/services/disability-certificate/")
    applicant.sees("Whatever happens, you attend once at most.")
    applicant.follow("Start now")
    applicant.signs_in_as(who["username"])
    applicant.press("Begin")
    if applicant.page.url.endswith("/for/"):
        applicant.tick("For myself")
        applicant.press("Continue")
    applicant.press("Yes, fetch them")
    applicant.waits_until(applicant.page.locator(".finding"))
    applicant.press("This is right, continue")
    applicant.answer("person.disability_kind", "hearing")
    applicant.answer("application.hospital_name", hospital)
    applicant.answer("application.visit_help", "sign_language")
    applicant.answer("person.phone", who["phone"])
    # Now that the hospital is named, its record is fetched too.
    applicant.waits_until(applicant.page.get_by_text("Hospital record summary"))
    applicant.press("This is right, continue")
    applicant.follow("Give the next one")
    applicant.tick("Send a file or a photo")
    applicant.press("Continue")
    applicant.chooses_file("photo.png", photo())
    applicant.press("Send")
    applicant.follow("Continue")
    applicant.press("Submit the application")
    applicant.sees("Application submitted")
    applicant.follow("Follow this case")
    return applicant.main.locator("bdi.code").first.inner_text()


def books_the_visit(applicant: Visitor) -> date:
    """Choose the first free time of the one visit, and return its day."""
    applicant.waits_until(applicant.main.locator(".card--now"))
    applicant.takes_picture("timeline", height=1250)
    applicant.follow("Choose a time")
    applicant.presses(applicant.main.locator("button.slot"))
    applicant.sees("Your visit is booked")
    return date.fromisoformat(applicant.main.locator("time").first.get_attribute("datetime")[:10])


def serves(doctor: Visitor, hall: Visitor, *, code: str) -> None:
    """Receive the applicant by the code of the booking, call their number to a window, and finish everything."""
    doctor.works_as("clerk-health")
    ticket, windows = receives(doctor, centre="prefecture-hospital", code=code)
    doctor.takes_picture("reception", height=1000)
    calls(doctor, windows[0])
    hall.open("/centres/prefecture-hospital/screen/?still")
    hall.sees(ticket)
    hall.takes_picture("call-screen", height=720)
    doctor.press("They are here: begin")
    finishes(doctor)


def rates(applicant: Visitor) -> None:
    """Say how it went; nothing is chosen beforehand."""
    applicant.follow("Say how it went")
    assert applicant.main.locator("input[name=level]:checked").count() == 0
    applicant.tick("Very satisfied")
    applicant.takes_picture("rating", height=1150)
    applicant.press("Send my rating")
    applicant.sees("Thank you. It is kept as you said it.")


def others_apply_before(portal: Portal, newcomer: Newcomer) -> None:
    """Let a few days of work wait for the clerk, for the picture's sake: some accepted, some not."""
    for days in (0, 1, 2):
        portal.move_clock(days=days)
        applies(newcomer(), somebody_with_a_record(portal))
    clerk = newcomer()
    clerk.works_as("second-clerk-disability-federation")
    clerk.press("Take the next task")
    clerk.press("Accept the case")


def photo() -> bytes:
    """Return a picture such as a telephone takes."""
    kept = BytesIO()
    Image.new("RGB", (300, 400), "tan").save(kept, "PNG")
    return kept.getvalue()
