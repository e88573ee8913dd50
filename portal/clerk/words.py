"""What the desk calls things: kinds of work, purposes of a visit, states, and the ledger's events, in sentences."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from portal.story import for_both
from portal.words import answer_row, day, isolated, said
from services.cases.queries.cards import CaseCard
from services.cases.queries.cases import CaseView, EventView
from services.cases.queries.one_notice import NotedView
from services.core.clocks import DayKind
from services.core.facts import Fact, FactType, Value
from services.core.states import CaseState, Verdict
from services.people.identifiers import masked

S = CaseState
# The order in which the queue offers them.
KINDS = ("acceptance", "review", "inspection", "decision", "concern", "deliver", "second_visit", "check")


def kind_words(kind: str) -> str:
    """Return what a kind of work is called."""
    return {
        "acceptance": gettext("Acceptance"),
        "review": gettext("Review"),
        "inspection": gettext("Inspection"),
        "counter": gettext("Visit"),
        "decision": gettext("Decision"),
        "concern": gettext("Held up"),
        "deliver": gettext("Delivery"),
        "second_visit": gettext("Second visit"),
        "check": gettext("Commitment"),
    }[kind]


def purpose_words(purpose: str) -> str:
    """Return what is done at a counter, as an instruction."""
    return {
        "identity": gettext("Compare the person with their document."),
        "signature": gettext("Have it signed before you."),
        "original": gettext("Look at the originals."),
        "exam": gettext("Hold the examination."),
        "health_check": gettext("Do the health check."),
        "vehicle_check": gettext("Check the vehicle."),
        "assessment": gettext("Do the assessment."),
    }.get(purpose, "")


def document_words(kind: str) -> str:
    """Return what an identity document is called."""
    return {
        "resident_id": gettext("Resident identity card"),
        "passport": gettext("Passport"),
        "residence_card": gettext("Permanent residence card"),
    }[kind]


def read_row(fact: Fact, value: Value, *, source: str = "") -> dict[str, Any]:
    """Return an answer as officers read it: identity numbers masked, also inside rows (R12.10)."""
    return answer_row(fact, _masked(fact, value), source=source)


def _masked(fact: Fact, value: Value) -> Value:
    if fact.type is FactType.ROWS and value:
        columns = {one.code: one for one in fact.columns}
        return [
            {code: _masked(columns[code], cell) for code, cell in row.items() if code in columns}
            for row in value
        ]
    return masked(str(value)) if fact.format == "identity_number" and value else value


def filed_words(filed_by: str) -> str:
    """Return by what right somebody filed."""
    return {
        "agent": gettext("filed by an agent with a mandate"),
        "guardian": gettext("filed by a guardian"),
    }.get(filed_by, gettext("filed by the applicant"))


def state_words(card: CaseCard) -> dict[str, str]:
    """Return where the case stands for an office, with the tone of its tag."""
    if card.verdict == Verdict.REFUSED:
        return {"text": gettext("Refused"), "tone": "bad"}
    words = {
        S.RECEIVED: (gettext("Received"), "info"),
        S.CORRECTION_REQUESTED: (gettext("Correction asked for"), "wait"),
        S.ACCEPTED: (gettext("Accepted"), "info"),
        S.IN_REVIEW: (gettext("Under way"), "info"),
        S.PAUSED: (gettext("Paused"), "wait"),
        S.DECIDED: (gettext("Granted"), "good"),
        S.ISSUED: (gettext("Issued"), "good"),
        S.DELIVERED: (gettext("Delivered"), "good"),
        S.CLOSED: (gettext("Closed"), "good"),
        S.ARCHIVED: (gettext("Archived"), ""),
        S.DECLINED: (gettext("Declined"), "bad"),
        S.WITHDRAWN: (gettext("Withdrawn"), ""),
        S.LAPSED: (gettext("Lapsed"), ""),
    }
    text, tone = words[CaseState(card.state)]
    return {"text": text, "tone": tone}


def outcome_words(outcome: str) -> tuple[str, str]:
    """Return how a step ended, with the tone of its tag."""
    return {
        "done": (gettext("in favor"), "good"),
        "against": (gettext("speaks against"), "bad"),
        "undecided": (gettext("could not be told"), "wait"),
        "failed": (gettext("failed"), "bad"),
        "overcome": (gettext("looked at and let pass"), "info"),
    }.get(outcome, ("", ""))


def noted_words(found: NotedView) -> str:
    """Return that what is missing is noted: when it goes out at the latest, and how many look until then (R7.9)."""
    told = gettext("It goes out in one notice with what the other offices find, on %(day)s at the latest.")
    words = [told % {"day": isolated(day(found.goes_out_by))}]
    number = found.offices_awaited
    still = ngettext("%(number)s office still has to look.", "%(number)s offices still have to look.", number)
    return " ".join([*words, still % {"number": isolated(str(number))}] if number else words)


def event_line(view: CaseView, event: EventView, offices: Mapping[str, str]) -> dict[str, Any]:
    """Return one line of the ledger as components/timeline.html shows it: what, when, by whom, about what."""
    return {
        "state": "wrong" if event.event in _GRAVE else "done",
        "title": _sentence(event),
        "text": _about(view, event),
        "by": _by(event, offices),
        "at": event.at,
        "when": "",
        "href": "",
        "link": "",
    }


_GRAVE = (
    "refused", "declined", "lapsed", "certificate_revoked", "certificate_suspended", "certificate_cancelled",
)  # fmt: skip


def _by(event: EventView, offices: Mapping[str, str]) -> str:
    roles = {
        "applicant": gettext("applicant"),
        "clerk": gettext("clerk"),
        "reviewer": gettext("reviewer"),
        "supervisor": gettext("supervisor"),
        "worker": gettext("automatically"),
    }
    role = roles.get(event.role, event.role)
    if event.for_whom:
        return for_both(event.by, event.for_whom)
    return f"{event.by} ({role})" if event.by else role


def _sentence(event: EventView) -> str:
    return {**_by_people(), **_by_machine(), **_of_words()}.get(event.event, event.event.replace("_", " "))


def _by_people() -> Mapping[str, str]:
    return {
        "received": gettext("Received"),
        "withdrawn": gettext("Withdrawn"),
        "correction_answered": gettext("Correction handed in"),
        "evidence_given": gettext("Gave what was missing"),
        "evidence_confirmed": gettext("Confirmed what was found"),
        "not_done_said": gettext("Could not get it done, they say"),
        "not_done_answered": gettext("Answered what they could not get done"),
        "evidence_disputed": gettext("Disputed what was found"),
        "declaration_withdrawn": gettext("Took a declaration back"),
        "accepted_by_office": gettext("Accepted by the office"),
        "correction_requested": gettext("Asked once for what is missing"),
        "correction_noted": gettext("Noted what is missing, for the one notice"),
        "declined": gettext("Declined"),
        "review_ended": gettext("Review ended"),
        "inspection_ended": gettext("Inspection ended"),
        "deliver_ended": gettext("Handed over"),
        "decided_for": gettext("Decided for the applicant"),
        "refused": gettext("Refused"),
        "let_pass": gettext("Looked at, and let pass"),
        "visit_booked": gettext("Visit booked"),
        "visit_moved": gettext("Visit moved"),
        "visit_cancelled": gettext("Visit cancelled"),
        "visit_kept": gettext("Visit kept"),
        "visit_put_off": gettext("Visit put off: not everything was ready"),
        "visit_missed": gettext("Nobody came to the visit"),
        "visit_left_open": gettext("Not done at the visit, though they came"),
        "second_visit_allowed": gettext("Second visit agreed to"),
        "paused": gettext("Time paused"),
        "resumed": gettext("Time counts again"),
        "extended": gettext("Limit extended"),
        "certificate_revoked": gettext("Certificate revoked"),
        "certificate_suspended": gettext("Certificate suspended"),
        "certificate_reinstated": gettext("Certificate back in force"),
        "certificate_cancelled": gettext("Certificate cancelled"),
    }


def _of_words() -> Mapping[str, str]:
    """Return what happens about what was promised or committed to."""
    return {
        "promise_extended": gettext("More time given for what was promised"),
        "promise_received": gettext("The original of what was promised came in"),
        "acceptance_cancelled": gettext("Acceptance cancelled"),
        "commitment_checked": gettext("Commitment looked into"),
        "commitment_untrue": gettext("Commitment found untrue"),
        "handling_stopped": gettext("Handling stopped for an untrue commitment"),
        "repair_offered": gettext("The declarant says it is put right"),
        "commitment_repaired": gettext("Put right"),
        "repair_not_good": gettext("What came in does not put it right"),
        "finding_contested": gettext("The finding is contested"),
        "contest_heard": gettext("The contest was heard"),
        "grant_revoked": gettext("What was granted is revoked"),
    }


def _by_machine() -> Mapping[str, str]:
    return {
        "copy_quarantined": gettext("A file carried something harmful and was kept apart"),
        "record_corrected": gettext("A register corrected the disputed record"),
        "record_kept": gettext("A register keeps the disputed record"),
        "evidence_sought": gettext("Registers asked"),
        "acceptance_asked": gettext("Office asked to accept"),
        "accepted": gettext("Accepted"),
        "deemed_accepted": gettext("Counts as accepted: the office's time was over"),
        "review_begun": gettext("Handling begun"),
        "step_begun": gettext("Step begun"),
        "step_ended": gettext("Step ended"),
        "visit_offered": gettext("Visit offered"),
        "concern_raised": gettext("Held up: a person of the lead office looks"),
        "concern_lifted": gettext("What held it up has gone away by itself"),
        "fee_asked": gettext("Fee asked for"),
        "paid": gettext("Fee paid"),
        "decided": gettext("Decided"),
        "deemed_renewed": gettext("Counts as renewed: not decided before the licence ended"),
        "issued": gettext("Result issued"),
        "delivered": gettext("Delivered"),
        "closed": gettext("Closed"),
        "lapsed": gettext("Lapsed"),
        "begun": gettext("Received with the notice that the earlier service is done"),
    }


def _about(view: CaseView, event: EventView) -> str:
    """Return what the event was about: the step, how it ended, until when."""
    detail = event.detail
    step = next((said(one.name) for one in view.steps if one.code == detail.get("step")), "")
    outcome, _ = outcome_words(str(detail.get("outcome", "")))
    concern = concern_words(str(detail.get("outcome", ""))) if event.event.startswith("concern") else ""
    until = str(detail.get("until", ""))
    last = gettext("until %(day)s") % {"day": day(date.fromisoformat(until))} if until else ""
    return ", ".join(part for part in (step, outcome, concern, last) if part)


def day_words(why: DayKind) -> str:
    """Return why a day of a limit counts, or does not."""
    return {
        DayKind.FIRST_DAY: gettext("the day of acceptance does not count"),
        DayKind.WORKING_DAY: gettext("working day"),
        DayKind.MAKEUP_WORKDAY: gettext("make-up workday"),
        DayKind.WEEKEND: gettext("weekend"),
        DayKind.HOLIDAY: gettext("holiday"),
        DayKind.PAUSED: gettext("paused"),
    }[why]


def concern_words(concern: str) -> str:
    """Return in a few words what the lead office is asked about."""
    return {
        "objection": gettext("something speaks against it"),
        "unknown": gettext("a condition could not be told"),
        "missing": gettext("something required is missing"),
        "promise": gettext("something promised did not come"),
    }.get(concern, "")


def cause_words() -> dict[str, str]:
    """Return why something may stay open at the end of a visit; whose mistake it is follows from it (R8.5)."""
    return {
        "person_left": gettext("The person had to leave"),
        "not_brought": gettext("The person did not have what the letter asked for"),
        "not_told": gettext("Nobody had told the person what to bring"),
        "system_failed": gettext("A system did not work"),
        "nobody_able": gettext("Nobody who could do it was there"),
    }


def ended_words() -> dict[str, str]:
    """Return how a question, or a wish to apply, may end (R6.5)."""
    return {
        "answered": gettext("Answered here"),
        "applied": gettext("Applied for, together"),
        "booked": gettext("A time is booked"),
        "referred": gettext("Handed over to the office below"),
    }
