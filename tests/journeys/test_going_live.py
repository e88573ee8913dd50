"""Going live: an office's old certificates are loaded from a file, and found as evidence the same day."""

from pathlib import Path

import pytest

from tests.journeys.conftest import Newcomer
from tests.journeys.whole_portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]


def test_an_old_licence_is_loaded_and_found_and_nobody_is_asked_for_it(
    portal: Portal, newcomer: Newcomer, tmp_path: Path
) -> None:
    # Nothing but the file of the office knows of this licence.
    who = portal.somebody(need="id-card,driver-health-report", lack="driving-licence")
    licences = tmp_path / "licences.csv"
    licences.write_text(
        "holder_number,record_number,issued_on,person.driving_class,person.driving_since\n"
        f"{who['number']},OLD-0417,2023-05-04,b2,1999-05-04\n"
    )

    told = portal.operator("load_register", "driving-licence", str(licences))
    assert "driving-licence: 1 certificates are its register now" in told

    driver = newcomer()
    driver.open("/services/driving-licence-renewal/")
    driver.follow("Start now")
    driver.signs_in_as(who["username"])
    driver.press("Begin")
    driver.press("Yes, fetch them")
    found = driver.page.locator(".finding").filter(has_text="Driving licence")
    driver.waits_until(found)
    driver.takes_picture("old-certificate", height=1100)
    assert "Public Security Bureau" in found.inner_text()
    assert "B2, large lorry" in found.inner_text()
    # Every register has answered, and none of it is asked for.
    assert driver.page.get_by_text("Not answered yet").count() == 0
    driver.press("This is right, continue")
    assert driver.page.locator("input[type=file]").count() == 0
