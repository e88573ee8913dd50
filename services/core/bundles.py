"""Bundles proved from their members: one visit for all of them, a plan within the law's limit, nothing asked twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from services.core.appointments import Centre, need_of
from services.core.definitions import Definition, Step
from services.core.jurisdiction import ClockProfile
from services.core.members import Members, days_before
from services.core.proof import Claim, Failure
from services.core.reference import Bundle
from services.core.timetable import fitting_centres


@dataclass(frozen=True, slots=True)
class BundleProof:
    """What was shown of a bundle.

    `waits` gives, by member, the working days that it waits for the joint visit. What the member promised is
    suspended meanwhile, the law's limit is not. `late` gives, by member whose office looks at copies first, the days by
    which it would break its promise, if it took all the time that the law gives it for the look (R7.5).
    """

    visits: int
    days: int
    centres: tuple[str, ...]
    waits: Mapping[str, int] = field(hash=False, default_factory=dict)
    late: Mapping[str, int] = field(hash=False, default_factory=dict)
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
            "late": dict(self.late),
            "failures": [failure.told() for failure in self.failures],
        }


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
    plan = Members(tuple(definitions[code] for code in bundle.services if code in definitions))
    failures = (
        *_place_failures(plan, centres),
        *_visit_failures(plan),
        *_order_failures(plan),
        *_ending_failures(plan),
        *_question_failures(plan),
        *_day_failures(plan, profile),
    )
    return BundleProof(
        visits=1 if plan.counters else 0,
        days=max(plan.ends.values(), default=0),
        centres=_places(plan, centres),
        waits=plan.waits,
        late=plan.late(profile.correction_notice_days),
        failures=failures,
    )


def _day_failures(plan: Members, profile: ClockProfile) -> Iterator[Failure]:
    """The whole keeps the limit of joint handling, and every member that waits its own law's limit."""
    days, most = max(plan.ends.values(), default=0), profile.joint_decision_days
    if days > most:
        told = "The members need {days} working days; joint handling has {most} (R2.12)."
        yield Failure(Claim.DAYS, told, {"days": days, "most": most})
    for code, wait in plan.waits.items():
        needed, allowed = plan.ends[code] - plan.starts[code], plan.members[code].statutory
        if needed > allowed:
            told = "“{member}” waits {wait} working days for the joint visit and takes {days}; the law allows {most}."
            values = {"member": code, "wait": wait, "days": needed, "most": allowed}
            yield Failure(Claim.DAYS, told, values)


def _visits(plan: Members) -> Iterator[tuple[tuple[str, Step], ...]]:
    """Yield every visit that applicants of the bundle may have to make: one counter step of each member."""
    named = ([(code, step) for step in steps] for code, steps in plan.counters.items())
    yield from product(*named)


def _fitting(visit: Sequence[tuple[str, Step]], centres: Sequence[Centre]) -> tuple[Centre, ...]:
    return fitting_centres([need_of(step) for _, step in visit], centres)


def _places(plan: Members, centres: Sequence[Centre]) -> tuple[str, ...]:
    """Return the centres that can take some visit of the bundle."""
    if not plan.counters:
        return ()
    fitting = {centre.code for visit in _visits(plan) for centre in _fitting(visit, centres)}
    return tuple(centre.code for centre in centres if centre.code in fitting)


def _place_failures(plan: Members, centres: Sequence[Centre]) -> Iterator[Failure]:
    for visit in _visits(plan) if plan.counters else ():
        if not _fitting(visit, centres):
            steps = ", ".join(f"{code}/{step.code}" for code, step in visit)
            yield Failure(Claim.VISITS, "No one centre can do all of: {steps}.", {"steps": steps})


def _visit_failures(plan: Members) -> Iterator[Failure]:
    for later in plan.counters:
        for earlier in plan.counters:
            if later != earlier and (_days_from_visit(plan, earlier, later, frozenset()) or 0) > 0:
                told = "“{later}” needs days after the visit for “{earlier}”, and then a visit of its own."
                yield Failure(Claim.VISITS, told, {"later": later, "earlier": earlier})


def _days_from_visit(plan: Members, earlier: str, later: str, passed: frozenset[str]) -> int | None:
    """Return the days between the earlier member's visit and the later's, None if the later can do without it."""
    before = max(days_before(plan.members[later], step) for step in plan.counters[later])
    waits = _days_until_begun(plan, earlier, later, passed)
    return None if waits is None else waits + before


def _days_until_begun(plan: Members, earlier: str, later: str, passed: frozenset[str]) -> int | None:
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


def _order_failures(plan: Members) -> Iterator[Failure]:
    listed = [one.code for one in plan.ordered]
    for member in listed:
        for code in plan.needs[member]:
            circular = member in plan.needs[code]
            if circular or listed.index(code) > listed.index(member):
                told = "“{later}” needs the result of “{earlier}”, which comes after it."
                yield Failure(Claim.ENDS, told, {"later": member, "earlier": code})


def _ending_failures(plan: Members) -> Iterator[Failure]:
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


def _before(plan: Members, code: str, passed: frozenset[str]) -> frozenset[str]:
    """Return the members whose results the member waits for, through whatever lies between."""
    direct = frozenset(plan.needs[code]) - passed
    return direct.union(*(_before(plan, one, passed | {code}) for one in direct))


def _question_failures(plan: Members) -> Iterator[Failure]:
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
