"""Asking the registers of other offices over HTTP, bounded in time and size.

`no record` and `contradiction` are answers of the register. Whatever is not an answer is `down`, and costs
the applicant nothing: the register is asked again later (R3.18).
"""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from ssl import SSLContext
from uuid import UUID, uuid4

import httpx
from django.conf import settings

from services.core.evidence import Outcome
from services.core.facts import Value
from services.core.reference import EvidenceType

MOST_BYTES = 256 * 1024
AT_ONCE = 8
FIRST_PAUSE_SECONDS = 0.1  # before the second try; each further pause is twice as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: about whom (the identity number or business code), and about which thing of theirs."""

    type: EvidenceType = field(hash=False)
    holder_kind: str
    number: str = field(repr=False)
    key: str = field(default="", repr=False)
    application_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAnswer:
    """How it ended. Facts that the type does not prove have been dropped (R15.5)."""

    outcome: Outcome
    facts: Mapping[str, Value] = field(default_factory=dict, hash=False, repr=False)
    reference: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    took_ms: int = 0


class NotAnAnswer(Exception):
    """What came back is not what a register answers."""


DOWN = RegisterAnswer(outcome=Outcome.DOWN)
BARE_ANSWERS = {"no_record": Outcome.NO_RECORD, "contradiction": Outcome.CONTRADICTION}


def ask_registers(*, questions: Sequence[Question]) -> tuple[RegisterAnswer, ...]:
    """Ask all the questions at the same time, a few at once, and return the answers in their order.

    Takes REGISTRY_TIMEOUT_SECONDS at the most for each question, its REGISTRY_TRIES tries and the pauses
    between them together. Touches no database, and never raises because of what a register does.
    """
    return tuple(asyncio.run(_ask_all(questions))) if questions else ()


async def _ask_all(questions: Sequence[Question]) -> list[RegisterAnswer]:
    turn = asyncio.Semaphore(AT_ONCE)
    # Each operation may take what is left of the whole: the deadline around them is the one that counts.
    limits = httpx.Timeout(settings.REGISTRY_TIMEOUT_SECONDS)
    async with httpx.AsyncClient(
        verify=_trust(), timeout=limits, follow_redirects=False, trust_env=False
    ) as client:
        return await asyncio.gather(*(_ask_in_turn(client, turn, question) for question in questions))


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _ask_in_turn(
    client: httpx.AsyncClient, turn: asyncio.Semaphore, question: Question
) -> RegisterAnswer:
    async with turn:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(settings.REGISTRY_TIMEOUT_SECONDS):
                answer = await _ask_until_answered(client, question)
        except TimeoutError:
            answer = DOWN
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000))


async def _ask_until_answered(client: httpx.AsyncClient, question: Question) -> RegisterAnswer:
    reference = str(
        uuid4()
    )  # the same for every try, so that the register may see that they are one question
    for tried in range(settings.REGISTRY_TRIES):
        if tried:
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2 ** (tried - 1))
        try:
            return read_answer(await _ask_once(client, question, reference), question.type)
        except (httpx.HTTPError, NotAnAnswer):
            continue
    return DOWN


async def _ask_once(client: httpx.AsyncClient, question: Question, reference: str) -> bytes:
    address = f"{settings.REGISTRY_URL}/registers/{question.type.code}/query"
    asked = {
        "holder": {"kind": question.holder_kind, "number": question.number},
        "key": question.key,
        "purpose": f"application {question.application_id}",
        "reference": reference,
    }
    # Not compressed: a small answer must not unfold into a large one.
    headers = {
        "accept": "application/json",
        "accept-encoding": "identity",
        "authorization": f"Bearer {settings.REGISTRY_TOKEN}",
    }
    async with client.stream("POST", address, json=asked, headers=headers) as response:
        if response.status_code != httpx.codes.OK:
            raise NotAnAnswer(response.status_code)
        return await _read_bounded(response)


async def _read_bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw(16 * 1024):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotAnAnswer("too long")
    return bytes(body)


def read_answer(body: bytes, kind: EvidenceType) -> RegisterAnswer:
    """Return what the bytes say, keeping only the facts that the type proves.

    :raises NotAnAnswer: if they are not an answer of the agreed form.
    """
    answer = _read_json(body)
    said = answer.get("answer")
    if said == "found":
        return _found(answer, kind)
    if not isinstance(said, str) or said not in BARE_ANSWERS:
        raise NotAnAnswer("no known answer")
    return RegisterAnswer(outcome=BARE_ANSWERS[said])


def _read_json(body: bytes) -> dict[str, object]:
    try:
        answer = json.loads(body, parse_constant=_no_number)
        json.dumps(answer, ensure_ascii=False).encode()  # half a character can be read, but never be stored
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer("not JSON") from error
    if not isinstance(answer, dict):
        raise NotAnAnswer("not an object")
    return answer


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is not a number")


def _found(answer: Mapping[str, object], kind: EvidenceType) -> RegisterAnswer:
    facts, reference = answer.get("facts"), answer.get("reference", "")
    if not isinstance(facts, dict) or not isinstance(reference, str):
        raise NotAnAnswer("found, but not what")
    issued_on, valid_until = _day(answer, "issued_on"), _day(answer, "valid_until")
    if issued_on and valid_until and valid_until < issued_on:
        raise NotAnAnswer("expired before it was issued")
    return RegisterAnswer(
        outcome=Outcome.FOUND,
        facts={code: facts[code] for code in kind.proves if facts.get(code) is not None},
        reference=reference[:200].replace("\x00", ""),
        issued_on=issued_on,
        valid_until=valid_until,
    )


def _day(answer: Mapping[str, object], name: str) -> date | None:
    written = answer.get(name)
    if written is None:
        return None
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise NotAnAnswer(f"no day in {name}") from error
