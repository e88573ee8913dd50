"""What the browser sends again after an answer that decides nothing is the same page, under the same key."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser]

SITE = "http://portal.example/"
SCRIPT = Path(settings.BASE_DIR) / "static" / "sending.js"
FORM = """<!doctype html><form data-pages="/pages" data-type="id-card" data-requirement="identity" data-broken="-">
<input type="hidden" name="csrfmiddlewaretoken" value="-"><input type="file"><ul id="pages"></ul></form>
<script src="/sending.js"></script>"""
MADE = {"status": 201, "headers": {"Location": "/pages/1"}}
Answer = Callable[[Route], None]


class Doors:
    """What lies behind the line: it shows the form, and answers announcements as told, one after the other."""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers, self.keys = answers, []

    def __call__(self, route: Route) -> None:
        """Answer one request."""
        asked = route.request
        if asked.method == "POST":
            self.keys.append(asked.headers["idempotency-key"])
            self.answers.pop(0)(route)
        elif asked.method == "PATCH":
            route.fulfill(status=204, headers={"Upload-Offset": "4"})
        elif asked.url.endswith(".js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        else:
            route.fulfill(body=FORM, content_type="text/html")


def says(status: int) -> Answer:
    return lambda route: route.fulfill(status=status, json={"detail": "No."})


def breaks(route: Route) -> None:
    route.abort()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "card.jpg").write_bytes(b"card")
    return tmp_path / "card.jpg"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        yield context.new_page()


def keys_of_two_tries(page: Page, photo: Path, first: Answer) -> list[str]:
    """Choose a photo, be answered like this, and choose it again; return the key of each announcement."""
    doors = Doors([first, lambda route: route.fulfill(**MADE)])
    page.route("**/*", doors)
    page.goto(SITE)
    page.set_input_files("input[type=file]", photo)
    page.locator(".field-error").wait_for()
    with page.expect_navigation():
        page.set_input_files("input[type=file]", photo)
    return doors.keys


@pytest.mark.parametrize("undecided", [says(409), says(503), breaks], ids=["running", "broken", "lost"])
def test_an_announcement_that_may_have_made_a_page_is_made_again_under_its_key(
    page: Page, photo: Path, undecided: Answer
):
    first, second = keys_of_two_tries(page, photo, undecided)

    assert first == second


@pytest.mark.parametrize("status", [404, 413, 422])
def test_after_a_refusal_the_next_try_is_another_one(page: Page, photo: Path, status: int):
    """What was refused may be allowed by now: nobody is told an old answer again."""
    first, second = keys_of_two_tries(page, photo, says(status))

    assert first != second
