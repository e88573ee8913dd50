"""The rules of the field beside the tests that keep them, for docs/rules.md: read from what the tests cite."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

# What this portal is for: each of their rules is kept by a test, or says why it is left out.
COMPLETE = frozenset({"R3", "R4", "R5", "R12", "R15"})
CITED = re.compile(r"\bR(\d+\.\d+)\b")
NAMED = re.compile(r"^test_r(\d+)_(\d+)_")
# A comment at the margin with nothing right below it: its rules are those of the tests that follow.
HEADING = re.compile(r"^(?:#.*\n)+(?=\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, in a sentence, and why it is left out if it is."""

    number: str
    asks: str
    left_out: str = ""

    @property
    def section(self) -> str:
        """Return the section it stands in: `R4` of `R4.6`."""
        return self.number.partition(".")[0]


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """One place that cites a rule: a test, or without one a whole file; `kept` if what stands there is a test."""

    number: str
    file: str
    test: str = ""
    kept: bool = True


def read_rules(file: Path) -> tuple[dict[str, str], dict[str, Rule]]:
    """Return the titles of the sections, and all rules by their number, in the order of the file."""
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    rules = {}
    for section, table in sections.items():
        reasons = table.get("left_out", {})
        for key in [*table, *(key for key in reasons if key not in table)]:
            if key.isdigit():
                number = f"{section}.{key}"
                rules[number] = Rule(number, table.get(key, ""), reasons.get(key, ""))
    return {section: table["title"] for section, table in sections.items()}, rules


def read_citations(folder: Path) -> list[Citation]:
    """Return what all files of tests cite, each place once, in order; of other files of the folder, too."""
    found = set()
    for file in folder.rglob("*.py"):
        name = file.relative_to(folder.parent).as_posix()
        found |= set(_citations(name, file.read_text(encoding="utf-8"), kept=file.name.startswith("test_")))
    return sorted(found)


def _citations(name: str, text: str, *, kept: bool) -> Iterator[Citation]:
    def cited(words: str, test: str = "") -> Iterator[Citation]:
        return (Citation(f"R{number}", name, test, kept) for number in CITED.findall(words))

    headings = {text.count("\n", 0, found.start()): found[0] for found in HEADING.finditer(text)}
    elsewhere = text.splitlines()
    for test, first, last in _tests(text):
        named = NAMED.match(test)
        above = [words for line, words in headings.items() if line < first]
        words = "\n".join([*above[-1:], *elsewhere[first:last]])
        yield from cited(words if named is None else f"R{named[1]}.{named[2]}\n{words}", test)
        elsewhere[first:last] = [""] * (last - first)
    for line, words in headings.items():
        elsewhere[line : line + words.count("\n")] = [""] * words.count("\n")
    yield from cited("\n".join(elsewhere))


def _tests(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each test with its lines, from the comment or the decorators right above it to its end."""
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1
            while first and lines[first - 1].startswith("#"):
                first -= 1
            yield node.name, first, node.end_lineno or node.lineno


def mistakes(rules: dict[str, Rule], citations: list[Citation]) -> list[str]:
    """Return what is wrong: a rule that nobody keeps, one that is cited and unknown, a reason that is out of date."""
    kept = {one.number: one for one in citations if one.kept}
    told = [
        f"{one.file} cites {one.number}, which is no rule." for one in citations if one.number not in rules
    ]
    for rule in rules.values():
        if not rule.asks:
            told.append(f"{rule.number} is left out, and is no rule.")
        elif rule.number in kept and rule.left_out:
            place = kept[rule.number]
            told.append(f"{rule.number} is said to be left out, and {place.file} {place.test} keeps it.")
        elif rule.section in COMPLETE and rule.number not in kept and not rule.left_out:
            told.append(f"{rule.number} is neither cited by a test nor said to be left out.")
    return told


def page(titles: dict[str, str], rules: dict[str, Rule], citations: list[Citation]) -> Iterator[str]:
    """Yield the lines of docs/rules.md, a table for each section."""
    for section, group in groupby(rules.values(), key=lambda rule: rule.section):
        yield f"\n## {section}. {titles[section]}\n\n| Rule | What it asks | Tests that keep it |\n|---|---|---|"
        for rule in group:
            places = [one for one in citations if one.kept and one.number == rule.number]
            told = "<br>".join(_files(places)) or (f"*Left out:* {rule.left_out}" if rule.left_out else "—")
            yield f"| {rule.number} | {rule.asks} | {told} |"


def _files(places: list[Citation]) -> Iterator[str]:
    for file, citations in groupby(places, key=lambda one: one.file):
        tests = [NAMED.sub("", one.test).removeprefix("test_").replace("_", " ") for one in citations]
        sentences = " · ".join(test for test in tests if test)
        yield f"[{Path(file).stem}](../{file})" + (f": {sentences}" if sentences else "")
