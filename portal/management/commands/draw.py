"""Draw what stands in tables: the life of a case, the background errands, the rules beside their tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.management.rules import page, read_citations, read_rules
from services.core.states import ENDED, MOVES
from services.errands import ROUTES, SECONDS_BETWEEN, Errand

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "docs"
DRAWN = "<!-- Drawn by `manage.py draw`; change the table in the code, not this page. -->\n"


class Command(BaseCommand):
    """`manage.py draw [--check]`."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to compare only."""
        parser.add_argument("--check", action="store_true", help="fail if a page differs from its table")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write the pages, or say which of them no longer agrees with the code."""
        for name, text in pages().items():
            page = FOLDER / name
            if not check:
                page.write_text(text, encoding="utf-8")
            elif not page.exists() or page.read_text(encoding="utf-8") != text:
                raise CommandError(f"docs/{name} differs from the code: run `manage.py draw`.")


def pages() -> dict[str, str]:
    """Return every page by its name."""
    drawn = {"reference/case-states.md": case_states, "reference/errands.md": errands, "rules.md": rules}
    return {name: "\n".join(lines()) + "\n" for name, lines in drawn.items()}


def case_states() -> Iterator[str]:
    """Yield the page that shows which state a case can move to, and by whose hand."""
    yield f"# The life of a case\n\n{DRAWN}\nWhat is not drawn here is forbidden, for every door and worker.\n"
    yield "```mermaid\nstateDiagram-v2\n    [*] --> received"
    for before, moves in MOVES.items():
        for after, roles in moves.items():
            yield f"    {before} --> {after}: {', '.join(sorted(roles))}"
    yield from (f"    {state} --> [*]" for state in MOVES if state in ENDED and not MOVES[state])
    yield "```"


def errands() -> Iterator[str]:
    """Yield the page that lists the background errands."""
    yield f"# Errands\n\n{DRAWN}\n| Errand | Queue | Sent for by itself every |\n|---|---|---|"
    for errand in Errand:
        seconds = SECONDS_BETWEEN.get(errand)
        yield f"| `{errand}` | {ROUTES[errand]} | {f'{seconds:g} s' if seconds else 'only when rung for'} |"


def rules() -> Iterator[str]:
    """Yield the page that sets each rule of the field beside the tests that cite it."""
    titles, known = read_rules(FOLDER / "rules.toml")
    yield f"# The rules, and the tests that keep them\n\n{DRAWN}"
    yield "Each rule stands here in one sentence (`docs/rules.toml`), beside every test that cites its number; the name"
    yield "of a test is its sentence. What is left out says why. Of sections that are not kept completely, a rule may"
    yield "stand without a test (—)."
    yield from page(titles, known, read_citations(ROOT / "tests"))
