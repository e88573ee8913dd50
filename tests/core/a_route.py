"""What tests of routing begin with: a case on its way, and what has happened to it there."""

from typing import Any

from services.core.casefile import CaseFile
from services.core.evidence import Outcome, Source
from services.core.routing import route_case
from tests.core.a_service import (
    answered,
    condition,
    definition,
    held,
    law,
    question,
    received,
    requirement,
    said,
    step,
)  # fmt: skip

LOOK, DECIDE = step("look", "review", days=3), step("decide", "decision", ["look"])
SIGN = step("sign", "counter")
WANTS_HELP = {"conditions": {"helped": condition({"==": [{"var": "application.wants_help"}, True]})},
              "question": [question("application.wants_help")]}  # fmt: skip
DEED = {"requirement": [requirement("deed")]}
PLAN = {"requirement": [requirement("floor-plan")]}
FEE = {"fee": {"amount": "80.00", "legal_basis": "Fees Law", "item": said("Permit")}}
NO_DEED, DEED_DOWN = answered("deed", Outcome.NO_RECORD), answered("deed", Outcome.DOWN)
COPY = held("floor-plan", Source.UPLOAD)


def events(case: CaseFile) -> list[str]:
    """Return what routing makes happen, with the step it happens to."""
    return [f"{one.event}:{one.step}".rstrip(":") for one in route_case(case, law()).effects]


def routed(case: CaseFile, **changes: Any) -> CaseFile:
    """Return the case routed as far as it goes, with these changes made first."""
    return route_case(case.after(**changes), law()).case


def in_review(*steps: Any, **changes: Any) -> CaseFile:
    """Return a case that needs no evidence, on its way through these steps."""
    return routed(received(definition(*steps), **changes))
