"""Who applies for what: people and businesses of the made-up world to whom a worked example can happen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.demonstration.answering import made_up
from portal.demonstration.catalogue import GRANTED, Example, Service
from portal.demonstration.companions import Companions
from portal.demonstration.fitting import comes_true, for_business, holder_kind, keyed_facts, wanted
from portal.demonstration.matters import Matter, Signer
from portal.demonstration.world import BUSINESS, PERSON, Somebody, World

# Heroes meet again what was issued to them, up to so many times; the others come once or twice.
MOST_OF_A_HERO, MOST_MATTERS = 6, 2
PAGE, PAGES = 10, 16


class NobodyFits(Exception):
    """The made-up world has nobody to whom the worked example could happen."""


@dataclass(slots=True)
class Casting:
    """Finds applicants, and remembers whom it has found."""

    world: World
    companions: Companions
    known: dict[str, list[Somebody]] = field(default_factory=lambda: {PERSON: [], BUSINESS: []})
    issuers: dict[tuple[int, str], str] = field(default_factory=dict)

    def matter(self, service: Service, examples: Iterable[Example], *, fresh: bool = False) -> Matter:
        """Return the application of somebody to whom one of the examples can happen; `fresh`: of somebody new.

        :raises NobodyFits: if there is nobody.
        """
        for example in examples:
            for holder in self._candidates(service, example, fresh):
                matter = self.fitted(service, example, holder)
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
            if len(one.cast_in) < (MOST_OF_A_HERO if held[id(one)] else MOST_MATTERS) and not one.has_ended
        ]
        return sorted(ready, key=lambda one: (-held[id(one)], len(one.cast_in)))

    def fitted(self, service: Service, example: Example, holder: Somebody) -> Matter | None:
        """Return the holder's matter if their records make the example come true."""
        needs = wanted(service, example)
        person = self.companions.filer(example, holder, needs.person)
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
            cast = self.companions.with_others(service, example, facts, person, keyed)
            # Who the others are, and what registers say of them, can decide as much as the applicant's own records.
            if cast is not None and comes_true(service, example, facts | cast[0]):
                return self._matter(service, example, holders, facts | cast[0], cast[1])
        return None

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
        if service.output_ends:
            # What is ended is there no more for anything else of theirs: that goes first.
            after |= set((business or holders[PERSON]).cast_in)
        return Matter(service, example, holders[PERSON], business, answers, facts, signers, frozenset(after))

    def _note(self, matter: Matter) -> None:
        """Remember the holder, and what will be issued to them; somebody who founds a business gets a new one."""
        service, holder = matter.service, matter.holder
        for one in (matter.person, holder):
            if one not in self.known[one.kind]:
                self.known[one.kind].append(one)
        holder.cast_in.append(service.code)
        holder.has_ended = bool(service.output_ends)
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
