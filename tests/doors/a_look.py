"""A page as it looks: opened in a browser of its own, measured at several widths, kept as a picture if asked for."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.conftest import CHROMIUMS

# Whatever is read: how wide all is, and where the words of charts stand.
MEASURE = """() => {
  const box = (one) => { const at = one.getBoundingClientRect(); return [at.left, at.right, at.top, at.bottom]; };
  const boxes = (name) => [...document.querySelectorAll(name)].map(box);
  return {
    wide: document.documentElement.scrollWidth,
    names: boxes(".chart-name"), told: boxes(".chart-told").filter((one) => one[1] > one[0]),
    pieces: boxes(".chart-bars rect[class^=series]"), charts: boxes(".chart-bars"),
  };
}"""


def look(page: Path, widths: list[int], pictures: str = "") -> dict[str, Any]:
    """Return what was measured of the page in the file, by width."""
    program = next(path for name in CHROMIUMS if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        found = {str(width): _at(browser, page, width, pictures) for width in widths}
        browser.close()
    return found


def _at(browser: Browser, page: Path, width: int, pictures: str) -> Any:
    tab = browser.new_page(viewport={"width": width, "height": 1000})
    tab.goto(page.as_uri())
    if pictures:
        tab.screenshot(path=f"{pictures}-{width}.png")
    return tab.evaluate(MEASURE)


if __name__ == "__main__":
    file, widths, pictures = Path(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3]
    print(json.dumps(look(file, widths, pictures)))  # noqa: T201 - whoever looks reads it
