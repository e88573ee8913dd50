"""Reading a definition from its table: all mistakes at once, each with its file, place and a sentence."""

from collections.abc import Iterable, Iterator, Mapping

from services.core import soundness
from services.core.definitions import (
    FOUNDED,
    KINDS,
    PURPOSES,
    Commitments,
    Condition,
    Definition,
    Example,
    FeeItem,
    Handover,
    Mode,
    Output,
    Party,
    Question,
    Requirement,
    Step,
)
from services.core.facts import Value
from services.core.reading import SNAKE, DefinitionRefused, Reader, plain
from services.core.reference import Reference
from services.core.refusal import Mistake


def read_definition(table: Mapping[str, Value], *, file: str, reference: Reference) -> Definition:
    """Return the definition written in the table.

    :raises DefinitionRefused: with every mistake in it, each at its place with a sentence.
    """
    mistakes: list[Mistake] = []
    reader = Reader(plain(table), "", mistakes)
    definition = _read(reader, reference)
    reader.done()
    # What is badly written is told where it stands, and not once more for what follows from it.
    told = {mistake.place for mistake in mistakes}
    whole = soundness.check_definition(definition, reference)
    mistakes += [mistake for mistake in whole if not _covered(mistake.place, told)]
    if mistakes:
        raise DefinitionRefused(file=file, errors=mistakes)
    return definition


def _covered(place: str, told: Iterable[str]) -> bool:
    """Return whether a mistake is told already at this place, inside it, or beside it in the same part."""
    part = place.rpartition(".")[0]
    return any(
        place == one or one.startswith(f"{place}.") or (part and one.rpartition(".")[0] == part)
        for one in told
    )


def read_published(table: Mapping[str, Value], *, reference: Reference) -> Definition:
    """Return a definition that was checked when it was published; what it names stands in `reference`."""
    return _read(Reader(table, "", []), reference)


def _read(reader: Reader, reference: Reference) -> Definition:
    limits = reader.part("limits") or Reader({}, "limits", reader.mistakes)
    before = reader.part("before") or Reader({}, "before", reader.mistakes)
    requirements = tuple(_read_requirement(part) for part in reader.parts("requirement"))
    definition = Definition(
        code=reader.code("code"),
        programme=reader.code("programme"),
        organisation=reader.code("organisation"),
        kind=reader.choice("kind", KINDS),
        audience=reader.choice("audience", ["person", "business", "both"]),
        applicant=reader.choice("applicant", ["person", "business", "either"]),
        legal_basis=reader.names("legal_basis"),
        risks=tuple(reader.names("risks")),
        four_eyes=reader.flag("four_eyes"),
        name=reader.texts("name"),
        summary=reader.texts("summary"),
        statutory=limits.number("statutory", most=365),
        promised=limits.number("promised", most=365),
        special_law=limits.text("special_law", default=""),
        commitments=_read_commitments(reader.part("commitment")),
        fee=_read_fee(reader.part("fee")),
        output=_read_output(reader.part("output") or Reader({}, "output", reader.mistakes)),
        before_visits=before.number("visits"),
        before_papers=before.number("papers"),
        conditions={code: _read_condition(code, part) for code, part in reader.named_parts("conditions")},
        questions=tuple(_read_question(part) for part in reader.parts("question")),
        parties=tuple(_read_party(part) for part in reader.parts("party")),
        requirements=requirements,
        steps=tuple(_read_step(part) for part in reader.parts("step")),
        examples=tuple(_read_example(part) for part in reader.parts("example")),
        facts=reference.facts,
        evidence_types=reference.evidence_types,
    )
    limits.done()
    before.done()
    return definition


def _read_commitments(reader: Reader | None) -> Commitments:
    if reader is None:
        return Commitments()
    rate = reader.decimal("check_rate")
    if rate is not None and not 0 <= rate <= 1:
        reader.note("check_rate", "Write a share from 0 to 1.")
    commitments = Commitments(
        check_rate=str(1 if rate is None else rate),
        exempt=reader.texts("exempt", required=False),
        offer=reader.code("offer", default=""),
        replaces=reader.names("replaces"),
    )
    reader.done()
    return commitments


