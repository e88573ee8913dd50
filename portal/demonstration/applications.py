"""The applications of a demonstration: one for each service, some with a life of their own, and some that end badly."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from portal.demonstration.casting import Casting, NobodyFits
from portal.demonstration.catalogue import Service
from portal.demonstration.lives import OF_OTHERS, OF_THE_USUAL, Life, can_happen, untrue_answer
from portal.demonstration.matters import Matter


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
