"""Services applied for together: who needs whose result, who waits for the joint visit, when each ends (R7.5, R7.6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.core.branches import Branch, branches
from services.core.definitions import Definition, Mode, Step
from services.core.reference import Home
from services.core.schedule import days_needed, days_with_joint_visit
from services.core.sequence import in_sequence, needs


@dataclass(frozen=True)
class Members:
    """Services applied for together, in their order: what each needs of the others, when it begins and ends."""

    ordered: tuple[Definition, ...]

    @cached_property
    def members(self) -> Mapping[str, Definition]:
        """Return the members by code."""
        return {one.code: one for one in self.ordered}

    @cached_property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by member, the other members whose certificate it requires (R7.5), in circles where there are any."""
        return needs(self.ordered)

    @cached_property
    def before(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by member, the other members it waits for: `needs` without circles."""
        return in_sequence(self.ordered)

    @cached_property
    def by_turn(self) -> tuple[Definition, ...]:
        """Return the members, each after those it waits for, in whatever order they were put together."""
        walked: dict[str, Definition] = {}
        while len(walked) < len(self.members):
            free = (one for one in self.ordered if all(code in walked for code in self.before[one.code]))
            walked |= {one.code: one for one in list(free)}
        return tuple(walked.values())

    @cached_property
    def branches(self) -> Mapping[str, Sequence[Branch]]:
        """Return the branches of each member."""
        return {one.code: branches(one) for one in self.ordered}

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """Return, by member, the days of its longest branch, when it waits for no other member's visit."""
        return {
            one.code: max(days_needed(one, branch) for branch in self.branches[one.code])
            for one in self.ordered
        }

    @cached_property
    def counters(self) -> Mapping[str, tuple[Step, ...]]:
        """Return, by member, the steps at which somebody attends; of one member no more than one on any branch."""
        return {one.code: one.steps_of(Mode.COUNTER) for one in self.ordered if one.steps_of(Mode.COUNTER)}

    @cached_property
    def ready(self) -> Mapping[str, int]:
        """Return, by member somebody attends for, the day on which it is ready for the visit."""
        starts, _ = self._days(self.longest_of)
        return {
            code: starts[code] + max(days_before(self.members[code], step) for step in steps)
            for code, steps in self.counters.items()
        }

    @cached_property
    def joint_day(self) -> int:
        """Return the day of the joint visit: the last of its members is ready for it."""
        return max(self.ready.values(), default=0)

    @cached_property
    def waits(self) -> Mapping[str, int]:
        """Return, by member that is ready before the others, the working days it waits for the joint visit."""
        return {code: self.joint_day - day for code, day in self.ready.items() if day < self.joint_day}

    @cached_property
    def starts(self) -> Mapping[str, int]:
        """Return, by member, the day on which everything it needs of the others is there, the visit being joint."""
        return self._days(self.longest_with_visit)[0]

    @cached_property
    def ends(self) -> Mapping[str, int]:
        """Return, by member, the day of its result, the visit being joint."""
        return self._days(self.longest_with_visit)[1]

    def late(self, look_days: int) -> Mapping[str, int]:
        """Return, by member whose office looks at copies first, by how many days it breaks its promise at the most.

        Acceptance is on the day on which all came in together (R7.5), so that the look is within what was promised: an
        office that took all the days it has for that, and for its steps, would be so late.
        """
        looked_at = (one for one in self.ordered if len(self.ordered) > 1 and is_looked_at(one))
        late = {one.code: self.longest[one.code] + look_days - one.promised for one in looked_at}
        return {code: days for code, days in late.items() if days > 0}

    def longest_of(self, code: str, start: int) -> int:
        """Return the days of the member's longest branch, whenever it starts."""
        return self.longest[code]

    def longest_with_visit(self, code: str, start: int) -> int:
        """Return the days of the member's longest branch when it starts on that day and the visit is joint."""
        visit_on = max(0, self.joint_day - start)
        member = self.members[code]
        return max(days_with_joint_visit(member, branch, visit_on=visit_on) for branch in self.branches[code])

    def _days(self, days_of: Callable[[str, int], int]) -> tuple[dict[str, int], dict[str, int]]:
        """Return, by member, the day on which it can start and the day of its result."""
        starts: dict[str, int] = {}
        ends: dict[str, int] = {}
        for member in self.by_turn:
            starts[member.code] = max((ends[code] for code in self.before[member.code]), default=0)
            ends[member.code] = starts[member.code] + days_of(member.code, starts[member.code])
        return starts, ends


def is_looked_at(member: Definition) -> bool:
    """Return whether an office looks at something first, whoever applies: a copy is needed, and no visit accepts it."""
    work = [one for one in member.steps if one.takes_days and one.mode is not Mode.DELIVER]
    at_visit = any(
        all(step.code in member.earlier[one.code] for one in work) for step in member.steps_of(Mode.COUNTER)
    )
    needed = (want.any_of[0] for want in member.requirements if not want.when)
    copies = any(member.evidence_types[kind].home is Home.UPLOAD for entry in needed for kind in entry)
    return copies and not at_visit


def days_before(member: Definition, step: Step) -> int:
    """Return the most working days that the offices need before the step."""
    earlier = (member.step[code] for code in step.after)
    return max((one.days + days_before(member, one) for one in earlier), default=0)
