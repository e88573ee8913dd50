"""Make the account of an officer, or of an administrator; its first password is asked for, never written down."""

import os
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.catalogue import queries as catalogue
from services.core.refusal import Refusal
from services.core.states import STAFF, Role
from services.people.actions.officers import Officer, enroll_officers

ROLES = sorted(role.value for role in STAFF | {Role.ADMINISTRATOR})


class Command(BaseCommand):
    """`manage.py create_officer ayshe --role clerk --organisation civil-affairs --name "Ayshe Test"`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is; the password comes from OFFICER_PASSWORD or the terminal."""
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument(
            "--organisation", default="", help="the code of the office; none for an administrator"
        )
        parser.add_argument("--name", required=True, help="the name under their decisions")

    def handle(
        self, *args: Any, username: str, role: str, organisation: str, name: str, **options: Any
    ) -> None:
        """Make the account, or say why not."""
        offices = {one.code: one for one in catalogue.organisations("en")}
        if organisation and organisation not in offices:
            raise CommandError(f"There is no office “{organisation}” in the catalogue.")
        if organisation and offices[organisation].elsewhere and role == Role.REVIEWER:
            raise CommandError(f"“{organisation}” only receives applications, and decides none (R11.7).")
        officer = Officer(username=username, role=Role(role), organisation=organisation, name=name)
        try:
            made = enroll_officers(officers=[officer], password=_password())
        except Refusal as refusal:
            raise CommandError(refusal.told()) from None
        self.stdout.write(f"{username} can sign in." if made else f"{username} was there before.")


def _password() -> str:
    password = os.environ.get("OFFICER_PASSWORD") or getpass("First password: ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
