"""Prepare the database of `make run`: tables, catalogue, made-up officers, the demonstration's client.

One process does all of it, one after another: a second run is mostly the starting of programs.
"""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

# Each builds on those before it: officers are made for the offices that were published.
STEPS = (
    ("migrate", "--noinput"),
    ("publish_definitions",),
    ("create_demo_accounts",),
    ("register_client", "demonstration", "--without-consent"),
)


class Command(BaseCommand):
    """`manage.py prepare`; not in production, where each step is an operator's own."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Take every step; preparing again changes nothing."""
        for step in STEPS:
            call_command(*step, stdout=self.stdout, stderr=self.stderr)
