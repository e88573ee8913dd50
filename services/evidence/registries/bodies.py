"""Reading what comes over the line: never more than a register has to say, and only what can be stored."""

import json
from typing import Any

import httpx

from services.evidence.registries.exchange import NotAnAnswer

MOST_BYTES = 256 * 1024
AT_ONCE = 16 * 1024
# Not compressed: a small answer must not unfold into a large one.
PLAIN = {"accept-encoding": "identity"}


async def read_bounded(response: httpx.Response) -> bytes:
    """Return the body of an answer that says it is one.

    :raises NotAnAnswer: if it does not, or does not end.
    """
    if response.status_code != httpx.codes.OK:
        raise NotAnAnswer(response.status_code)
    body = bytearray()
    async for chunk in response.aiter_raw(AT_ONCE):
        body += chunk
        if len(body) > MOST_BYTES:
            raise NotAnAnswer("too long")
    return bytes(body)


def read_json(body: bytes) -> dict[str, Any]:
    """Return the object that the bytes hold.

    :raises NotAnAnswer: if they hold none, or none that could be stored.
    """
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
