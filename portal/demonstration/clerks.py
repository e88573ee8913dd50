"""What officers do: they decide from what the portal shows them, two where two are needed."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from portal.demonstration.accounts import CLERK
from portal.demonstration.client import Json, Session

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"%PDF")


def _accept(clerk: Session, task: Json) -> None:
    """Accept what is complete; ask once for what is missing; decline what is missing still."""
    case = clerk.get(f"/cases/{task['caseId']}")
    missing = [one["code"] for one in case["requirements"] if one["standing"] == "open"]
    if not missing:
        _open_copies(clerk, case)
        clerk.post(f"/tasks/{task['id']}/acceptance", version=case["version"])
    elif case["correction"] is None:
        told = {"items": missing, "explanation": "Please give what is listed here."}
        clerk.post(f"/tasks/{task['id']}/correction-notice", told, version=case["version"])
    else:
        told = {"reason": "still_incomplete", "explanation": "What was asked for is still missing."}
        clerk.post(f"/tasks/{task['id']}/declination", told, version=case["version"])


def _complete(clerk: Session, task: Json) -> None:
    """End a review, an inspection or a delivery: in favor, unless what was stated is not what evidence says."""
    case = clerk.get(f"/cases/{task['caseId']}")
    _open_copies(clerk, case)
    differing = _differing(clerk, case)
    told: dict[str, Any] = {
        "favorable": not differing,
        "note": f"Differs: {', '.join(differing)}" if differing else "",
    }
    if task["kind"] == "inspection":
        told["secondOfficerId"] = _colleague(clerk)
        told["originalsSeen"] = [one["code"] for one in case["requirements"] if one["standing"] == "at_visit"]
    clerk.post(f"/tasks/{task['id']}/completion", told, version=case["version"])


def _colleague(clerk: Session) -> str:
    """Return another clerk of the same office, with whom to inspect."""
    own = clerk.get("/account")["name"]
    others = (one for one in clerk.items("/colleagues") if one["role"] == CLERK and one["name"] != own)
    return str(next(others)["id"])


def _decide(reviewer: Session, task: Json) -> None:
    """Grant, unless what was stated is not what evidence says."""
    case = reviewer.get(f"/cases/{task['caseId']}")
    differing = _differing(reviewer, case)
    if differing:
        _refuse(reviewer, task, case, ["statements_differ"], f"Stated otherwise: {', '.join(differing)}.")
    else:
        reviewer.post(f"/tasks/{task['id']}/grant", version=case["version"])


def _consider(reviewer: Session, task: Json) -> None:
    """Look at what held a case up: a check, an examination or a colleague said no, or something cannot be told."""
    case = reviewer.get(f"/cases/{task['caseId']}")
    ended = {step["mode"]: step["name"] for step in case["steps"] if step["outcome"] in ("against", "failed")}
    unsettled = {wanted["standing"] for wanted in case["requirements"]} - {"settled", "at_visit"}
    if case["concern"] == "missing" and unsettled <= {"unchecked"}:
        _open_copies(reviewer, case)
        reviewer.post(
            f"/tasks/{task['id']}/let-pass", {"note": "The copies are good."}, version=case["version"]
        )
    elif case["concern"] == "unknown":
        told = {"determined": dict.fromkeys(case["openConditions"], True), "note": "Looked at by hand."}
        reviewer.post(f"/tasks/{task['id']}/let-pass", told, version=case["version"])
    elif "counter" in ended:
        _refuse(reviewer, task, case, ["examination_failed"], f"Not passed: {ended['counter']}.")
    elif "auto" in ended:
        _refuse(reviewer, task, case, ["conditions_not_met"], f"The check “{ended['auto']}” says no.")
    elif ended:
        differing = ", ".join(_differing(reviewer, case)) or "the office's finding"
        _refuse(reviewer, task, case, ["statements_differ"], f"Stated otherwise: {differing}.")
    else:
        _refuse(
            reviewer, task, case, ["evidence_missing"], "Something that must be proved has not been proved."
        )


def _look_into(reviewer: Session, task: Json) -> None:
    """Look into a commitment after the decision: in this made-up world people keep what they commit to."""
    case = reviewer.get(f"/cases/{task['caseId']}")
    found = {"found": "true", "note": "Looked into; it is as was committed to."}
    reviewer.post(f"/tasks/{task['id']}/commitment-finding", found, version=case["version"])


def _refuse(reviewer: Session, task: Json, case: Json, reasons: list[str], explanation: str) -> None:
    told = {"reasons": reasons, "explanation": explanation}
    reviewer.post(f"/tasks/{task['id']}/refusal", told, version=case["version"])


def _differing(officer: Session, case: Json) -> list[str]:
    """Return what the applicant stated otherwise than the evidence has it."""
    answers = officer.items(f"/cases/{case['id']}/answers")
    return [one["label"] for one in answers if one["stated"] is not None and one["stated"] != one["value"]]


def serve(clerk: Session, appointment: str, fail: Collection[str]) -> list[str]:
    """Serve a visit from what the portal shows of it, every original shown, every copy opened; return its cases."""
    visit = clerk.get(f"/appointments/{appointment}")
    cases = {one["id"]: one for one in visit["cases"]}
    for one in [shown for case in cases.values() for shown in case["copies"]]:
        for copy in one["copies"]:
            _check_picture(clerk.content(f"/appointments/{appointment}/files/{copy}"), one["name"])
    told = {
        "outcomes": {case: "failed" if case in fail else "served" for case in cases},
        "originalsSeen": {case: _codes(one["originals"]) for case, one in cases.items()},
        "copiesChecked": {case: _codes(one["copies"]) for case, one in cases.items()},
    }
    clerk.post(f"/appointments/{appointment}/completion", told, version=visit["version"])
    return list(cases)


def _codes(shown: list[Json]) -> list[str]:
    return [one["requirement"] for one in shown]


def _open_copies(officer: Session, case: Json) -> None:
    """Look at every copy that nobody has looked at yet: it must be a picture or a document."""
    for one in [item for wanted in case["requirements"] for item in wanted["evidence"]]:
        if one["source"] == "upload" and not one["checked"]:
            _check_picture(officer.content(f"/cases/{case['id']}/files/{one['id']}"), one["type"])


def _check_picture(content: bytes, what: str) -> None:
    if not content.startswith(PICTURES):
        raise ValueError(f"The copy of {what} cannot be read.")


ACTS: Mapping[str, Callable[[Session, Json], None]] = {
    "acceptance": _accept,
    "review": _complete,
    "inspection": _complete,
    "deliver": _complete,
    "decision": _decide,
    "concern": _consider,
    "check": _look_into,
}
