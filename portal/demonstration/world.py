"""The made-up world outside, through the sandbox's control board: who there is, what registers hold, their switches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = Mapping[str, Any]
PERSON, BUSINESS = "person", "business"
# What ends before this day is not counted on: a case takes some weeks.
SOON = "2026-03-24"


@dataclass(frozen=True, slots=True)
class Housemate:
    """Somebody at home with a person, who can play a part in their matters."""

    name: str
    number: str
    username: str
    birth_date: str
    stage: str


@dataclass(slots=True, eq=False)
class Somebody:
    """A made-up person or business: what registers hold about them, and what our cases have issued to them so far.

    `records` and `issued` are by type of evidence, then by the key that says which thing is meant. A business that is
    founded in the course of things has no number yet, and is in no register.
    """

    kind: str
    username: str
    number: str
    name: str
    birth_date: str = ""
    housemates: tuple[Housemate, ...] = ()
    records: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    issued: dict[str, dict[str, Json]] = field(default_factory=dict)
    in_registers: frozenset[str] = frozenset()
    cast_in: list[str] = field(default_factory=list)
    has_ended: bool = False  # something of theirs was closed for good: they apply for nothing after that
    founded_by: Mapping[str, Any] = field(default_factory=dict)

    def knows(self, kind: str) -> Mapping[str, Json]:
        """Return what is known of this kind, by key: what we issue goes before what a register says."""
        return {**self.records.get(kind, {}), **self.issued.get(kind, {})}


class World:
    """The control board of the sandbox."""

    def __init__(self, address: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        )
        # Whoever was met before is the same somebody when met again.
        self._met: dict[str, Somebody] = {}

    def people(
        self, *, need: Sequence[str] = (), lack: Sequence[str] = (), count: int = 20, skip: int = 0
    ) -> list[Somebody]:
        """Return grown-up people who stand in all the registers of `need` and in none of `lack`."""
        return [self._known(_person(one)) for one in self._found(PERSON, need, lack, count, skip)]

    def businesses(
        self, *, need: Sequence[str] = (), lack: Sequence[str] = (), count: int = 20, skip: int = 0
    ) -> list[Somebody]:
        """Return businesses; their `username` is that of the person who represents them in law."""
        return [self._known(_business(one)) for one in self._found(BUSINESS, need, lack, count, skip)]

    def person(self, name_or_number: str) -> Somebody | None:
        """Return the grown-up person with this user name or identity number."""
        asked = {"kind": PERSON, "stage": "adult", "number": name_or_number, "n": "1"}
        return next((self._known(_person(one)) for one in self._ask(asked)), None)

    def switch(self, register: str, mode: str) -> None:
        """Set how a register behaves from now on, or all of them under the code `all`: `ok`, `down` and so on."""
        self._http.post(f"/control/registers/{register}", json={"mode": mode}).raise_for_status()

    def modes(self) -> frozenset[str]:
        """Return the modes that registers are in."""
        answer = self._http.get("/control/registers").raise_for_status()
        return frozenset(one["mode"] for one in answer.json()["items"])

    def _known(self, somebody: Somebody) -> Somebody:
        return self._met.setdefault(somebody.number, somebody)

    def _found(
        self, kind: str, need: Sequence[str], lack: Sequence[str], count: int, skip: int
    ) -> Iterator[Json]:
        asked = {"kind": kind, "n": str(count), "skip": str(skip)}
        return self._ask(asked | {"need": ",".join(need), "lack": ",".join(lack)})

    def _ask(self, asked: Mapping[str, str]) -> Iterator[Json]:
        answer = self._http.get("/control/world", params=asked).raise_for_status()
        return iter(answer.json()["items"])


def _person(said: Json) -> Somebody:
    return Somebody(
        kind=PERSON,
        username=said["username"],
        number=said["number"],
        name=said["name"],
        birth_date=said["birth_date"],
        housemates=tuple(
            Housemate(one["name"], one["number"], one["username"], one["birth_date"], one["stage"])
            for one in said["lives_with"]
        ),
        records=_records(said),
        in_registers=frozenset(one["register"] for one in said["records"]),
    )


def _business(said: Json) -> Somebody:
    return Somebody(
        kind=BUSINESS,
        username=said["representative"]["username"],
        number=said["number"],
        name=said["name"],
        records=_records(said),
        in_registers=frozenset(one["register"] for one in said["records"]),
    )


def _records(said: Json) -> dict[str, dict[str, Json]]:
    """Return the records that will still serve during the demonstration."""
    found: dict[str, dict[str, Json]] = {}
    for one in said["records"]:
        if not one["contradicts"] and (one["valid_until"] or SOON) >= SOON:
            found.setdefault(one["register"], {})[one["key"]] = one["facts"]
    return found
