"""Bundles proved from their members: one visit for all of them, a plan within the law's limit, nothing asked twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.core.appointments import Centre, Need, fitting_centres
from services.core.branches import branches
from services.core.definitions import Definition, Mode, Step
from services.core.proof import Claim, Failure
from services.core.reference import Bundle
from services.core.schedule import days_needed

# R2.12: joint handling of several services, at the longest.
LONGEST_JOINT_DAYS = 45


@dataclass(frozen=True, slots=True)
class BundleProof:
    """What was shown of a bundle. `suspended` names members that wait for the joint visit longer than they promise."""

    visits: int
    days: int
    centres: tuple[str, ...]
    suspended: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Return the proof in plain JSON form."""
        return {
            "visits": self.visits,
            "days": self.days,
            "centres": list(self.centres),
            "suspended": list(self.suspended),
            "failures": [failure.told() for failure in self.failures],
        }


@dataclass(frozen=True)
class _Plan:
    """The members of a bundle in their order, with what each needs of the others."""

    bundle: Bundle
    members: Mapping[str, Definition] = field(hash=False)

    @property
    def ordered(self) -> tuple[Definition, ...]:
        return tuple(self.members[code] for code in self.bundle.services)

    def needs(self, member: Definition) -> tuple[str, ...]:
        """Return the other members whose certificate this one requires (R7.5)."""
        wanted = {kind for one in member.requirements for entry in one.any_of for kind in entry}
        givers = (one for one in self.ordered if one.code != member.code and one.output.certificate in wanted)
        return tuple(one.code for one in givers)

    def counters(self) -> list[tuple[Definition, Step]]:
        return [(one, step) for one in self.ordered for step in one.steps_of(Mode.COUNTER)]


def prove_bundle(bundle: Bundle, definitions: Mapping[str, Definition], centres: Sequence[Centre]) -> BundleProof:
    """Return the proof of a bundle from its members' summaries, each member at its longest branch."""
    plan = _Plan(bundle, {code: definitions[code] for code in bundle.services if code in definitions})
    counters = plan.counters()
    needs = [
        Need(purposes=frozenset([step.purpose]), minutes=step.minutes, organisation=step.organisation)
        for _, step in counters
    ]
    places = fitting_centres(needs, centres) if needs else ()
    ready = _ready_for_visit(plan)
    joint_day = max(ready.values(), default=0)
    failures = [*_visit_failures(plan, counters, places), *_order_failures(plan), *_question_failures(plan)]
    days = _critical_path(plan)
    if days > LONGEST_JOINT_DAYS:
        told = "The members need {days} working days; joint handling has {most} (R2.12)."
        failures.append(Failure(Claim.DAYS, told, {"days": days, "most": LONGEST_JOINT_DAYS}))
    waiting = tuple(code for code, day in ready.items() if joint_day - day > _slack(plan.members[code]))
    return BundleProof(
        visits=1 if counters else 0,
        days=days,
        centres=tuple(centre.code for centre in places),
        suspended=waiting,
        failures=tuple(failures),
    )


def _visit_failures(
    plan: _Plan, counters: Sequence[tuple[Definition, Step]], places: Sequence[Centre]
) -> Iterator[Failure]:
    if counters and not places:
        steps = ", ".join(f"{member.code}/{step.code}" for member, step in counters)
        yield Failure(Claim.VISITS, "No one centre can do all of: {steps}.", {"steps": steps})
    for member, step in counters:
        for other, other_step in counters:
            if member is not other and _must_wait_after(plan, other, other_step, member):
                told = "“{later}” needs days after the visit for “{earlier}”, and then a visit of its own."
                yield Failure(Claim.VISITS, told, {"later": member.code, "earlier": other.code})


def _must_wait_after(plan: _Plan, earlier: Definition, step: Step, later: Definition) -> bool:
    """Return whether the later member's visit can only come days after the earlier member's visit."""
    if earlier.code not in plan.needs(later):
        return False
    after = _days_between(earlier, step, earlier.issue_step)
    before = max((_days_before(later, one) for one in later.steps_of(Mode.COUNTER)), default=0)
    return after + before > 0


def _days_between(member: Definition, first: Step, last: Step) -> int:
    """Return the most working days on a path from one step to another, neither counted."""
    if first.code == last.code:
        return 0
    longest = -1
    for code in last.after:
        earlier = member.step[code]
        inner = _days_between(member, first, earlier) if earlier.code != first.code else 0
        if inner >= 0 and (earlier.code == first.code or _leads(member, first, earlier)):
            longest = max(longest, inner + (earlier.days if earlier.code != first.code else 0))
    return longest


def _leads(member: Definition, first: Step, last: Step) -> bool:
    return first.code in last.after or any(_leads(member, first, member.step[code]) for code in last.after)


def _days_before(member: Definition, step: Step) -> int:
    """Return the most working days that offices need before the step."""
    return max((member.step[code].days + _days_before(member, member.step[code]) for code in step.after), default=0)


def _ready_for_visit(plan: _Plan) -> dict[str, int]:
    """Return, by member with a visit, the working day on which it can be visited, after the members it needs."""
    ends: dict[str, int] = {}
    ready: dict[str, int] = {}
    for member in plan.ordered:
        start = max((ends[code] for code in plan.needs(member) if code in ends), default=0)
        counters = member.steps_of(Mode.COUNTER)
        if counters:
            ready[member.code] = start + max(_days_before(member, step) for step in counters)
        ends[member.code] = start + _longest(member)
    return ready


def _longest(member: Definition) -> int:
    return max(days_needed(member, branch) for branch in branches(member))


def _slack(member: Definition) -> int:
    """Return the days that a member has left of its promise."""
    return member.promised - _longest(member)


def _critical_path(plan: _Plan) -> int:
    """Return the days of the longest chain of members, never their sum (R7.6)."""
    ends: dict[str, int] = {}
    for member in plan.ordered:
        start = max((ends[code] for code in plan.needs(member) if code in ends), default=0)
        ends[member.code] = start + _longest(member)
    return max(ends.values(), default=0)


def _order_failures(plan: _Plan) -> Iterator[Failure]:
    listed = list(plan.bundle.services)
    for member in plan.ordered:
        for code in plan.needs(member):
            circular = member.code in plan.needs(plan.members[code])
            if circular or listed.index(code) > listed.index(member.code):
                told = "“{later}” needs the result of “{earlier}”, which comes after it."
                yield Failure(Claim.ENDS, told, {"later": member.code, "earlier": code})


def _question_failures(plan: _Plan) -> Iterator[Failure]:
    """Nothing is asked that an earlier member's certificate proves (claim 6)."""
    given: dict[str, str] = {}
    for member in plan.ordered:
        for question in member.questions:
            if question.fact in given and not question.when:
                told = "“{member}” asks for “{fact}”, which “{earlier}” has just certified."
                yield Failure(
                    Claim.QUESTIONS, told, {"member": member.code, "fact": question.fact, "earlier": given[question.fact]}
                )
        kind = member.evidence_types.get(member.output.certificate)
        keys = {one.key for one in member.evidence_types.values() if one.key}
        asked = {question.fact for question in member.questions}
        if kind is not None:
            given |= {fact: member.code for fact in kind.proves if fact not in keys and fact not in asked}

