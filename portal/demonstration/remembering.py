"""What is kept of a demonstration: that it has begun, then its outcome; and by what its database is known again."""

import json
from pathlib import Path
from typing import Any

from portal.demonstration.accounts import CLERK, Accounts
from portal.demonstration.browser import CannotSignIn
from portal.demonstration.client import Problem

Json = dict[str, Any]


def keep_begun(stored: Path, accounts: Accounts, office: str) -> Json:
    """Write down that this database's demonstration has begun; return by what the database is known again.

    An officer's id will do: each database makes its own when it is prepared, before any case is filed.
    """
    known_by = {"office": office, "officer": _officers(accounts, office)[0]}
    keep(stored, {"known_by": known_by, "accounts": {"office": office}})
    return known_by


def keep(stored: Path, outcome: Json) -> None:
    """Write the outcome down whole, or leave what was there."""
    stored.parent.mkdir(parents=True, exist_ok=True)
    draft = stored.with_suffix(".new")
    draft.write_text(json.dumps(outcome, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(stored)


def recall(stored: Path) -> Json:
    """Return what was kept, or nothing."""
    try:
        return dict(json.loads(stored.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def is_of_this_database(outcome: Json, accounts: Accounts) -> bool:
    """Tell whether what was kept was demonstrated on the database that answers now."""
    known_by = outcome.get("known_by", {})
    if "officer" not in known_by:
        return False
    try:
        return known_by["officer"] in _officers(accounts, known_by["office"])
    except (Problem, CannotSignIn):
        return False


def _officers(accounts: Accounts, office: str) -> list[str]:
    return [one["id"] for one in accounts.officer(CLERK, office).items("/colleagues")]
