"""A service in plain words: what it gives, to whom, how long, its fee, what we obtain and what we ask."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.catalogue.wording import in_language
from services.core.definitions import Definition, FeeItem, Mode, Requirement, Step
from services.core.reference import EvidenceType, Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said of a service; `when` is the sentence under which it holds, empty if always."""

    text: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One thing that must be proved; `holder` is the office whose register holds it, where one does."""

    name: str
    holder: str = ""
    instead: tuple[str, ...] = ()
    when: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One step of the way; `mode` is a code of `services.core.definitions.Mode`, days are working days."""

    code: str
    name: str
    organisation: str
    mode: str
    days: int
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """What is charged, by which law."""

    amount: Decimal
    item: str
    legal_basis: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one gets, and how: electronic, courier, or handed over at the visit."""

    name: str
    is_certificate: bool
    handover: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the old way took; an assumption of the catalogue, and to be shown as one."""

    visits: int
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePage:
    """Everything a person wants to know before applying; limits are working days from acceptance."""

    code: str
    name: str
    summary: str
    programme_code: str
    programme: str
    organisation_code: str
    organisation: str
    kind: str
    audience: str
    applicant: str
    version: int
    badge: str
    promised_days: int
    statutory_days: int
    fee: FeeLine | None
    obtained: tuple[EvidenceLine, ...]
    declarations: tuple[EvidenceLine, ...]
    uploads: tuple[EvidenceLine, ...]
    questions: tuple[Line, ...]
    parties: tuple[Line, ...]
    steps: tuple[StepLine, ...]
    result: Result
    legal_basis: tuple[str, ...]
    before: Before


@dataclass(frozen=True, slots=True)
class _Words:
    """A definition and the language it is read in."""

    definition: Definition
    language: str
    organisations: Mapping[str, str]
    cited: Mapping[str, str]

    def say(self, texts: Mapping[str, str]) -> str:
        return in_language(texts, self.language)

    def when(self, condition: str) -> str:
        return self.say(self.definition.conditions[condition].says) if condition else ""

    def kind(self, code: str) -> EvidenceType:
        return self.definition.evidence_types[code]

    def office(self, code: str) -> str:
        return self.organisations.get(code, code)

    def law(self, written: str) -> str:
        return self.cited.get(written, written)


def page_of(
    definition: Definition,
    *,
    version: int,
    badge: str,
    programme: str,
    organisations: Mapping[str, str],
    cited: Mapping[str, str],
    language: str,
) -> ServicePage:
    """Return the page of a definition; `organisations` by code and `cited` law as written are told in that language."""
    words = _Words(definition, language, organisations, cited)
    evidence = _evidence(words)
    return ServicePage(
        code=definition.code,
        name=words.say(definition.name),
        summary=words.say(definition.summary),
        programme_code=definition.programme,
        programme=programme,
        organisation_code=definition.organisation,
        organisation=words.office(definition.organisation),
        kind=definition.kind,
        audience=definition.audience,
        applicant=definition.applicant,
        version=version,
        badge=badge,
        promised_days=definition.promised,
        statutory_days=definition.statutory,
        fee=_fee(words, definition.fee) if definition.fee else None,
        obtained=evidence["obtained"],
        declarations=evidence["declarations"],
        uploads=evidence["uploads"],
        questions=tuple(_questions(words)),
        parties=tuple(_parties(words)),
        steps=tuple(_step(words, one) for one in definition.steps if one.mode is not Mode.ISSUE),
        result=_result(words),
        legal_basis=tuple(words.law(one) for one in definition.legal_basis),
        before=Before(visits=definition.before_visits, papers=definition.before_papers),
    )


_PLACES = {Home.DECLARATION: "declarations", Home.UPLOAD: "uploads"}


def _evidence(words: _Words) -> dict[str, tuple[EvidenceLine, ...]]:
    """Sort the requirements by how they are met first: obtained by us, declared, or uploaded."""
    sorted_lines: dict[str, list[EvidenceLine]] = {"obtained": [], "declarations": [], "uploads": []}
    for requirement in words.definition.requirements:
        homes = {words.kind(code).home for code in requirement.any_of[0]}
        place = next((_PLACES[home] for home in (Home.UPLOAD, Home.DECLARATION) if home in homes), "obtained")
        sorted_lines[place].append(_evidence_line(words, requirement))
    return {place: tuple(lines) for place, lines in sorted_lines.items()}


def _evidence_line(words: _Words, requirement: Requirement) -> EvidenceLine:
    first, *others = requirement.any_of
    offices = dict.fromkeys(
        words.office(words.kind(code).organisation) for code in first if words.kind(code).registered
    )
    parties = {party.role: party.name for party in words.definition.parties}
    return EvidenceLine(
        name=_together(words, first),
        holder=", ".join(offices),
        instead=tuple(_together(words, entry) for entry in others),
        when=words.when(requirement.when),
        party=words.say(parties.get(requirement.party, {})),
    )


def _together(words: _Words, entry: tuple[str, ...]) -> str:
    return " + ".join(words.say(words.kind(code).name) for code in entry)


def _questions(words: _Words) -> Iterator[Line]:
    for question in words.definition.questions:
        label = words.say(words.definition.facts[question.fact].label)
        yield Line(text=label, when=words.when(question.when))


def _parties(words: _Words) -> Iterator[Line]:
    for party in words.definition.parties:
        yield Line(text=words.say(party.name), when=words.when(party.when))


def _step(words: _Words, step: Step) -> StepLine:
    return StepLine(
        code=step.code,
        name=words.say(step.name),
        organisation=words.office(step.organisation),
        mode=step.mode,
        days=step.days,
        when=words.when(step.when),
    )


def _fee(words: _Words, fee: FeeItem) -> FeeLine:
    return FeeLine(
        amount=Decimal(fee.amount),
        item=words.say(fee.item),
        legal_basis=words.law(fee.legal_basis),
        when=words.when(fee.when),
    )


def _result(words: _Words) -> Result:
    output = words.definition.output
    name = words.kind(output.certificate).name if output.certificate else output.result
    return Result(name=words.say(name), is_certificate=bool(output.certificate), handover=output.handover)
