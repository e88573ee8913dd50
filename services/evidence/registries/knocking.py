"""Asking how an office is without asking about anybody: for the keys that it publishes to everyone."""

import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from services.evidence.registries.exchange import NotAnAnswer
from services.evidence.registries.guard import line_to
from services.evidence.registries.places import Place
from services.evidence.registries.signatures import KeyRing

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Door:
    """An office at a place."""

    place: Place
    office: str


@dataclass(frozen=True, slots=True)
class Knock:
    """Whether somebody opened: how many keys were shown, and how long it took."""

    keys: int
    took_ms: int


def knock(doors: Collection[Door]) -> dict[Door, Knock]:
    """Ask each office for its keys, a few at once, within REGISTRY_TIMEOUT_SECONDS each; none that can be read is 0."""
    return asyncio.run(_knock_at_all(doors))


async def _knock_at_all(doors: Collection[Door]) -> dict[Door, Knock]:
    turn = asyncio.Semaphore(AT_ONCE)
    return dict(zip(doors, await asyncio.gather(*(_knock(turn, one) for one in doors)), strict=True))


async def _knock(turn: asyncio.Semaphore, door: Door) -> Knock:
    async with turn:
        began, keys = time.perf_counter(), 0
        try:
            async with (
                asyncio.timeout(settings.REGISTRY_TIMEOUT_SECONDS),
                line_to(door.place, seconds=settings.REGISTRY_TIMEOUT_SECONDS) as client,
            ):
                keys = len((await KeyRing(client, door.place.address).published(door.office)).by_id)
        except (NotAnAnswer, TimeoutError):
            pass
        return Knock(keys, round((time.perf_counter() - began) * 1000))
