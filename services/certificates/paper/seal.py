"""The seal in a PDF (PAdES B-B): set by pyHanko, and read again from any file that somebody drops on us.

A file from outside is never parsed as a PDF here: what a seal covers, and the seal itself, are found as bytes.
Nothing is unpacked and nothing is followed, so a file made to hurt its reader has nothing to hurt.
"""

import io
import re
from dataclasses import dataclass
from hashlib import sha256, sha512

from asn1crypto import cms, core
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.certificates import keys

FIELD = "Seal"
BYTE_RANGE = re.compile(rb"/ByteRange ?\[ ?(\d{1,9}) (\d{1,9}) (\d{1,9}) (\d{1,9}) ?\]")
CONTACT = re.compile(rb"/ContactInfo ?\(((?:[^()\\]|\\\d{3}){1,4000})\)")
ESCAPED = re.compile(rb"\\([0-3][0-7]{2})")
HASHES = {"sha256": sha256, "sha512": sha512}  # of an ES256 and of an Ed25519 seal
# What reading somebody else's bytes as a seal may raise.
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, NotImplementedError)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSeal:
    """A seal as it was found in a file: by which key, whether it fits, and what came after it."""

    public_key: bytes
    is_intact: bool
    covers_everything: bool
    link: str


def seal_pdf(
    pdf: bytes, *, key: keys.SealingKey, certificate: x509.Certificate, reason: str, link: str
) -> bytes:
    """Return the PDF under our seal, which allows no change after it; `link` says where it can be checked."""
    # Loaded at the first seal: it takes a second, which a process that seals nothing shall not wait.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore(),
    )
    said = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, contact_info=link, certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES, subfilter=fields.SigSeedSubFilter.PADES,
    )  # fmt: skip
    sealed = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), said, signer=signer)
    return bytes(sealed.getvalue())


def read_seal(content: bytes) -> PdfSeal | None:
    """Return the first seal in the file, as far as it can be read; None if there is none."""
    found = BYTE_RANGE.search(content)
    if found is None:
        return None
    _, start, end, rest = (int(number) for number in found.groups())
    try:
        public, is_intact = _checked(content, start, end, rest)
    except BROKEN:
        public, is_intact = b"", False
    return PdfSeal(
        public_key=public,
        is_intact=is_intact,
        covers_everything=end + rest == len(content),
        link=_link(content),
    )


def _link(content: bytes) -> str:
    found = CONTACT.search(content)
    written = found[1] if found else b""
    return ESCAPED.sub(lambda one: bytes([int(one[1], 8)]), written).decode("ascii", "replace")


def _checked(content: bytes, start: int, end: int, rest: int) -> tuple[bytes, bool]:
    """Return the sealing key's public part, and whether its seal fits what it says it covers.

    Of a seal of a kind that we do not set, as of RSA, only the key is told: it is not ours, whatever it covers.
    """
    signed = cms.ContentInfo.load(_hexadecimal(content[start:end]))["content"]
    signer = signed["signer_infos"][0]
    public = _public_part(_certificate_of(signed, signer))
    try:
        return public, _fits(signer, public, content[:start] + content[end : end + rest])
    except BROKEN:
        return public, False


def _certificate_of(signed: cms.SignedData, signer: cms.SignerInfo) -> asn1_x509.Certificate:
    """Return the signer's own certificate: others may bring along those of whoever vouches for it."""
    found = [one.chosen for one in signed["certificates"]]
    named = signer["sid"].chosen
    serial = named["serial_number"].native if isinstance(named, cms.IssuerAndSerialNumber) else None
    return next((one for one in found if one.serial_number == serial), found[0])


def _fits(signer: cms.SignerInfo, public: bytes, covered_bytes: bytes) -> bool:
    """Return whether a seal of the kinds that we set fits these bytes."""
    hash_of = HASHES[signer["digest_algorithm"]["algorithm"].native]
    covered = hash_of(covered_bytes).digest()
    attributes = signer["signed_attrs"]
    told = {one["type"].native: one["values"] for one in attributes}
    is_whole = told["message_digest"][0].native == covered
    signature = _as_in_jws(signer["signature"].native, public)
    return is_whole and keys.is_sealed_by(public, signature, attributes.untag().dump())


def _hexadecimal(written: bytes) -> bytes:
    if written[:1] + written[-1:] != b"<>":
        raise ValueError("a seal stands between angle brackets")
    return bytes.fromhex(written[1:-1].decode("ascii"))


def _public_part(certificate: asn1_x509.Certificate) -> bytes:
    """Return the key as we keep keys; one of another kind, which is a number or several, whole as it is written."""
    key = certificate.public_key
    told = key["public_key"].native
    return bytes(told) if isinstance(told, bytes) else bytes(key.dump())


def _as_in_jws(signature: bytes, public: bytes) -> bytes:
    """Return the signature as `keys` takes it: the two numbers of an ES256 one side by side."""
    if len(public) == keys.ED25519_BYTES:
        return signature
    halves = core.SequenceOf.load(signature, spec=core.Integer)
    return b"".join(int(half.native).to_bytes(keys.HALF) for half in halves)
