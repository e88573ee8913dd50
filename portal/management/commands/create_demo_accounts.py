"""Make made-up officers for every office of the catalogue, and an administrator; production refuses."""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from services.catalogue import queries as catalogue
from services.core.refusal import Refusal
from services.core.states import Role
from services.people.actions.officers import Officer, enroll_officers

PASSWORD = "made-up-officer"  # noqa: S105 - everybody may know it: it opens made-up offices only
# Two clerks, because an inspection is done by two; the reviewer, because whoever accepts does not decide alone.
EACH_OFFICE = (
    ("clerk", Role.CLERK, "Clerk"),
    ("second-clerk", Role.CLERK, "Second clerk"),
    ("reviewer", Role.REVIEWER, "Reviewer"),
    ("supervisor", Role.SUPERVISOR, "Supervisor"),
)
LONGEST_NAME = 80


class Command(BaseCommand):
    """`manage.py create_demo_accounts`; the password is DEMO_PASSWORD, or one that everybody knows."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the accounts that are not there yet."""
        if settings.PRODUCTION:
            raise CommandError("Made-up officers are not for production.")
        officers = list(_officers())
        if not officers[1:]:
            raise CommandError("There is no office yet: publish the catalogue first.")
        try:
            made = enroll_officers(officers=officers, password=os.environ.get("DEMO_PASSWORD") or PASSWORD)
        except Refusal as refusal:
            raise CommandError(refusal.told()) from None
        self.stdout.write(
            f"{made} accounts of made-up officers were made, {len(officers) - made} were there."
        )


def _officers() -> Iterator[Officer]:
    yield Officer(
        username="administrator", role=Role.ADMINISTRATOR, organisation="", name="Made-up administrator"
    )
    for office in catalogue.organisations("en"):
        # Whoever only receives has nobody to decide anything.
        roles = [one for one in EACH_OFFICE if one[1] is not Role.REVIEWER or not office.elsewhere]
        for username, role, title in roles:
            name = f"{title}, {office.name}"[:LONGEST_NAME]
            yield Officer(
                username=f"{username}-{office.code}", role=role, organisation=office.code, name=name
            )
