"""A case as a story: its state, whom it waits for, its way, and what has happened, in sentences anybody understands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from portal.words import cited, day, isolated, office_names, said, service_name, spoken
from services.cases.queries.cards import CaseCard
from services.cases.queries.cases import CaseView, EventView, StepView
from services.core.pauses import KIND_NAMES, PauseKind
from services.core.reasons import REFUSAL
from services.core.routing import PRECONDITION_REFUSED
from services.core.states import CaseState, Verdict

Line = dict[str, Any]
S = CaseState


def state_words(card: CaseCard) -> Line:
    """Return the state in one or two words, with the tone of its tag."""
    if any(one.startswith("applicant:") for one in card.waits_for):
        return {"text": gettext("Waiting for you"), "tone": "wait"}
    if card.verdict == Verdict.REFUSED:
        return {"text": gettext("Refused"), "tone": "bad"}
    words = {
        S.RECEIVED: (gettext("Received"), "info"),
        S.CORRECTION_REQUESTED: (gettext("Waiting for you"), "wait"),
        S.ACCEPTED: (gettext("Accepted"), "info"),
        S.IN_REVIEW: (gettext("Being handled"), "info"),
        S.PAUSED: (gettext("Paused"), "info"),
        S.DECIDED: (gettext("Granted"), "good"),
        S.ISSUED: (gettext("Granted"), "good"),
        S.DELIVERED: (gettext("Done"), "good"),
        S.CLOSED: (gettext("Done"), "good"),
        S.ARCHIVED: (gettext("Done"), "good"),
        S.DECLINED: (gettext("Not taken on"), "bad"),
        S.WITHDRAWN: (gettext("Withdrawn"), ""),
        S.LAPSED: (gettext("Lapsed"), ""),
    }
    text, tone = words[CaseState(card.state)]
    return {"text": text, "tone": tone}


def first_wait(card: CaseCard) -> str:
    """Return in one sentence what a case in a list waits for, the applicant first."""
    mine = [one for one in card.waits_for if one.startswith("applicant:")]
    others = [one for one in card.waits_for if one not in mine]
    return next((_waited(one, office_names()) for one in [*mine, *others]), "")


def _waited(code: str, offices: Mapping[str, str]) -> str:
    who, _, what = code.partition(":")
    if who == "applicant":
        told = {
            "correction": gettext("The office asks you for something."),
            "evidence": gettext("Something is still to be given."),
            "visit": gettext("Your one visit is to come."),
            "fee": gettext("A fee is to be paid."),
            "promise": gettext("You bring in what you promised."),
        }
        return told[what]
    if who == "office":
        return gettext("%(office)s is working on it.") % {
            "office": isolated(offices.get(what.partition(":")[0], ""))
        }
    if who == "pause":
        return gettext("The time stands still: %(kind)s.") % {
            "kind": isolated(said(KIND_NAMES[PauseKind(what)]))
        }
    if who == "service":
        return gettext("It begins by itself when “%(service)s” is done.") % {"service": service_name(what)}
    if who == "register":
        return gettext("A register has yet to answer; we ask it again and again.")
    return gettext("A period set by law is running.")


def waits(view: CaseView) -> list[Line]:
    """Return whom the case waits for, the applicant first: a sentence each, until when, and what they can do."""
    offices = office_names()
    found = [_wait(view, code, offices) for code in dict.fromkeys(view.card.waits_for)]
    return sorted(found, key=lambda one: not one["mine"])


def _wait(view: CaseView, code: str, offices: Mapping[str, str]) -> Line:
    who, _, what = code.partition(":")
    mine = who == "applicant"
    title = _waited(code, offices)
    booked = any(one.status == "booked" for one in view.appointments)
    if code == "applicant:visit":
        title = gettext("Come to your visit.") if booked else gettext("Choose a time for your one visit.")
    step = _step(view, what.partition(":")[2] if who == "office" else what)
    until = {
        "correction": view.correction.due_on if view.correction else None,
        "visit": next(
            (one.until for one in view.steps if one.mode == "counter" and one.status == "open"), None
        ),
        "fee": view.bill.due_on if view.bill else None,
        "promise": min((one.promised_until for one in view.requirements if one.promised_until), default=None),
        **{one.kind: one.planned_until for one in view.pauses if who == "pause" and one.open},
    }.get(what, step.until if step else None)
    return {
        "mine": mine,
        "what": what,
        "title": title,
        "step": said(step.name) if step else "",
        "until": until,
        **_act(view, what, booked),
    }


def _act(view: CaseView, what: str, booked: bool) -> Line:
    """Return where the applicant acts, and the words of the button; paying has a button of its own."""
    acts = {
        "correction": (reverse("citizen:correction", args=[view.card.id]), gettext("See what is missing")),
        "evidence": (reverse("citizen:papers", args=[view.application_id]), gettext("Give what is missing")),
        "promise": (reverse("citizen:papers", args=[view.application_id]), gettext("Bring it in now")),
        "visit": (
            reverse("citizen:visit", args=[view.application_id]),
            gettext("See or move your visit") if booked else gettext("Choose a time"),
        ),
    }
    href, link = acts.get(what, ("", ""))
    return {"href": href, "link": link}


def _step(view: CaseView, code: str) -> StepView | None:
    return next((one for one in view.steps if one.code == code), None)


def route(view: CaseView) -> list[Line]:
    """Return the way of the case as components/route.html draws it, one stage a step."""
    offices = office_names()
    states = {"ended": "done", "open": "now", "waiting": "next", "skipped": "skipped"}
    over = view.card.state in (S.WITHDRAWN, S.LAPSED, S.DECLINED) or view.card.verdict == Verdict.REFUSED
    shown = [one for one in view.steps if not (over and one.status in ("waiting", "open"))]
    return [
        {
            "state": "done" if one.status == "skipped" else states[one.status],
            "steps": [
                {
                    "name": said(one.name), "organisation": offices.get(one.organisation, ""),
                    "state": states[one.status], "note": _step_note(one),
                }
            ],
        }
        for one in shown
        if one.status != "skipped"
    ]  # fmt: skip


def _step_note(one: StepView) -> str:
    if one.status == "ended" and one.since:
        return gettext("done on %(day)s") % {"day": day(one.since)}
    if one.status == "open" and one.until:
        return gettext("by %(day)s") % {"day": day(one.until)}
    notes = {"counter": gettext("your one visit"), "inspection": gettext("an officer comes to you")}
    return notes.get(one.mode, "") if one.status == "waiting" else ""


def decision_lines(view: CaseView) -> Line | None:
    """Return what was decided, with reasons and remedies; None before."""
    made = view.decision
    if made is None or view.card.state not in (S.DECIDED, S.ISSUED, S.DELIVERED, S.CLOSED, S.ARCHIVED):
        return None
    return {
        "granted": made.verdict == Verdict.GRANTED,
        "presumed": "deemed_renewed" in made.reasons,
        "reasons": [spoken(REFUSAL[code]) for code in made.reasons if code in REFUSAL],
        "explanation": made.explanation,
        "legal_basis": cited(made.legal_basis),
        "signed_by": made.signed_by,
        "on": made.signed_at,
        "reconsideration_until": made.reconsideration_until,
        "suit_until": made.suit_until,
    }


def story(view: CaseView, events: Sequence[EventView]) -> list[Line]:
    """Return the timeline: what has happened, oldest first, and below it what is awaited."""
    offices = office_names()
    told = [line for event in events for line in _told(view, event, offices)]
    awaited = [_awaited(one) for one in waits(view)]
    return [*told, *awaited]


def _awaited(one: Line) -> Line:
    return {
        "state": "now" if one["mine"] else "next", "title": one["title"], "text": one["step"], "by": "", "at": None,
        "when": gettext("by %(day)s") % {"day": day(one["until"])} if one["until"] else "",
        "href": one["href"], "link": one["link"],
    }  # fmt: skip


def _told(view: CaseView, event: EventView, offices: Mapping[str, str]) -> Iterator[Line]:
    """Yield the event as one line; what only matters inside the offices is no part of the story."""
    title, state = _sentence(view, event)
    if title:
        yield {
            "state": state, "title": title, "text": "", "by": _by(view, event, offices), "at": event.at,
            "when": "", "href": "", "link": "",
        }  # fmt: skip


def _by(view: CaseView, event: EventView, offices: Mapping[str, str]) -> str:
    if event.role == "applicant":
        return for_both(event.by, event.for_whom) if event.for_whom else gettext("you")
    step = _step(view, str(event.detail.get("step", "")))
    office = offices.get(step.organisation if step else view.card.organisation, "")
    if event.role == "worker":
        return gettext("automatically") if event.event == "step_ended" else ""
    return office


def for_both(agent: str, applicant: str) -> str:
    """Return who acted for whom, in words (R11.2)."""
    return gettext("%(agent)s for %(applicant)s") % {
        "agent": isolated(agent), "applicant": isolated(applicant),
    }  # fmt: skip


def _sentence(view: CaseView, event: EventView) -> tuple[str, str]:
    """Return what happened, and whether it went well; nothing for what is not told."""
    if event.event == "step_ended":
        return _step_ended(view, event)
    if event.event in ("step_begun", "review_ended", "inspection_ended", "deliver_ended", "visit_kept"):
        return _of_step(view, event)
    if event.event == "visit_cancelled" and event.detail.get("why") == "not_needed":
        return gettext("Nobody needs to come any more: the visit was cancelled."), "done"
    sentences = _sentences()
    if event.event == "decided" and event.detail.get("outcome") != Verdict.GRANTED:
        return "", ""
    if event.detail.get("outcome") == PRECONDITION_REFUSED:
        return gettext("What this depends on was refused, so that it could not go on."), "wrong"
    if event.event == "delivered" and view.card.verdict == Verdict.REFUSED:
        return gettext("The decision was sent to you."), "done"
    return sentences.get(event.event, ""), "wrong" if event.event in _WRONG else "done"


_WRONG = (
    "refused",
    "declined",
    "lapsed",
    "acceptance_cancelled",
    "commitment_untrue",
    "handling_stopped",
    "grant_revoked",
    "certificate_revoked",
    "certificate_suspended",
)


def _sentences() -> dict[str, str]:
    return {
        **_of_its_evidence(),
        **_of_its_visit(),
        **_of_its_certificate(),
        **_of_its_failing(),
        **_of_words(),
        "received": gettext("Your application was received."),
        "accepted": gettext("Your application was accepted."),
        "accepted_by_office": gettext("Your application was accepted."),
        "deemed_accepted": gettext("Your application counts as accepted: the office let its time pass."),
        "evidence_sought": gettext("We asked the offices that hold your records."),
        "correction_requested": gettext("The office asked you for something."),
        "correction_noted": gettext(
            "An office noted that something is missing. All offices ask you together, once."
        ),
        "correction_answered": gettext("You sent what was asked for."),
        "declaration_withdrawn": gettext("You took a declaration back."),
        "declined": gettext("The office could not take on your application."),
        "begun": gettext("What had to come first is done, and this began."),
        "concern_raised": gettext("An officer looks at a question before it goes on."),
        "let_pass": gettext("The question is settled, and your application goes on."),
        "fee_asked": gettext("A fee is to be paid."),
        "paid": gettext("The fee was paid."),
        "decided": gettext("Your application was granted."),
        "deemed_renewed": gettext("Nobody decided before the licence ended: by law it counts as renewed."),
        "refused": gettext("Your application was refused."),
        "issued": gettext("The result was issued."),
        "delivered": gettext("The result reached you."),
        "paused": gettext("The time stands still for something that the law requires."),
        "resumed": gettext("The time counts again."),
        "extended": gettext("The office takes longer; it told you why."),
        "withdrawn": gettext("The application was withdrawn."),
        "lapsed": gettext("The application lapsed."),
    }


def _of_its_evidence() -> dict[str, str]:
    return {
        "evidence_asked": gettext("You were asked for something that is still missing."),
        "evidence_given": gettext("You gave something that was asked for."),
        "evidence_confirmed": gettext("You said that what we found is right."),
        "evidence_disputed": gettext("You said that something we found is not right."),
        "copy_quarantined": gettext(
            "A file you sent carried something harmful and was not let in. Send another one."
        ),
        "record_corrected": gettext("An office corrected what you said is wrong, and was asked anew."),
        "record_kept": gettext("An office looked again at what you said is wrong, and keeps it."),
    }


def _of_its_visit() -> dict[str, str]:
    return {
        "visit_offered": gettext("You can book your one visit."),
        "visit_booked": gettext("The visit was booked."),
        "visit_moved": gettext("The visit was moved to another time."),
        "visit_cancelled": gettext("The visit was cancelled; another time can be booked."),
        "visit_put_off": gettext(
            "The visit was put off: not everything was ready. You come once, when it is."
        ),
        "visit_missed": gettext("Nobody came to the visit; another time can be booked."),
        "visit_left_open": gettext(
            "Not everything could be done at your visit. A supervisor says what happens next before you are asked "
            "to come."
        ),
    }


def _of_its_failing() -> dict[str, str]:
    return {
        "not_done_said": gettext("You said that you could not get it done."),
        "not_done_answered": gettext("A supervisor answered what you could not get done."),
    }


def _of_its_certificate() -> dict[str, str]:
    return {
        "certificate_revoked": gettext("Your certificate was revoked."),
        "certificate_suspended": gettext("Your certificate was suspended."),
        "certificate_reinstated": gettext("Your certificate is in force again."),
        "certificate_cancelled": gettext("Your certificate was cancelled."),
    }


def _of_words() -> Mapping[str, str]:
    """Return what happens about what was promised or committed to (R4, R5)."""
    return {
        "promise_extended": gettext("You have more time for what you promised."),
        "promise_received": gettext("The office has what you promised, and has seen the original."),
        "acceptance_cancelled": gettext("The acceptance was cancelled: what you promised did not come."),
        "commitment_untrue": gettext("The office found that a commitment of yours is not true."),
        "handling_stopped": gettext("Handling was stopped: a commitment was found untrue."),
        "repair_offered": gettext("You said that it is put right."),
        "commitment_repaired": gettext("It is put right, and what was granted stays as it is."),
        "finding_contested": gettext("You contested what was found."),
        "contest_heard": gettext("A supervisor looked again at what was found."),
        "grant_revoked": gettext("What was granted was revoked."),
    }


def _step_ended(view: CaseView, event: EventView) -> tuple[str, str]:
    step = _step(view, str(event.detail.get("step", "")))
    if step is None:
        return "", ""
    good = event.detail.get("outcome") in ("done", "overcome")
    told = gettext("%(step)s: done.") if good else gettext("%(step)s: an officer has to look at it.")
    return told % {"step": isolated(said(step.name))}, "done"


def _of_step(view: CaseView, event: EventView) -> tuple[str, str]:
    step = _step(view, str(event.detail.get("step", "")))
    if step is None:
        return "", ""
    until = str(event.detail.get("until", ""))
    values = {"step": isolated(said(step.name)), "day": day(date.fromisoformat(until)) if until else ""}
    if event.event == "step_begun":
        told = (
            gettext("%(step)s: begun, until %(day)s at the latest.") if until else gettext("%(step)s: begun.")
        )
    elif event.event == "visit_kept":
        told = gettext("You came in: %(step)s.")
    else:
        told = gettext("%(step)s: done.")
    return told % values, "done"
