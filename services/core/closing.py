"""A visit is closed when everything that could be done is done, or with the cause why something was not (R8.5).

Whoever came with a question is nobody's before it is on record how it ended: nobody is turned away (R6.5).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.core.refusal import Kind, Mistake, Refusal


class Cause(StrEnum):
    """Why something that was feasible stays open when somebody leaves."""

    PERSON_LEFT = "person_left"
    NOT_BROUGHT = "not_brought"
    NOT_TOLD = "not_told"  # nobody had told them what to bring
    SYSTEM_FAILED = "system_failed"
    NOBODY_ABLE = "nobody_able"  # who could do it was not there


# Whose mistake it is that they would have to come again: a missing notice and a failure are the authority's (R8.5).
FAULT_OF: Mapping[Cause, str] = {
    Cause.PERSON_LEFT: "applicant",
    Cause.NOT_BROUGHT: "applicant",
    Cause.NOT_TOLD: "authority",
    Cause.SYSTEM_FAILED: "authority",
    Cause.NOBODY_ABLE: "authority",
}


class VisitStillOpen(Refusal):
    """Something can be done now, while the person is here."""

    code = "visit_still_open"
    kind = Kind.CONFLICT
    sentence = "Something can still be done at this visit. Do it now, or say why it stays open."


def cause_for_leaving(feasible: Collection[str], cause: str) -> Cause | None:
    """Return why the cases that could still be served stay open; None if there is none.

    :raises VisitStillOpen: if there is any and no known cause was said.
    """
    if not feasible:
        return None
    if cause not in list(Cause):
        raise VisitStillOpen(errors=[Mistake("cause", "Say why something stays open.")])
    return Cause(cause)


class Ended(StrEnum):
    """How a question ended, or a wish to apply."""

    ANSWERED = "answered"
    APPLIED = "applied"
    BOOKED = "booked"
    REFERRED = "referred"  # to the office that is to go on: whoever was asked first hands it over on record


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question ended, and to which office it was handed over, if it was."""

    ended: str = ""
    referred_to: str = ""


class QuestionStillOpen(Refusal):
    """Whoever was asked first answers, or hands it over on record."""

    code = "question_still_open"
    kind = Kind.CONFLICT
    sentence = "Say how it ended: nobody is turned away."


def check_answer(answer: Answer, offices: Collection[str]) -> Answer:
    """Return the answer, if it is on record how it ended, and with a referral to whom of these offices (R6.5).

    :raises QuestionStillOpen: otherwise, and if an office is named to which it was not handed over.
    """
    if answer.ended not in list(Ended):
        raise QuestionStillOpen(errors=[Mistake("ended", "Say how it ended.")])
    if (answer.ended == Ended.REFERRED) is not (answer.referred_to in offices):
        raise QuestionStillOpen(errors=[Mistake("referred_to", "Name the office that goes on, if one does.")])
    return answer
