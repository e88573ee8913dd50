"""The proof that a definition keeps its promise, for every branch and everything that can go wrong in it.

Six claims: at most one visit; nobody is told to bring paper; results come without another visit; every case ends; the
offices' days fit the limits; nothing is asked that is already held. A definition that breaks one is refused with the
applicant for whom it breaks. Visits and papers are proved without assumption; days assume that registers answer the same
day, that staff use the days they have, and that the applicant's own waiting is not counted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.appointments import Centre, Need, fitting_centres
from services.core.branches import Branch, branches
from services.core.definitions import STAFFED, Definition, Handover, Mode, Requirement, Step
from services.core.evidence import own_ways
from services.core.facts import FactType, Texts
from services.core.reference import EvidenceType, Home
from services.core.refusal import Refusal
from services.core.schedule import days_needed


class Claim(StrEnum):
    """What is proved."""

    VISITS = "visits"
    PAPERS = "papers"
    RESULTS = "results"
    ENDS = "ends"
    DAYS = "days"
    QUESTIONS = "questions"


class Badge(StrEnum):
    """What the service page promises."""

    NO_VISIT = "no_visit"
    OFFICER_COMES = "officer_comes"
    ONE_VISIT = "one_visit"


@dataclass(frozen=True, slots=True)
class Failure:
    """A claim that does not hold: a sentence template, its values, and the applicant for whom it breaks."""

    claim: Claim
    sentence: str
    values: Mapping[str, object] = field(hash=False)
    applicant: tuple[Texts, ...] = field(hash=False, default=())

    def told(self, language: str = "en") -> str:
        """Return the counter-example in one sentence."""
        who = "; ".join(says.get(language) or says["en"] for says in self.applicant)
        return f"{self.claim}: {self.sentence.format_map(self.values)}" + (f" For whom: {who}." if who else "")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown of a definition, over how many branches; `failures` is empty when every claim holds.

    `files` and `statements` are the most that an applicant gives at filing; `days` are working days on the longest path.
    """

    badge: Badge
    visits: int
    files: int
    statements: int
    days: int
    branches: int
    failures: tuple[Failure, ...] = ()


class NotProved(Refusal):
    """The definition breaks a claim, so it is not published."""

    code = "not_proved"
    sentence = "{code} is not published. {counter_example}"


def prove_definition(definition: Definition, centres: Sequence[Centre]) -> Proof:
    """Return the proof, or the failures each with its counter-example: the first branch in which a claim breaks."""
    views = [_View(definition, branch, centres) for branch in branches(definition)]
    failures: dict[tuple[Claim, str], Failure] = {}
    for view in views:
        for claim, check in _CLAIMS:
            for sentence, values in check(view):
                failures.setdefault((claim, sentence), Failure(claim, sentence, values, view.applicant))
    visits = max(len(view.counters) for view in views)
    inspected = any(view.active_steps(Mode.INSPECTION) for view in views)
    return Proof(
        badge=Badge.ONE_VISIT if visits else Badge.OFFICER_COMES if inspected else Badge.NO_VISIT,
        visits=visits,
        files=max(view.given_at_filing(Home.UPLOAD) for view in views),
        statements=max(view.given_at_filing(Home.DECLARATION) for view in views),
        days=max(days_needed(definition, view.branch) for view in views),
        branches=len(views),
        failures=tuple(failures.values()),
    )


@dataclass(frozen=True)
class _View:
    """A definition as one kind of applicant meets it."""

    definition: Definition
    branch: Branch
    centres: Sequence[Centre]

    def holds(self, when: str) -> bool:
        return self.branch[when] if when else True

    @property
    def applicant(self) -> tuple[Texts, ...]:
        return tuple(self.definition.conditions[code].says for code, truth in self.branch.items() if truth)

    def active_steps(self, *modes: Mode) -> tuple[Step, ...]:
        return tuple(step for step in self.definition.steps_of(*modes) if self.holds(step.when))

    @property
    def counters(self) -> tuple[Step, ...]:
        return self.active_steps(Mode.COUNTER)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        return tuple(one for one in self.definition.requirements if self.holds(one.when))

    def kinds(self, entry: Sequence[str]) -> tuple[EvidenceType, ...]:
        return tuple(self.definition.evidence_types[code] for code in entry)

    def given_at_filing(self, home: Home) -> int:
        """Return how many things of this sort no office holds, so that the applicant gives them."""
        first = (self.kinds(one.any_of[0]) for one in self.requirements)
        return sum(kind.home is home for entry in first for kind in entry)

    def before(self, step: Step) -> frozenset[str]:
        """Return the steps that lie before this one, however far."""
        earlier = (self.definition.step[code] for code in step.after)
        return frozenset(step.after).union(*(self.before(one) for one in earlier))

    def days_after(self, step: Step) -> bool:
        """Return whether an office's days or a waiting period lie between this step and the result."""
        between = self.before(self.definition.issue_step)
        later = [self.definition.step[code] for code in between if step.code in self.before(self.definition.step[code])]
        return any(self.holds(one.when) and (one.mode in STAFFED or one.days) for one in later)


Broken = Iterator[tuple[str, Mapping[str, object]]]


