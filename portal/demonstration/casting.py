"""Who applies for what: people and businesses of the made-up world to whom a worked example can happen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from portal.demonstration.answering import made_up
from portal.demonstration.catalogue import GRANTED, Example, Service
from portal.demonstration.fitting import (
    AT_HOME,
    at_home,
    comes_true,
    for_business,
    holder_kind,
    keyed_facts,
    roles,
    wanted,
)
from portal.demonstration.lives import OF_OTHERS, OF_THE_USUAL, Life, can_happen, untrue_answer
from portal.demonstration.world import BUSINESS, PERSON, Somebody, World

# Heroes meet again what was issued to them, up to so many times; the others come once or twice.
MOST_OF_A_HERO, MOST_MATTERS = 6, 2
PAGE, PAGES = 10, 16


class NobodyFits(Exception):
    """The made-up world has nobody to whom the worked example could happen."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs in their own account; for a business, whose number is then given, its representative."""

    username: str
    business: str = ""


@dataclass(slots=True, eq=False)
class Matter:
    """One application to be filed: who applies for which service, what they answer, and who signs with them."""

    service: Service
    example: Example
    person: Somebody
    business: Somebody | None
    answers: dict[str, Any]
    # All that will be known: the answers, and what registers tell.
    facts: Mapping[str, Any] = field(default_factory=dict)
    signers: tuple[Signer, ...] = ()
    # Services whose certificate this matter is to find: they come first.
    after: frozenset[str] = frozenset()
    life: Life = Life.PLAIN
    untrue: dict[str, Any] = field(default_factory=dict)

    @property
    def holder(self) -> Somebody:
        """Return for whom it is."""
        return self.business or self.person

    def told_by_registers(self, fact: str) -> Any:
        """Return what some register says of a fact of the applicant, or None."""
        needs = wanted(self.service, self.example)
        for code, holder in [(code, self.person) for code in needs.person] + [
            (code, self.holder) for code in needs.business
        ]:
            for facts in holder.records.get(code, {}).values():
                if fact in facts:
                    return facts[fact]
        return None

    @property
    def by_guardian(self) -> bool:
        """Return whether a guardian files it."""
        return self.example.facts.get("application.filed_by") == "guardian"


