"""What may follow later: promised in writing, by a day, while the case is accepted and handled (R5.1-R5.7)."""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from services.core.casefile import CaseFile
from services.core.definitions import Definition, Mode, Requirement
from services.core.evidence import Settlement, Standing
from services.core.jurisdiction import Law
from services.core.limits import statutory_due
from services.core.pauses import moved_on
from services.core.reference import DeclarationKind
from services.core.refusal import Kind, Refusal
from services.core.states import UNDER_WAY


class Material(StrEnum):
    """What sort of thing is to be proved (R5.7)."""

    MAIN = "main"  # it must be there
    DEFERRABLE = "deferrable"  # it may follow
    COMMITTABLE = "committable"  # a commitment may stand in for it
    AUTO = "auto"  # the portal obtains it


class Delivery(StrEnum):
    """How something promised comes, in the order in which it is offered: a trip last (R5.6)."""

    UPLOAD = "upload"
    POST = "post"
    WINDOW = "window"


class NotDeferrable(Refusal):
    """Only what the service's definition lets follow can be promised (R5.1)."""

    code = "not_deferrable"
    kind = Kind.CONFLICT
    sentence = "This cannot follow later: it must be there when you file."


class PromiseTooLate(Refusal):
    """What is promised comes within the promised handling time (R5.4)."""

    code = "promise_too_late"
    sentence = "Choose a day from {first} to {last}: the office decides by then."


class PromiseNotOpen(Refusal):
    """Only an open promise is given more time."""

    code = "promise_not_open"
    kind = Kind.CONFLICT
    sentence = "Nothing is promised here that has not come in."


class DeliveryNotOffered(Refusal):
    """Handing something in is a trip (R8.2): whoever comes in anyway is not sent in twice."""

    code = "delivery_not_offered"
    kind = Kind.CONFLICT
    sentence = "One visit is enough: send this online or by post."


def materials_of(requirement: Requirement, definition: Definition) -> frozenset[Material]:
    """Return what sort of thing is to be proved: one of four, or both deferrable and committable (R5.7)."""
    kinds = [definition.evidence_types[code] for entry in requirement.any_of for code in entry]
    if any(kind.registered for kind in kinds):
        return frozenset({Material.AUTO})
    committable = any(kind.declaration is DeclarationKind.COMMITMENT for kind in kinds)
    found = {Material.DEFERRABLE} if requirement.deferrable else set()
    found |= {Material.COMMITTABLE} if committable and not definition.risks else set()
    return frozenset(found or {Material.MAIN})


def last_day_to_promise(definition: Definition, *, on: date, law: Law) -> date:
    """Return the last day that can be promised on a day: that of the promised handling time from then (R5.4)."""
    return law.working_days(on, definition.promised)


def check_promise(definition: Definition, requirement: str, until: date, *, on: date, law: Law) -> None:
    """Do nothing if the requirement can be promised by that day.

    :raises NotDeferrable: unless the definition lets it follow (R5.1).
    :raises PromiseTooLate: for a day that has passed, or lies past the promised handling time (R5.4).
    """
    wanted = definition.requirement.get(requirement)
    if wanted is None or not wanted.deferrable:
        raise NotDeferrable
    last = last_day_to_promise(definition, on=on, law=law)
    if not on <= until <= last:
        raise PromiseTooLate(first=on.isoformat(), last=last.isoformat())


def deliveries(definitions: Iterable[Definition]) -> tuple[Delivery, ...]:
    """Return how something promised may come in an application of these services, the trip last (R5.6).

    Handing it in at a window is itself the one visit (R8.2). So it is offered only where no service here has a
    counter step; where one has, the original can be shown at that visit, which is a way of giving it of its own.
    """
    visited = any(one.steps_of(Mode.COUNTER) for one in definitions)
    return tuple(one for one in Delivery if not (visited and one is Delivery.WINDOW))


def check_delivery(definitions: Iterable[Definition], delivery: str) -> None:
    """Do nothing if something promised may come in this way.

    :raises DeliveryNotOffered: otherwise.
    """
    if delivery not in deliveries(definitions):
        raise DeliveryNotOffered


def check_awaited(case: CaseFile, requirement: str) -> None:
    """Do nothing if that was promised, and has not come in.

    :raises PromiseNotOpen: otherwise.
    """
    one = case.settlements.get(requirement)
    if case.state not in UNDER_WAY or one is None or one.standing is not Standing.PROMISED:
        raise PromiseNotOpen


def check_more_time(case: CaseFile, requirement: str, until: date, law: Law) -> None:
    """Do nothing if an officer can give the promise that much more time, for force majeure (R5.4).

    :raises PromiseNotOpen: if nothing of the sort is awaited.
    :raises PromiseTooLate: for a day that is none more, or past the law's own limit.
    """
    check_awaited(case, requirement)
    promised_until = case.settlements[requirement].until or case.on
    last = statutory_due(case, law).on
    first = max(promised_until, case.on)
    if not first < until <= last:
        raise PromiseTooLate(first=first.isoformat(), last=last.isoformat())


def promised(case: CaseFile, law: Law) -> Iterator[tuple[Settlement, date]]:
    """Yield what is promised and has not come in, with its last day; a pause takes nothing from anybody's days."""
    start = case.accepted_on or case.received_on
    for one in case.settlements.values():
        if one.standing is Standing.PROMISED and one.until is not None:
            yield one, moved_on(one.until, start, law.calendar, before=(), after=case.pauses)


def missed_promises(case: CaseFile, law: Law) -> tuple[str, ...]:
    """Return the requirements whose promised day has passed without anything coming in (R5.5)."""
    return tuple(one.requirement for one, until in promised(case, law) if case.on > until)