def _visits(view: _View) -> Broken:
    counters = view.counters
    if len(counters) > 1:
        steps = ", ".join(step.code for step in counters)
        yield "The applicant must come in {count} times: {steps}.", {"count": len(counters), "steps": steps}
    for step in counters:
        need = Need(purposes=frozenset([step.purpose]), minutes=step.minutes, organisation=step.organisation)
        if not fitting_centres([need], view.centres):
            yield "No centre can do “{step}”: {purpose} for this office is offered nowhere.", {
                "step": step.code, "purpose": step.purpose}  # fmt: skip
    for party in view.definition.parties:
        if party.signs == "visit" and view.holds(party.when) and not counters:
            yield "The {role} must sign in person, but nobody comes in on this route.", {"role": party.role}
    if counters and view.definition.output.handover is Handover.VISIT and view.days_after(counters[0]):
        yield "The applicant comes for “{step}” and must come again for the result.", {"step": counters[0].code}


def _papers(view: _View) -> Broken:
    meetings = view.active_steps(Mode.COUNTER, Mode.INSPECTION)
    for one in view.requirements:
        if one.original_at and one.original_at not in [step.code for step in meetings]:
            yield "The original of “{code}” is wanted at “{step}”, which is no meeting on this route.", {
                "code": one.code, "step": one.original_at}  # fmt: skip
        remote = any(all(own_ways(kind, view.definition.risks) for kind in view.kinds(entry)) for entry in one.any_of)
        if not remote and not meetings:
            yield "When no register knows “{code}”, the applicant would have to bring paper.", {"code": one.code}


def _results(view: _View) -> Broken:
    handover, issue = view.definition.output.handover, view.definition.issue_step
    couriers = [step for step in view.active_steps(Mode.DELIVER) if issue.code in view.before(step)]
    if handover is Handover.VISIT and not view.counters:
        yield "The result is handed over at a visit, but this route has none.", {}
    if handover is Handover.COURIER and not couriers:
        yield "The result goes by courier, but no step after “{step}” sends it.", {"step": issue.code}
    if handover is Handover.ELECTRONIC and view.active_steps(Mode.DELIVER):
        yield "A result that comes electronically is not sent by courier as well.", {}


def _ends(view: _View) -> Broken:
    issue = view.definition.issue_step
    if not view.holds(issue.when):
        yield "The case never ends: “{step}” does not belong to this route.", {"step": issue.code}
        return
    before = view.before(issue)
    for step in view.definition.steps:
        if not view.holds(step.when) or step.code == issue.code:
            continue
        if step.code not in before and step.mode is not Mode.DELIVER:
            yield "Nobody waits for “{step}”: the case would end while it is open.", {"step": step.code}
        if step.mode is Mode.DELIVER and issue.code not in view.before(step):
            yield "“{step}” would send a result before there is one.", {"step": step.code}


def _days(view: _View) -> Broken:
    definition = view.definition
    needed = days_needed(definition, view.branch)
    if needed > definition.promised:
        yield "The longest path takes {days} working days, {promised} are promised.", {
            "days": needed, "promised": definition.promised}  # fmt: skip
    if definition.promised > definition.statutory:
        yield "The promise of {promised} days exceeds the law's {statutory}.", {
            "promised": definition.promised, "statutory": definition.statutory}  # fmt: skip
    worst = days_needed(definition, view.branch, objecting=True)
    if needed <= definition.promised and worst > definition.statutory:
        yield "With every objection looked at, it takes {days} working days; the law allows {statutory}.", {
            "days": worst, "statutory": definition.statutory}  # fmt: skip


def _questions(view: _View) -> Broken:
    held = {fact: code for code, fact in proved_facts(view.definition, view.branch)}
    for question in view.definition.questions:
        if not view.holds(question.when):
            continue
        if question.fact in held:
            yield "“{fact}” is asked, although {kind} proves it.", {
                "fact": question.fact, "kind": held[question.fact]}  # fmt: skip
        if view.definition.facts[question.fact].type is FactType.FILE:
            yield "“{fact}” asks for a file: name it as a requirement instead.", {"fact": question.fact}
    for one in view.requirements:
        yield from _asked_first(view, one)


def _asked_first(view: _View, one: Requirement) -> Broken:
    entries = [view.kinds(entry) for entry in one.any_of]
    own = [all(not kind.registered for kind in entry) for entry in entries]
    if own[0] and not all(own):
        yield "“{code}” asks the applicant before it asks a register.", {"code": one.code}


def proved_facts(definition: Definition, branch: Branch) -> Iterator[tuple[str, str]]:
    """Yield (evidence type, fact) for every fact that a register proves on this branch, whichever way is taken."""
    for one in definition.requirements:
        if one.when and not branch[one.when]:
            continue
        kinds = [definition.evidence_types[code] for entry in one.any_of for code in entry]
        sure = set.intersection(*({*kind.proves} for kind in kinds)) if len(one.any_of) > 1 else None
        for kind in kinds:
            proves = kind.proves if sure is None else tuple(sure)
            own = [fact for fact in proves if one.party == "applicant" or fact.startswith("application.")]
            # The key tells the register which thing is meant, so somebody has to give it.
            yield from ((kind.code, fact) for fact in own if kind.registered and fact != kind.key)


_CLAIMS: Sequence[tuple[Claim, Callable[[_View], Broken]]] = (
    (Claim.VISITS, _visits),
    (Claim.PAPERS, _papers),
    (Claim.RESULTS, _results),
    (Claim.ENDS, _ends),
    (Claim.DAYS, _days),
    (Claim.QUESTIONS, _questions),
)
