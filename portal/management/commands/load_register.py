"""Load a department's old certificates, a CSV file, as the register of their evidence type; or only check the file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import clock
from services.core.refusal import Refusal
from services.evidence.actions.loading import check_register_file, load_register


class Command(BaseCommand):
    """`manage.py load_register <evidence-type> <file.csv> [--check]`; the same file again changes nothing."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the certificates are evidence of, and the file."""
        parser.add_argument("kind", metavar="evidence-type")
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="tell every mistake, and load nothing")

    def handle(self, *args: Any, kind: str, file: Path, check: bool, **options: Any) -> None:
        """Check the whole file; load it if it has no mistake, else tell all of them."""
        try:
            if check:
                count = check_register_file(kind=kind, path=file, now=clock.now())
                self.stdout.write(f"{file} is good: {count} certificates. Nothing was loaded.")
                return
            loading = load_register(kind=kind, path=file, now=clock.now())
        except Refusal as refusal:
            for mistake in refusal.errors:
                self.stderr.write(f"{file}, {mistake}" if mistake.place else f"{file}: {mistake}")
            raise CommandError(refusal.told()) from refusal
        if loading.stored:
            self.stdout.write(
                f"{kind}: {loading.rows} certificates are its register now ({loading.stored} stored)."
            )
        else:
            self.stdout.write(f"{kind}: this file is its register already. Nothing was changed.")
