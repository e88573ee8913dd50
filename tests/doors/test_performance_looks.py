"""The performance page in a real browser: charts that can be read on a telephone and a desk, from either side."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from services.cases.queries.counting_bundles import BundleFigures
from services.cases.queries.figures import Figures
from services.catalogue import queries as catalogue
from services.visits.queries import PlaceCounts
from tests.core.a_service import FOLDER
from tests.counted import keep
from tests.published import put_catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTHS = [390, 1280]
RATED = {"1": 12, "2": 14, "3": 40, "4": 90, "5": 160, "ratings": 316}


def some(number: int) -> Figures:
    """Return the figures of some programme or month, no two alike."""
    cases = 140 + 61 * number % 700
    closed, once = cases - 20, (cases * (3 + number % 5)) // 25
    late = closed * (1 + number % 4) // 50
    return Figures(
        services=6, services_resolved=6, cases=cases, resolved=closed - 12, refused=12, visits=once,
        closed=closed, without_visit=closed - once, one_visit=once, on_time=closed - late, late=late,
        visits_before=2 * closed, papers_before=5 * closed, visits_of_resolved=once, working_days=3 * closed,
        days_counted=closed,
    )  # fmt: skip


def event(number: int) -> BundleFigures:
    """Return the figures of some bundle."""
    many = 60 + 17 * number % 90
    return BundleFigures(
        applications=many + 12, closed=many, without_visit=many // 3, one_visit=many - many // 3, on_time=many,
        visits=many - many // 3, working_days=6 * many, visits_before=7 * many, papers_before=20 * many,
    )  # fmt: skip


def served(many: int) -> PlaceCounts:
    """Return the numbers of a centre that so many came to."""
    prompt, minutes, days = many * 9 // 10, 6 * many, 2 * many
    return PlaceCounts(visits=many, served=many, prompt=prompt, minutes=minutes, booked=many, days=days)


@pytest.fixture
def figures() -> None:
    """Figures of the whole catalogue, of seven months and of its centres; nobody is few anywhere."""
    put_catalogue(FOLDER)
    programmes = [one.code for one in catalogue.programmes("en")]
    places = {"services-centre": 640, "prefecture-hospital": 140, "north-township-station": 90}
    keep(
        programmes={code: some(number) for number, code in enumerate(programmes)},
        months={f"2026-{month:02}": some(month) for month in range(5, 12)},
        places={code: served(many) for code, many in places.items()},
        centres={code: some(number) for number, code in enumerate(places)},
        bundles={one.code: event(number) for number, one in enumerate(catalogue.bundles("en"))},
        ratings={"programme": {"": RATED} | dict.fromkeys(programmes[:6], RATED)},
    )


def looked_at(page: Path) -> dict[str, Any]:
    """Open the page in a browser that is a process of its own, and return what it measured."""
    pictures = str(page.with_suffix("")) if os.environ.get("SCREENSHOTS") else ""
    command = [sys.executable, "-m", "tests.doors.a_look", str(page), json.dumps(WIDTHS), pictures]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ug"])
def test_charts_fit_and_no_words_stand_on_others(figures, root, tmp_path, language):
    html = Client(HTTP_ACCEPT_LANGUAGE=language).get("/performance/").content.decode()
    styles = (root / "static" / "onevisit.css").read_text(encoding="utf-8")
    page = tmp_path / f"performance-{language}.html"
    page.write_text(
        re.sub(r'<link[^>]+rel="stylesheet"[^>]*>', lambda _: f"<style>{styles}</style>", html), "utf-8"
    )

    for width, found in looked_at(page).items():
        assert found["wide"] <= int(width)
        assert len(found["charts"]) == 6 and len(found["names"]) == len(found["told"]) > 30
        for name, told in zip(found["names"], found["told"], strict=True):
            apart = name[1] <= told[0] or told[1] <= name[0]
            assert apart, (width, name, told)
        begins, ends, *_ = found["charts"][0]
        for left, right, *_ in found["pieces"] + found["names"] + found["told"]:
            assert begins - 4 <= left <= right <= ends + 4  # letters lean out a little


def test_a_chart_reads_from_the_right_in_uyghur(figures, root, tmp_path):
    """Names begin at the right, and the first piece of each bar does."""
    page = Client(HTTP_ACCEPT_LANGUAGE="ug").get("/performance/")

    first = next(one for one in page.context["charts"] if one.code == "visits")
    row = next(iter(first.drawn()))
    assert first.start == "100%" and first.direction == "rtl"
    begins = [float(one.x.rstrip("%")) for one in row.pieces]
    assert begins == sorted(begins, reverse=True)
