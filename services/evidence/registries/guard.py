"""Which addresses may be called: those that are configured, at the very address in the network that was looked at.

A name is looked up once, every address it leads to is judged, and the connection goes to a judged one: whoever changes
the name's address in between gains nothing. There are no redirects to follow, and no proxy of the environment.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx

from services.evidence.registries.places import Place

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Awaitable[Sequence[str]]]

PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024  # below it other protocols listen: letters, names, shells
# Our own network: reached only where it is configured to be.
PRIVATE = [
    ip_network(one)
    for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "::1", "fc00::/7")
]  # fmt: skip
# Addresses that carry another address inside, and those of a link: reached never.
NEVER = [
    ip_network(one)
    for one in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")
]  # fmt: skip


class ForbiddenAddress(httpx.TransportError):
    """The portal does not call there."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The one place that may be called: its scheme, host and port, and whether it may lie in our own network."""

    scheme: str
    host: str
    port: int
    private_network: bool

    @classmethod
    def to(cls, place: Place) -> "Gate":
        """Return the gate to a configured place.

        :raises ForbiddenAddress: if its address is more than scheme, host, port and path, or a disguise of another.
        """
        try:
            parts = urlsplit(place.address)
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise ForbiddenAddress("no address") from error
        host = parts.hostname or ""
        if parts.scheme not in PORTS or parts.username is not None or parts.query or parts.fragment:
            raise ForbiddenAddress("not a plain address")
        if port not in PORTS.values() and port < FIRST_FREE_PORT:
            raise ForbiddenAddress("a port of another protocol")
        if _is_disguised(host):
            raise ForbiddenAddress("not a name, and not an address as it is usually written")
        return cls(parts.scheme, host, port, place.private_network)

    def check(self, url: httpx.URL) -> None:
        """Do nothing if the address leads to this place.

        :raises ForbiddenAddress: otherwise.
        """
        port = url.port or PORTS.get(url.scheme, 0)
        if url.userinfo or (url.scheme, url.host, port) != (self.scheme, self.host, self.port):
            raise ForbiddenAddress("elsewhere")

    def judge(self, found: Sequence[str]) -> str:
        """Return the address to connect to, if all that the name leads to are allowed.

        :raises ForbiddenAddress: if there is none, or one of them is not: half a lie is not half believed.
        """
        addresses = [ip_address(one) for one in found]
        if not addresses or not all(map(self._allows, addresses)):
            raise ForbiddenAddress("an address that is not allowed")
        return str(addresses[0])

    def _allows(self, address: Address) -> bool:
        if any(address in network for network in NEVER):
            return False
        if any(address in network for network in PRIVATE):
            return self.private_network
        return address.is_global and not address.is_multicast


class GuardedTransport(httpx.AsyncBaseTransport):
    """Lets requests through to one place only."""

    def __init__(self, place: Place, look_up: LookUp | None = None) -> None:
        self._place, self._look_up = place, look_up or _look_up
        self._line = httpx.AsyncHTTPTransport(verify=_trust(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the judged address, under the name it was meant for: certificates are checked by it."""
        gate = Gate.to(self._place)
        gate.check(request.url)
        judged = gate.judge(await self._look_up(gate.host, gate.port))
        sent = httpx.Request(
            request.method,
            request.url.copy_with(host=judged),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": gate.host},
        )
        return await self._line.handle_async_request(sent)

    async def aclose(self) -> None:
        """Hang up."""
        await self._line.aclose()


def line_to(place: Place, *, seconds: float, look_up: LookUp | None = None) -> httpx.AsyncClient:
    """Return a client that can call this place and nothing else."""
    return httpx.AsyncClient(
        transport=GuardedTransport(place, look_up), timeout=httpx.Timeout(seconds),
        follow_redirects=False, trust_env=False,
    )  # fmt: skip


async def _look_up(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError("no such host") from error
    return [str(address[0]) for *_, address in found]


def _is_disguised(host: str) -> bool:
    """Return whether this is an address in another writing (127.1, 0x7f.1, 2130706433), or nothing at all."""
    last = host.rstrip(".").rpartition(".")[2]
    numeric = last.isdigit() or last.lower().startswith("0x") or ":" in host
    if not numeric:
        return not last.isascii() or not last
    try:
        return str(ip_address(host)) != host.lower()
    except ValueError:
        return True


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    return httpx.create_ssl_context(trust_env=False)
