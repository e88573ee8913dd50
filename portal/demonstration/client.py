"""The portal's REST interface, seen from outside: a session sends, and a refusal comes back as an exception."""

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from portal.demonstration.browser import TRANSPORT

Json = dict[str, Any]
TRIES = 4
LONGEST_PAUSE = 20.0


class Problem(Exception):
    """The portal refused: `kind` names the refusal for programs, the message is for people."""

    def __init__(self, answer: httpx.Response) -> None:
        try:
            said = answer.json()
        except ValueError:
            said = {}
        self.status = answer.status_code
        self.kind = str(said.get("type", "")).rpartition(":")[2]
        self.places = tuple(str(one["place"]) for one in said.get("errors", ()))
        mistakes = "; ".join(f"{one['place']}: {one['detail']}" for one in said.get("errors", ()))
        request = answer.request
        super().__init__(
            f"{request.method} {request.url.path}: {self.status} {said.get('detail', '')} {mistakes}".strip()
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is sent beside other members."""

    name: str
    content: bytes
    kind: str


class Session:
    """Requests in one account's name."""

    def __init__(self, site: str, token: str = "") -> None:
        headers = {"Accept-Language": "en"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._http = httpx.Client(
            base_url=f"{site}/api/v1", transport=TRANSPORT, headers=headers, timeout=60, trust_env=False
        )

    def get(self, path: str, **query: str) -> Json:
        """Return what stands at a path.

        :raises Problem:
        """
        return self._send("GET", path, params=query)

    def items(self, path: str, **query: str) -> Iterator[Json]:
        """Yield a whole list, page after page."""
        page = self.get(path, **query)
        yield from page["items"]
        while page["next"]:
            page = self._send("GET", page["next"])
            yield from page["items"]

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, version: int | None = None) -> Json:
        """Create or decide something, once however often the line fails.

        :raises Problem:
        """
        return self._send("POST", path, json=dict(body or {}), headers=_key() | _match(version))

    def patch(self, path: str, body: Mapping[str, Any], *, version: int) -> Json:
        """Change something as it stood at a version.

        :raises Problem:
        """
        return self._send("PATCH", path, json=dict(body), headers=_match(version))

    def upload(self, path: str, body: Mapping[str, str], upload: Upload, *, version: int) -> Json:
        """Send a file."""
        files = {"file": (upload.name, upload.content, upload.kind)}
        return self._send("POST", path, data=dict(body), files=files, headers=_key() | _match(version))

    def content(self, path: str) -> bytes:
        """Return a file.

        :raises Problem:
        """
        answer = self._answer("GET", path, {})
        if answer.is_error:
            raise Problem(answer)
        return answer.content

    def _send(self, method: str, path: str, **sent: Any) -> Json:
        answer = self._answer(method, path, sent)
        if answer.is_error:
            raise Problem(answer)
        return dict(answer.json()) if answer.content else {}

    def _answer(self, method: str, path: str, sent: dict[str, Any]) -> httpx.Response:
        """Return the answer, trying again where the line or the portal fails for a moment."""
        for attempt in range(1, TRIES):
            try:
                answer = self._http.request(method, path, **sent)
            except httpx.TransportError:
                time.sleep(0.2 * attempt)
                continue
            if answer.status_code not in (429, 503):
                return answer
            time.sleep(min(float(answer.headers.get("Retry-After", attempt)), LONGEST_PAUSE))
        return self._http.request(method, path, **sent)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}
