"""Foresee how a prefecture would do: made-up cases go through the real law, offices and windows. Needs no database."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.foreseeing.prefecture import OURS, Prefecture, read_prefecture
from portal.foreseeing.telling import figures, lines
from portal.foreseeing.world import Catalogue, World, catalogue_of
from services.catalogue.folder import read_folder
from services.core.refusal import Refusal


class Command(BaseCommand):
    """`manage.py simulate [--cases N] [--seed S] [--prefecture FILE] [--catalogue FOLDER] [--json]`."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what is assumed, and how much of it is walked."""
        parser.add_argument("--cases", type=int, default=10_000, help="how many cases are filed")
        parser.add_argument("--seed", default="1", help="the same seed makes the same lives")
        parser.add_argument("--prefecture", type=Path, default=OURS, help="a file like prefecture.toml")
        parser.add_argument("--catalogue", type=Path, default=Path(settings.CATALOGUE_DIR))
        parser.add_argument("--applications-a-day", type=float, help="instead of the file's number")
        parser.add_argument("--json", action="store_true", help="the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, and print what was counted; exit 1 if somebody came twice, was asked twice, or a case did not end."""
        try:
            catalogue = catalogue_of(read_folder(options["catalogue"]))
            prefecture = self._prefecture(options)
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(str, refusal.errors)])) from refusal
        tally = self._run(catalogue, prefecture, options)
        if options["json"]:
            self.stdout.write(json.dumps(figures(tally)))
        else:
            self.stdout.write("\n".join(lines(tally)))
        if tally.broken:
            raise CommandError(f"a promise was broken: {figures(tally)['broken']}", returncode=1)

    def _prefecture(self, options: dict[str, Any]) -> Prefecture:
        found = read_prefecture(options["prefecture"])
        many = options["applications_a_day"]
        return replace(found, demand=replace(found.demand, applications_a_day=many)) if many else found

    def _run(self, catalogue: Catalogue, prefecture: Prefecture, options: dict[str, Any]) -> Any:
        return World(catalogue, prefecture, options["seed"]).run(options["cases"])
