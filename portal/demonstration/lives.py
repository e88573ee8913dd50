"""Unhappy lives: what can happen to an application besides going well, and which services it can happen to."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from portal.demonstration.answering import another
from portal.demonstration.catalogue import GRANTED, Example, Service
from portal.demonstration.conditions import used_facts
from portal.demonstration.fitting import wanted

REFUSED, WITHDRAWN = "refused", "withdrawn"
STAFFED = ("review", "inspection", "decision")
LONG_ENOUGH = 3


class Life(StrEnum):
    """What happens to an application."""

    PLAIN = "plain"
    # These end well all the same.
    CORRECTION = "a correction asked and answered"
    REGISTER_DOWN = "registers down while it was filed"
    DISPUTE = "a record disputed"
    MISSED_VISIT = "a visit missed"
    # These do not.
    CHECK_FAILED = "an error, caught by a check"
    UNTRUE = "an error, caught by a clerk"
    WITHDRAWN = "withdrawn"
    EXAM_FAILED = "an examination failed"

    @property
    def ending(self) -> str:
        """Return how it must end."""
        if self is Life.WITHDRAWN:
            return WITHDRAWN
        return REFUSED if self in (Life.CHECK_FAILED, Life.UNTRUE, Life.EXAM_FAILED) else GRANTED


# How many of each life there are: those of the services' own applications, and those of further ones.
OF_THE_USUAL = {Life.CORRECTION: 2, Life.REGISTER_DOWN: 2, Life.DISPUTE: 1, Life.MISSED_VISIT: 1}
OF_OTHERS = {Life.CHECK_FAILED: 2, Life.UNTRUE: 2, Life.WITHDRAWN: 1, Life.EXAM_FAILED: 1}


def can_happen(life: Life, service: Service, example: Example) -> bool:
    """Return whether a life can happen to the applicant of a worked example."""
    return not example.by_agent and _POSSIBLE[life](service, example)


def _steps(service: Service, example: Example, *modes: str) -> list[Any]:
    """Return the steps of these modes on the example's route."""
    return [
        one
        for one in service.steps
        if one.mode in modes and service.holds(one.when, example.facts) is not False
    ]


def _correction(service: Service, example: Example) -> bool:
    return bool(example.asks) and _ends_well(service, example) and not service.parties


def _register_down(service: Service, example: Example) -> bool:
    """Return whether nothing is asked differently for want of the registers' answers."""
    needs = wanted(service, example)
    kinds = [service.evidence_types[code] for code in needs.person | needs.business]
    told = {fact for kind in kinds for fact in kind.proves}
    return bool(kinds) and _ends_well(service, example) and not told & _used(service)


def _dispute(service: Service, example: Example) -> bool:
    return _ends_well(service, example) and disputable(service, example) != ""


def disputable(service: Service, example: Example) -> str:
    """Return a type of evidence one can do without: there is another way, and no condition looks at its facts."""
    needs = wanted(service, example)
    for code in sorted(needs.person | needs.business):
        kind = service.evidence_types[code]
        if (kind.declared or kind.uploaded) and not set(kind.proves) & _used(service):
            return code
    return ""


def _missed_visit(service: Service, example: Example) -> bool:
    return example.ends == GRANTED and any(
        one.purpose != "exam" for one in _steps(service, example, "counter")
    )


def _ends_well(service: Service, example: Example) -> bool:
    return example.ends == GRANTED and not _steps(service, example, "counter")


def _check_failed(service: Service, example: Example) -> bool:
    failing = [one for one in _steps(service, example, "auto") if example.conditions.get(one.check) is False]
    return example.ends == REFUSED and bool(failing) and not example.outcomes and example.visits == 0


def _untrue(service: Service, example: Example) -> bool:
    works = _steps(service, example, *STAFFED)
    return _ends_well(service, example) and bool(works) and any(contestable(service, example))


def contestable(service: Service, example: Example) -> Iterator[str]:
    """Yield the facts that a register tells and no condition looks at: to say something else there changes no route."""
    needs = wanted(service, example)
    for code in sorted(needs.person | needs.business):
        for fact in service.evidence_types[code].proves:
            told = service.facts.get(fact)
            if told and fact not in _used(service) and told["type"] in ("text", "number", "money", "choice"):
                yield fact


def untrue_answer(service: Service, example: Example, records: Callable[[str], Any]) -> dict[str, Any]:
    """Return an answer that is not what the register says; `records` tells what it says of a fact."""
    for fact in contestable(service, example):
        known = records(fact)
        other = another(service.facts[fact], known) if known is not None else None
        if other is not None:
            return {fact: other}
    return {}


def _withdrawn(service: Service, example: Example) -> bool:
    longest = max((one.days for one in _steps(service, example, "review")), default=0)
    return _ends_well(service, example) and longest >= LONG_ENOUGH


def _exam_failed(service: Service, example: Example) -> bool:
    exams = [one.code for one in _steps(service, example, "counter") if one.purpose == "exam"]
    return example.ends == REFUSED and any(example.outcomes.get(code) == "failed" for code in exams)


def _used(service: Service) -> frozenset[str]:
    return frozenset().union(*(used_facts(one) for one in service.conditions.values()))


_POSSIBLE: dict[Life, Callable[[Service, Example], bool]] = {
    Life.CORRECTION: _correction,
    Life.REGISTER_DOWN: _register_down,
    Life.DISPUTE: _dispute,
    Life.MISSED_VISIT: _missed_visit,
    Life.CHECK_FAILED: _check_failed,
    Life.UNTRUE: _untrue,
    Life.WITHDRAWN: _withdrawn,
    Life.EXAM_FAILED: _exam_failed,
}