def _read_fee(reader: Reader | None) -> FeeItem | None:
    if reader is None:
        return None
    amount = reader.decimal("amount")
    if (amount is not None and amount <= 0) or "amount" not in reader.table:
        reader.note("amount", "Write the amount, such as “80.00”; leave the fee out where there is none.")
    fee = FeeItem(
        amount=str(amount), legal_basis=reader.text("legal_basis"),
        item=reader.texts("item"), when=reader.text("when", default=""),
    )  # fmt: skip
    reader.done()
    return fee


def _read_output(reader: Reader) -> Output:
    gives = reader.part("gives")
    output = Output(
        certificate=reader.code("certificate", default=""),
        result=reader.texts("result", required=False),
        handover=reader.choice("handover", Handover, default=Handover.ELECTRONIC),
        founds=reader.choice("founds", ["", *FOUNDED], default=""),
        gives={name: gives.text(name) for name in gives.table} if gives else {},
        ends=reader.names("ends"),
    )
    if bool(output.certificate) == bool(output.result):
        reader.note("", "The result is either a certificate or said in words (result.en, result.zh).")
    reader.done()
    return output


def _read_condition(code: str, reader: Reader) -> Condition:
    if not SNAKE.fullmatch(code):
        reader.note("", "Names of conditions are lower-case words joined by underscores.")
    condition = Condition(code, reader.texts("say"), reader.raw("if"))
    reader.done()
    return condition


def _read_question(reader: Reader) -> Question:
    question = Question(
        fact=reader.text("fact"), needed_for=reader.text("for"),
        when=reader.text("when", default=""), optional=reader.flag("optional"),
    )  # fmt: skip
    reader.done()
    return question


def _read_party(reader: Reader) -> Party:
    party = Party(
        role=reader.code("role"),
        kind=reader.choice("kind", ["person", "business"]),
        name=reader.texts("name"),
        signs=reader.choice("signs", ["account", "visit", "none"]),
        identified_by=reader.names("identified_by"),
        when=reader.text("when", default=""),
    )
    reader.done()
    return party


def _read_requirement(reader: Reader) -> Requirement:
    any_of = tuple(_read_entries(reader))
    requirement = Requirement(
        code=reader.code("code", default=any_of[0][0] if any_of else "unnamed"),
        any_of=any_of,
        party=reader.code("party", default="applicant"),
        when=reader.text("when", default=""),
        original_at=reader.text("original_at", default=""),
        deferrable=reader.flag("deferrable"),
    )
    reader.done()
    return requirement


def _read_entries(reader: Reader) -> Iterator[tuple[str, ...]]:
    entries = reader.list("any_of")
    for entry in entries:
        codes = [entry] if isinstance(entry, str) else entry
        if isinstance(codes, list) and codes and all(isinstance(code, str) for code in codes):
            yield tuple(codes)
        else:
            reader.note("any_of", "Each entry is a type of evidence, or a list of types that go together.")
    if not entries:
        reader.note("any_of", "Name at least one type of evidence.")


def _read_step(reader: Reader) -> Step:
    step = Step(
        code=reader.code("code"),
        name=reader.texts("name"),
        organisation=reader.code("organisation"),
        mode=reader.choice("mode", Mode),
        after=reader.names("after"),
        when=reader.text("when", default=""),
        days=reader.number("days", default=0, most=365),
        check=reader.text("check", default=""),
        purpose=reader.choice("purpose", ["", *PURPOSES], default=""),
        minutes=reader.number("minutes", default=20, least=5, most=480),
        equipment=reader.names("equipment"),
        in_person=reader.flag("in_person"),
    )
    reader.done()
    return step


def _read_example(reader: Reader) -> Example:
    example = Example(
        says=reader.texts("say"),
        facts=reader.mapping("facts"),
        absent=reader.names("absent"),
        outcomes=reader.mapping("outcomes"),
        conditions=reader.mapping("conditions"),
        takes=reader.names("takes"),
        skips=reader.names("skips"),
        asks=reader.names("asks"),
        visits=reader.number("visits", default=0, most=9),
        ends=reader.choice("ends", ["granted", "refused"]),
        commits=reader.flag("commits"),
    )
    reader.done()
    return example
