"""What the square code of a certificate says: the least that tells a genuine one, as a signed JSON text (JWS).

The text stands alone: whoever has the published keys can check it without asking us. It holds nothing personal;
the digest is that of everything the certificate says of its holder, and cannot be guessed, because that holds ids
made by chance.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from services.core.refusal import Refusal
from services.core.seals import canonical

# What it is for stands in its head, so that no other signed text of ours passes for a certificate (RFC 8725, 3.11).
TYPE = "certificate+jws"
ALGORITHMS = ("ES256", "EdDSA")
LONGEST = 2000
MOST_VERSIONS = 10_000
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")
KEY_ID = re.compile(r"[0-9a-f]{16}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class NotAStatement(Refusal):
    """The text is not one that a certificate of ours carries."""

    code = "not_a_statement"
    sentence = "This is not the code of a certificate of ours."


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a square code says."""

    number: str
    version: int
    type: str
    organisation: str
    issued_on: date
    valid_until: date | None
    digest: str
    # Where its status stands in the public lists (`status_lists`); what was signed earlier does not say.
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedStatement:
    """A statement as it was read: by which key it claims to be signed, over which bytes. Nobody has checked it yet."""

    statement: Statement
    key_id: str
    algorithm: str
    signed: bytes
    signature: bytes


def signing_input(statement: Statement, *, key_id: str, algorithm: str) -> bytes:
    """Return the bytes that the key signs: head and content of the JWS."""
    head = {"alg": algorithm, "kid": key_id, "typ": TYPE}
    return f"{_encoded(canonical(head))}.{_encoded(canonical(_payload(statement)))}".encode()


def compact(signed: bytes, signature: bytes) -> str:
    """Return the signed text as it stands in the square code."""
    return f"{signed.decode()}.{_encoded(signature)}"


def read_statement(text: str) -> SignedStatement:
    """Return what the text says, if it is written exactly as we write.

    :raises NotAStatement: otherwise; there is one way of writing a statement, and every other is somebody else's.
    """
    if len(text) > LONGEST or not COMPACT.fullmatch(text):
        raise NotAStatement
    head, payload, signature = text.split(".")
    try:
        named, said = json.loads(_decoded(head)), json.loads(_decoded(payload))
        statement = _statement(said)
        key_id, algorithm = named["kid"], named["alg"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotAStatement from error
    read = SignedStatement(
        statement=statement,
        key_id=key_id,
        algorithm=algorithm,
        signed=f"{head}.{payload}".encode(),
        signature=_decoded(signature),
    )
    if not _is_ours(read):
        raise NotAStatement
    return read


def _is_ours(read: SignedStatement) -> bool:
    if read.algorithm not in ALGORITHMS or not KEY_ID.fullmatch(str(read.key_id)):
        return False
    if not 1 <= read.statement.version <= MOST_VERSIONS:
        return False
    return read.signed == signing_input(read.statement, key_id=read.key_id, algorithm=read.algorithm)


def _payload(statement: Statement) -> dict[str, object]:
    return {
        "number": statement.number,
        "version": statement.version,
        "type": statement.type,
        "office": statement.organisation,
        "issued": statement.issued_on,
        "until": statement.valid_until,
        "digest": _encoded(bytes.fromhex(statement.digest)),
        **({"place": statement.place} if statement.place is not None else {}),
    }


def _statement(said: dict[str, object]) -> Statement:
    until = said["until"]
    return Statement(
        number=str(said["number"]),
        version=int(str(said["version"])),
        type=str(said["type"]),
        organisation=str(said["office"]),
        issued_on=date.fromisoformat(str(said["issued"])),
        valid_until=None if until is None else date.fromisoformat(str(until)),
        digest=_hexadecimal(_decoded(str(said["digest"]))),
        place=int(str(said["place"])) if "place" in said else None,
    )


def _hexadecimal(digest: bytes) -> str:
    if not DIGEST.fullmatch(digest.hex()):
        raise ValueError("no SHA-256")
    return digest.hex()


def _encoded(plain: bytes) -> str:
    return urlsafe_b64encode(plain).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
