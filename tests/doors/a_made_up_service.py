"""A service as the demonstration reads it from the portal, and somebody who could apply."""

from typing import Any

from portal.demonstration.catalogue import Service, read_service
from portal.demonstration.world import PERSON, Somebody


def fact(code: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {
        "code": code, "type": kind, "format": "", "maxLength": 200, "minimum": None, "maximum": None, "choices": [],
        "columns": [], "minRows": 1, "maxRows": 50, **more,
    }  # fmt: skip


def kind(code: str, source: str = "registry", **more: Any) -> dict[str, Any]:
    known = {"about": "person", "declaration": "", "upload": False, "proves": [], "key": ""}
    return {"code": code, "source": source, **known, **more}


def requirement(code: str, *types: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "anyOf": [list(types)], "party": "applicant", "when": "", **more}


def step(code: str, mode: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "mode": mode, "days": 0, "check": "", "purpose": "", "when": "", **more}


def example(**more: Any) -> dict[str, Any]:
    empty = {
        "facts": {},
        "absent": [],
        "outcomes": {},
        "conditions": {},
        "asks": [],
        "visits": 0,
        "ends": "granted",
    }
    return {**empty, **more}


def service(code: str, **more: Any) -> Service:
    empty = {
        "code": code, "programme": code, "organisation": "office", "applicant": "person", "conditions": [],
        "questions": [], "parties": [], "requirements": [], "steps": [step("issue", "issue")], "facts": [],
        "evidenceTypes": [], "examples": [example()],
        "output": {"certificate": "", "founds": "", "gives": {}, "ends": []},
    }  # fmt: skip
    return read_service({**empty, **more})


def resident(number: int, **records: dict[str, Any]) -> Somebody:
    held = {code.replace("_", "-"): {"": facts} for code, facts in records.items()}
    name = f"resident-{number:04d}"
    return Somebody(
        PERSON, name, f"9900{number}", f"Resident {number}", records=held, in_registers=frozenset(held)
    )
