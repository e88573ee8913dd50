"""Everybody beside the applicant: who files for them, who plays a part in their matter, and who signs with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.demonstration.catalogue import Example, Service
from portal.demonstration.fitting import AT_HOME, at_home, roles, wanted
from portal.demonstration.matters import Signer
from portal.demonstration.world import BUSINESS, PERSON, Somebody, World

ENOUGH = 10


@dataclass(slots=True)
class Companions:
    """Finds the others of a matter, and asks the world for each kind of them once."""

    world: World
    found: dict[tuple[str, frozenset[str]], list[Somebody]] = field(default_factory=dict)
    people: dict[str, Somebody | None] = field(default_factory=dict)

    def filer(self, example: Example, holder: Somebody, needs: frozenset[str]) -> Somebody | None:
        """Return who files: the person, the business's representative, or an agent with a mandate."""
        if holder.kind == PERSON:
            return None if example.by_agent else holder
        if example.by_agent:
            return next((one for one in self._others(PERSON, needs) if one.username != holder.username), None)
        return self.person(holder.username)

    def with_others(
        self,
        service: Service,
        example: Example,
        facts: Mapping[str, Any],
        person: Somebody,
        keys: Mapping[str, Any],
    ) -> tuple[dict[str, Any], tuple[Signer, ...]] | None:
        """Return what is answered about everybody else, and those who sign; None if somebody cannot be found."""
        named: dict[str, Any] = {}
        signers: list[Signer] = []
        needs = wanted(service, example).parties
        for word, kind, party in roles(service, facts):
            needed = needs.get(party.role, frozenset()) if party else frozenset()
            other = self._other(word, kind, needed, person, keys)
            if other is None:
                return None
            name, number, born, username = other
            told = {"name": name, "number": number, "uscc": number, "birth_date": born}
            named |= {f"application.{word}_{what}": value for what, value in told.items() if value}
            if party is not None and party.signs == "account":
                signers.append(Signer(username, business=number if kind == BUSINESS else ""))
        return named, tuple(dict.fromkeys(signers))

    def _other(
        self, word: str, kind: str, needs: frozenset[str], person: Somebody, keys: Mapping[str, Any]
    ) -> tuple[str, str, str, str] | None:
        if word in AT_HOME:
            return next(
                ((one.name, one.number, one.birth_date, one.username) for one in at_home(person, word, keys)),
                None,
            )
        for one in self._others(kind, needs):
            if one.username != person.username:
                return one.name, one.number, one.birth_date, one.username
        return None

    def _others(self, kind: str, needs: frozenset[str]) -> Sequence[Somebody]:
        """Return people or businesses of whom a matter can need something."""
        if (kind, needs) not in self.found:
            known = sorted(needs) or ["id-card"] * (kind == PERSON)
            find = self.world.businesses if kind == BUSINESS else self.world.people
            self.found[kind, needs] = find(need=known, count=ENOUGH)
        return self.found[kind, needs]

    def person(self, username: str) -> Somebody | None:
        """Return the grown-up person with this user name, the same whenever they are asked for."""
        if username not in self.people:
            self.people[username] = self.world.person(username)
        return self.people[username]
