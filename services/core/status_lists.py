"""The list by which anybody can see which certificates still hold: two bits for each, and no word of whose they are.

The form is the Token Status List of the IETF: a certificate names its list and its index in it; the list is a string of
bits, always of the same length, so that it does not tell how many were issued. What stands at an index that was never
given to a certificate looks like one that holds.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

BITS = 2
PER_BYTE = 8 // BITS
# How many certificates one list has room for: packed it weighs 16 kB, compressed a fraction of that.
LENGTH = 1 << 16
# Odd, so that no two places meet: certificates that were issued one after the other do not stand side by side.
STRIDE = 40503


class Mark(IntEnum):
    """What two bits tell; the first three are the registered values, the fourth is ours to give a meaning."""

    VALID = 0
    INVALID = 1  # revoked or cancelled: out of force for good
    SUSPENDED = 2
    SUPERSEDED = 3  # a newer version stands under the same number (R12.2)


# By the status that a certificate is kept with; that it has expired stands on the certificate itself.
MARKS: Mapping[str, Mark] = {
    "valid": Mark.VALID,
    "suspended": Mark.SUSPENDED,
    "revoked": Mark.INVALID,
    "cancelled": Mark.INVALID,
    "superseded": Mark.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a certificate stands: in which list, at which index."""

    number: int
    index: int


def reference(place: int) -> Reference:
    """Return where the certificate stands that was given this place, the first of all being 1."""
    number, offset = divmod(place - 1, LENGTH)
    return Reference(number + 1, offset * STRIDE % LENGTH)


def places(number: int) -> range:
    """Return the places that stand in the list of this number."""
    return range((number - 1) * LENGTH + 1, number * LENGTH + 1)


def packed(marks: Mapping[int, Mark]) -> str:
    """Return the list with these marks at their indices, compressed and in letters; all others hold."""
    bits = bytearray(LENGTH // PER_BYTE)
    for index, mark in marks.items():
        byte, place = divmod(index, PER_BYTE)
        bits[byte] |= mark << (place * BITS)
    return urlsafe_b64encode(zlib.compress(bytes(bits), 9)).rstrip(b"=").decode()


def mark_at(letters: str, index: int) -> Mark:
    """Return what a packed list tells at an index: what whoever polls it does."""
    bits = zlib.decompress(urlsafe_b64decode(letters + "=" * (-len(letters) % 4)))
    byte, place = divmod(index, PER_BYTE)
    return Mark(bits[byte] >> (place * BITS) & (1 << BITS) - 1)
