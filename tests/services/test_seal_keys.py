"""The key that seals can be changed while the portal runs, and everything it ever sealed stays genuine."""

import base64
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from services.certificates import keys, queries
from services.certificates.actions.papers import sealed_paper
from services.certificates.actions.rotating import CertificateDoesNotFit, CertificateNeeded, rotate_seal_key
from services.certificates.models import Certificate, SealForm, SealKey
from services.certificates.paper.seal import read_seal
from services.certificates.queries.checking import verify_code
from services.certificates.queries.history import seal_keys
from services.core import seals, statements
from services.core.facts import Holder
from tests.services.a_paper import NOW, TODAY, issued

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def own_keys(settings: object, tmp_path: Path) -> Iterator[Path]:
    """Keep the keys of these tests for themselves."""
    settings.SEAL_KEY_FILE = tmp_path / "keys" / "seal.pem"
    settings.SEAL_CERTIFICATE_FILE = tmp_path / "keys" / "seal.crt"
    yield tmp_path


def code_of(one: queries.CertificateView) -> str:
    row = Certificate.objects.select_related("seal_key").get(id=one.id)
    signed = queries.signed_statement(row, bytes(row.seal_key.public_key))
    return statements.compact(signed, bytes(row.signature))


def is_genuine(one: queries.CertificateView) -> bool:
    return queries.verify(number=one.number, check_code=one.check_code, on=TODAY).genuine


@pytest.mark.parametrize("kind", [lambda: generate_private_key(SECP256R1()), Ed25519PrivateKey.generate])
def test_a_certificate_is_a_json_web_signature_that_anybody_can_check(ayse: Holder, kind):
    keys.make_key(keys.Path(keys.settings.SEAL_KEY_FILE))
    keys.replace_key(kind())
    one = issued(ayse)

    [published] = seal_keys()
    said = jwt.decode(code_of(one), jwt.PyJWK(published.jwk).key, algorithms=[published.jwk["alg"]])

    assert said["number"] == one.number
    assert verify_code(code=code_of(one), on=TODAY).genuine


def test_another_key_takes_over_and_both_seals_hold(ayse: Holder, own_keys: Path):
    before = issued(ayse)
    old_pem = (own_keys / "keys" / "seal.pem").read_bytes()

    new_id = rotate_seal_key(now=LATER)
    after = issued(ayse)

    assert is_genuine(before)
    assert is_genuine(after)
    assert verify_code(code=code_of(before), on=TODAY).genuine
    newest, oldest = seal_keys()
    assert (newest.id, newest.retired_at, oldest.retired_at) == (new_id, None, LATER)
    assert Certificate.objects.get(id=after.id).seal_key_id == new_id
    # The old private key is gone: nobody seals with it any more.
    assert old_pem not in [file.read_bytes() for file in (own_keys / "keys").iterdir()]
    assert stat.S_IMODE((own_keys / "keys" / "seal.pem").stat().st_mode) == 0o600


def test_a_pdf_is_sealed_with_the_certificate_of_the_key_that_seals(prefecture: object, ayse: Holder):
    one = issued(ayse)
    row = Certificate.objects.select_related("seal_key").get(id=one.id)
    sealed_paper(row, "en", NOW)

    rotate_seal_key(now=LATER)
    found = read_seal(sealed_paper(row, "en", LATER))

    assert found and found.is_intact
    assert found.public_key == keys.public_part(keys.sealing_key())


def test_the_command_rotates_to_a_key_and_certificate_from_elsewhere(ayse: Holder, tmp_path: Path, capsys):
    issued(ayse)
    key = generate_private_key(SECP256R1())
    (tmp_path / "new.pem").write_bytes(keys.pem_of(key))
    (tmp_path / "new.crt").write_bytes(keys.make_certificate(key).public_bytes(Encoding.PEM))

    call_command("rotate_seal_key", key=tmp_path / "new.pem", certificate=tmp_path / "new.crt")

    assert keys.public_part(keys.sealing_key()) == keys.public_part(key)
    assert keys.certified(keys.sealing_certificate(key)) == keys.public_part(key)
    assert keys.key_id(keys.public_part(key)) in capsys.readouterr().out


def test_in_production_no_certificate_is_made(ayse: Holder, settings: object):
    issued(ayse)
    settings.ENVIRONMENT = "production"

    with pytest.raises(CertificateNeeded):
        rotate_seal_key(now=LATER)
    with pytest.raises(CommandError, match="together with its certificate"):
        call_command("rotate_seal_key")
    with pytest.raises(ImproperlyConfigured, match="SEAL_CERTIFICATE_FILE"):
        keys.sealing_certificate(keys.sealing_key())


def test_key_and_certificate_must_be_a_pair(ayse: Holder):
    one, other = (generate_private_key(SECP256R1()) for _ in range(2))

    with pytest.raises(CertificateDoesNotFit):
        rotate_seal_key(now=LATER, key=one, certificate=keys.make_certificate(other))


def test_a_key_of_another_kind_seals_nothing(own_keys: Path):
    with pytest.raises(ImproperlyConfigured, match="P-256"):
        keys.key_from(keys.pem_of(generate_private_key(SECP384R1())))


def test_the_history_of_keys_cannot_be_rewritten(ayse: Holder):
    issued(ayse)
    rotate_seal_key(now=LATER)
    retired = SealKey.objects.filter(retired_at__isnull=False)

    for change in (
        lambda: retired.update(retired_at=None),
        lambda: SealKey.objects.update(first_used_at=LATER),
        lambda: SealKey.objects.update(public_key=b"another"),
        retired.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_was_sealed_in_the_earlier_form_stays_genuine_and_gets_a_code(prefecture: object, ayse: Holder):
    one = issued(ayse)
    row = Certificate.objects.select_related("seal_key").get(id=one.id)
    row.seal_form = SealForm.CONTENT
    as_before = keys.seal(keys.sealing_key(), seals.signing_input(queries.sealable(row)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE certificates_certificate DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE certificates_certificate SET signature = %s, seal_form = %s, digest = %s WHERE id = %s",
            [as_before, SealForm.CONTENT, seals.digest(queries.sealable(row)), row.id],
        )
    row = Certificate.objects.select_related("seal_key").get(id=one.id)

    found = read_seal(sealed_paper(row, "en", NOW))

    assert is_genuine(one)
    assert found and verify_code(code=found.link.rpartition("/")[2], on=TODAY).genuine


def test_the_two_numbers_of_a_signature_have_their_places_also_when_small():
    key = generate_private_key(SECP256R1())
    signatures = [keys.seal(key, bytes([number])) for number in range(200)]

    assert {len(one) for one in signatures} == {64}
    assert all(keys.is_sealed_by(keys.public_part(key), one, bytes([n])) for n, one in enumerate(signatures))


@pytest.mark.parametrize("signature", [b"", b"x" * 63, bytes(64), b"\xff" * 64])
def test_no_other_bytes_are_a_signature(signature: bytes):
    for key in (generate_private_key(SECP256R1()), Ed25519PrivateKey.generate()):
        assert not keys.is_sealed_by(keys.public_part(key), signature, b"anything")
    assert not keys.is_sealed_by(base64.b64decode("AAAA"), signature, b"anything")
