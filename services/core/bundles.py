"""Bundles proved from their members: one visit for all of them, a plan within the law's limit, nothing asked twice."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from services.core.appointments import Centre, need_of
from services.core.branches import Branch, branches
from services.core.definitions import Definition, Mode, Step
from services.core.jurisdiction import ClockProfile
from services.core.proof import Claim, Failure
from services.core.reference import Bundle
from services.core.schedule import days_needed, days_with_joint_visit
from services.core.timetable import fitting_centres


@dataclass(frozen=True, slots=True)
class BundleProof:
    """What was shown of a bundle.

    `waits` gives, by member, the working days that it waits for the joint visit. What the member promised is
    suspended meanwhile, the law's limit is not.
    """

    visits: int
    days: int
    centres: tuple[str, ...]
    waits: Mapping[str, int] = field(hash=False, default_factory=dict)
    failures: tuple[Failure, ...] = ()

    @property
    def suspended(self) -> tuple[str, ...]:
        """Return the members whose promised limit is suspended until the joint visit."""
        return tuple(self.waits)

    def as_record(self) -> dict[str, object]:
        """Return the proof in plain JSON form."""
        return {
            "visits": self.visits,
            "days": self.days,
            "centres": list(self.centres),
            "suspended": list(self.suspended),
            "waits": dict(self.waits),
            "failures": [failure.told() for failure in self.failures],
        }


@dataclass(frozen=True)
class _Plan:
    """The members of a bundle in their order, with what each needs of the others."""

    bundle: Bundle
    members: Mapping[str, Definition] = field(hash=False)

    @cached_property
    def ordered(self) -> tuple[Definition, ...]:
        return tuple(self.members[code] for code in self.bundle.services)

    @cached_property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by member, the other members whose certificate it requires (R7.5)."""
        wanted = {
            one.code: {kind for want in one.requirements for entry in want.any_of for kind in entry}
            for one in self.ordered
        }
        return {
            code: tuple(
                one.code for one in self.ordered if one.code != code and one.output.certificate in kinds
            )
            for code, kinds in wanted.items()
        }

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
            code: starts[code] + max(_days_before(self.members[code], step) for step in steps)
            for code, steps in self.counters.items()
        }

    @cached_property
    def joint_day(self) -> int:
        """Return the day of the joint visit: the last of its members is ready for it."""
        return max(self.ready.values(), default=0)

    @cached_property
    def starts(self) -> Mapping[str, int]:
        """Return, by member, the day on which everything it needs of the others is there, the visit being joint."""
        return self._days(self.longest_with_visit)[0]

    @cached_property
    def ends(self) -> Mapping[str, int]:
        """Return, by member, the day of its result, the visit being joint."""
        return self._days(self.longest_with_visit)[1]

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
        for member in self.ordered:
            before = (ends[code] for code in self.needs[member.code] if code in ends)
            starts[member.code] = max(before, default=0)
            ends[member.code] = starts[member.code] + days_of(member.code, starts[member.code])
        return starts, ends


def prove_bundle(
    bundle: Bundle,
    definitions: Mapping[str, Definition],
    centres: Sequence[Centre],
    *,
    profile: ClockProfile,
) -> BundleProof:
    """Return the proof of a bundle from its members' summaries, each member at its longest branch.

    Members continue after the joint visit, and who needs their results after them; joint handling has the days of
    the jurisdiction's `profile` (R2.12, R7.6).
    """
    plan = _Plan(bundle, {code: definitions[code] for code in bundle.services if code in definitions})
    waits = {code: plan.joint_day - day for code, day in plan.ready.items() if day < plan.joint_day}
    failures = (
        *_place_failures(plan, centres),
        *_visit_failures(plan),
        *_order_failures(plan),
        *_ending_failures(plan),
        *_question_failures(plan),
        *_day_failures(plan, waits, profile),
    )
    return BundleProof(
        visits=1 if plan.counters else 0,
        days=max(plan.ends.values(), default=0),
        centres=_places(plan, centres),
        waits=waits,
        failures=failures,
    )


def _day_failures(plan: _Plan, waits: Mapping[str, int], profile: ClockProfile) -> Iterator[Failure]:
    """The whole keeps the limit of joint handling, and every member that waits its own law's limit."""
    days, most = max(plan.ends.values(), default=0), profile.joint_decision_days
    if days > most:
        told = "The members need {days} working days; joint handling has {most} (R2.12)."
        yield Failure(Claim.DAYS, told, {"days": days, "most": most})
    for code, wait in waits.items():
        needed, allowed = plan.ends[code] - plan.starts[code], plan.members[code].statutory
        if needed > allowed:
            told = "“{member}” waits {wait} working days for the joint visit and takes {days}; the law allows {most}."
            values = {"member": code, "wait": wait, "days": needed, "most": allowed}
            yield Failure(Claim.DAYS, told, values)


def _visits(plan: _Plan) -> Iterator[tuple[tuple[str, Step], ...]]:
    """Yield every visit that applicants of the bundle may have to make: one counter step of each member."""
    named = ([(code, step) for step in steps] for code, steps in plan.counters.items())
    yield from product(*named)


