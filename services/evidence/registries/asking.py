"""Asking many registers at once: bounded in time, in tries and in how many at a time, whatever each of them does."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from uuid import uuid4

import httpx
import structlog
from django.conf import settings

from services.evidence.registries.exchange import (
    DISTRUSTED,
    DOWN,
    Adapter,
    NotAnAnswer,
    NotTrusted,
    Question,
    RegisterAnswer,
)
from services.evidence.registries.guard import line_to
from services.evidence.registries.http_json import HttpJson
from services.evidence.registries.places import HTTP_JSON, Place, place_of

AT_ONCE = 8
FIRST_PAUSE_SECONDS = 0.1  # before the second try; each further pause is twice as long
BUILD: dict[str, Callable[[Place, httpx.AsyncClient], Adapter]] = {HTTP_JSON: HttpJson}

log = structlog.get_logger(__name__)


def ask_registers(*, questions: Sequence[Question]) -> tuple[RegisterAnswer, ...]:
    """Ask all the questions at the same time, a few at once, and return the answers in their order.

    Takes REGISTRY_TIMEOUT_SECONDS at the most for each question, its REGISTRY_TRIES tries and the pauses
    between them together. Touches no database, and never raises because of what a register does.
    """
    return tuple(asyncio.run(_ask_all(questions))) if questions else ()


async def _ask_all(questions: Sequence[Question]) -> list[RegisterAnswer]:
    turn = asyncio.Semaphore(AT_ONCE)
    places = [place_of(question.type) for question in questions]
    async with AsyncExitStack() as lines:
        adapters: dict[Place, Adapter] = {}
        for place in dict.fromkeys(places):
            # Each operation may take what is left of the whole: the deadline around them is the one that counts.
            client = await lines.enter_async_context(
                line_to(place, seconds=settings.REGISTRY_TIMEOUT_SECONDS)
            )
            adapters[place] = BUILD[place.adapter](place, client)
        return await asyncio.gather(
            *(_ask_in_turn(adapters[place], turn, one) for place, one in zip(places, questions, strict=True))
        )


async def _ask_in_turn(adapter: Adapter, turn: asyncio.Semaphore, question: Question) -> RegisterAnswer:
    async with turn:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(settings.REGISTRY_TIMEOUT_SECONDS):
                answer = await _ask_until_answered(adapter, question)
        except TimeoutError:
            answer = DOWN
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000))


async def _ask_until_answered(adapter: Adapter, question: Question) -> RegisterAnswer:
    # The same for every try, so that the register may see that they are one question.
    reference = str(uuid4())
    for tried in range(settings.REGISTRY_TRIES):
        if tried:
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2 ** (tried - 1))
        try:
            return await adapter.ask(question, reference=reference)
        except NotAnAnswer:
            continue
        except NotTrusted as why:
            # Asking again at once would only invite another lie: an operator hears of it, and time may heal it.
            log.warning("register_distrusted", register=question.type.code, reason=str(why))
            return DISTRUSTED
    return DOWN
