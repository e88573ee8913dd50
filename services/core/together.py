"""What applying for several services together means, told before anything is filled in (R7.1-R7.10).

Who needs whose result, what is obtained, asked and signed, what it costs, when it ends, and whether one visit is
enough for all of it. Nothing is known of the applicant yet: every member takes its longest way.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.core.appointments import Centre, need_of
from services.core.composer import Call, together
from services.core.definitions import Definition, FeeItem, Mode, Party, Question, Step
from services.core.members import Members
from services.core.reference import EvidenceType, Home
from services.core.sequence import in_sequence
from services.core.timetable import fitting_centres


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPlan:
    """One member: from which working day until which, after whom, and for how many days it waits for the visit.

    `attends`: True if somebody has to come in, False if nobody, None if it depends on the answers. `late`: by how many
    days it breaks its promise at the most, should its office take all its time for looking at copies first.
    """

    service: str
    organisation: str
    starts: int
    ends: int
    after: tuple[str, ...]
    attends: bool | None
    ready: int | None
    waits: int
    late: int
    promised: int
    statutory: int


@dataclass(frozen=True, slots=True)
class Obtained:
    """Something we obtain ourselves: from the office that holds it, or from an earlier member that issues it."""

    kind: EvidenceType
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherPlan:
    """The plan of one application: everything each once, however many members need it (R7.3, R7.4).

    `days`: the longest way through the members, not their sum (R7.6). `visit_on`: the working day of the joint visit.
    `fees`: what is charged for certain; `perhaps`: what may be, depending on the answers. `sometimes`: what is needed,
    from whomever, only in some situations.
    """

    members: tuple[MemberPlan, ...]
    days: int
    visit_on: int | None
    centres: tuple[str, ...]
    obtained: tuple[Obtained, ...]
    asked: tuple[Question, ...]
    signed: tuple[EvidenceType, ...]
    sent: tuple[EvidenceType, ...]
    sometimes: tuple[EvidenceType, ...]
    parties: tuple[Party, ...]
    offices: tuple[str, ...]
    fees: Decimal
    perhaps: tuple[FeeItem, ...] = field(hash=False, default=())

    @property
    def attends(self) -> bool | None:
        """Return whether somebody has to come in: for certain, for nothing, or depending on the answers (None)."""
        told = {one.attends for one in self.members}
        return True if True in told else None if None in told else False

    @property
    def suspended(self) -> tuple[MemberPlan, ...]:
        """Return the members whose promised limit stands still until the joint visit; the law's never does."""
        return tuple(one for one in self.members if one.waits)

    @property
    def looked_at(self) -> tuple[MemberPlan, ...]:
        """Return the members whose office looks first, within what it promised, and may be late by that (R7.5)."""
        return tuple(one for one in self.members if one.late)


