"""A register that the tests run themselves, over real HTTP, and somebody it may know.

It signs what it answers as the offices do, with a key that it publishes; and it can lie in every way a test asks for.
"""

import json
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from services.core.evidence import HeldEvidence, Outcome
from services.core.facts import Holder
from services.core.reference import DeclarationKind, EvidenceType, Home
from services.core.states import Role
from services.evidence import actions, queries
from services.evidence.actions import Wanted
from services.ledger.actions import Actor

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
NUMBER = "11010519491231002X"
APPLICATION = UUID("0195f000-0000-7000-8000-00000000000a")
ANOTHER = UUID("0195f000-0000-7000-8000-00000000000b")
CLERK = Actor(account_id=UUID("0195f000-0000-7000-8000-0000000000c1"), role=Role.CLERK)
VIN = "LSVAA4182E2184847"


def evidence_type(code: str = "id-card", **changed: object) -> EvidenceType:
    usual: dict[str, object] = {
        "name": {"en": "Resident identity card", "zh": "居民身份证"},
        "organisation": "public-security",
        "about": "person",
        "home": Home.REGISTRY,
        "declaration": DeclarationKind.NONE,
        "upload": True,
        "validity_months": 0,
        "proves": ("person.full_name", "person.birth_date"),
        "basis": "Identity Act art. 2",
        "states": {"en": "I am single.", "zh": "本人无配偶。"},
    }
    return EvidenceType(code=code, **(usual | changed))


ID_CARD = evidence_type()
VEHICLE = evidence_type("vehicle-licence", key="application.vehicle_vin", proves=("person.vehicle_plate",))
SINGLE = evidence_type(
    "single-status",
    home=Home.DECLARATION,
    declaration=DeclarationKind.STATEMENT,
    proves=("person.is_single",),
)
STUDENT = evidence_type("student-status", declaration=DeclarationKind.COMMITMENT, proves=("person.school",))
FOUND = {
    "answer": "found",
    "facts": {"person.full_name": "Ayshe Test", "person.birth_date": "1949-12-31"},
    "record": "PS-1",
    "issued_on": "2020-05-01",
    "valid_until": None,
}


POLICE = "public-security"
KEY, FALSE_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
HEADER = {"alg": "ES256", "kid": "key-1", "typ": "register-answer+jws"}

Answer = Callable[["Desk"], None]


def published(key: ec.EllipticCurvePrivateKey = KEY, kid: str = "key-1") -> dict[str, Any]:
    """Return the public half of a key, as an office publishes it."""
    half = json.loads(ECAlgorithm.to_jwk(key.public_key()))
    return {name: half[name] for name in ("kty", "crv", "x", "y")} | {
        "kid": kid, "use": "sig", "alg": "ES256",
    }  # fmt: skip


def sealed(payload: bytes, *, key: Any = KEY, header: Mapping[str, object] = HEADER) -> bytes:
    """Return the bytes under this header, with a signature made by this key."""
    algorithm = str(header.get("alg"))
    signed = jwt.PyJWS().encode(payload, key=key, algorithm=algorithm, headers=dict(header))
    return signed.encode()


def says(answer: object, status: int = 200) -> Answer:
    """Answer in the agreed form, signed, or with whatever bytes are given."""

    def write(desk: "Desk") -> None:
        if isinstance(answer, bytes):
            desk.write(answer, status=status)
        elif desk.is_asked and status == 200:
            told = {**desk.meant, **answer} if isinstance(answer, dict) else answer
            desk.write(sealed(json.dumps(told).encode()), status=status)
        else:
            desk.write(json.dumps(answer).encode(), status=status, sort="application/json")

    return write


def signs(answer: bytes) -> Answer:
    """Answer with these bytes under a good signature."""
    return lambda desk: desk.write(sealed(answer))


def forges(*, key: Any = KEY, header: Mapping[str, object] = HEADER, **changes: object) -> Answer:
    """Answer what is found, but signed by this key under this header, or saying these things otherwise."""

    def write(desk: "Desk") -> None:
        told = {name: word for name, word in {**desk.meant, **FOUND, **changes}.items() if word is not GONE}
        desk.write(sealed(json.dumps(told).encode(), key=key, header={**HEADER, **header}))

    return write


