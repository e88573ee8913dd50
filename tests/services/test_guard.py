"""The portal calls only where it is told to: disguises, names that lead inside and other ports are refused."""

import asyncio
from collections.abc import Iterator, Sequence

import httpx
import pytest

from services.evidence.offices import tell_office
from services.evidence.registries.guard import ForbiddenAddress, Gate, line_to
from services.evidence.registries.places import Place
from tests.services.a_register import Register, leads_elsewhere, listening, says

NOTICE = "/offices/works-office/notices"


class Names:
    """A name server that tells each time what the test wants, and how often it was asked."""

    def __init__(self, *told: Sequence[str]) -> None:
        self.left, self.asked = list(told), 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.left.pop(0)


@pytest.fixture
def inside() -> Iterator[tuple[Register, str]]:
    """Run something inside our own network that nobody outside may reach through us; return its port."""
    ours = Register()
    ours.answers[NOTICE] = [says({"noted": True}, status=201)]
    with listening(ours) as address:
        yield ours, address.rpartition(":")[2]


def call(place: Place, path: str = NOTICE, *, names: Names | None = None, at: str = "") -> httpx.Response:
    async def once() -> httpx.Response:
        async with line_to(place, seconds=5, look_up=names) as client:
            return await client.post(f"{at or place.address}{path}", json={})

    return asyncio.run(once())


LED_INSIDE = [
    "127.0.0.1", "127.8.8.8", "::1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "100.64.0.1", "fc00::1",
    # the machine's own metadata, and everything of a link
    "169.254.169.254", "fe80::1", "fe80::1%eth0",
    # what carries one of these inside
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "2001::1",
    # nobody's
    "0.0.0.1", "::", "255.255.255.255", "224.0.0.1", "ff02::1", "192.0.2.1", "198.18.0.1", "240.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", LED_INSIDE)
def test_a_name_that_leads_into_our_own_network_is_not_called(address: str):
    place = Place(address="https://register.example.org")

    with pytest.raises(ForbiddenAddress):
        Gate.to(place).judge([address])
    # one such address among good ones is one too many
    with pytest.raises(ForbiddenAddress):
        Gate.to(place).judge(["93.184.216.34", address])


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "fe80::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.1", "224.0.0.1"]
)
def test_what_is_configured_as_private_is_still_no_link_and_no_disguise(address: str):
    with pytest.raises(ForbiddenAddress):
        Gate.to(Place(address="https://register.example.org", private_network=True)).judge([address])


def test_what_is_configured_as_private_may_be_called():
    gate = Gate.to(Place(address="https://register.example.org", private_network=True))

    assert gate.judge(["10.1.2.3"]) == "10.1.2.3"
    assert gate.judge(["93.184.216.34"]) == "93.184.216.34"


@pytest.mark.parametrize(
    "written",
    [
        "http://127.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/",
        "http://127.0.0.01/", "http://[::ffff:7f00:0001]/", "http://1.2.3.4.5/", "http:///x", "http://",
        "file:///etc/passwd", "gopher://127.0.0.1:70/", "ftp://example.org/", "unix:/run/x.sock", "//example.org/",
        "https://register.example.org@evil.example/", "https://user:word@register.example.org/",
        "https://:@register.example.org/", "https://register.example.org:22/", "https://register.example.org:25/",
        "https://register.example.org:99999/", "https://register.example.org/?to=x", "https://register.example.org/#x",
    ],
)  # fmt: skip
def test_an_address_that_is_not_plain_is_no_place(written: str):
    with pytest.raises(ForbiddenAddress):
        Gate.to(Place(address=written, private_network=True))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://register.example.org", "https://register.example.org:8443", "https://evil.example",
        "https://register.example.org.evil.example", "https://user:word@register.example.org",
        "https://127.0.0.1",
    ],
)  # fmt: skip
def test_only_the_configured_scheme_host_and_port_are_called(elsewhere: str):
    names = Names(["93.184.216.34"])

    with pytest.raises(ForbiddenAddress):
        call(Place(address="https://register.example.org"), names=names, at=elsewhere)

    assert names.asked == 0


def test_a_name_that_leads_to_this_machine_reaches_nobody(inside: tuple[Register, str]):
    register, port = inside

    with pytest.raises(ForbiddenAddress):
        call(Place(address=f"http://register.example.org:{port}"), names=Names(["127.0.0.1"]))

    assert register.asked == []


def test_the_connection_goes_to_the_address_that_was_judged_whatever_the_name_says_next(
    inside: tuple[Register, str],
):
    """DNS rebinding: the name is looked up once; nobody but us knows it, so only the judged address can answer."""
    register, port = inside
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    place = Place(address=f"http://register.invalid:{port}", private_network=True)

    assert call(place, names=names).status_code == 201
    assert (names.asked, len(register.asked)) == (1, 1)

    # and the next call judges anew
    with pytest.raises(ForbiddenAddress):
        call(place, names=names)


def test_a_redirect_into_our_own_network_is_not_followed(inside: tuple[Register, str]):
    register, port = inside
    register.answers[NOTICE] = [leads_elsewhere]

    answer = call(Place(address=f"http://127.0.0.1:{port}", private_network=True))

    assert (answer.status_code, len(register.asked)) == (307, 1)


def test_the_proxy_of_the_environment_is_not_asked(
    inside: tuple[Register, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert call(Place(address=f"http://127.0.0.1:{inside[1]}", private_network=True)).status_code == 201


def test_offices_are_told_through_the_same_door(register: Register, settings: object):
    register.answers[NOTICE] = [says({"noted": True}, status=201)]
    notice = {"case_number": "1", "service": "home-record", "step": "note", "reference": "tell:1"}
    assert tell_office(organisation="works-office", **notice)

    settings.REGISTRY_PRIVATE_NETWORK = False

    assert not tell_office(organisation="works-office", **notice)
    assert len(register.asked) == 1
