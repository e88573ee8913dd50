"""The six claims about a service, each looked at on one branch: what an applicant of that kind would meet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.core.appointments import Centre, need_of
from services.core.branches import Branch
from services.core.definitions import Definition, Handover, Mode, Requirement, Step
from services.core.evidence import own_ways
from services.core.facts import FactType, Texts
from services.core.jurisdiction import ClockProfile
from services.core.reference import EvidenceType, Home
from services.core.schedule import days_needed
from services.core.timetable import fitting_centres


class Claim(StrEnum):
    """What is proved."""

    VISITS = "visits"
    PAPERS = "papers"
    RESULTS = "results"
    ENDS = "ends"
    DAYS = "days"
    QUESTIONS = "questions"


@dataclass(frozen=True)
class View:
    """A definition as one kind of applicant meets it."""

    definition: Definition
    branch: Branch
    centres: Sequence[Centre]
    profile: ClockProfile

    def holds(self, when: str) -> bool:
        """Return whether something with this `when` applies on the branch."""
        return self.branch[when] if when else True

    @property
    def applicant(self) -> tuple[Texts, ...]:
        """Return the sentences that are true of this applicant."""
        return tuple(self.definition.conditions[code].says for code, truth in self.branch.items() if truth)

    def active_steps(self, *modes: Mode) -> tuple[Step, ...]:
        """Return the steps of these modes on the branch."""
        return tuple(step for step in self.definition.steps_of(*modes) if self.holds(step.when))

    @property
    def counters(self) -> tuple[Step, ...]:
        """Return the steps at which the applicant attends."""
        return self.active_steps(Mode.COUNTER)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """Return what must be proved on the branch."""
        return tuple(one for one in self.definition.requirements if self.holds(one.when))

    def kinds(self, entry: Sequence[str]) -> tuple[EvidenceType, ...]:
        """Return the evidence types of one entry."""
        return tuple(self.definition.evidence_types[code] for code in entry)

    def given_at_filing(self, home: Home) -> int:
        """Return how many things of this sort no office holds, so that the applicant gives them."""
        first = (self.kinds(one.any_of[0]) for one in self.requirements)
        return sum(kind.home is home for entry in first for kind in entry)

    def is_before(self, code: str, step: Step) -> bool:
        """Return whether the step of this code lies before the other, however far."""
        return code in self.definition.earlier[step.code]

    def takes_days_after(self, visit: Step) -> bool:
        """Return whether work that takes days lies before the result, but not before the visit."""
        work = (step for step in self.definition.steps if step.takes_days and self.holds(step.when))
        issue = self.definition.issue_step
        return any(self.is_before(one.code, issue) and not self.is_before(one.code, visit) for one in work)


Broken = Iterator[tuple[str, Mapping[str, object]]]


def _visits(view: View) -> Broken:
    counters = view.counters
    if len(counters) > 1:
        steps = ", ".join(step.code for step in counters)
        yield "The applicant must come in {count} times: {steps}.", {"count": len(counters), "steps": steps}
    for step in counters:
        if not fitting_centres([need_of(step)], view.centres):
            told = "No centre can do “{step}”: {purpose} for this office is offered nowhere."
            yield told, {"step": step.code, "purpose": step.purpose}
    for party in view.definition.parties:
        if party.signs == "visit" and view.holds(party.when) and not counters:
            yield "The {role} must sign in person, but nobody comes in on this route.", {"role": party.role}
    if counters and view.definition.output.handover is Handover.VISIT and view.takes_days_after(counters[0]):
        told = "The applicant comes for “{step}” and must come again for the result."
        yield told, {"step": counters[0].code}


def _papers(view: View) -> Broken:
    meetings = view.active_steps(Mode.COUNTER, Mode.INSPECTION)
    absent = {party.role for party in view.definition.parties if not view.holds(party.when)}
    for one in view.requirements:
        if one.original_at and one.original_at not in [step.code for step in meetings]:
            told = "The original of “{code}” is wanted at “{step}”, which is no meeting on this route."
            yield told, {"code": one.code, "step": one.original_at}
        if one.party in absent:
            told = "“{code}” is wanted of the {role}, who has no part on this route."
            yield told, {"code": one.code, "role": one.party}
        entries = (view.kinds(entry) for entry in one.any_of)
        remote = any(all(own_ways(kind, view.definition.risks) for kind in entry) for entry in entries)
        if not remote and not meetings:
            told = "When no register knows “{code}”, the applicant would have to bring paper."
            yield told, {"code": one.code}


def _results(view: View) -> Broken:
    handover, issue = view.definition.output.handover, view.definition.issue_step
    couriers = [step for step in view.active_steps(Mode.DELIVER) if view.is_before(issue.code, step)]
    if handover is Handover.VISIT and not view.counters:
        yield "The result is handed over at a visit, but this route has none.", {}
    if handover is Handover.COURIER and not couriers:
        yield "The result goes by courier, but no step after “{step}” sends it.", {"step": issue.code}
    if handover is Handover.ELECTRONIC and view.active_steps(Mode.DELIVER):
        yield "A result that comes electronically is not sent by courier as well.", {}


def _ends(view: View) -> Broken:
    issue = view.definition.issue_step
    if not view.holds(issue.when):
        yield "The case never ends: “{step}” does not belong to this route.", {"step": issue.code}
        return
    for step in view.definition.steps:
        if not view.holds(step.when) or step.code == issue.code:
            continue
        if step.mode is Mode.DELIVER:
            if not view.is_before(issue.code, step):
                yield "“{step}” would send a result before there is one.", {"step": step.code}
        elif not view.is_before(step.code, issue):
            yield "Nobody waits for “{step}”: the case would end while it is open.", {"step": step.code}


def _days(view: View) -> Broken:
    definition = view.definition
    yield from _limits(definition, view.profile)
    needed = days_needed(definition, view.branch)
    if needed > definition.promised:
        told = "The longest path takes {days} working days, {promised} are promised."
        yield told, {"days": needed, "promised": definition.promised}
    worst = days_needed(definition, view.branch, concern_days=view.profile.concern_days)
    if needed <= definition.promised <= definition.statutory < worst:
        told = "With every objection looked at, it takes {days} working days; the law allows {statutory}."
        yield told, {"days": worst, "statutory": definition.statutory}


def _limits(definition: Definition, profile: ClockProfile) -> Broken:
    """A place may shorten the law's limit, never lengthen it (R1.3); for permits the general law sets it (R2.11)."""
    promised, statutory = definition.promised, definition.statutory
    if promised > statutory:
        told = "The promise of {promised} days exceeds the law's {statutory} (R1.3)."
        yield told, {"promised": promised, "statutory": statutory}
    if definition.kind == "permit" and statutory > profile.decision_days and not definition.special_law:
        told = "{statutory} days for a permit need a special law that gives them; the general law gives {most} (R2.11)."
        yield told, {"statutory": statutory, "most": profile.decision_days}


