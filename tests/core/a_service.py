"""A small prefecture to write the law's tests in: its facts, evidence, centres, and definitions made from tables."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.core.appointments import Centre, Opening, Window
from services.core.casefile import CaseFile
from services.core.definitions import Definition
from services.core.evidence import Attempt, Grade, HeldEvidence, Outcome, Shelf, Source
from services.core.facts import Holder
from services.core.jurisdiction import ClockProfile, calendar_from, profile_from
from services.core.legal import read_legal_resources
from services.core.parsing import read_definition
from services.core.proof import Proof, prove_definition
from services.core.reference import Reference, read_evidence_types, read_facts, read_organisations
from services.core.routing import Law

FOLDER = Path(__file__).parents[2] / "services" / "catalogue" / "definitions"
SOMEBODY = Holder("person", UUID(int=1))
MONDAY = date(2026, 3, 2)


def said(text: str) -> dict[str, str]:
    """Return the text in both languages."""
    return {"en": text, "zh": text}


def _fact(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "label": said("A thing"), "ask": said("What is it?"), **more}


def _kind(source: str, *proves: str, **more: Any) -> dict[str, Any]:
    return {
        "name": said("A paper"), "organisation": "police", "about": "person", "source": source,
        "proves": list(proves), **more,
    }  # fmt: skip


_CHOICES = [{"code": code, "en": code, "zh": code} for code in ("shop", "farm", "school")]
FACT_TABLES = {
    "application": {
        "name": _fact("text"),
        "kind": _fact("choice", choices=_CHOICES),
        "amount": _fact("number"),
        "wants_help": _fact("yes_no"),
        "opens_on": _fact("date"),
        "vin": _fact("text", format="vin"),
        "plan": _fact("file"),
        "spouse_name": _fact("text"),
        "spouse_number": _fact("text"),
        "goods": _fact("rows", columns={"item": {"type": "text", "label": said("Item")},
                                        "value": {"type": "money", "label": said("Value")}}),
    },
    "person": {"birth_date": _fact("date"), "full_name": _fact("text")},
    "business": {"name": _fact("text")},
}  # fmt: skip
KIND_TABLES = {
    "id-card": _kind("registry", "person.birth_date", "person.full_name", upload=True),
    "household": _kind("registry"),
    "licence": _kind("issued", "business.name", upload=True),
    "tax-record": _kind("registry", declaration="commitment", states=said("I owe no tax.")),
    "levy-record": _kind("registry", declaration="commitment", upload=True, states=said("I owe no levy.")),
    "deed": _kind("registry", upload=True),
    "car-test": _kind("registry", upload=True, key="application.vin"),
    "floor-plan": _kind("upload", upload=True, about="application"),
    "goods-list": _kind("declaration", declaration="statement", states=said("These are the goods.")),
    "permit": _kind("issued"),
}


ACTS = {
    "shops-law": {"name": {"en": "Shops Law", "zh": "商铺法"}, "rank": "law"},
    "fees-law": {"name": {"en": "Fees Law", "zh": "收费法"}, "rank": "law"},
    "price-list": {"name": {"en": "Price List", "zh": "价目表"}, "rank": "local"},
}


@cache
def reference() -> Reference:
    """Return everything that definitions of the small prefecture may name."""
    mistakes: list[Any] = []
    offices = {code: {"name": said(code)} for code in ("police", "tax", "market")}
    found = Reference(
        facts=read_facts(FACT_TABLES, mistakes),
        evidence_types=read_evidence_types(KIND_TABLES, mistakes),
        organisations=read_organisations(offices, mistakes),
        programmes=frozenset({"shops"}),
        legal_resources=read_legal_resources(ACTS, mistakes),
    )
    assert not mistakes, mistakes
    return found


@cache
def law() -> Law:
    """Return the numbers and the calendar that the catalogue ships with."""
    tables = tomllib.loads((FOLDER / "jurisdiction.toml").read_text(encoding="utf-8"))
    return Law(profile_from(tables["profile"]), calendar_from(tables["calendar"]))


def step(code: str, mode: str, after: tuple[str, ...] | list[str] = (), **more: Any) -> dict[str, Any]:
    """Return the table of a step."""
    days = {"days": 1} if mode in ("review", "inspection", "decision") else {}
    purpose = {"purpose": "signature"} if mode == "counter" else {}
    return {
        "code": code, "name": said(code), "organisation": "police", "mode": mode, "after": list(after),
        **days, **purpose, **more,
    }  # fmt: skip


def condition(expression: object, says: str = "so it is") -> dict[str, Any]:
    """Return the table of a condition."""
    return {"say": said(says), "if": expression}


def question(fact: str, needed_for: str = "output", **more: Any) -> dict[str, Any]:
    """Return the table of a question."""
    return {"fact": fact, "for": needed_for, **more}


def requirement(*any_of: Any, **more: Any) -> dict[str, Any]:
    """Return the table of a requirement."""
    return {"any_of": list(any_of), **more}


def table(**changes: Any) -> dict[str, Any]:
    """Return the table of a service that is granted at once, with these things changed."""
    return {
        "code": "shop-permit", "programme": "shops", "organisation": "market", "kind": "permit",
        "audience": "person", "applicant": "person", "legal_basis": ["Shops Law art. 1"], "risks": [],
        "four_eyes": False, "name": said("Shop permit"), "summary": said("Lets you open a shop."),
        "limits": {"statutory": 20, "promised": 10}, "output": {"result": said("It is recorded.")},
        "before": {"visits": 2, "papers": 3}, "step": [step("issue", "issue")],
        **changes,
    }  # fmt: skip


def definition(*steps: Mapping[str, Any], **changes: Any) -> Definition:
    """Return the definition of these steps (and an issue step after all of them, if there is none)."""
    listed = list(steps)
    if not any(one["mode"] == "issue" for one in listed):
        listed.append(step("issue", "issue", [one["code"] for one in listed]))
    return read_definition(
        table(step=listed, **changes), file="shops/shop-permit.toml", reference=reference()
    )


def held(kind: str, source: Source = Source.REGISTRY, **more: Any) -> HeldEvidence:
    """Return evidence of the type; its grade follows from where it comes from."""
    grades = {Source.DECLARATION: Grade.D, Source.UPLOAD: Grade.C, Source.SEEN: Grade.B}
    told = {"id": UUID(int=7), "holder": SOMEBODY, "grade": grades.get(source, Grade.A), "facts": {}} | more
    return HeldEvidence(type=kind, source=source, obtained_on=MONDAY, **told)


def answered(kind: str, outcome: Outcome) -> Attempt:
    """Return what a register answered."""
    return Attempt(kind, SOMEBODY, outcome)


def shelf(*things: HeldEvidence | Attempt, **more: Any) -> Shelf:
    """Return the shelf with this evidence and these answers of registers."""
    return Shelf(
        held=[one for one in things if isinstance(one, HeldEvidence)],
        attempts=[one for one in things if isinstance(one, Attempt)],
        **more,
    )


def received(service: Definition, *things: HeldEvidence | Attempt, **changes: Any) -> CaseFile:
    """Return a case of the service received on a Monday, with this at hand for the applicant."""
    facts = {
        "application.filed_by": "self",
        "application.filed_on": MONDAY.isoformat(),
        **changes.pop("facts", {}),
    }
    shelves = {"applicant": shelf(*things, **changes.pop("on_shelf", {})), **changes.pop("shelves", {})}
    return CaseFile(service, changes.pop("on", MONDAY), MONDAY, facts=facts, shelves=shelves).after(**changes)


def centre(code: str, *skills: str, rooms: tuple[str, ...] = (), general: bool = True, **more: Any) -> Centre:
    """Return a centre with one window that can do this."""
    hours = (Opening(frozenset(range(1, 6)), time(9), time(17)),)
    window = Window(code=f"{code}-1", centre=code, skills=frozenset(skills), hours=hours, minutes=20, **more)
    return Centre(code=code, general=general, rooms=frozenset(rooms), windows=(window,))


CENTRES = (
    centre("town-hall", "identity", "signature", "original"),
    centre("hall", "exam", rooms=("exam",), general=False),
)


def proof_of(
    service: Definition, centres: Sequence[Centre] = CENTRES, *, profile: ClockProfile | None = None
) -> Proof:
    """Return the proof of the service under the law that the catalogue ships with, or another."""
    return prove_definition(service, centres, profile=profile or law().profile)