def chosen_services(
    services: Iterable[str], asked: Container[str], answers: Mapping[str, bool], left_out: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the members that the answers to the situation questions take, without those left out (R7.8).

    A member that is `asked` about is taken where the answer is yes; one without a question always.
    """
    without = frozenset(left_out)
    return tuple(
        code for code in services if code not in without and (code not in asked or answers.get(code) is True)
    )


def plan_together(
    members: Sequence[Definition], centres: Sequence[Centre], *, look_days: int = 0
) -> TogetherPlan:
    """Return the plan of these services as one application, in the order given.

    `look_days`: what an office has for its first look at what came in (R2.4).
    """
    known = Members(tuple(members))
    late = known.late(look_days)
    return TogetherPlan(
        members=tuple(_member(known, one, late.get(one.code, 0)) for one in members),
        days=max(known.ends.values(), default=0),
        visit_on=known.joint_day if known.counters else None,
        centres=_places(known, centres),
        obtained=tuple(_obtained(known)),
        sometimes=tuple(_sometimes(known)),
        asked=tuple(_asked(known)),
        signed=tuple(_given(known, Home.DECLARATION)),
        sent=tuple(_given(known, Home.UPLOAD)),
        parties=tuple({party.role: party for one in members for party in one.parties}.values()),
        offices=tuple(dict.fromkeys(step.organisation for one in members for step in one.steps)),
        fees=sum((Decimal(one.fee.amount) for one in members if one.fee and not one.fee.when), Decimal(0)),
        perhaps=tuple(one.fee for one in members if one.fee and one.fee.when),
    )


def _member(known: Members, one: Definition, late: int) -> MemberPlan:
    return MemberPlan(
        service=one.code,
        organisation=one.organisation,
        starts=known.starts[one.code],
        ends=known.ends[one.code],
        after=known.before[one.code],
        attends=_attends(one),
        ready=known.ready.get(one.code),
        waits=known.waits.get(one.code, 0),
        late=late,
        promised=one.promised,
        statutory=one.statutory,
    )


def _attends(one: Definition) -> bool | None:
    counters = one.steps_of(Mode.COUNTER)
    return any(not step.when for step in counters) or None if counters else False


def _places(known: Members, centres: Sequence[Centre]) -> tuple[str, ...]:
    """Return the centres at which everything that may be needed in person can be done in one visit."""
    steps = [_counter(member) for member in known.ordered if member.steps_of(Mode.COUNTER)]
    needs = [need_of(step) for step in steps]
    return tuple(one.code for one in fitting_centres(needs, centres)) if needs else ()


def _counter(member: Definition) -> Step:
    """Return the counter step that is taken for certain, else the first that may be."""
    counters = member.steps_of(Mode.COUNTER)
    return next((step for step in counters if not step.when), counters[0])


def _obtained(known: Members) -> Iterator[Obtained]:
    """Yield what registers hold, and what an earlier member issues, each once."""
    issued = {one.output.certificate: one.code for one in known.ordered if one.output.certificate}
    seen: set[str] = set()
    for one in known.ordered:
        for kind in _first_kinds(one):
            if kind.registered and kind.code not in seen | {some.code for some in _sometimes(known)}:
                seen.add(kind.code)
                issuer = issued.get(kind.code, "")
                yield Obtained(kind, issuer if issuer in known.before[one.code] else "")


def _given(known: Members, home: Home) -> Iterator[EvidenceType]:
    found = {kind.code: kind for one in known.ordered for kind in _first_kinds(one) if kind.home is home}
    sometimes = {some.code for some in _sometimes(known)}
    yield from (kind for code, kind in found.items() if code not in sometimes)


def _sometimes(known: Members) -> Iterator[EvidenceType]:
    """Yield what no member needs without fail."""
    wanted = [(one, want) for one in known.ordered for want in one.requirements]
    always = {code for _, want in wanted if not want.when for code in want.any_of[0]}
    found = {code: one.evidence_types[code] for one, want in wanted if want.when for code in want.any_of[0]}
    yield from (kind for code, kind in found.items() if code not in always)


def _first_kinds(one: Definition) -> Iterator[EvidenceType]:
    for requirement in one.requirements:
        yield from (one.evidence_types[code] for code in requirement.any_of[0])


def _asked(known: Members) -> Iterator[Question]:
    """Yield each fact once (R7.3); one that any member asks for without fail is asked without fail."""
    found: dict[str, Question] = {}
    for one in known.ordered:
        for question in one.questions:
            before = found.get(question.fact)
            if before is None or (
                (before.when or before.optional) and not (question.when or question.optional)
            ):
                found[question.fact] = question
    yield from found.values()


# Several services that somebody puts together themselves


def apart(members: Sequence[Definition], centres: Sequence[Centre]) -> tuple[tuple[str, ...], ...]:
    """Return the services as the fewest applications in which each has one applicant and one visit.

    What persons apply for and what businesses do are apart, unless the business is founded by it. Services that no one
    place can do in one visit are apart; what nobody attends goes with what it needs, or with the first.
    """
    founding = any(one.output.founds for one in members)
    persons = [one for one in members if one.applicant == "person"]
    businesses = [one for one in members if one.applicant == "business"]
    if persons and businesses and not founding:
        either = [one for one in members if one.applicant == "either"]
        first, second = (persons, businesses) if members[0].applicant != "business" else (businesses, persons)
        groups = [_kept(members, [*first, *either]), second]
    else:
        groups = [list(members)]
    return tuple(part for group in groups for part in _by_place(group, centres))


def _kept(members: Sequence[Definition], some: Sequence[Definition]) -> list[Definition]:
    return [one for one in members if one in some]


def _by_place(members: Sequence[Definition], centres: Sequence[Centre]) -> Iterator[tuple[str, ...]]:
    calls = {one.code: [_call(_counter(one))] for one in members if one.steps_of(Mode.COUNTER)}
    visits = [set(one) for one in together(calls, centres)]
    placed = set().union(*visits)
    visits += [{code} for code in calls if code not in placed]
    if not visits:
        visits = [{members[0].code}]
    needs = in_sequence(members)
    first = next(one for one in visits if any(member.code in one for member in members))
    for member in members:
        if not any(member.code in one for one in visits):
            kin = (one for one in visits if one & ({*needs[member.code]} | _needing(member.code, needs)))
            next(kin, first).add(member.code)
    for visit in visits:
        yield tuple(one.code for one in members if one.code in visit)


def _needing(code: str, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {other for other, before in needs.items() if code in before}


def _call(step: Step) -> Call:
    return Call(case=step.code, need=need_of(step), persons=frozenset(), ready_on=date.min)