def not_on_the_spot(view: View) -> Broken:
    """On a commitment to its conditions the decision is made on the spot: no days, and nothing to look at (R4.7)."""
    needed = days_needed(view.definition, view.branch)
    if needed:
        told = "With the commitment to its conditions it still takes {days} working days (R4.7)."
        yield told, {"days": needed}
    if view.given_at_filing(Home.UPLOAD):
        told = "With the commitment to its conditions an office still has to look at what is sent (R4.7)."
        yield told, {}


def _questions(view: View) -> Broken:
    held = {fact: code for code, fact in proved_facts(view.definition, view.branch)}
    for question in view.definition.questions:
        if not view.holds(question.when):
            continue
        if question.fact in held:
            told = "“{fact}” is asked, although {kind} proves it."
            yield told, {"fact": question.fact, "kind": held[question.fact]}
        if view.definition.facts[question.fact].type is FactType.FILE:
            yield "“{fact}” asks for a file: name it as a requirement instead.", {"fact": question.fact}
    for one in view.requirements:
        own = [all(not kind.registered for kind in view.kinds(entry)) for entry in one.any_of]
        if own[0] and not all(own):
            yield "“{code}” asks the applicant before it asks a register.", {"code": one.code}


def proved_facts(definition: Definition, branch: Branch) -> Iterator[tuple[str, str]]:
    """Yield (evidence type, fact) for every fact that a register proves on this branch, whichever way is taken."""
    for one in definition.requirements:
        if one.when and not branch[one.when]:
            continue
        entries = [[definition.evidence_types[code] for code in entry] for entry in one.any_of]
        sure = set.intersection(*({fact for kind in entry for fact in kind.proves} for entry in entries))
        for kind in (kind for entry in entries for kind in entry if kind.registered):
            # The key tells the register which thing is meant, so somebody has to give it.
            told = (fact for fact in kind.proves if fact in sure and fact != kind.key)
            own = (fact for fact in told if one.party == "applicant" or fact.startswith("application."))
            yield from ((kind.code, fact) for fact in own)


CLAIMS: Sequence[tuple[Claim, Callable[[View], Broken]]] = (
    (Claim.VISITS, _visits),
    (Claim.PAPERS, _papers),
    (Claim.RESULTS, _results),
    (Claim.ENDS, _ends),
    (Claim.DAYS, _days),
    (Claim.QUESTIONS, _questions),
)
