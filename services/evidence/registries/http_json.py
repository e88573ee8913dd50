"""The adapter for registers that answer signed JSON over HTTP."""

import httpx

from services.evidence.registries.answers import read_answer
from services.evidence.registries.bodies import PLAIN, read_bounded
from services.evidence.registries.exchange import NotAnAnswer, Question, RegisterAnswer
from services.evidence.registries.places import Place
from services.evidence.registries.signatures import KeyRing, open_answer

CONTENT = "application/jose"


class HttpJson:
    """Asks a register at its place, by one request that is the same however often it is tried."""

    def __init__(self, place: Place, client: httpx.AsyncClient) -> None:
        self._place, self._client = place, client
        self._keys = KeyRing(client, place.address)

    async def ask(self, question: Question, *, reference: str) -> RegisterAnswer:
        """Return the register's answer.

        :raises NotAnAnswer, NotTrusted: as every adapter.
        """
        try:
            sealed = await self._post(question, reference)
        except httpx.HTTPError as error:
            raise NotAnAnswer(type(error).__name__) from error
        signed = await open_answer(sealed, question, reference=reference, keys=self._keys)
        return read_answer(signed, question)

    async def _post(self, question: Question, reference: str) -> bytes:
        asked = {
            "holder": {"kind": question.holder_kind, "number": question.number},
            "key": question.key,
            "purpose": f"{question.matter} {question.matter_id}",
            "basis": question.type.basis,
            "reference": reference,
        }
        address = f"{self._place.address}/registers/{question.type.code}/query"
        headers = {"accept": CONTENT, **PLAIN, **shown_to(self._place)}
        async with self._client.stream("POST", address, json=asked, headers=headers) as response:
            body = await read_bounded(response)
            if response.headers.get("content-type", "").partition(";")[0].strip().lower() != CONTENT:
                raise NotAnAnswer("not signed")
            return body


def shown_to(place: Place) -> dict[str, str]:
    """Return by what we make ourselves known at this place."""
    return {"authorization": f"Bearer {place.token}"} if place.token else {}
