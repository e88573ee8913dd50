"""Somebody at a browser: acts by the words on the page, in any language, and looks every page over in passing.

What every page must hold is checked here and not in the journeys: it is accessible (axe), fits the screen, is
translated as far as the translations go, says nothing on the console and asks no other host for anything.
"""

import gettext
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, expect

from portal.up.plan import HOME
from tests.journeys.whole_portal import Portal

LOCALES = {"en": "en-GB", "zh-hans": "zh-CN", "ug": "ug"}
TRANSLATIONS = {"zh-hans": "zh_Hans", "ug": "ug"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()
PICTURES = HOME / "docs" / "images"
PICTURES_WANTED = os.environ.get("SCREENSHOTS") == "1"
# A question's page is looked over once a form of question: another fact is another text in the same page.
QUESTION = re.compile(r"(?<=/questions/)[^/]+")
FIELDS = "main :is(input, select, textarea, button)"
FORM = f"() => [...new Set([...document.querySelectorAll('{FIELDS}')].map(it => it.type))].sort().join()"
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PATIENCE_SECONDS = 30
# Everybody knows them: they open made-up accounts only.
PEOPLES_PASSWORD, OFFICERS_PASSWORD = "made-up-person", "made-up-officer"

# The words a page says itself: what people or the catalogue say stands in <bdi>.
OWN_WORDS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), words = [];
  while (walk.nextNode())
    if (!walk.currentNode.parentElement.closest("bdi, script, style, [lang]:not(html)"))
      words.push(walk.currentNode.textContent.trim().replace(/\\s+/g, " "));
  return words.filter(Boolean);
}"""


class Visitor:
    """A person with a browser of their own; `scripts=False` is one whose browser runs no JavaScript."""

    def __init__(
        self,
        portal: Portal,
        browser: Browser,
        *,
        language: str = "en",
        width: int = 1280,
        scripts: bool = True,
    ) -> None:
        self.portal, self.language, self.scripts = portal, language, scripts
        self.words = _translations(language)
        self.context = browser.new_context(
            base_url=portal.site,
            viewport={"width": width, "height": 900},
            locale=LOCALES[language],
            java_script_enabled=scripts,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_SECONDS * 1000)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._watch)

    # --- What a visitor does ---------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Type an address of the portal."""
        self.page.goto(path)
        self._look()

    def press(self, words: str, **values: str) -> None:
        """Press the button with these words."""
        self.presses(self.main.get_by_role("button", name=self.said(words, **values), exact=True))

    def follow(self, words: str, **values: str) -> None:
        """Follow the link with these words."""
        self.presses(self.main.get_by_role("link", name=self.said(words, **values), exact=True))

    def presses(self, what: Locator) -> None:
        """Press the first of these links or buttons, and look at the page it leads to."""
        what.first.click()
        self.page.wait_for_load_state()
        if self.page.url.startswith(self.portal.site):
            self._look()

    def write(self, label: str, text: str) -> None:
        """Write into the field with this label."""
        self.page.get_by_label(self.said(label)).first.fill(text)

    def tick(self, label: str) -> None:
        """Choose the answer, or tick the box, with this label."""
        self.main.get_by_label(self.said(label)).first.check()

    def chooses_file(self, name: str, content: bytes) -> None:
        """Choose a picture from the disk."""
        sent = {"name": name, "mimeType": "image/png", "buffer": content}
        self.page.set_input_files("input[type=file]", sent)

    def answer(self, fact: str, value: str) -> None:
        """Answer the question of this fact, whatever its form, and go on."""
        field = self.page.locator(f'main [name="{fact}"]').first
        kind = field.get_attribute("type")
        if kind == "radio":
            self.page.locator(f'main [name="{fact}"][value="{value}"]').check()
        elif field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
        self.presses(self.main.locator(".buttons button"))

    def signs_in_as(self, username: str) -> None:
        """Go through the identity provider, which leads back to where one wanted to go."""
        self.press("Continue with %(name)s", name=self.said("Identity of the prefecture"))
        self.page.fill("#id_login", username)
        self.page.fill("#id_password", PEOPLES_PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(f"{self.portal.site}/**")
        self._look()

    def works_as(self, username: str) -> None:
        """Sign in as an officer and come to the desk."""
        self.open("/desk/")
        self.write("Username", username)
        self.write("Password", OFFICERS_PASSWORD)
        self.press("Sign in")

    def opens_case(self, number: str) -> None:
        """Open this case from the queue, once it has come there."""
        row = self.main.get_by_role("row").filter(has_text=number)
        self.waits_until(row)
        self.presses(row.get_by_role("link"))

    def waits_until(self, awaited: Locator) -> None:
        """Look again until it is there: the workers take a moment."""
        for _ in range(PATIENCE_SECONDS * 2):
            if awaited.count():
                return self._look()
            self.page.wait_for_timeout(500)
            self._looks_again()
        pytest.fail(f"{self.page.url} never showed {awaited}:\n{self.main.inner_text()}", pytrace=False)

    def _looks_again(self) -> None:
        try:
            self.page.reload()
        except Error as gone:
            # A page that looks again by itself did so at this very moment.
            if not any(words in gone.message for words in ("active page", "interrupted", "ERR_ABORTED")):
                raise
            self.page.wait_for_load_state()

    def takes_along(self, link: Locator, kept: Path) -> bytes:
        """Save what the link leads to as this file, as browsers save downloads, and return it."""
        with self.page.expect_download() as coming:
            link.first.click()
        coming.value.save_as(kept)
        return kept.read_bytes()

    def sees(self, words: str, **values: str) -> None:
        """Find these words on the page."""
        expect(self.main).to_contain_text(self.said(words, **values))

    def takes_picture(self, name: str, *, height: int = 900, width: int = 1280) -> None:
        """Keep the English page as docs/images/<name>.png, if pictures are wanted: SCREENSHOTS=1."""
        if PICTURES_WANTED and self.language == "en":
            PICTURES.mkdir(exist_ok=True)
            self.page.locator(":focus").evaluate_all("focused => focused.forEach(it => it.blur())")
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    def keeps_picture(self, name: str, picture: Image.Image) -> None:
        """Keep a picture of something else than a page, as `takes_picture` does."""
        if PICTURES_WANTED and self.language == "en":
            picture.convert("RGB").quantize(64).save(PICTURES / f"{name}.png", optimize=True)

    def leave(self) -> None:
        """Close the browser; nothing may have been complained of on the way."""
        self.context.close()
        assert self.complaints == []

    # --- What a visitor sees ---------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        """Return the page's own part, without its head and foot."""
        return self.page.locator("main")

    def said(self, words: str, **values: str) -> str:
        """Return what the portal says for these English words in the visitor's language."""
        return self.words.gettext(words) % values if values else self.words.gettext(words)

    def _look(self) -> None:
        """Look a page over, unless one of its kind, with the same headings, was looked over before."""
        path = IDENTIFIER.sub("…", urlsplit(self.page.url).path)
        kind = (self.language, str(self.scripts), QUESTION.sub("…", path), *self._headings(path))
        if kind in self.portal.looked_over:
            return
        try:
            found = (*self._barriers(), *self._too_wide(), *self._untranslated())
        except Error as gone:
            # A page that looks again by itself went on while it was looked over: the next one is looked at instead.
            if "context was destroyed" not in gone.message:
                raise
            self.page.wait_for_load_state()
            self._look()
            return
        self.portal.looked_over.add(kind)
        self.complaints += [f"{path}: {one}" for one in found]

    def _headings(self, path: str) -> list[str]:
        """Return what tells pages at one address apart: their headings, but of a question the form that it has."""
        if QUESTION.search(path):
            return [self.page.evaluate(FORM)]
        return self.main.locator("h1, h2").all_inner_texts()

    def _barriers(self) -> list[str]:
        if not self.scripts:  # axe is one
            return []
        found = AXE.run(self.page, options={"runOnly": RULES}).response["violations"]
        return [f"{one['id']}: {one['help']} {[node['html'] for node in one['nodes']][:3]}" for one in found]

    def _too_wide(self) -> list[str]:
        beyond = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return [f"{beyond} pixels wider than the screen"] if beyond > 0 else []

    def _untranslated(self) -> list[str]:
        own = self.page.evaluate(OWN_WORDS)
        return [f"not translated: {words}" for words in own if self.words.gettext(words) != words]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text} {message.location['url']}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((f"{self.portal.site}/", f"{self.portal.sandbox}/", "data:")):
            self.complaints.append(f"a request to {request.url}")


def _translations(language: str) -> gettext.NullTranslations:
    folder = Path(HOME, "portal", "locale")
    wanted = [TRANSLATIONS[language]] if language in TRANSLATIONS else []
    return gettext.translation("django", folder, wanted, fallback=not wanted)
