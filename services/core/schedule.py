"""How many working days the offices need on one branch, step by step, from acceptance to the result."""

from collections.abc import Mapping

from services.core.definitions import Definition, Mode, Step


def days_needed(
    definition: Definition, branch: Mapping[str, bool], *, concern_days: int | None = None
) -> int:
    """Return the working days from acceptance to the result; courier days are not counted.

    With `concern_days`, every check, review and inspection objects, and each time a person of the lead office takes
    so many days to look at it and lets the case go on.
    """
    run = _Run(definition, branch, concern_days=concern_days)
    run.to_the_end()
    return run.day - run.accepted_on


def days_with_joint_visit(definition: Definition, branch: Mapping[str, bool], *, visit_on: int) -> int:
    """Return the working days from filing to the result when nobody attends before day `visit_on`.

    The wait for the visit is counted: it suspends what was promised, never the law's limit (R2.12).
    """
    run = _Run(definition, branch, visit_on=visit_on)
    run.to_the_end()
    return run.day


class _Run:
    """The steps of one branch as they begin and end, in whole working days."""

    def __init__(
        self,
        definition: Definition,
        branch: Mapping[str, bool],
        *,
        concern_days: int | None = None,
        visit_on: int = 0,
    ) -> None:
        self.definition, self.concern_days, self.visit_on = definition, concern_days, visit_on
        self.waiting = [step for step in definition.steps if step.mode not in (Mode.DELIVER, Mode.ISSUE)]
        self.active = {step.code for step in definition.steps if not step.when or branch[step.when]}
        self.day, self.accepted_on = 0, 0
        self.ended: set[str] = set()
        self.ends_on: dict[str, int] = {}

    def to_the_end(self) -> None:
        """Walk until every step has ended, or nothing more can begin."""
        objected = False
        while self.waiting or self.ends_on:
            if not objected:
                self._begin()
            if self.ends_on:
                objected = self._next_end() or objected
            elif objected:
                self._look_at_objections()
                objected = False
            else:
                return
        if objected:
            self._look_at_objections()

    def _look_at_objections(self) -> None:
        """Let the lead office look at what was objected to, all of it together."""
        self.day += self.concern_days or 0

    def _begin(self) -> None:
        """Begin what is ready; what is no part of this branch ends as soon as all before it has ended."""
        while ready := [step for step in self.waiting if self.ended.issuperset(step.after)]:
            self.waiting = [step for step in self.waiting if step not in ready]
            self.ended |= {step.code for step in ready} - self.active
            self.ends_on |= {step.code: self._end(step) for step in ready if step.code in self.active}

    def _end(self, step: Step) -> int:
        """Return the day on which a step ends that begins now; a visit is kept on the day agreed for it."""
        return max(self.day, self.visit_on) if step.mode is Mode.COUNTER else self.day + step.days

    def _next_end(self) -> bool:
        """Go to the next day on which steps end; return whether any of them objects."""
        self.day = max(self.day, min(self.ends_on.values()))
        now = [self.definition.step[code] for code, day in self.ends_on.items() if day <= self.day]
        for step in now:
            self.ended.add(step.code)
            del self.ends_on[step.code]
            if step.mode is Mode.COUNTER and self._is_acceptance(step):
                self.accepted_on = self.day  # acceptance is the visit: the limits run from here
        return self.concern_days is not None and any(_may_object(step) for step in now)

    def _is_acceptance(self, step: Step) -> bool:
        """Return whether all work of the offices comes after this counter step."""
        work = (one for one in self.definition.steps if one.takes_days and one.code in self.active)
        earlier = self.definition.earlier
        return all(step.code in earlier[one.code] for one in work if one.mode is not Mode.DELIVER)


def _may_object(step: Step) -> bool:
    return bool(step.check) or step.mode in (Mode.REVIEW, Mode.INSPECTION)
