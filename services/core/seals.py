"""The bytes a seal is set on, and the chain of hashes that shows a missing or altered ledger entry."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from uuid import UUID

from services.core.refusal import Refusal

# What a signature is for stands before what is signed, so that a seal on one kind of thing fits no other.
CERTIFICATE = b"onevisit certificate 1\n"
LEDGER = b"onevisit ledger 1\n"

GENESIS = "0" * 64  # what the first entry of a chain follows


class NotSealable(Refusal):
    """The content has no one way of being written down."""

    code = "not_sealable"
    sentence = "A value of the kind {kind} cannot be sealed."


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a chain, as it was kept: its content, and the hash it was given."""

    entry: Mapping[str, object]
    hash: str


def canonical(content: Mapping[str, object]) -> bytes:
    """Return the one way of writing the content: JSON in UTF-8, keys sorted, no space between.

    Days and moments are ISO texts, moments in UTC, amounts their decimal text; reading the bytes
    back and writing them again gives the same bytes, so what a database returns can be checked.

    :raises NotSealable: for fractions kept in binary, keys that are not text, and unknown values.
    """
    try:
        return json.dumps(
            _plain(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        ).encode()
    except UnicodeEncodeError as broken:
        raise NotSealable(kind="broken text") from broken


def signing_input(content: Mapping[str, object]) -> bytes:
    """Return the bytes that the seal of a certificate with this content signs."""
    return CERTIFICATE + canonical(content)


def digest(content: Mapping[str, object]) -> str:
    """Return the SHA-256 of the canonical content, as 64 hexadecimal digits."""
    return sha256(canonical(content)).hexdigest()


def chain(previous_hash: str, entry: Mapping[str, object]) -> str:
    """Return the hash of a ledger entry after the one with `previous_hash`, `GENESIS` if it is the first."""
    return sha256(LEDGER + previous_hash.encode() + b"\n" + canonical(entry)).hexdigest()


def verify_chain(links: Iterable[Link], *, head: str | None = None) -> int | None:
    """Return the index of the first entry that does not follow from those before it, or None.

    With `head`, the hash kept elsewhere of the last entry, a chain that was cut short is broken at
    the index of the first entry that is missing.
    """
    previous, length = GENESIS, 0
    for index, link in enumerate(links):
        if chain(previous, link.entry) != link.hash:
            return index
        previous, length = link.hash, index + 1
    return length if head is not None and head != previous else None


def _plain(value: object) -> object:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | str():
            return value
        case Mapping():
            return {_key(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return _text(value)


def _text(value: object) -> str:
    match value:
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case Decimal() if value.is_finite():
            return str(value)
        case UUID():
            return str(value)
        case _:
            raise NotSealable(kind=type(value).__name__)


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise NotSealable(kind=f"{type(name).__name__} as a name")
    return str(name)
