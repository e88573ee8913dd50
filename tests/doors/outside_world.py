"""A sandbox to ask, and a portal that hears of payments, as the tests of the world outside run them."""

import base64
import hmac
import json
import os
import queue
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote

import httpx
import jwt
import psycopg
import pytest
from django.conf import settings

TOKEN, SECRET, PASSWORD = "a-token", "whsec_" + base64.b64encode(b"treasury of the tests").decode(), "made-up"
FIRST_PORT, LAST_PORT = 21000, 32000  # below those the system gives to callers

CATALOGUE = {
    "evidence_types.toml": """
        [id-card]
        name.en = "Identity card"
        organisation = "registry-office"
        about = "person"
        source = "registry"
        validity_months = 240
        proves = ["person.full_name", "person.birth_date"]

        [driving-licence]
        name.en = "Driving licence"
        organisation = "registry-office"
        about = "person"
        source = "issued"
        validity_months = 72
        proves = ["person.full_name", "person.driving_class"]

        [vehicle-registration]
        name.en = "Vehicle registration"
        organisation = "registry-office"
        about = "application"
        source = "issued"
        key = "application.vehicle_vin"
        proves = ["application.vehicle_plate"]

        [company-names]
        name.en = "Name register"
        organisation = "registry-office"
        about = "application"
        source = "registry"
        key = "application.company_name"
        proves = ["application.company_name_taken"]

        [bank-account]
        name.en = "Bank account"
        organisation = "registry-office"
        about = "application"
        source = "declaration"
        proves = []
    """,
    "facts/all.toml": """
        [person.full_name]
        type = "text"
        [person.birth_date]
        type = "date"
        [person.driving_class]
        type = "choice"
        choices = [{ code = "c1" }, { code = "b2" }]
        [application.company_name]
        type = "text"
        [application.company_name_taken]
        type = "yes_no"
        [application.vehicle_vin]
        type = "text"
        format = "vin"
        [application.vehicle_plate]
        type = "text"
        format = "plate"
    """,
}


class ListeningPortal(ThreadingHTTPServer):
    """Stands where the portal would: hears every event only when it is told again."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), ListeningRequest)
        self.events: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        self.told: set[str] = set()

    def answer_to(self, event: str) -> int:
        answer = 204 if event in self.told else 503
        self.told.add(event)
        return answer

    def attempts_for(self, bill: str) -> Iterator[tuple[str, dict[str, str], bytes]]:
        while True:
            path, headers, body = self.events.get(timeout=60)
            if json.loads(body)["bill"] == bill:
                yield path, headers, body


class ListeningRequest(BaseHTTPRequestHandler):
    server: ListeningPortal

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.events.put((self.path, dict(self.headers.items()), body))
        self.send_response(self.server.answer_to(self.headers["webhook-id"]))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Sandbox:
    """A running sandbox with a database of its own, and the portal it tells about payments."""

    def __init__(self, environment: dict[str, str], address: str, portal: ListeningPortal) -> None:
        self.environment, self.address, self.portal = environment, address, portal
        self.http = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)

    def ask(self, register: str, number: str, *, key: str = "", kind: str = "person") -> httpx.Response:
        question = {
            "holder": {"kind": kind, "number": number}, "key": key, "purpose": "case 7",
            "basis": "Made-up Law art. 1", "reference": "0199-7",
        }  # fmt: skip
        return self.http.post(f"/registers/{register}/query", json=question)

    def told(self, register: str, number: str, **more: str) -> dict:
        """What a register answers, whoever signed it."""
        answer = self.ask(register, number, **more)
        said = jwt.api_jws.decode_complete(answer.text, options={"verify_signature": False})
        return json.loads(said["payload"])

    def holders(self, **wish: str) -> list[dict]:
        return self.http.get("/control/world", params=wish).json()["items"]

    @contextmanager
    def switched(self, register: str, mode: str, seconds: int = 0) -> Iterator[None]:
        address = f"/control/registers/{register}"
        assert self.http.post(address, json={"mode": mode, "seconds": seconds}).status_code == 200
        yield
        self.http.post(address, json={"mode": "ok"})


@pytest.fixture(scope="session")
def sandbox_database(running_engines: None) -> Iterator[str]:
    """An empty database, and none afterwards."""
    server, worker = settings.DATABASES["default"], os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    name = f"test_sandbox_{settings.PLACE}_{worker}"
    keeper = f"postgresql://{server['USER']}:{server['PASSWORD']}@{quote(server['HOST'], safe='')}"
    keeper += f":{server['PORT']}" if server["PORT"] else ""
    with psycopg.connect(f"{keeper}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{keeper}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sandbox(sandbox_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sandbox as `make run` starts it, on a small catalogue."""
    catalogue = tmp_path_factory.mktemp("catalogue")
    for name, text in CATALOGUE.items():
        (catalogue / name).parent.mkdir(exist_ok=True)
        (catalogue / name).write_text(text)
    start = FIRST_PORT + os.getpid() % 10000
    port = free_port(start)
    portal = ListeningPortal(free_port(port + 1))
    Thread(target=portal.serve_forever, daemon=True).start()
    environment = os.environ | {
        "CATALOGUE_DIR": str(catalogue),
        "DATABASE_URL": sandbox_database,
        "PORTAL_URL": f"http://localhost:{portal.server_port}",
        "SANDBOX_PASSWORD": PASSWORD,
        "SANDBOX_SIZE": "small",
        "SANDBOX_TOKEN": TOKEN,
        "TREASURY_SECRET": SECRET,
    }
    make_ready(environment)
    with serving(environment, port) as address:
        yield Sandbox(environment, address, portal)
    portal.shutdown()
    portal.server_close()


def free_port(start: int) -> int:
    for port in range(start, LAST_PORT):
        try:
            ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler).server_close()
        except OSError:
            continue
        return port
    raise AssertionError("no port is free")


def make_ready(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "portal.sandbox.setup"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[str]:
    gunicorn = ["gunicorn", "portal.sandbox.wsgi:application", f"--bind=127.0.0.1:{port}", "--threads=4"]
    server = subprocess.Popen([sys.executable, "-m", *gunicorn, "--graceful-timeout=1"], env=environment)
    address = f"http://localhost:{port}"
    try:
        transport = httpx.HTTPTransport(retries=8)  # the waits between them double, from half a second
        assert httpx.Client(transport=transport, timeout=60).get(f"{address}/health").text == "ok"
        yield address
    finally:
        server.terminate()
        server.wait()


def bill_token(**bill: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(bill).encode()).rstrip(b"=").decode()
    signature = hmac.digest(SECRET.encode(), payload.encode(), "sha256")
    return f"{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
