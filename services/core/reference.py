"""What definitions rest on: facts, evidence types, organisations and bundles, read from tables of data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.core.facts import BUILT_IN, SCOPES, Choice, Fact, FactType, Texts, Value
from services.core.legal import LegalResource, check_citation
from services.core.reading import KEBAB, SNAKE, Reader
from services.core.refusal import Mistake
from services.core.writing import FORMATS

# R1.4: no catch-all material.
CATCH_ALL = ("其他材料", "有关材料", "相关材料", "other materials", "other documents")

FEWEST_MEMBERS = 2


class Home(StrEnum):
    """Where an evidence of this type comes from first."""

    ISSUED = "issued"
    REGISTRY = "registry"
    DECLARATION = "declaration"
    UPLOAD = "upload"


class DeclarationKind(StrEnum):
    """Whether a signed declaration may stand in: not at all, as a plain statement, or as a commitment (R4)."""

    NONE = ""
    STATEMENT = "statement"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Publication:
    """To whom a commitment is made public, and for how many days; without one it is not (R4.4)."""

    to: Texts = field(hash=False)
    days: int


@dataclass(frozen=True, slots=True)
class EvidenceType:
    """A kind of evidence: whose it is, where it lives, what it proves, and which other ways there are to it."""

    code: str
    name: Texts = field(hash=False)
    organisation: str
    about: str
    home: Home
    declaration: DeclarationKind
    upload: bool
    validity_months: int
    proves: tuple[str, ...]
    key: str = ""
    basis: str = ""
    states: Texts = field(hash=False, default_factory=dict)
    published: Publication | None = None

    @property
    def registered(self) -> bool:
        """Return whether a register can be asked: what we issue ourselves was also issued before us."""
        return self.home in (Home.REGISTRY, Home.ISSUED)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An office of the prefecture, or one `elsewhere`, in another place, that receives for it and handles nothing."""

    code: str
    name: Texts = field(hash=False)
    elsewhere: Texts = field(hash=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything a definition may name."""

    facts: Mapping[str, Fact]
    evidence_types: Mapping[str, EvidenceType]
    organisations: Mapping[str, Organisation]
    programmes: frozenset[str]
    legal_resources: Mapping[str, LegalResource]


def check_office(place: str, code: str, organisations: Mapping[str, Organisation]) -> Iterator[Mistake]:
    """Yield what is wrong where an office of the prefecture is to be named: it is unknown, or of another place."""
    if code not in organisations:
        yield Mistake(place, "There is no organisation “{code}”.", {"code": code})
    elif organisations[code].elsewhere:
        sentence = "“{code}” is of another place: it receives applications, and handles none (R11.7)."
        yield Mistake(place, sentence, {"code": code})


def read_facts(tables: Mapping[str, Value], mistakes: list[Mistake]) -> dict[str, Fact]:
    """Return the facts of one file by code (`person.birth_date`)."""
    facts: dict[str, Fact] = {}
    for scope, part in Reader(tables, "", mistakes).all_parts():
        if scope not in SCOPES:
            part.note("", "Facts have the scopes person, business and application.")
        for name, reader in part.all_parts():
            code = f"{scope}.{name}"
            if code in BUILT_IN:
                reader.note("", "This fact is built in: it is known without asking.")
            facts[code] = _read_fact(code, name, reader)
    return facts


def _read_fact(code: str, name: str, reader: Reader) -> Fact:
    if not SNAKE.fullmatch(name):
        reader.note("", "Names of facts are lower-case words joined by underscores.")
    kind = reader.choice("type", FactType)
    fact = Fact(
        code=code,
        type=kind,
        label=reader.texts("label"),
        ask=reader.texts("ask", required=False),
        hint=reader.texts("hint", required=False),
        format=reader.choice("format", ["", *FORMATS], default=""),
        max_length=reader.number("max_length", default=200, least=1, most=2000),
        minimum=reader.decimal("min"),
        maximum=reader.decimal("max"),
        choices=tuple(_read_choice(part) for part in reader.parts("choices")),
        columns=tuple(_read_fact(column, column, part) for column, part in reader.named_parts("columns")),
        min_rows=reader.number("min_rows", default=1),
        max_rows=reader.number("max_rows", default=50, least=1, most=200),
    )
    _check_shape(fact, reader)
    reader.done()
    return fact


def _read_choice(reader: Reader) -> Choice:
    choice = Choice(reader.code("code", pattern=SNAKE), {key: reader.text(key) for key in ("en", "zh")})
    reader.done()
    return choice


def _check_shape(fact: Fact, reader: Reader) -> None:
    if fact.type is FactType.CHOICE and len(fact.choices) < 2:
        reader.note("choices", "A choice offers at least two answers.")
    if fact.type is FactType.ROWS and not fact.columns:
        reader.note("columns", "Rows have columns.")
    if any(column.type in (FactType.ROWS, FactType.FILE) for column in fact.columns):
        reader.note("columns", "A column is neither rows nor a file.")
    if len({choice.code for choice in fact.choices}) < len(fact.choices):
        reader.note("choices", "Each answer to choose from has a code of its own.")
    bounds = (fact.minimum, fact.maximum)
    if (bounds[0] is not None and bounds[1] is not None and bounds[0] > bounds[1]) or (
        fact.min_rows > fact.max_rows
    ):
        reader.note("", "The least is more than the most.")


def read_evidence_types(
    tables: Mapping[str, Value], mistakes: list[Mistake], *, home: Home | None = None
) -> dict[str, EvidenceType]:
    """Return evidence types by code; `home` is given for files whose types all come from one place."""
    return {
        code: _read_evidence_type(code, part, home) for code, part in Reader(tables, "", mistakes).all_parts()
    }


def _read_evidence_type(code: str, reader: Reader, home: Home | None) -> EvidenceType:
    if not KEBAB.fullmatch(code):
        reader.note("", "Codes are lower-case words joined by hyphens.")
    kind = EvidenceType(
        code=code,
        name=reader.texts("name"),
        organisation=reader.code("organisation"),
        about=reader.choice("about", ["person", "business", "application"]),
        home=reader.choice("source", Home, default=home),
        declaration=reader.choice("declaration", DeclarationKind, default=DeclarationKind.NONE),
        upload=reader.flag("upload"),
        validity_months=reader.number("validity_months", default=0, most=1200),
        proves=reader.names("proves"),
        key=reader.text("key", default=""),
        basis=reader.text("basis", default=""),
        states=reader.texts("states", required=False),
        published=_read_publication(reader.part("published")),
    )
    if kind.published and kind.declaration is not DeclarationKind.COMMITMENT:
        reader.note("published", "Only a commitment is made public.")
    if kind.declaration and not kind.states:
        reader.note("states", "Write the sentence that the applicant signs.")
    if any(word in text.lower() for word in CATCH_ALL for text in kind.name.values()):
        reader.note("name", "Name the material: nobody can be asked for “other materials” (R1.4).")
    reader.done()
    return kind


def _read_publication(reader: Reader | None) -> Publication | None:
    if reader is None:
        return None
    publication = Publication(reader.texts("to"), reader.number("days", least=1, most=3650))
    reader.done()
    return publication


def check_evidence_types(reference: Reference, mistakes: list[Mistake]) -> None:
    """Note every fact, organisation or act of law an evidence type names that is not there."""
    for kind in reference.evidence_types.values():
        for fact in (*kind.proves, *([kind.key] if kind.key else [])):
            if fact not in reference.facts and fact not in BUILT_IN:
                mistakes.append(Mistake(f"{kind.code}.proves", "There is no fact “{fact}”.", {"fact": fact}))
        mistakes += check_office(f"{kind.code}.organisation", kind.organisation, reference.organisations)
        if kind.basis:
            acts = reference.legal_resources.values()
            mistakes += check_citation(f"{kind.code}.basis", kind.basis, acts)


def read_organisations(tables: Mapping[str, Value], mistakes: list[Mistake]) -> dict[str, Organisation]:
    """Return organisations by code."""
    parts = Reader(tables, "", mistakes).all_parts()
    return {code: _read_organisation(code, part) for code, part in parts}


def _read_organisation(code: str, reader: Reader) -> Organisation:
    if not KEBAB.fullmatch(code):
        reader.note("", "Codes are lower-case words joined by hyphens.")
    contact = reader.part("contact")
    if contact is not None:
        contact.text("phone", default="")
        contact.texts("address", required=False)
        contact.done()
    organisation = Organisation(code, reader.texts("name"), reader.texts("elsewhere", required=False))
    reader.done()
    return organisation


def read_programmes(tables: Mapping[str, Value], mistakes: list[Mistake]) -> frozenset[str]:
    """Return the codes of the programmes, under which people find the services."""
    return frozenset(_read_programme(code, part) for code, part in Reader(tables, "", mistakes).all_parts())


def _read_programme(code: str, reader: Reader) -> str:
    if not KEBAB.fullmatch(code):
        reader.note("", "Codes are lower-case words joined by hyphens.")
    for key in ("name", "summary"):
        reader.texts(key)
    reader.choice("audience", ["person", "business", "both"])
    reader.done()
    return code


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several services as one thing, for one life or business event (R7.1)."""

    code: str
    name: Texts = field(hash=False)
    event: Texts = field(hash=False)
    kind: str
    lead: str
    services: tuple[str, ...]
    summary: Texts = field(hash=False, default_factory=dict)
    situations: Mapping[str, Texts] = field(hash=False, default_factory=dict)


def read_bundles(tables: Mapping[str, Value], mistakes: list[Mistake]) -> tuple[Bundle, ...]:
    """Return the bundles of the file, in its order."""
    reader = Reader(tables, "", mistakes)
    bundles = tuple(_read_bundle(part) for part in reader.parts("bundle"))
    reader.done()
    return bundles


def _read_bundle(reader: Reader) -> Bundle:
    bundle = Bundle(
        code=reader.code("code"),
        name=reader.texts("name"),
        event=reader.texts("event"),
        kind=reader.choice("kind", ["life", "business"]),
        lead=reader.code("lead"),
        services=reader.names("services"),
        summary=reader.texts("summary", required=False),
        situations=dict(_read_situation(part) for part in reader.parts("situation")),
    )
    if len(set(bundle.services)) < len(bundle.services):
        reader.note("services", "A service stands in a bundle once.")
    if len(bundle.services) < FEWEST_MEMBERS:
        reader.note("services", "A bundle joins several services (R7.1).")
    for code in bundle.situations.keys() - set(bundle.services):
        reader.note("situation", "“{code}” is no member of this bundle.", code=code)
    reader.done()
    return bundle


def _read_situation(reader: Reader) -> tuple[str, Texts]:
    situation = reader.code("service"), reader.texts("ask")
    reader.done()
    return situation


def check_bundles(
    bundles: Sequence[Bundle], reference: Reference, services: Sequence[str], mistakes: list[Mistake]
) -> None:
    """Note members that are not services, and leads that are no organisation."""
    for bundle in bundles:
        for code in bundle.services:
            if code not in services:
                mistakes.append(Mistake(bundle.code, "There is no service “{code}”.", {"code": code}))
        mistakes += check_office(bundle.code, bundle.lead, reference.organisations)