@dataclass(slots=True)
class Casting:
    """Finds applicants, and remembers whom it has found."""

    world: World
    known: dict[str, list[Somebody]] = field(default_factory=lambda: {PERSON: [], BUSINESS: []})
    people: dict[str, Somebody | None] = field(default_factory=dict)
    others: dict[frozenset[str], list[Somebody]] = field(default_factory=dict)
    issuers: dict[tuple[int, str], str] = field(default_factory=dict)

    def matter(self, service: Service, examples: Iterable[Example], *, fresh: bool = False) -> Matter:
        """Return the application of somebody to whom one of the examples can happen; `fresh`: of somebody new.

        :raises NobodyFits: if there is nobody.
        """
        for example in examples:
            for holder in self._candidates(service, example, fresh):
                matter = self._fitted(service, example, holder)
                if matter is not None:
                    self._note(matter)
                    return matter
        raise NobodyFits(service.code)

    def _candidates(self, service: Service, example: Example, fresh: bool) -> Iterator[Somebody]:
        """Yield the known first, then ever more of the world."""
        kind = BUSINESS if for_business(service, example) else PERSON
        if not fresh:
            yield from self._known_candidates(kind, service.required_kinds())
        needs = wanted(service, example)
        find = self.world.businesses if kind == BUSINESS else self.world.people
        need = sorted(needs.business if kind == BUSINESS else needs.person)
        absent = [service.evidence_types[code] for code in sorted(needs.absent)]
        lack = [one.code for one in absent if holder_kind(service, one, example) == kind]
        seen = {one.number for one in self.known[kind]}
        for page in range(PAGES):
            found = find(need=need, lack=lack, count=PAGE, skip=page * PAGE)
            yield from (one for one in found if one.number not in seen)
            if len(found) < PAGE:
                return

    def _known_candidates(self, kind: str, kinds: frozenset[str]) -> list[Somebody]:
        """Return those known who hold something we issued that the service asks for, then those who came once."""
        held = {id(one): len(kinds & one.issued.keys()) for one in self.known[kind]}
        ready = [
            one
            for one in self.known[kind]
            if len(one.cast_in) < (MOST_OF_A_HERO if held[id(one)] else MOST_MATTERS)
        ]
        return sorted(ready, key=lambda one: (-held[id(one)], len(one.cast_in)))

    def _fitted(self, service: Service, example: Example, holder: Somebody) -> Matter | None:
        """Return the holder's matter if their records make the example come true."""
        needs = wanted(service, example)
        person = self._filer(example, holder, needs.person)
        if person is None:
            return None
        holders = {PERSON: person, holder.kind: holder}
        for kind, codes in ((PERSON, needs.person), (BUSINESS, needs.business)):
            if codes and not codes <= holders[kind].records.keys() | holders[kind].issued.keys():
                return None
        if any(needs.absent & (one.in_registers | one.issued.keys()) for one in holders.values()):
            return None
        for keyed in keyed_facts(service, example, holders):
            facts = {**example.facts, **keyed}
            if comes_true(service, example, facts):
                cast = self._with_others(service, example, facts, person, keyed)
                if cast is not None:
                    return self._matter(service, example, holders, facts | cast[0], cast[1])
        return None

    def _filer(self, example: Example, holder: Somebody, needs: frozenset[str]) -> Somebody | None:
        """Return who files: the person, the business's representative, or an agent with a mandate."""
        if holder.kind == PERSON:
            return None if example.by_agent else holder
        if example.by_agent:
            return next((one for one in self._others(PERSON, needs) if one.username != holder.username), None)
        return self._person(holder.username)

    def _with_others(
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
        place = frozenset({kind, *needs})
        if place not in self.others:
            find = self.world.businesses if kind == BUSINESS else self.world.people
            self.others[place] = find(
                need=sorted(needs or {"id-card"} if kind == PERSON else needs), count=PAGE
            )
        return self.others[place]

    def _person(self, username: str) -> Somebody | None:
        if username not in self.people:
            known = next((one for one in self.known[PERSON] if one.username == username), None)
            self.people[username] = known or self.world.person(username)
        return self.people[username]

    def _matter(
        self,
        service: Service,
        example: Example,
        holders: Mapping[str, Somebody],
        facts: Mapping[str, Any],
        signers: tuple[Signer, ...],
    ) -> Matter:
        business = holders.get(BUSINESS)
        answers = {
            code: facts[code] if code in facts else made_up(service.facts[code])
            for code, when in service.questions.items()
            if service.holds(when, facts) is not False
        }
        kinds = wanted(service, example)
        after = {
            self.issuers[id(holder), code]
            for holder in holders.values()
            for code in kinds.person | kinds.business
            if (id(holder), code) in self.issuers
        }
        return Matter(service, example, holders[PERSON], business, answers, facts, signers, frozenset(after))

    def _note(self, matter: Matter) -> None:
        """Remember the holder, and what will be issued to them; somebody who founds a business gets a new one."""
        service, holder = matter.service, matter.holder
        for one in (matter.person, holder):
            if one not in self.known[one.kind]:
                self.known[one.kind].append(one)
        holder.cast_in.append(service.code)
        if matter.example.ends != GRANTED or not service.certificate:
            return
        if service.founds:
            holder = Somebody(BUSINESS, matter.person.username, number="", name="", founded_by=matter.answers)
            self.known[BUSINESS].append(holder)
        kind = service.evidence_types[service.certificate]
        key = str(matter.facts.get(kind.key, "")) if kind.key else ""
        given = {fact: service.gives.get(fact, fact) for fact in kind.proves}
        facts = {fact: matter.facts[source] for fact, source in given.items() if source in matter.facts}
        holder.issued.setdefault(kind.code, {})[key] = facts
        self.issuers[id(holder), service.certificate] = service.code


def cast_all(services: Sequence[Service], casting: Casting) -> tuple[list[Matter], list[str]]:
    """Return an application for each service and those of the unhappy lives, and the services nobody was found for."""
    matters, left = [], []
    for service in services:
        try:
            matters.append(casting.matter(service, service.good))
        except NobodyFits:
            left.append(service.code)
    _give_lives(matters)
    return [*matters, *_others_lives(services, casting)], left


def _give_lives(matters: Iterable[Matter]) -> None:
    """Let some of the applications have a life of their own; nobody waits for those that have one."""
    awaited = {code for one in matters for code in one.after}
    free = [one for one in matters if one.service.code not in awaited and not one.after]
    for life, count in OF_THE_USUAL.items():
        for one in [one for one in free if can_happen(life, one.service, one.example)][:count]:
            one.life = life
            free.remove(one)


def _others_lives(services: Sequence[Service], casting: Casting) -> Iterator[Matter]:
    """Yield further applications, of other people, that do not end well: each of another programme."""
    programmes: set[str] = set()
    for life, count in OF_OTHERS.items():
        found = _of_a_life(services, casting, life, programmes)
        yield from islice(found, count)


def _of_a_life(
    services: Sequence[Service], casting: Casting, life: Life, programmes: set[str]
) -> Iterator[Matter]:
    for service in services:
        examples = [one for one in service.examples if can_happen(life, service, one)]
        if service.programme in programmes or not examples:
            continue
        try:
            matter = casting.matter(service, examples, fresh=True)
        except NobodyFits:
            continue
        matter.life = life
        if life is Life.UNTRUE:
            matter.untrue = untrue_answer(service, matter.example, matter.told_by_registers)
        if life is not Life.UNTRUE or matter.untrue:
            programmes.add(service.programme)
            yield matter
