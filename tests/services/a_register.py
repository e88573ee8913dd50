"""A register that the tests run themselves, over real HTTP, and somebody it may know."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

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
    "reference": "PS-1",
    "issued_on": "2020-05-01",
    "valid_until": None,
}


Answer = Callable[[BaseHTTPRequestHandler], None]


def says(answer: object, status: int = 200) -> Answer:
    """Answer in the agreed form, or with whatever bytes are given."""

    def write(request: BaseHTTPRequestHandler) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return write


def leads_elsewhere(request: BaseHTTPRequestHandler) -> None:
    request.send_response(307)
    request.send_header("Location", "/registers/elsewhere/query")
    request.send_header("Content-Length", "0")
    request.end_headers()


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.close_connection = True
    request.connection.close()


class Register:
    """What the register is asked, and what it will say: each answer once, the last one from then on."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.tokens: list[str | None] = []
        self.answers: dict[str, list[Answer]] = {}
        self.end_of_test = threading.Event()

    def will(self, *answers: Answer, kind: EvidenceType = ID_CARD) -> None:
        self.answers[f"/registers/{kind.code}/query"] = list(answers)

    def never_answers(self, request: BaseHTTPRequestHandler) -> None:
        self.end_of_test.wait(timeout=60)

    def drips(self, request: BaseHTTPRequestHandler) -> None:
        """Promise a long answer and send the beginning only."""
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b'{"answer":')
        request.wfile.flush()
        self.end_of_test.wait(timeout=60)

    def respond(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        self.asked.append(json.loads(request.rfile.read(length)))
        self.tokens.append(request.headers.get("Authorization"))
        left = self.answers.get(request.path) or [says({"answer": "no_record"})]
        (left.pop(0) if len(left) > 1 else left[0])(request)


@contextmanager
def listening(register: Register) -> Iterator[str]:
    """Answer over HTTP, and give the address, until left."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            register.respond(self)

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
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
