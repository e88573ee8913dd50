"""Prove definitions and bundles: code, badge, visits, papers and longest path, or the counter-example."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.catalogue.actions import Proved, proof_record, prove_bundles, prove_folder
from services.catalogue.folder import Folder, check_examples, is_catalogue, read_folder, read_loose
from services.core.reading import DefinitionRefused
from services.core.ways import WaysOfRequirement, ways_to_prove

Row = dict[str, Any]


class Command(BaseCommand):
    """`manage.py prove_definitions [--json] [--papers] [PATH…]`: folders or single files; ours if none is named."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take folders of other prefectures, or files in them."""
        parser.add_argument("paths", nargs="*", type=Path)
        parser.add_argument(
            "--papers", action="store_true", help="for each requirement every way to prove it, in its order"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object per line")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        """Print a row per definition and bundle; exit 1 if any fails."""
        failed = 0
        for path in paths or [Path(settings.CATALOGUE_DIR)]:
            for row in rows(path):
                failed += bool(row["failures"])
                ways = row if options["papers"] else {**row, "ways": []}
                self.stdout.write(json.dumps(row, ensure_ascii=False) if options["json"] else as_line(ways))
        if failed:
            raise CommandError(f"{failed} not proved", returncode=1)


def rows(path: Path) -> Iterator[Row]:
    """Yield a row for each definition and bundle of the folder; for a file, its own row only."""
    path = path.resolve()
    if not path.exists():
        yield failed_row(str(path), "There is no such file or folder.")
        return
    try:
        found = list(_rows(path))
    except DefinitionRefused as refusal:
        found = [refused_row(refusal)]
    yield from found or [failed_row(str(path), "There is no definition here.")]


def _rows(path: Path) -> Iterator[Row]:
    root = _root(path)
    folder = read_folder(root) if is_catalogue(root) else read_loose(root, upon=_ground(root))
    wanted = None if path.is_dir() else str(path.relative_to(root))
    yield from (refused_row(one) for one in folder.refused if wanted in (None, one.values["file"]))
    for proved in prove_folder(folder):
        if wanted in (None, proved.written.file):
            yield definition_row(proved, folder)
    if wanted is None:
        yield from ({"code": bundle.code, "badge": "bundle", "files": 0} | proof.as_record()
                    for bundle, proof in prove_bundles(folder))  # fmt: skip


def _root(path: Path) -> Path:
    """Return the folder to read: a catalogue where the path lies in one, else the folder of loose definitions."""
    if path.is_dir():
        return path
    above = path.parents[:2]
    return next((folder for folder in above if is_catalogue(folder)), path.parent)


def _ground(folder: Path) -> Path:
    """Return the catalogue on which loose definitions rest: the one they lie in, or ours."""
    return folder.parent if is_catalogue(folder.parent) else Path(settings.CATALOGUE_DIR)


def failed_row(code: str, sentence: str) -> Row:
    """Return the row of what cannot be proved, with the one sentence that says why."""
    return {"code": code, "badge": "refused", "failures": [sentence]}


def refused_row(refusal: DefinitionRefused) -> Row:
    """Return the row of a file that cannot be read."""
    return {
        "code": refusal.values["file"],
        "badge": "refused",
        "failures": [str(one) for one in refusal.errors],
    }


def definition_row(proved: Proved, folder: Folder) -> Row:
    """Return what was shown of a definition, or every counter-example and every example that went differently."""
    record = proof_record(proved.proof)
    failures = [failure["en"] for failure in record["failures"]]
    failures += [str(mistake) for mistake in check_examples(proved.definition, folder.law)]
    ways = [_written(one) for one in ways_to_prove(proved.definition)]
    return {"code": proved.definition.code} | record | {"failures": failures, "ways": ways}


def _written(one: WaysOfRequirement) -> Row:
    """Return a requirement's ways as the row keeps them."""
    return {
        "requirement": one.requirement,
        "party": one.party,
        "when": one.when,
        "ways": [
            {"type": way.type, "source": str(way.source)}
            | ({"office": way.organisation} if way.organisation else {})
            | ({"at": way.at} if way.at else {})
            for way in one.ways
        ],
        "last": str(one.last or "paper"),
    }


def as_line(row: Row) -> str:
    """Return the row for people to read."""
    if row["failures"]:
        return "\n    ".join([f"{row['code']}: not proved", *row["failures"]])
    papers = f"papers 0 (files {row['files']})" if row["badge"] != "bundle" else "bundle"
    told = f"{row['code']:<42} {row['badge']:<14} visits {row['visits']}  {papers:<20} days {row['days']}"
    return "\n".join([told, *_joint_lines(row), *(_ways_line(one) for one in row.get("ways", ()))])


def _joint_lines(row: Row) -> Iterator[str]:
    """Yield where the one visit of a bundle can be, and for which members it strains what their offices promise."""
    if row["badge"] == "bundle" and row["centres"]:
        yield f"    one visit, at: {', '.join(row['centres'])}"
    for code, days in row.get("waits", {}).items():
        lasts = f"{days} day{'s' if days > 1 else ''}"
        yield f"    {code} waits {lasts} for it: what it promises is suspended, what the law allows is not"
    for code, days in row.get("late", {}).items():
        lasts = f"{days} day{'s' if days > 1 else ''}"
        yield f"    {code} is looked at first, within its promise: late by {lasts}, should the look take all its time"


def _ways_line(one: Row) -> str:
    """Return a requirement with its ways for people to read, each after the one before it has failed."""
    whose = "" if one["party"] == "applicant" else f" of the {one['party']}"
    return f"    {one['requirement']}{whose}: " + " → ".join(_way_words(way) for way in one["ways"])


def _way_words(way: Row) -> str:
    words = {
        "issued": "certificate of ours {type}",
        "registry": "register of {office} ({type})",
        "declaration": "own statement ({type})",
        "upload": "photo or PDF from home ({type})",
        "seen": "seen at “{at}”, which is needed anyway ({type})",
    }
    return words[way["source"]].format(**way)
