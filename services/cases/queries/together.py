"""What applying for several services at once means, in words, before anything is filled in (R7.1-R7.10)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.cases.queries.casefiles import law
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_language
from services.core.clocks import add_working_days, certain_or_provisional
from services.core.definitions import Definition
from services.core.together import MemberPlan, TogetherPlan, apart, plan_together
from services.visits import queries as visits


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One member of the plan: who handles it, after what, and from which working day until which."""

    service: str
    name: str
    office: str
    starts: int
    ends: int
    after: tuple[str, ...]
    attends: bool | None
    ready: int | None
    waits: int
    late: int
    promised: int
    statutory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObtainedView:
    """Something that we obtain: from an office, or from a member of the plan, by name."""

    name: str
    office: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLine:
    """Somebody who takes part; `signs`: in their own account, at the visit, or not at all."""

    name: str
    signs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreLine:
    """A place where everything can be done in one visit."""

    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanView:
    """The plan of one application; `provisional`: the last day falls in a year whose calendar is not published.

    `asked_if`, `needed_if`: what is asked, or needed from whomever, only in some situations.
    """

    services: tuple[str, ...]
    members: tuple[MemberView, ...]
    days: int
    ends_on: date
    provisional: bool
    attends: bool | None
    visit_day: int | None
    visit_on: date | None
    centres: tuple[CentreLine, ...]
    obtained: tuple[ObtainedView, ...]
    asked: tuple[str, ...]
    asked_if: tuple[str, ...]
    needed_if: tuple[str, ...]
    signed: tuple[str, ...]
    sent: tuple[str, ...]
    parties: tuple[PartyLine, ...]
    offices: tuple[str, ...]
    fees: Decimal
    perhaps: Decimal
    founds: bool

    @property
    def suspended(self) -> tuple[MemberView, ...]:
        """Return the members whose promised limit stands still until the joint visit; the law's never does."""
        return tuple(one for one in self.members if one.waits)

    @property
    def looked_at(self) -> tuple[MemberView, ...]:
        """Return the members whose office looks first, within what it promised, and may be late by that (R7.5)."""
        return tuple(one for one in self.members if one.late)


@dataclass(frozen=True, slots=True)
class _Words:
    language: str
    offices: Mapping[str, str]

    def say(self, texts: Mapping[str, str]) -> str:
        return in_language(texts, self.language)

    def office(self, code: str) -> str:
        return self.offices.get(code, code)


def plans_together(*, services: Sequence[str], language: str, today: date) -> tuple[PlanView, ...]:
    """Return the plan of the fewest applications in which all of this can be applied for, each with one visit.

    :raises services.catalogue.queries.NoSuchService: if one of them cannot be applied for.
    """
    members = definitions_in(services)
    centres = visits.open_centres()
    words = _Words(language, {one.code: one.name for one in catalogue.organisations(language)})
    groups = apart(members, centres) if members else ()
    return tuple(
        _view([one for one in members if one.code in group], words, today) for group in groups if group
    )


def definitions_in(services: Sequence[str]) -> list[Definition]:
    """Return the definitions a new application for these services gets, each once, in this order."""
    codes = dict.fromkeys(services)
    return [catalogue.definition(catalogue.current_version_id(code)) for code in codes]


def _view(members: Sequence[Definition], words: _Words, today: date) -> PlanView:
    look_days = law().profile.correction_notice_days
    plan = plan_together(members, visits.open_centres(), look_days=look_days)
    names = {one.code: words.say(one.name) for one in members}
    ends = certain_or_provisional(
        lambda known: add_working_days(today, plan.days, known) if plan.days else today, law().calendar
    )
    return PlanView(
        services=tuple(one.code for one in members),
        members=tuple(_member(one, names, words) for one in plan.members),
        days=plan.days,
        ends_on=ends.on,
        provisional=ends.provisional,
        attends=plan.attends,
        visit_day=plan.visit_on,
        visit_on=law().working_days(today, plan.visit_on) if plan.visit_on else None,
        centres=tuple(_centres(plan, words)),
        obtained=tuple(_obtained(plan, names, words)),
        asked=tuple(_asked(plan, members, words, always=True)),
        asked_if=tuple(_asked(plan, members, words, always=False)),
        needed_if=tuple(words.say(one.name) for one in plan.sometimes),
        signed=tuple(words.say(one.name) for one in plan.signed),
        sent=tuple(words.say(one.name) for one in plan.sent),
        parties=tuple(PartyLine(name=words.say(one.name), signs=one.signs) for one in plan.parties),
        offices=tuple(words.office(code) for code in plan.offices),
        fees=plan.fees,
        perhaps=sum((Decimal(one.amount) for one in plan.perhaps), Decimal(0)),
        founds=any(one.output.founds for one in members),
    )


def _member(one: MemberPlan, names: Mapping[str, str], words: _Words) -> MemberView:
    return MemberView(
        service=one.service, name=names[one.service], office=words.office(one.organisation), starts=one.starts,
        ends=one.ends, after=tuple(names[code] for code in one.after), attends=one.attends, ready=one.ready,
        waits=one.waits, late=one.late, promised=one.promised, statutory=one.statutory,
    )  # fmt: skip


def _centres(plan: TogetherPlan, words: _Words) -> Iterator[CentreLine]:
    for one in visits.centres():
        if one.code in plan.centres:
            yield CentreLine(code=one.code, name=words.say(one.name), address=words.say(one.address))


def _obtained(plan: TogetherPlan, names: Mapping[str, str], words: _Words) -> Iterator[ObtainedView]:
    for one in plan.obtained:
        yield ObtainedView(
            name=words.say(one.kind.name),
            office=words.office(one.kind.organisation),
            service=names.get(one.service, ""),
        )


def _asked(
    plan: TogetherPlan, members: Sequence[Definition], words: _Words, *, always: bool
) -> Iterator[str]:
    """Yield what is asked without fail, or what only some situations or wishes need."""
    facts = {code: fact for one in members for code, fact in one.facts.items()}
    wanted = (one for one in plan.asked if always is not bool(one.when or one.optional))
    yield from (words.say(facts[one.fact].label) for one in wanted)
