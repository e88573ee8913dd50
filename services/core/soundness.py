"""What only a whole definition can show: everything named exists, and the order of its steps can be walked."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter

from services.core.conditions import used_facts
from services.core.definitions import RISKS, STAFFED, Definition, Mode, Requirement, Step
from services.core.expressions import check_expression
from services.core.facts import BUILT_IN
from services.core.legal import check_citation, may_charge
from services.core.promises import Material, materials_of
from services.core.reference import DeclarationKind, EvidenceType, Home, Reference, check_office
from services.core.refusal import Mistake

MAX_CONDITIONS = 8


def check_definition(definition: Definition, reference: Reference) -> list[Mistake]:
    """Return every mistake that the definition's parts make together."""
    return [mistake for check in _CHECKS for mistake in check(definition, reference)]


def _unknown(place: str, what: str, codes: Iterable[str], known: Iterable[str]) -> Iterator[Mistake]:
    names = set(known)
    for code in codes:
        if code and code not in names:
            yield Mistake(place, "There is no {what} “{code}”.", {"what": what, "code": code})


def _repeated(place: str, codes: Iterable[str]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Mistake(place, "“{code}” stands here twice.", {"code": code})
        seen.add(code)


def _offices(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    yield from _office("organisation", definition.organisation, reference)
    yield from _unknown("programme", "programme", [definition.programme], reference.programmes)
    for step in definition.steps:
        yield from _office(f"step.{step.code}.organisation", step.organisation, reference)


def _office(place: str, code: str, reference: Reference) -> Iterator[Mistake]:
    if code:
        yield from check_office(place, code, reference.organisations)


def _law(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    if definition.kind in ("permit", "confirmation") and not definition.legal_basis:
        yield Mistake("legal_basis", "Name the law that this rests on.")
    acts = reference.legal_resources.values()
    for cited in definition.legal_basis:
        yield from check_citation("legal_basis", cited, acts)
    if definition.special_law and definition.special_law not in definition.legal_basis:
        yield Mistake("limits.special_law", "This law does not stand in the legal basis.")
    yield from _unknown("risks", "risk", definition.risks, RISKS)
    if definition.fee and not definition.fee.legal_basis.strip():
        yield Mistake("fee.legal_basis", "A fee needs a legal basis (R14.1).")
    elif definition.fee:
        yield from check_citation("fee.legal_basis", definition.fee.legal_basis, acts)
        if not may_charge(definition.fee.legal_basis, acts):
            yield Mistake("fee.legal_basis", "Only a law or an administrative regulation may charge (R14.1).")


def _conditions(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    if len(definition.conditions) > MAX_CONDITIONS:
        yield Mistake("conditions", "A definition has eight conditions at the most.")
    askable = {question.fact for question in definition.questions} | set(BUILT_IN) | set(_proved(definition))
    for code, condition in definition.conditions.items():
        place = f"conditions.{code}.if"
        yield from check_expression(condition.expression, place)
        facts = sorted(used_facts(condition.expression))
        yield from _unknown(place, "fact", facts, {**reference.facts, **BUILT_IN})
        for fact in facts:
            if fact in reference.facts and fact not in askable:
                told = "Nobody is asked for “{fact}” and nothing required proves it: this would stay unknown."
                yield Mistake(place, told, {"fact": fact})
    named = dict(_uses(definition))
    for place, code in named.items():
        yield from _unknown(place, "condition", [code], definition.conditions)
    for code in sorted(definition.conditions.keys() - set(named.values())):
        yield Mistake(f"conditions.{code}", "No step, question or requirement uses this condition.")


def _uses(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield where a condition is named, and its name."""
    yield from ((f"step.{step.code}.when", step.when) for step in definition.steps)
    yield from ((f"step.{step.code}.check", step.check) for step in definition.steps)
    yield from ((f"requirement.{one.code}.when", one.when) for one in definition.requirements)
    yield from ((f"question.{one.fact}.when", one.when) for one in definition.questions)
    yield from ((f"party.{one.role}.when", one.when) for one in definition.parties)
    if definition.fee:
        yield "fee.when", definition.fee.when


def _proved(definition: Definition, *, of_anybody: bool = False) -> Iterator[str]:
    """Yield the facts that evidence tells of the applicant or the matter; another party's own stay theirs."""
    for one in definition.requirements:
        kinds = [definition.evidence_types.get(code) for entry in one.any_of for code in entry]
        facts = (fact for kind in kinds if kind for fact in kind.proves)
        about_us = of_anybody or one.party == "applicant"
        yield from (fact for fact in facts if about_us or fact.startswith("application."))


def _questions(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    facts = [question.fact for question in definition.questions]
    yield from _unknown("question.fact", "fact", facts, reference.facts)
    yield from _repeated("question", facts)
    for question in definition.questions:
        fact = reference.facts.get(question.fact)
        if fact and not (fact.ask.get("en") and fact.ask.get("zh")):
            told = "This fact has no question in both languages (ask.en, ask.zh)."
            yield Mistake(f"question.{fact.code}", told)
    uses = {step.code for step in definition.steps} | {one.code for one in definition.requirements}
    uses |= {party.role for party in definition.parties} | {"output"} | set(definition.conditions)
    needs = (question.needed_for for question in definition.questions)
    yield from _unknown("question.for", "step, requirement, party, condition or output", needs, uses)
    yield from _unread(definition)


def _unread(definition: Definition) -> Iterator[Mistake]:
    """Yield a mistake for each question that is asked for the machine's sake and never read by it (R1.9)."""
    read = {fact for one in definition.conditions.values() for fact in used_facts(one.expression)}
    read |= {fact for party in definition.parties for fact in party.identified_by}
    read |= {*definition.output.gives, *definition.output.gives.values()}
    read |= {kind.key for kind in _kinds(definition)}
    automatic = {step.code for step in definition.steps_of(Mode.AUTO)}
    for question in definition.questions:
        if question.needed_for in automatic and question.fact not in read:
            told = "The automatic step “{step}” never reads this: name what does need it."
            yield Mistake(f"question.{question.fact}.for", told, {"step": question.needed_for})


def _kinds(definition: Definition) -> Iterator[EvidenceType]:
    """Yield every known type of evidence that the definition asks for."""
    for one in definition.requirements:
        for code in (code for entry in one.any_of for code in entry):
            if code in definition.evidence_types:
                yield definition.evidence_types[code]


def _requirements(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    roles = {"applicant"} | {party.role for party in definition.parties}
    yield from _repeated("requirement", [one.code for one in definition.requirements])
    for one in definition.requirements:
        place = f"requirement.{one.code}"
        kinds = [code for entry in one.any_of for code in entry]
        yield from _unknown(f"{place}.any_of", "evidence type", kinds, reference.evidence_types)
        yield from _unknown(f"{place}.party", "party", [one.party], roles)
        yield from _unknown(f"{place}.original_at", "step", [one.original_at], definition.step)
        if definition.risks and any(_commits(reference, code) for code in kinds):
            yield Mistake(f"{place}.any_of", "In this matter no commitment may replace a proof (R4.2).")


def _materials(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    """What may follow is nothing that the portal obtains, and no original shown at a meeting (R5.7)."""
    known = [one for one in definition.requirements if _is_known(one, reference)]
    for one in known:
        place = f"requirement.{one.code}"
        if one.deferrable and Material.AUTO in materials_of(one, definition):
            yield Mistake(f"{place}.deferrable", "The portal obtains this itself: nobody promises it (R5.7).")
        if one.deferrable and one.original_at:
            yield Mistake(
                f"{place}.deferrable", "An original that is shown at a meeting cannot follow (R5.7)."
            )
        for kind in (reference.evidence_types[code] for entry in one.any_of for code in entry):
            offered = kind.declaration is DeclarationKind.COMMITMENT and not definition.risks
            if offered and not kind.upload:
                told = "Whoever does not commit to “{kind}” must be able to prove it instead (R4.3)."
                yield Mistake(f"{place}.any_of", told, {"kind": kind.code})


def _is_known(one: Requirement, reference: Reference) -> bool:
    return all(code in reference.evidence_types for entry in one.any_of for code in entry)


def _commitments(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    """A commitment to the conditions of a licence is one, and what it replaces is the work of offices (R4.7)."""
    given = definition.commitments
    kind = reference.evidence_types.get(given.offer)
    yield from _unknown("commitment.offer", "evidence type", [given.offer], reference.evidence_types)
    yield from _unknown("commitment.replaces", "step", given.replaces, definition.step)
    if given.offer and definition.risks:
        yield Mistake("commitment.offer", "In this matter no commitment may replace a proof (R4.2).")
    if kind and kind.declaration is not DeclarationKind.COMMITMENT:
        yield Mistake("commitment.offer", "This is no commitment: its type says nothing of the sort.")
    if kind and (kind.home is not Home.DECLARATION or kind.upload):
        yield Mistake("commitment.offer", "A commitment to conditions is signed, and nothing else proves it.")
    if bool(given.offer) != bool(given.replaces):
        yield Mistake("commitment", "Name the commitment and the steps that it replaces, or neither.")
    for step in (definition.step[code] for code in given.replaces if code in definition.step):
        if step.mode not in STAFFED:
            told = "“{step}” is no work of an office that could be done afterwards."
            yield Mistake("commitment.replaces", told, {"step": step.code})
    if (Decimal(given.check_rate) == 0) != bool(given.exempt):
        yield Mistake(
            "commitment.exempt", "Say why nothing is checked, where nothing is, and only there (R4.9)."
        )


def _commits(reference: Reference, code: str) -> bool:
    kind = reference.evidence_types.get(code)
    return bool(kind and kind.declaration is DeclarationKind.COMMITMENT and kind.home is Home.DECLARATION)


def _parties(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    yield from _repeated("party", [party.role for party in definition.parties])
    asked = {question.fact for question in definition.questions}
    asked |= set(_proved(definition, of_anybody=True))
    for party in definition.parties:
        place = f"party.{party.role}.identified_by"
        yield from _unknown(place, "fact", party.identified_by, reference.facts)
        if party.signs != "none" and not party.identified_by:
            yield Mistake(place, "Say which answers name this party, so that nobody else can sign for them.")
        for fact in party.identified_by:
            if fact in reference.facts and fact not in asked:
                yield Mistake(place, "Nobody is asked for “{fact}”.", {"fact": fact})


def _steps(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    codes = [step.code for step in definition.steps]
    yield from _repeated("step", codes)
    for step in definition.steps:
        yield from _unknown(f"step.{step.code}.after", "step", step.after, codes)
        yield from _step_shape(step)
    if len(definition.steps_of(Mode.ISSUE)) != 1:
        yield Mistake("step", "Exactly one step issues the result.")
    graph = {step.code: set(step.after) & set(codes) for step in definition.steps}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        path = " → ".join(reversed(circle.args[1]))
        yield Mistake("step", "These steps wait for each other for ever: {path}.", {"path": path})


def _step_shape(step: Step) -> Iterator[Mistake]:
    place = f"step.{step.code}"
    if step.mode in STAFFED and step.days < 1:
        yield Mistake(f"{place}.days", "Say how many working days the office has for this.")
    if step.mode in (Mode.ISSUE, Mode.COUNTER) and step.days:
        yield Mistake(f"{place}.days", "This step takes no working days of its own.")
    if (step.mode is Mode.COUNTER) != bool(step.purpose):
        told = "A counter step says why somebody must come, and no other step does."
        yield Mistake(f"{place}.purpose", told)
    if step.mode is not Mode.COUNTER and (step.equipment or step.in_person):
        yield Mistake(f"{place}.purpose", "Only a counter step needs equipment, or somebody in person.")
    if step.check and (step.mode is not Mode.AUTO or step.days):
        yield Mistake(f"{place}.check", "Only an automatic step without days checks a condition.")


def _output(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    output = definition.output
    if output.certificate:
        kinds = reference.evidence_types
        yield from _unknown("output.certificate", "certificate", [output.certificate], kinds)
    for fact in (*output.gives, *output.gives.values()):
        yield from _unknown("output.gives", "fact", [fact], {**reference.facts, **BUILT_IN})
    yield from _ends(definition, reference)


def _ends(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    """What a service ends is its own office's to end, by law, and shown first to be the applicant's (R2.26)."""
    ends, place = definition.output.ends, "output.ends"
    yield from _unknown(place, "certificate", ends, reference.evidence_types)
    yield from _repeated(place, ends)
    if ends and not definition.legal_basis:
        yield Mistake(place, "Name the law by which this ends a certificate.")
    shown = {
        code
        for one in definition.requirements
        if one.party == "applicant" and not one.when
        for entry in one.any_of
        for code in entry
    }
    for kind in (reference.evidence_types[code] for code in ends if code in reference.evidence_types):
        values = {"kind": kind.code}
        if kind.home is not Home.ISSUED or kind.organisation != definition.organisation:
            yield Mistake(place, "“{kind}” is not this office's to end: another one issues it.", values)
        if kind.code not in shown:
            yield Mistake(
                place, "Require “{kind}” of everybody: whoever ends it shows first that it is theirs.", values
            )
        if kind.code == definition.output.certificate:
            yield Mistake(place, "“{kind}” cannot be issued and ended at once.", values)


def _examples(definition: Definition, reference: Reference) -> Iterator[Mistake]:
    for number, example in enumerate(definition.examples, start=1):
        place = f"example[{number}]"
        yield from _unknown(f"{place}.facts", "fact", example.facts, {**reference.facts, **BUILT_IN})
        yield from _unknown(f"{place}.conditions", "condition", example.conditions, definition.conditions)
        steps = (*example.takes, *example.skips, *example.outcomes)
        yield from _unknown(f"{place}.takes", "step", steps, definition.step)
        kinds = (*example.absent, *example.asks)
        yield from _unknown(f"{place}.asks", "evidence type", kinds, reference.evidence_types)
        for code, outcome in example.outcomes.items():
            step = definition.step.get(code)
            if step and outcome not in _OUTCOMES.get(step.mode, ()):
                told = "“{step}” cannot end as “{outcome}”."
                yield Mistake(f"{place}.outcomes", told, {"step": code, "outcome": outcome})


# What can go wrong at a step, as an example may say it.
_OUTCOMES = {
    Mode.REVIEW: ("against",),
    Mode.INSPECTION: ("against",),
    Mode.DECISION: ("against",),
    Mode.COUNTER: ("failed", "missed"),
}

_CHECKS = (
    _offices, _law, _conditions, _questions, _requirements, _materials, _commitments, _parties, _steps, _output,
    _examples,
)  # fmt: skip
