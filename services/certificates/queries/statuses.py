"""The public lists of which certificates still hold, signed; and where a certificate stands in them."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from django.conf import settings

from services.certificates import keys
from services.certificates.models import Certificate, Status
from services.core.refusal import Kind, Refusal
from services.core.seals import digest
from services.core.status_lists import BITS, MARKS, packed, places, reference

TYPE = "statuslist+jwt"
# For so long a list may be taken for the newest; what is revoked is out of force everywhere after it.
FRESH_SECONDS = 300
# For so long a list may still be relied on where this portal cannot be reached.
GOOD_SECONDS = 24 * 60 * 60


class NoSuchStatusList(Refusal):
    """No certificate stands in a list of this number."""

    code = "no_such_status_list"
    kind = Kind.MISSING
    sentence = "There is no such list."


def status_lists() -> int:
    """Return how many lists there are; they are numbered from 1, and there always is one."""
    last = Certificate.objects.order_by("-place").values_list("place", flat=True).first()
    return reference(last or 1).number


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where a certificate's status stands: at which index of the list at which address."""

    index: int
    address: str


@dataclass(frozen=True, slots=True)
class SignedList:
    """A status list as a signed token; `tag` changes whenever what it says does, or the key that signs it."""

    token: str
    tag: str


def status_list(*, number: int, moment: float | None = None) -> SignedList:
    """Return the list as a signed token, as of the last five minutes: the same to everybody who asks then.

    It lives on real time, like every token.

    :raises NoSuchStatusList:
    """
    if not 1 <= number <= status_lists():
        raise NoSuchStatusList
    here = places(number)
    rows = Certificate.objects.filter(place__gte=here[0], place__lte=here[-1]).exclude(status=Status.VALID)
    marks = {reference(place).index: MARKS[status] for place, status in rows.values_list("place", "status")}
    since = int(moment or time.time()) // FRESH_SECONDS * FRESH_SECONDS
    return _signed({
        "sub": address(number),
        "iat": since,
        "exp": since + GOOD_SECONDS,
        "ttl": FRESH_SECONDS,
        "status_list": {"bits": BITS, "lst": packed(marks)},
    })  # fmt: skip


def address(number: int) -> str:
    """Return where a list is found, for good."""
    return f"{settings.SITE_URL}/api/v1/status-lists/{number}"


def status_place(place: int) -> StatusPlace:
    """Return where the status of a certificate stands, for whoever has been shown it to poll from then on."""
    where = reference(place)
    return StatusPlace(where.index, address(where.number))


def _signed(claims: Mapping[str, object]) -> SignedList:
    key = keys.sealing_key()
    public = keys.public_part(key)
    named = {"kid": keys.key_id(public), "typ": TYPE}
    token = jwt.encode(dict(claims), key, algorithm=keys.algorithm_of(public), headers=named)
    return SignedList(token, digest({**named, **claims})[:32])
