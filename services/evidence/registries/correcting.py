"""Asking a register's office to correct an entry (R3.15), and hearing what it has come to.

What it says is told to people and grants nothing: a corrected entry is asked for anew, and comes signed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from django.conf import settings

from services.evidence.registries.bodies import PLAIN, read_bounded, read_json
from services.evidence.registries.exchange import NotAnAnswer
from services.evidence.registries.guard import line_to
from services.evidence.registries.http_json import shown_to
from services.evidence.registries.places import Place, register_place

LONGEST_EXPLANATION = 2000
STATES = ("open", "corrected", "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What is said to be wrong: about whom, in which entry, why; under one reference however often it is sent."""

    type: str
    organisation: str
    holder_kind: str
    number: str = field(repr=False)
    key: str = field(repr=False)
    record: str = field(repr=False)
    reason: str = field(repr=False)
    reference: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the office has come to: still open, corrected, or kept as it was, and why."""

    state: str
    explanation: str = field(repr=False)


def plead(*, plea: Plea) -> bool:
    """Send the request; return whether the office has it now. Never raises because of what the register does."""
    return asyncio.run(_plead(plea))


def verdict_on(*, type: str, organisation: str, reference: str) -> Verdict | None:
    """Return what has become of a request; None if nobody tells. Never raises because of what the register does."""
    return asyncio.run(_verdict_on(type, organisation, reference))


async def _plead(plea: Plea) -> bool:
    said = {
        "holder": {"kind": plea.holder_kind, "number": plea.number},
        "key": plea.key,
        "record": plea.record,
        "reason": plea.reason,
        "reference": plea.reference,
    }
    place = register_place(plea.type, plea.organisation)
    address = f"{place.address}/registers/{plea.type}/corrections"
    try:
        async with _line(place) as client, client.stream("POST", address, json=said) as answer:
            return bool(answer.is_success)
    except (httpx.HTTPError, TimeoutError):
        return False


async def _verdict_on(type: str, organisation: str, reference: str) -> Verdict | None:
    place = register_place(type, organisation)
    address = f"{place.address}/registers/{type}/corrections/{reference}"
    try:
        async with _line(place) as client, client.stream("GET", address) as answer:
            return _read(read_json(await read_bounded(answer)))
    except (httpx.HTTPError, TimeoutError, NotAnAnswer):
        return None


@asynccontextmanager
async def _line(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    seconds = settings.REGISTRY_TIMEOUT_SECONDS
    async with asyncio.timeout(seconds), line_to(place, seconds=seconds) as client:
        client.headers.update({**PLAIN, **shown_to(place)})
        yield client


def _read(told: Mapping[str, object]) -> Verdict | None:
    state, explanation = told.get("state"), told.get("explanation") or ""
    if state not in STATES or not isinstance(explanation, str):
        return None
    return Verdict(str(state), explanation[:LONGEST_EXPLANATION].replace("\x00", ""))
