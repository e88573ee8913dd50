"""A case as the law sees it on one day: what is known, what is settled, which steps have ended, what is awaited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from services.core.conditions import Truth, truth_of
from services.core.definitions import Definition, Mode, Requirement, Step
from services.core.evidence import Settlement, Shelf, Standing
from services.core.facts import Value
from services.core.pauses import Extension, Pause, Suspension
from services.core.sequence import Predecessor, awaited_kinds, awaiting, required_from, without
from services.core.states import ENDED, CaseState, Verdict
from services.core.waterfall import settle_requirement


class StepOutcome(StrEnum):
    """How a step ended, or that it is open."""

    OPEN = "open"
    DONE = "done"
    AGAINST = "against"  # a review or inspection speaks against; a check did not pass
    UNDECIDED = "undecided"  # a check or a `when` could not be told from what is known
    FAILED = "failed"  # the examination was failed, or the original did not match: ends in a decision
    OVERCOME = "overcome"  # a person of the lead office looked at the objection and let the case go on


OBJECTIONS = frozenset({StepOutcome.AGAINST, StepOutcome.UNDECIDED, StepOutcome.FAILED})
WELL_ENDED = frozenset({StepOutcome.DONE, StepOutcome.OVERCOME})


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step of this case: since when, how it stands, until when a waiting period or an office's days run."""

    outcome: StepOutcome
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The one correction notice of a case: which requirements, until when, and when it was answered (R2.4-R2.8)."""

    items: tuple[str, ...]
    sent_on: date
    due_on: date
    answered_on: date | None = None


class Concern(StrEnum):
    """What the lead office is asked about when the machine may not go on: it never refuses by itself."""

    OBJECTION = "objection"
    UNKNOWN = "unknown"
    MISSING = "missing"
    PROMISE = (
        "promise"  # something promised did not come, where only a person may cancel the acceptance (R5.5)
    )


_FACTS = frozenset({"definition", "facts", "determined"})
# What is found out once about a case, and the things it is found out from. How requirements are settled rests also on
# the meetings with officers that are still to come.
_RESTS_ON: Mapping[str, frozenset[str]] = {
    "truths": _FACTS,
    "committed": frozenset({"definition", "shelves"}),
    "active": _FACTS | {"shelves"},
    "settlements": _FACTS | {"shelves", "on", "earlier"},
    "wanted": _FACTS | {"shelves", "on", "earlier"},
}


@dataclass(frozen=True)
class CaseFile:
    """Everything routing may look at. `on` is the legal day; `shelves` hold evidence by party."""

    definition: Definition
    on: date
    received_on: date
    state: CaseState = CaseState.RECEIVED
    facts: Mapping[str, Value] = field(default_factory=dict)
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    accepted_on: date | None = None
    decided_on: date | None = None
    verdict: Verdict | None = None
    steps: Mapping[str, StepRecord] = field(default_factory=dict)
    determined: Mapping[str, bool] = field(default_factory=dict)
    acceptance_due: date | None = None
    correction: Correction | None = None
    concern: Concern | None = None
    visits: int = 0
    fee_asked_on: date | None = None
    fee_paid: bool = False
    fetched: frozenset[str] = frozenset()
    pauses: tuple[Pause, ...] = ()
    extension: Extension | None = None
    # Whether others of the same application call their applicant in as well; and since when it waits for that.
    joint: bool = False
    suspension: Suspension | None = None
    # The services of the same application whose certificates this one requires.
    earlier: tuple[Predecessor, ...] = ()
    # Whether it is one of several services of its application; what its office noted to be missing, to be asked for in
    # the one notice of them all; and whether that notice has gone out without it (R7.5, R7.9).
    together: bool = False
    noted: tuple[str, ...] = ()
    notice_out: bool = False

    def after(self, **changes: object) -> "CaseFile":
        """Return the case with these things changed; what was found out, and rests on none of them, still holds."""
        if strangers := changes.keys() - self.__dataclass_fields__.keys():
            raise TypeError(f"a case has no {', '.join(sorted(strangers))}")
        case = object.__new__(CaseFile)
        case.__dict__.update(self.__dict__, **changes)
        for known, grounds in _RESTS_ON.items():
            if not grounds.isdisjoint(changes):
                case.__dict__.pop(known, None)
        if "steps" in changes and self._meetings_ahead != case._meetings_ahead:
            case.__dict__.pop("settlements", None)
            case.__dict__.pop("wanted", None)
        return case

    @property
    def ended(self) -> bool:
        """Return whether nothing more can happen to the case."""
        return self.state in ENDED

    @cached_property
    def truths(self) -> Mapping[str, Truth]:
        """Return each condition's truth: as an officer determined it, else over the known facts."""
        conditions = self.definition.conditions.values()
        known = {one.code: truth_of(one.expression, self.facts) for one in conditions}
        return {**known, **self.determined}

    def holds(self, when: str) -> Truth:
        """Return whether something with this `when` applies; without a `when` it always does."""
        return self.truths[when] if when else True

    @cached_property
    def active(self) -> Mapping[str, Truth]:
        """Return for each step whether it belongs to this case's route."""
        replaced = self.definition.commitments.replaces if self.committed else ()
        return {
            step.code: False if step.code in replaced else self.holds(step.when)
            for step in self.definition.steps
        }

    @cached_property
    def committed(self) -> bool:
        """Return whether the applicant committed in writing to the conditions of the licence (R4.7)."""
        offer, shelf = self.definition.commitments.offer, self.shelves.get("applicant", _EMPTY)
        return bool(offer) and any(one.type == offer and not one.disputed for one in shelf.held)

    @cached_property
    def settlements(self) -> Mapping[str, Settlement]:
        """Return how each requirement stands that applies, or may yet be found to apply."""
        wanted = (one for one in self.definition.requirements if self.holds(one.when) is not False)
        return {one.code: self._settle(one) for one in wanted}

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Return what registers have yet to tell, by requirement and kind."""
        return frozenset(
            f"{one.requirement}:{kind}" for one in self.settlements.values() for kind in one.fetch
        )

    def seeking_anew(self) -> "CaseFile":
        """Return the case as it is read: what was sought and is answered counts as sought no more.

        Should the answer run out while the office takes its days, it is sought again, however often that happens.
        """
        return self if self.fetched <= self.wanted else self.after(fetched=self.fetched & self.wanted)

    def _settle(self, requirement: Requirement) -> Settlement:
        shelf = self.shelves.get(requirement.party, _EMPTY)
        ahead = self.sees_original(requirement)
        kinds = awaited_kinds(requirement, self.definition, self.earlier)
        if not kinds:
            return settle_requirement(requirement, self.definition, shelf, on=self.on, visit_ahead=ahead)
        known = without(shelf, kinds)
        found = settle_requirement(requirement, self.definition, known, on=self.on, visit_ahead=ahead)
        # What is proved in another way waits for nobody.
        return found if found.standing is Standing.SETTLED else awaiting(requirement, kinds, self.earlier)

    def sees_original(self, requirement: Requirement) -> bool:
        """Return whether an officer will meet the applicant anyway, so that an original can be shown then."""
        named = [
            step
            for step in self.definition.meetings
            if not requirement.original_at or step.code == requirement.original_at
        ]
        return any(self.active[step.code] is True and not self.has_ended(step) for step in named)

    @property
    def _meetings_ahead(self) -> list[bool]:
        """Return of each meeting with an officer whether it is still to come."""
        return [not self.has_ended(one) for one in self.definition.meetings]

    def has_ended(self, step: Step) -> bool:
        """Return whether the step lies behind, well or not."""
        record = self.steps.get(step.code)
        return record is not None and record.outcome is not StepOutcome.OPEN

    def is_open(self, step: Step) -> bool:
        """Return whether somebody or some day is awaited for the step."""
        record = self.steps.get(step.code)
        return record is not None and record.outcome is StepOutcome.OPEN

    def passed(self, code: str) -> bool:
        """Return whether the step holds nothing up any more.

        It ended well, or it is no part of this route and nothing before it holds anything up.
        """
        record = self.steps.get(code)
        if record is not None:
            return record.outcome in WELL_ENDED
        return self.active[code] is False and all(map(self.passed, self.definition.step[code].after))

    def ready(self, step: Step) -> bool:
        """Return whether the step can begin: not begun, and all that must come before has passed."""
        return step.code not in self.steps and all(self.passed(code) for code in step.after)

    @property
    def objections(self) -> tuple[str, ...]:
        """Return the steps that ended against the applicant, or that could not be told."""
        return tuple(code for code, record in self.steps.items() if record.outcome in OBJECTIONS)

    def at_work(self, *, visits: bool = True) -> bool:
        """Return whether an office, a waiting period or (with `visits`) a visit is under way."""
        open_ones = (code for code, record in self.steps.items() if record.outcome is StepOutcome.OPEN)
        modes = (self.definition.step[code].mode for code in open_ones)
        return any(visits or mode is not Mode.COUNTER for mode in modes)

    @property
    def unsettled(self) -> tuple[Settlement, ...]:
        """Return the requirements that nothing settles yet."""
        return tuple(one for one in self.settlements.values() if one.standing is not Standing.SETTLED)

    @property
    def complete_on(self) -> date:
        """Return the day on which the last thing needed came in: its receipt, or a correction's answer (R2.4, R2.6)."""
        answered = self.correction.answered_on if self.correction is not None else None
        return answered or self.received_on

    @property
    def lacking(self) -> tuple[str, ...]:
        """Return what it was asked to put right, or is noted for it to be asked, and has not come in."""
        items, since = self.noted, date.min
        if self.correction is not None:
            items, since = self.correction.items, self.correction.sent_on
        return tuple(code for code in items if self._lacks(code, since))

    def _lacks(self, requirement: str, since: date) -> bool:
        """Return whether nothing came in for it; a copy that was there when it was asked for anew is nothing."""
        one = self.settlements.get(requirement)
        if one is None or one.standing is not Standing.UNCHECKED:
            return one is not None and one.standing is Standing.OPEN
        return all(item.obtained_on < since for item in one.evidence)

    @property
    def awaits(self) -> tuple[str, ...]:
        """Return the earlier services of the application that it waits for (R7.5)."""
        ground = [one.service for one in self.earlier if one.ground and one.pending]
        awaited = (code for one in self.settlements.values() for code in one.awaits)
        return tuple(dict.fromkeys([*ground, *awaited]))

    @property
    def called_along(self) -> bool:
        """Return whether all it waits for is done at the visit, so that its applicant can sign for it there, too."""
        there = {one.service for one in self.earlier if one.at_counter}
        return bool(self.awaits) and there.issuperset(self.awaits)

    @property
    def notice_on(self) -> date | None:
        """Return the day on which the earlier services were done: their notice is its receipt (R7.5)."""
        required = (one for _, one in required_from(self.definition, self.settlements, self.earlier))
        days = (one.issued_on for one in (*required, *(one for one in self.earlier if one.ground)))
        return max((day for day in (*days, *self._freed_on()) if day is not None), default=None)

    def _freed_on(self) -> Iterator[date | None]:
        """Yield the days on which earlier services ended without what it waited for: until then it could not begin."""
        for how, one in required_from(self.definition, self.settlements, self.earlier):
            if how.standing is not Standing.SETTLED:
                yield one.ended_on

    @property
    def precondition_lost(self) -> bool:
        """Return whether what it depends on was refused, and nothing else proves it (R7.7)."""
        found = required_from(self.definition, self.settlements, self.earlier)
        return any(one.lost and how.standing is not Standing.SETTLED for how, one in found)

    @property
    def fee_due(self) -> bool:
        """Return whether this case costs something that is not yet paid."""
        fee = self.definition.fee
        return fee is not None and self.holds(fee.when) is True and not self.fee_paid

    @property
    def fee_unknown(self) -> bool:
        """Return whether nobody can tell yet if this case costs something: it is not asked, and not forgotten."""
        fee = self.definition.fee
        return fee is not None and self.holds(fee.when) is None and not self.fee_paid


def accepts_at_visit(case: CaseFile) -> bool:
    """Return whether acceptance is the visit: a counter step comes before every piece of work of the offices."""
    on_route = [step for step in case.definition.steps if case.active[step.code] is not False]
    work = [step for step in on_route if step.takes_days and step.mode is not Mode.DELIVER]
    earlier = case.definition.earlier
    return any(
        all(step.code in earlier[later.code] for later in work)
        for step in on_route
        if step.mode is Mode.COUNTER
    )


_EMPTY = Shelf()
