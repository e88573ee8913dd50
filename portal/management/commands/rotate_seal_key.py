"""Seal certificates with another key from now on; what was sealed before stays genuine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from services import clock
from services.certificates import keys
from services.certificates.actions.rotating import rotate_seal_key
from services.core.refusal import Refusal


class Command(BaseCommand):
    """`manage.py rotate_seal_key [--key new.pem --certificate new.crt]`."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the new key and its certificate; without them, and outside production, both are made."""
        parser.add_argument("--key", type=Path, help="the new private key, as PEM: P-256, or Ed25519")
        parser.add_argument("--certificate", type=Path, help="its X.509 certificate, as PEM")

    def handle(self, *args: Any, key: Path | None, certificate: Path | None, **options: Any) -> None:
        """Rotate, and say which key seals now."""
        given = keys.key_from(key.read_bytes()) if key else None
        vouched = keys.certificates_in(certificate)[0] if certificate else None
        try:
            key_id = rotate_seal_key(key=given, certificate=vouched, now=clock.now())
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Certificates are sealed with the key {key_id} from now on.")
