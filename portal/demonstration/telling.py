"""What is said besides the table: how the unhappy lives ended, and which accounts there are to sign in with."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portal.demonstration.accounts import (
    ADMINISTRATOR,
    CLERK,
    OFFICER_PASSWORD,
    RESIDENT_PASSWORD,
    SUPERVISOR,
    officer_name,
)
from portal.demonstration.following import Running
from portal.demonstration.lives import Life

Json = Mapping[str, Any]


def lives_told(running: Sequence[Running]) -> Iterator[str]:
    """Yield a line for every unhappy life."""
    yield ""
    for life in (one for one in Life if one is not Life.PLAIN):
        lived = [one for one in running if one.matter.life is life]
        told = ", ".join(f"{one.matter.service.code} {one.ended_as}" for one in lived)
        yield f"{life}: {told or 'none'}"


def accounts_told(outcome: Json) -> str:
    """Return the accounts that are there to sign in with, a line each."""
    found = outcome.get("accounts", {})
    office = found.get("office", "")
    rows = [
        ("resident", found.get("resident") or "resident-0001", RESIDENT_PASSWORD),
        ("business", found.get("business") or "resident-0001", RESIDENT_PASSWORD),
        ("forwarder", found.get("forwarder") or "resident-0002", RESIDENT_PASSWORD),
        ("clerk", officer_name(CLERK, office), OFFICER_PASSWORD),
        ("supervisor", officer_name(SUPERVISOR, office), OFFICER_PASSWORD),
        ("administrator", ADMINISTRATOR, OFFICER_PASSWORD),
    ]
    lines = [f"{who:15}{name:32}{password}" for who, name, password in rows]
    return "\n".join(["Accounts (made up):", *lines])
