"""Whether an answer is the office's own: signed with a key that it publishes, for this very question."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import jwt

from services.evidence.registries.bodies import PLAIN, read_bounded, read_json
from services.evidence.registries.exchange import NotAnAnswer, NotTrusted, Question

ALGORITHM = "ES256"
SORT = "register-answer+jws"
KEPT_SECONDS = 3600
OLDEST_SECONDS, EARLIEST_SECONDS = 300, 60  # how old an answer may be, and how far ahead its clock
CURVE = {"kty": "EC", "crv": "P-256"}


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """The keys of an office as it published them, and when that was, by a clock that nobody sets."""

    by_id: Mapping[str, jwt.PyJWK]
    since: float


_kept: dict[tuple[str, str], PublishedKeys] = {}


class KeyRing:
    """The keys of the offices at one address: asked for when they are needed, and kept for an hour."""

    def __init__(self, client: httpx.AsyncClient, address: str) -> None:
        self._client, self._address = client, address

    async def key(self, office: str, key_id: str) -> jwt.PyJWK:
        """Return a key of the office; one that is not known may be new, so that the office is asked once more.

        :raises NotTrusted: if the office publishes no such key.
        :raises NotAnAnswer: if its keys cannot be had.
        """
        kept = _kept.get((self._address, office))
        if kept is None or key_id not in kept.by_id or time.monotonic() - kept.since > KEPT_SECONDS:
            kept = _kept[self._address, office] = await self.published(office)
        if key_id not in kept.by_id:
            raise NotTrusted("signed with a key that its office does not publish")
        return kept.by_id[key_id]

    async def published(self, office: str) -> PublishedKeys:
        """Ask the office for its keys; nobody's data is read.

        :raises NotAnAnswer: if what comes is not a set of keys.
        """
        address = f"{self._address}/offices/{office}/keys.json"
        try:
            async with self._client.stream("GET", address, headers=PLAIN) as response:
                published = read_json(await read_bounded(response)).get("keys")
        except httpx.HTTPError as error:
            raise NotAnAnswer(type(error).__name__) from error
        if not isinstance(published, list):
            raise NotAnAnswer("no keys")
        by_id = {one["kid"]: key for one in published if (key := _read_key(one)) is not None}
        return PublishedKeys(by_id, time.monotonic())


def _read_key(published: object) -> jwt.PyJWK | None:
    """Return the key, if it is one that answers may be signed with; an office may publish others beside it."""
    if not isinstance(published, dict) or not isinstance(published.get("kid"), str):
        return None
    usual = published.get("use", "sig") == "sig" and published.get("alg", ALGORITHM) == ALGORITHM
    if not usual or any(published.get(name) != word for name, word in CURVE.items()):
        return None
    try:
        return jwt.PyJWK(published, algorithm=ALGORITHM)
    except jwt.PyJWTError:
        return None


async def open_answer(sealed: bytes, question: Question, *, reference: str, keys: KeyRing) -> dict[str, Any]:
    """Return what the office signed, if it is this office's answer of now to this question.

    :raises NotAnAnswer: if it is not signed JSON at all.
    :raises NotTrusted: if the signature, or what it covers, is another.
    """
    try:
        header = jwt.get_unverified_header(sealed)
    except jwt.PyJWTError as error:
        raise NotAnAnswer("not signed") from error
    if (header.get("alg"), header.get("typ")) != (ALGORITHM, SORT) or header.keys() & {"crit", "b64"}:
        raise NotTrusted("signed in another way than agreed")
    key = await keys.key(question.type.organisation, str(header.get("kid", "")))
    try:
        signed = jwt.PyJWS().decode(sealed, key=key, algorithms=[ALGORITHM])
    except jwt.PyJWTError as error:
        raise NotTrusted("the signature does not fit") from error
    answer = read_json(signed)
    _check_is_meant(answer, question, reference)
    return answer


def _check_is_meant(answer: Mapping[str, Any], question: Question, reference: str) -> None:
    meant = {"register": question.type.code, "office": question.type.organisation, "reference": reference}
    other = sorted(name for name, word in meant.items() if answer.get(name) != word)
    if other:
        raise NotTrusted(f"an answer of or to another: {', '.join(other)}")
    try:
        # Real time: an office knows nothing of a legal clock that a demonstration has moved.
        age = time.time() - datetime.fromisoformat(str(answer.get("answered_at"))).timestamp()
    except (ValueError, OverflowError) as error:
        raise NotTrusted("answered at no time") from error
    if not -EARLIEST_SECONDS <= age <= OLDEST_SECONDS:
        raise NotTrusted("an answer of another time")