def _fitting(visit: Sequence[tuple[str, Step]], centres: Sequence[Centre]) -> tuple[Centre, ...]:
    return fitting_centres([need_of(step) for _, step in visit], centres)


def _places(plan: _Plan, centres: Sequence[Centre]) -> tuple[str, ...]:
    """Return the centres that can take some visit of the bundle."""
    if not plan.counters:
        return ()
    fitting = {centre.code for visit in _visits(plan) for centre in _fitting(visit, centres)}
    return tuple(centre.code for centre in centres if centre.code in fitting)


def _place_failures(plan: _Plan, centres: Sequence[Centre]) -> Iterator[Failure]:
    for visit in _visits(plan) if plan.counters else ():
        if not _fitting(visit, centres):
            steps = ", ".join(f"{code}/{step.code}" for code, step in visit)
            yield Failure(Claim.VISITS, "No one centre can do all of: {steps}.", {"steps": steps})


def _visit_failures(plan: _Plan) -> Iterator[Failure]:
    for later in plan.counters:
        for earlier in plan.counters:
            if later != earlier and (_days_from_visit(plan, earlier, later, frozenset()) or 0) > 0:
                told = "“{later}” needs days after the visit for “{earlier}”, and then a visit of its own."
                yield Failure(Claim.VISITS, told, {"later": later, "earlier": earlier})


def _days_from_visit(plan: _Plan, earlier: str, later: str, passed: frozenset[str]) -> int | None:
    """Return the days between the earlier member's visit and the later's, None if the later can do without it."""
    before = max(_days_before(plan.members[later], step) for step in plan.counters[later])
    waits = _days_until_begun(plan, earlier, later, passed)
    return None if waits is None else waits + before


def _days_until_begun(plan: _Plan, earlier: str, later: str, passed: frozenset[str]) -> int | None:
    """Return the days from the earlier member's visit until the later can begin, through whatever lies between."""
    found: list[int] = []
    for code in plan.needs[later]:
        if code == earlier:
            member = plan.members[code]
            found.append(
                max(_days_between(member, step, member.issue_step) or 0 for step in plan.counters[code])
            )
        elif code not in passed:
            waits = _days_until_begun(plan, earlier, code, passed | {later})
            found += [] if waits is None else [waits + plan.longest[code]]
    return max(found, default=None)


def _days_between(member: Definition, first: Step, last: Step) -> int | None:
    """Return the most working days on a path from one step to another, neither counted; None if there is none."""
    found: list[int] = []
    for code in last.after:
        inner = _days_between(member, first, member.step[code])
        if code == first.code:
            found.append(0)
        elif inner is not None:
            found.append(inner + member.step[code].days)
    return max(found, default=None)


def _days_before(member: Definition, step: Step) -> int:
    """Return the most working days that offices need before the step."""
    earlier = (member.step[code] for code in step.after)
    return max((one.days + _days_before(member, one) for one in earlier), default=0)


def _order_failures(plan: _Plan) -> Iterator[Failure]:
    listed = list(plan.bundle.services)
    for member in listed:
        for code in plan.needs[member]:
            circular = member in plan.needs[code]
            if circular or listed.index(code) > listed.index(member):
                told = "“{later}” needs the result of “{earlier}”, which comes after it."
                yield Failure(Claim.ENDS, told, {"later": member, "earlier": code})


def _ending_failures(plan: _Plan) -> Iterator[Failure]:
    """What one member ends, another would look for in vain, unless its own result is what the first one waits for."""
    told = "“{member}” needs “{kind}”, which “{other}” may have ended by then (R2.26)."
    for other in plan.ordered:
        safe = _before(plan, other.code, frozenset()) | {other.code}
        for member in (one for one in plan.ordered if one.code not in safe):
            for kind in _missed(member, frozenset(other.output.ends)):
                values = {"member": member.code, "kind": kind, "other": other.code}
                yield Failure(Claim.PAPERS, told, values)


def _missed(member: Definition, ended: frozenset[str]) -> Iterator[str]:
    """Yield what the member requires, and nothing else instead, of what is ended."""
    for one in member.requirements:
        if all(ended.intersection(entry) for entry in one.any_of):
            yield next(kind for kind in one.any_of[0] if kind in ended)


def _before(plan: _Plan, code: str, passed: frozenset[str]) -> frozenset[str]:
    """Return the members whose results the member waits for, through whatever lies between."""
    direct = frozenset(plan.needs[code]) - passed
    return direct.union(*(_before(plan, one, passed | {code}) for one in direct))


def _question_failures(plan: _Plan) -> Iterator[Failure]:
    """Nothing is asked that an earlier member's certificate proves (claim 6)."""
    given: dict[str, str] = {}
    for member in plan.ordered:
        asked = {question.fact for question in member.questions}
        told = "“{member}” asks for “{fact}”, which “{earlier}” has just certified."
        for fact in sorted(asked & given.keys()):
            yield Failure(
                Claim.QUESTIONS, told, {"member": member.code, "fact": fact, "earlier": given[fact]}
            )
        kind = member.evidence_types.get(member.output.certificate)
        keys = {one.key for one in member.evidence_types.values() if one.key}
        # What this member asks itself is answered once for the whole bundle (R7.3).
        given |= {fact: member.code for fact in (kind.proves if kind else ()) if fact not in keys | asked}
