"""How many working days the offices need on one branch, step by step, from acceptance to the result."""

from collections.abc import Mapping

from services.core.definitions import STAFFED, Definition, Mode, Step

# What a person of the lead office takes to look at an objection that the machine may not decide.
CONCERN_DAYS = 1


def days_needed(definition: Definition, branch: Mapping[str, bool], *, objecting: bool = False) -> int:
    """Return the working days from acceptance to the result; courier days are not counted.

    With `objecting`, every check, review and inspection objects, and the lead office lets the case go on each time.
    """
    active = [step for step in definition.steps if not step.when or branch[step.when]]
    work = [step for step in active if step.mode not in (Mode.DELIVER, Mode.ISSUE)]
    run = _Run({step.code for step in definition.steps} - {step.code for step in active}, objecting)
    run.to_the_end(work)
    return run.day - run.accepted_on


class _Run:
    """The steps of one branch as they begin and end, in whole working days."""

    def __init__(self, skipped: set[str], objecting: bool) -> None:
        self.ended, self.objecting = set(skipped), objecting
        self.day, self.accepted_on = 0, 0
        self.ends_on: dict[str, int] = {}
        self.staffed = False

    def to_the_end(self, work: list[Step]) -> None:
        waiting = list(work)
        objected = False
        while waiting or self.ends_on:
            ready = [] if objected else [step for step in waiting if self.ended.issuperset(step.after)]
            for step in ready:
                self.ends_on[step.code] = self.day + step.days
            waiting = [step for step in waiting if step not in ready]
            if not self.ends_on:
                if not objected:
                    return
                self.day, objected = self.day + CONCERN_DAYS, False
                continue
            objected = self._next_end(work) or objected
        self.day += CONCERN_DAYS * objected

    def _next_end(self, work: list[Step]) -> bool:
        """Go to the next day on which steps end; return whether any of them objects."""
        self.day = max(self.day, min(self.ends_on.values()))
        now = [step for step in work if self.ends_on.get(step.code, self.day + 1) <= self.day]
        for step in now:
            self.ended.add(step.code)
            del self.ends_on[step.code]
            self.staffed = self.staffed or step.mode in STAFFED or step.days > 0
            if step.mode is Mode.COUNTER and not self.staffed:
                self.accepted_on = self.day  # acceptance is the visit: the limits run from here
        return self.objecting and any(_may_object(step) for step in now)


def _may_object(step: Step) -> bool:
    return bool(step.check) or step.mode in (Mode.REVIEW, Mode.INSPECTION)
