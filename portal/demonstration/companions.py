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
            named |= self._told_of(service, needed, username if kind == PERSON else "")
            if party is not None and party.signs == "account":
                signers.append(Signer(username, business=number if kind == BUSINESS else ""))
        return named, tuple(dict.fromkeys(signers))

    def _other(
        self, word: str, kind: str, needs: frozenset[str], person: Somebody, keys: Mapping[str, Any]
    ) -> tuple[str, str, str, str] | None:
        if word in AT_HOME:
            fitting = (one for one in at_home(person, word, keys) if self._has(one.username, needs))
            return next(((one.name, one.number, one.birth_date, one.username) for one in fitting), None)
        for one in self._others(kind, needs):
            if one.username != person.username:
                return one.name, one.number, one.birth_date, one.username
        return None

    def _has(self, username: str, needs: frozenset[str]) -> bool:
        """Return whether the registers know of a grown-up what is needed; of a child nobody asks them by itself."""
        known = self.person(username) if needs else None
        return known is None or needs <= known.records.keys() | known.issued.keys()

    def _told_of(self, service: Service, needed: frozenset[str], username: str) -> dict[str, Any]:
        """Return what registers say of a party for this matter, and of which thing; what is their own stays theirs."""
        known = self.person(username) if needed and username else None
        told: dict[str, Any] = {}
        for kind in [service.evidence_types[code] for code in sorted(needed)] if known else []:
            key, facts = next(iter(known.knows(kind.code).items()), ("", {}))
            told |= ({kind.key: key} if kind.key and key else {}) | facts
        return {fact: value for fact, value in told.items() if fact.startswith("application.")}

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
