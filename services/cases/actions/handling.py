"""An officer's acts on a case, gathered: claim a task, accept, ask once, review, inspect, decide, let pass."""

from services.cases.actions.accepting import (
    ReferralNeeded,
    accept_case,
    decline_case,
    preview_correction,
    preview_decline,
    request_correction,
)
from services.cases.actions.claiming import (
    AnotherHasIt,
    WrongTask,
    actor_of,
    claim_next,
    claim_task,
    release_task,
)
from services.cases.actions.deciding import (
    FourEyes,
    ReviewersDecide,
    grant_case,
    let_pass,
    preview_refusal,
    refuse_case,
)
from services.cases.actions.reviewing import SecondOfficerNeeded, complete_task, see_originals

__all__ = [
    "AnotherHasIt",
    "FourEyes",
    "ReferralNeeded",
    "ReviewersDecide",
    "SecondOfficerNeeded",
    "WrongTask",
    "accept_case",
    "actor_of",
    "claim_next",
    "claim_task",
    "complete_task",
    "decline_case",
    "grant_case",
    "let_pass",
    "preview_correction",
    "preview_decline",
    "preview_refusal",
    "refuse_case",
    "release_task",
    "request_correction",
    "see_originals",
]
