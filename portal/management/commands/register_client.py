"""Register a program that may ask people for tokens; what each token can do, the person's own role limits."""

import argparse
from typing import Any

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.models import Client
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.api.scopes import Scope

SCOPES = [str(scope) for scope in Scope]


class Command(BaseCommand):
    """`manage.py register_client demonstration --without-consent`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the program's name, where it is sent back to, and what it may ask for."""
        back = f"{settings.SITE_URL}/api/docs"
        parser.add_argument("client", help="its id, as in client_id")
        parser.add_argument("--name", default="", help="what people are told it is called")
        parser.add_argument(
            "--redirect-uri", action="append", dest="back", metavar="URI", help=f"default: {back}"
        )
        parser.add_argument("--scopes", nargs="+", choices=SCOPES, default=SCOPES)
        parser.add_argument(
            "--confidential", action="store_true", help="it can keep a secret: make one, print it"
        )
        parser.add_argument(
            "--without-consent",
            action="store_true",
            help="ask nobody before it gets a token; not in production",
        )
        parser.set_defaults(default_back=[back])

    def handle(self, *args: Any, client: str, **options: Any) -> None:
        """Register the program, or bring what is registered up to what is said here."""
        asked = argparse.Namespace(**options)
        if settings.PRODUCTION and asked.without_consent:
            raise CommandError("In production nobody's token is given without their consent.")
        program = Client.objects.filter(id=client).first() or Client(id=client)
        program.name = asked.name or client
        program.type = Client.Type.CONFIDENTIAL if asked.confidential else Client.Type.PUBLIC
        program.skip_consent = asked.without_consent
        program.set_scopes(asked.scopes)
        program.set_redirect_uris(asked.back or asked.default_back)
        program.grant_types = "\n".join([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
        secret = get_adapter().generate_client_secret()
        program.set_secret(secret)
        program.full_clean()
        program.save()
        self.stdout.write(f"{client} is registered; its tokens can carry: {', '.join(asked.scopes)}")
        if asked.confidential:
            self.stdout.write(f"Its secret, told this once: {secret}")
