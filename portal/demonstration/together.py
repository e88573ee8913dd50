"""Several services in one application: bundles and baskets, cast with people of the made-up world whom they all fit.

What does not fit anybody is left out, as any applicant may leave it out.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from portal.demonstration.casting import Casting
from portal.demonstration.catalogue import Example, Service
from portal.demonstration.conditions import used_facts
from portal.demonstration.fitting import wanted
from portal.demonstration.matters import Matter, Signer
from portal.demonstration.world import BUSINESS, PERSON, Somebody

BASKETS = Path(__file__).with_name("baskets.toml")
FEWEST, PAGE, PAGES = 2, 12, 4
# After so many nobody better is sought, if all but two of the services fit somebody.
ENOUGH, ALL_BUT = 24, 2


@dataclass(slots=True, eq=False)
class Together:
    """One application for several services: a bundle by its code, or a basket; one matter a member, in order."""

    code: str
    bundle: str
    members: list[Matter]
    left_out: tuple[str, ...] = ()
    # What the plan said before anything was filled in, and what then came of it.
    planned: int = 0
    attended: int = 0

    @property
    def first(self) -> Matter:
        """Return the first member's matter: whoever files it files them all."""
        return self.members[0]

    @property
    def business(self) -> Somebody | None:
        """Return the business that it is filed for, unless it is founded by it."""
        if any(one.service.founds for one in self.members):
            return None
        return next((one.business for one in self.members if one.business), None)

    @property
    def answers(self) -> dict[str, Any]:
        """Return what is answered, each fact once."""
        return {code: value for one in reversed(self.members) for code, value in one.answers.items()}

    @property
    def facts(self) -> dict[str, Any]:
        """Return all that is known in it."""
        known = {code: value for one in reversed(self.members) for code, value in one.example.facts.items()}
        return known | {code: value for one in reversed(self.members) for code, value in one.facts.items()}

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Return everybody who signs in an account of their own, once."""
        return tuple(dict.fromkeys(signer for one in self.members for signer in one.signers))


def baskets() -> dict[str, tuple[str, ...]]:
    """Return the baskets of the demonstration, by name."""
    tables = tomllib.loads(BASKETS.read_text(encoding="utf-8"))
    return {code: tuple(table["services"]) for code, table in tables.items()}


def cast_together(
    casting: Casting, services: Mapping[str, Service], wanted_codes: Iterable[tuple[str, str, Sequence[str]]]
) -> tuple[list[Together], list[str]]:
    """Return an application for each bundle and basket, and the codes for which nobody was found."""
    found, left = [], []
    for code, bundle, members in wanted_codes:
        known = [services[one] for one in members if one in services]
        cast = _Cast(casting).best(code, bundle, known)
        if cast is None:
            left.append(code)
        else:
            found.append(cast)
    return found, left


@dataclass(slots=True)
class _Cast:
    """One search for somebody whom as many of the services as possible fit."""

    casting: Casting
    found: list[Matter] = field(default_factory=list)

    def best(self, code: str, bundle: str, services: Sequence[Service]) -> Together | None:
        """Return the application of whoever takes most of the services, None if nobody takes two."""
        best: list[Matter] = []
        for looked_at, holder in enumerate(self._candidates(services)):
            matters = list(self._assembled(holder, services))
            best = max(best, matters, key=len)
            well = looked_at >= ENOUGH and len(best) >= max(FEWEST, len(services) - ALL_BUT)
            if well or len(best) == len(services):
                break
        if len(best) < FEWEST:
            return None
        taken = {one.service.code for one in best}
        out = tuple(one.code for one in services if one.code not in taken)
        for one in (best[0].person, *(one.business for one in best if one.business)):
            one.cast_in.append(code)
        return Together(code, bundle, best, out)

    def _candidates(self, services: Sequence[Service]) -> Iterator[Somebody]:
        """Yield people, or businesses, who stand in the registers that the services need; the pickiest wish first."""
        kind = _kind(services)
        find = self.casting.world.businesses if kind == BUSINESS else self.casting.world.people
        seen: set[str] = set()
        for asked, page in product(_wishes(services, kind), range(PAGES)):
            for one in find(need=asked, count=PAGE, skip=page * PAGE):
                if not (one.number in seen or one.has_ended or one.cast_in):
                    seen.add(one.number)
                    yield one

    def _assembled(self, holder: Somebody, services: Sequence[Service]) -> Iterator[Matter]:
        """Yield a matter for each service that fits, with what the earlier ones issue and what was answered so far."""
        person = self.casting.companions.person(holder.username) if holder.kind == BUSINESS else holder
        if person is None:
            return
        holders = {holder.kind: replace(holder, issued=deepcopy(holder.issued))}
        holders.setdefault(PERSON, replace(person, issued=deepcopy(person.issued)))
        known: dict[str, Any] = {}
        for service in services:
            who = holders.get(BUSINESS) if service.applicant == BUSINESS else holders[PERSON]
            matter = self._member(service, who, known) if _may_join(service, holder, holders) else None
            if matter is None or who is None:
                continue
            known |= matter.facts
            _issue(matter, who, holders)
            yield matter

    def _member(self, service: Service, who: Somebody | None, known: Mapping[str, Any]) -> Matter | None:
        if who is None or _untold(service, who) & _decides(service):
            return None
        for example in (one for one in service.good if not one.by_agent and not one.absent):
            if _contradicts(example, known):
                continue
            matter = self.casting.fitted(service, _with(example, known), who)
            if matter is not None and all(
                known.get(fact, value) == value for fact, value in matter.facts.items()
            ):
                return matter
        return None


def _kind(services: Sequence[Service]) -> str:
    founding = any(one.founds for one in services)
    return BUSINESS if not founding and any(one.applicant == BUSINESS for one in services) else PERSON


def _may_join(service: Service, holder: Somebody, holders: Mapping[str, Somebody]) -> bool:
    """Return whether the service is for this kind of applicant, as the application now stands."""
    if holder.kind == BUSINESS:
        return service.applicant == BUSINESS
    return service.applicant != BUSINESS or BUSINESS in holders


def _wishes(services: Sequence[Service], kind: str) -> Iterator[list[str]]:
    """Yield which registers whoever applies should stand in: for all members, then for ever fewer."""
    issued = {one.certificate for one in services}
    mine = [one for one in services if (one.applicant == BUSINESS) == (kind == BUSINESS) and one.good]
    for number in range(len(mine), 0, -1):
        needs: set[str] = set()
        for one in mine[:number]:
            asked = wanted(one, one.good[0])
            needs |= asked.business if kind == BUSINESS else asked.person
        yield sorted(needs - issued)


def _untold(service: Service, who: Somebody) -> set[str]:
    """Return what a register would have told, and the certificate just issued in its place does not."""
    kinds = [service.evidence_types[code] for code in service.required_kinds() & who.issued.keys()]
    told = {fact for kind in kinds for facts in who.issued[kind.code].values() for fact in facts}
    return {fact for kind in kinds for fact in kind.proves} - told - service.questions.keys()


def _decides(service: Service) -> set[str]:
    """Return the facts on which a check of the service rests."""
    checks = {step.check for step in service.steps if step.check}
    return {fact for code in checks for fact in used_facts(service.conditions[code])}


def _contradicts(example: Example, known: Mapping[str, Any]) -> bool:
    """Return whether what was answered already makes one of the example's conditions impossible by its own words."""
    told = {code: value for code, value in example.facts.items() if isinstance(value, bool)}
    return any(code in known and known[code] != value for code, value in told.items())


def _with(example: Example, known: Mapping[str, Any]) -> Example:
    """Return the example as told by somebody who has answered this already."""
    return replace(example, facts={**example.facts, **known})


def _issue(matter: Matter, who: Somebody, holders: dict[str, Somebody]) -> None:
    """Let what the member issues be known to those after it; whoever founds a business goes on for it."""
    service = matter.service
    if not service.certificate:
        return
    holder = who
    if service.founds:
        holder = Somebody(BUSINESS, matter.person.username, number="", name="", founded_by=matter.answers)
        holders[BUSINESS] = holder
    kind = service.evidence_types[service.certificate]
    key = str(matter.facts.get(kind.key, "")) if kind.key else ""
    given = {fact: service.gives.get(fact, fact) for fact in kind.proves}
    facts = {fact: matter.facts[source] for fact, source in given.items() if source in matter.facts}
    holder.issued.setdefault(kind.code, {})[key] = facts
