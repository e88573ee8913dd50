"""What the sandbox needs before it serves: tables, a signing key, the portal as a client, a world."""

from allauth.idp.oidc.models import Client
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from portal.sandbox import signing
from portal.sandbox.identity import SCOPE
from portal.sandbox.models import SigningKey
from portal.sandbox.seeding.storing import Seeding, seed_world


def prepare() -> Seeding:
    """Bring everything to its place; what is there already stays as it is.

    :raises CannotRead: if the catalogue's data cannot be read.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {settings.SCHEMA}")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    _make_signing_key()
    _register_portal()
    seeded = seed_world(
        catalogue=settings.CATALOGUE_DIR,
        seed=settings.WORLD_SEED,
        today=settings.WORLD_DATE,
        size=settings.WORLD_SIZE,
        password=settings.PEOPLE_PASSWORD,
    )
    signing.make_missing_keys()
    return seeded


def _make_signing_key() -> None:
    if SigningKey.objects.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    SigningKey.objects.create(pem=pem.decode())


def _register_portal() -> None:
    """Let the portal ask for identities; nobody is asked to consent, for they come from there only."""
    client = Client.objects.filter(id=settings.OIDC_CLIENT_ID).first() or Client(id=settings.OIDC_CLIENT_ID)
    client.name, client.skip_consent = "OneVisit", True
    if not client.check_secret(settings.OIDC_CLIENT_SECRET):
        client.set_secret(settings.OIDC_CLIENT_SECRET)
    client.set_scopes(["openid", "profile", "email", SCOPE])
    client.set_redirect_uris([settings.PORTAL_URL + settings.OIDC_REDIRECT_PATH])
    client.save()
