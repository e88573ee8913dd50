"""What a task about a commitment shows the officer (R4.9-R4.11)."""

from typing import Any
from uuid import UUID

from portal.words import said
from services.cases.queries import checks
from services.people.queries import AccountView


def check_panel(viewer: AccountView, case_id: UUID, step: str) -> dict[str, Any]:
    """Return what a task about a commitment shows: what was committed to, how it stands, what was answered."""
    found = checks.checks_of_case(viewer=viewer, case_id=case_id)
    one = next((one for one in found if one.task_step == step), None)
    if one is None:
        return {}
    return {
        "check": one,
        "committed": said(one.name),
        "committed_to": said(one.states),
        "hears": viewer.role == "supervisor" and viewer.id != one.found_by,
        "revokes": viewer.role == "supervisor",
    }