GONE = object()


def leads_elsewhere(desk: "Desk") -> None:
    desk.send_response(307)
    desk.send_header("Location", "/registers/elsewhere/query")
    desk.send_header("Content-Length", "0")
    desk.end_headers()


def hangs_up(desk: "Desk") -> None:
    desk.close_connection = True
    desk.connection.close()


@lru_cache(maxsize=8)
def offices_of(evidence_types: str) -> dict[str, str]:
    """Return by evidence type whose register it is; the same words are read once for all tests."""
    return {code: table["organisation"] for code, table in tomllib.loads(evidence_types).items()}


class Register:
    """What the register is asked, and what it will say: each answer once, the last one from then on."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.tokens: list[str | None] = []
        self.answers: dict[str, list[Answer]] = {}
        self.offices: dict[str, str] = {"business-register": "market-regulation"}
        self.keys: dict[str, object] = {"keys": [published()]}
        self.keys_asked: list[str] = []
        self.end_of_test = threading.Event()

    def keeps(self, folder: Path) -> None:
        """Answer for the offices of this catalogue."""
        self.offices |= offices_of((folder / "evidence_types.toml").read_text(encoding="utf-8"))

    def will(self, *answers: Answer, kind: EvidenceType = ID_CARD) -> None:
        self.answers[f"/registers/{kind.code}/query"] = list(answers)
        self.offices.setdefault(kind.code, kind.organisation)

    def never_answers(self, desk: "Desk") -> None:
        self.end_of_test.wait(timeout=60)

    def drips(self, desk: "Desk") -> None:
        """Promise a long answer and send the beginning only."""
        desk.send_response(200)
        desk.send_header("Content-Length", "1000")
        desk.send_header("Content-Type", "application/jose")
        desk.end_headers()
        desk.wfile.write(b"eyJ")
        desk.wfile.flush()
        self.end_of_test.wait(timeout=60)

    def respond(self, desk: "Desk") -> None:
        self.asked.append(desk.question)
        self.tokens.append(desk.headers.get("Authorization"))
        left = self.answers.get(desk.path) or [says({"answer": "no_record"})]
        (left.pop(0) if len(left) > 1 else left[0])(desk)


class Desk(BaseHTTPRequestHandler):
    """One request to the register, and what is written back."""

    register: Register
    question: dict[str, Any]

    def do_POST(self) -> None:
        self.question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.register.respond(self)

    def do_GET(self) -> None:
        if self.path in self.register.answers:
            self.register.answers[self.path][0](self)
            return
        self.register.keys_asked.append(self.path)
        self.write(json.dumps(self.register.keys).encode(), sort="application/json")

    @property
    def is_asked(self) -> bool:
        """Return whether this is a question to a register, and not a notice to an office."""
        return self.path.startswith("/registers/") and self.path.endswith("/query")

    @property
    def meant(self) -> dict[str, object]:
        """Return what an answer repeats of the question, so that it proves nothing elsewhere."""
        code = self.path.split("/")[2]
        return {
            "register": code,
            "office": self.register.offices.get(code, POLICE),
            "reference": self.question.get("reference"),
            "answered_at": datetime.now(UTC).isoformat(),
        }

    def write(self, body: bytes, *, status: int = 200, sort: str = "application/jose") -> None:
        self.send_response(status)
        self.send_header("Content-Type", sort)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@contextmanager
def listening(register: Register) -> Iterator[str]:
    """Answer over HTTP, and give the address, until left."""

    desk = type("OurDesk", (Desk,), {"register": register})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    register.end_of_test.set()
    server.shutdown()
    thread.join()
    server.server_close()


def obtain(*wanted: Wanted, application_id: UUID = APPLICATION, now: datetime = NOW) -> list[Outcome]:
    attempts = actions.obtain(application_id=application_id, wanted=wanted, now=now)
    return [one.outcome for one in attempts]


def held(
    holder: Holder, *kinds: EvidenceType, application_id: UUID = APPLICATION, on: date = TODAY
) -> tuple[HeldEvidence, ...]:
    types = [kind.code for kind in kinds or (ID_CARD,)]
    return queries.held(holders=[holder], types=types, on=on, application_ids=[application_id])
