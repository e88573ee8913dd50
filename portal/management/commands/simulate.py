"""Foresee how a prefecture would do: made-up cases go through the real law, offices and windows. Needs no database."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string

from portal.charts import Chart
from portal.foreseeing.drawing import drawn
from portal.foreseeing.planning import Target, plan
from portal.foreseeing.prefecture import OURS, Prefecture, read_prefecture
from portal.foreseeing.tally import Tally
from portal.foreseeing.telling import figures, lines, plan_figures, plan_lines
from portal.foreseeing.world import Catalogue, World, catalogue_of
from services.catalogue.folder import read_folder
from services.core.refusal import Refusal

CASES, SAMPLE = 10_000, 4_000
HEAD, TITLE = 90, 34


def at_least_one(text: str) -> int:
    """Return the number; fewer than one of anything foresees nothing."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("It takes one at least.")
    return number


class Command(BaseCommand):
    """`manage.py simulate [--cases N] [--seed S] [--prefecture FILE] [--draw FILE] [--plan] [--json]`."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is assumed, how much of it is walked, and what is wanted."""
        parser.add_argument(
            "--cases", type=at_least_one, help="how many cases are filed: 10,000, or 4,000 a round"
        )
        parser.add_argument("--seed", default="1", help="the same seed makes the same lives")
        parser.add_argument("--prefecture", type=Path, default=OURS, help="a file like prefecture.toml")
        parser.add_argument("--catalogue", type=Path, default=Path(settings.CATALOGUE_DIR))
        parser.add_argument("--applications-a-day", type=at_least_one, help="instead of the file's number")
        parser.add_argument("--draw", type=Path, help="draw what came of it into this SVG file")
        parser.add_argument("--json", action="store_true", help="the figures as one JSON object")
        parser.add_argument(
            "--plan", action="store_true", help="search the officers and windows for a target"
        )
        parser.add_argument("--on-time", type=float, default=95, help="of 100 cases, so many decided on time")
        parser.add_argument("--wait", type=int, default=15, help="95 of 100 wait so many minutes at most")
        parser.add_argument("--days", type=int, default=3, help="95 of 100 come within so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and print what was counted; exit 1 if somebody came twice, was asked twice, or a case did not end."""
        try:
            catalogue = catalogue_of(read_folder(options["catalogue"]))
            prefecture = self._prefecture(options)
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(str, refusal.errors)])) from refusal
        if options["plan"]:
            tally, told = self._planned(catalogue, prefecture, options)
        else:
            tally = World(catalogue, prefecture, options["seed"]).run(options["cases"] or CASES)
            told = figures(tally) if options["json"] else lines(tally)
        self.stdout.write(json.dumps(told) if options["json"] else "\n".join(told))
        if options["draw"]:
            options["draw"].write_text(drawing(tally), encoding="utf-8")
        if tally.broken:
            raise CommandError(f"a promise was broken: {figures(tally)['broken']}", returncode=1)

    def _prefecture(self, options: dict[str, Any]) -> Prefecture:
        found = read_prefecture(options["prefecture"])
        many = options["applications_a_day"]
        return replace(found, demand=replace(found.demand, applications_a_day=many)) if many else found

    def _planned(
        self, catalogue: Catalogue, prefecture: Prefecture, options: dict[str, Any]
    ) -> tuple[Tally, Any]:
        target = Target(on_time=options["on_time"] / 100, minutes=options["wait"], days=options["days"])
        found = plan(catalogue, prefecture, target, seed=options["seed"], sample=options["cases"] or SAMPLE)
        return found.tally, plan_figures(found) if options["json"] else plan_lines(found, target)


def drawing(tally: Tally) -> str:
    """Return the charts of a run as one SVG."""
    charts = drawn(tally)
    words = f"{tally.cases:,} made-up cases · {tally.share_on_time:.1%} decided on time"
    height = HEAD + sum(one.height + TITLE for one in charts)
    context = {"title": "What is foreseen", "words": words, "parts": list(_placed(charts)), "height": height}
    return render_to_string("foreseeing/drawing.svg", context)


def _placed(charts: Sequence[Chart]) -> Iterator[dict[str, Any]]:
    at = HEAD
    for chart in charts:
        yield {"chart": chart, "title_at": at + TITLE // 2, "chart_at": at + TITLE - 8}
        at += chart.height + TITLE
