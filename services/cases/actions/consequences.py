"""What follows from the effects of a batch's turns: tasks, bills, decisions, certificates, letters and outbox items."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services import clock
from services.cases.actions import results
from services.cases.actions.letters import case_letter, requirement_names
from services.cases.actions.opening_checks import open_checks
from services.cases.actions.rating import address_of, files_for_themselves, new_link
from services.cases.models import (
    Bill,
    CorrectionNotice,
    Decision,
    OutboxItem,
    Pause,
    RatingLink,
    Task,
    TaskKind,
)
from services.cases.numbers import new_number
from services.cases.queries.casefiles import law
from services.cases.queries.trips import attended_before
from services.cases.turn import Turn
from services.core import fees
from services.core.casefile import StepOutcome
from services.core.deadlines import look_by
from services.core.definitions import Mode, Step
from services.core.limits import promised_due
from services.core.pauses import moved_on
from services.core.ratings import Touchpoint
from services.core.reasons import REFUSAL
from services.core.routing import Effect, Event
from services.core.states import ENDED, CaseState, Verdict
from services.notices.actions import NewNotice, notify
from services.notices.kinds import NoticeKind

Found = dict[UUID, dict[str, dict[str, object]]]

ENDINGS = (Event.WITHDRAWN, Event.LAPSED, Event.DECLINED)
TASK_OF_MODE = {
    Mode.REVIEW: TaskKind.REVIEW,
    Mode.INSPECTION: TaskKind.INSPECTION,
    Mode.DECISION: TaskKind.DECISION,
    Mode.COUNTER: TaskKind.COUNTER,
    Mode.DELIVER: TaskKind.DELIVER,
}
# What the applicant is told when; a refusal's letter is written by the officer who signs it.
LETTERS: Mapping[Event, NoticeKind] = {
    Event.ACCEPTED: NoticeKind.ACCEPTED,
    Event.DEEMED_ACCEPTED: NoticeKind.ACCEPTED,
    Event.VISIT_OFFERED: NoticeKind.VISIT_NEEDED,
    Event.FEE_ASKED: NoticeKind.FEE_DUE,
    Event.DEEMED_RENEWED: NoticeKind.DEEMED_RENEWED,
    Event.ISSUED: NoticeKind.ISSUED,
    Event.WITHDRAWN: NoticeKind.WITHDRAWN,
    Event.LAPSED: NoticeKind.LAPSED,
    Event.DECLINED: NoticeKind.DECLINED,
    Event.RESUMED: NoticeKind.RESUMED,
}


def write(turns: Sequence[Turn], *, now: datetime) -> Found:
    """Write what follows from the turns, and return what the ledger should know of it: by case, by event."""
    _end_pauses(turns)
    _keep_notices(turns, now)
    _move_tasks_on(turns)
    _close_tasks(turns, now)
    again = _called_again(turns, clock.legal_day(now))
    Task.objects.bulk_create([task for turn in turns for task in _new_tasks(turn, again, now)])
    Bill.objects.bulk_create([bill for turn in turns for bill in _new_bills(turn)])
    # Where an officer has signed, the decision stands already, and is given the facts that it rests on.
    Decision.objects.bulk_create(
        [one for turn in turns for one in _grants(turn, now)],
        update_conflicts=True, unique_fields=["case"], update_fields=["facts"],
    )  # fmt: skip
    OutboxItem.objects.bulk_create(
        [one for turn in turns for one in _outbox(turn, now)], ignore_conflicts=True
    )
    open_checks(turns, now=now)
    found = results.issue(turns, now=now)
    links = _links(turns, now)
    letters = [letter for turn in turns for letter in _letters(turn, again, links)]
    if letters:
        notify(rows=letters, now=now)
    return found


def _end_pauses(turns: Sequence[Turn]) -> None:
    """Write on which day a pause ended: an officer's act, its length, or the end of the case (R2.23)."""
    for turn in turns:
        if turn.before.state is CaseState.PAUSED and turn.after.state is not CaseState.PAUSED:
            last = turn.after.pauses[-1]
            Pause.objects.filter(case_id=turn.case.id, ended_on__isnull=True).update(ended_on=last.end)


def _keep_notices(turns: Sequence[Turn], now: datetime) -> None:
    """Write that a correction came in whole though nobody said so, and see to what is noted."""
    for turn in turns:
        correction = turn.after.correction
        if correction is not None and turn.saw(Event.CORRECTION_ANSWERED):
            row = CorrectionNotice.objects.filter(case_id=turn.case.id)
            row.update(answered_on=correction.answered_on)
    begun = [one for one in turns if one.before.together and one.before.state is CaseState.RECEIVED]
    if begun:
        _look_at_noted(begun, now)


def _look_at_noted(turns: Sequence[Turn], now: datetime) -> None:
    """Drop what is noted and no more asked for; have the rest of the application looked at: it may wait for nobody now.

    The notices are held in one order first: those of one worker's cases may be woken by another's (R7.9).
    """
    applications = {one.case.application_id for one in turns}
    noted = CorrectionNotice.objects.filter(application_id__in=applications, sent_on__isnull=True)
    waiting = list(noted.select_for_update().order_by("case_id").values_list("case_id", flat=True))
    dropped = [
        one.case.id for one in turns if one.before.noted and not one.after.noted and not one.after.correction
    ]
    if waiting:
        noted.filter(case_id__in=dropped).delete()
        noted.update(goes_out_at=now)


def _move_tasks_on(turns: Sequence[Turn]) -> None:
    """Give open tasks the days that a pause takes from nobody, and take back those it did not need after all."""
    changed = {turn.case.id: turn for turn in turns if turn.before.pauses != turn.after.pauses}
    tasks = list(Task.objects.filter(case_id__in=changed, closed_at__isnull=True)) if changed else []
    for task in tasks:
        before, after = changed[task.case_id].before.pauses, changed[task.case_id].after.pauses
        opened_on = clock.legal_day(task.opened_at)
        task.due_on = moved_on(task.due_on, opened_on, law().calendar, before=before, after=after)
    Task.objects.bulk_update(tasks, ["due_on"])


def _close_tasks(turns: Sequence[Turn], now: datetime) -> None:
    """Close the tasks that events have overtaken: the machine accepted, the doubt went away, the case ended."""
    ended = [
        turn.case.id for turn in turns if turn.after.state in ENDED or turn.after.verdict is Verdict.REFUSED
    ]
    accepted = [turn.case.id for turn in turns if turn.saw(Event.ACCEPTED, Event.DEEMED_ACCEPTED)]
    lifted = [turn.case.id for turn in turns if turn.saw(Event.CONCERN_LIFTED)]
    presumed = [turn.case.id for turn in turns if turn.saw(Event.DEEMED_RENEWED)]
    for ids, kinds in (
        # What is looked into after the decision outlives the case (R4.9).
        (ended, [kind for kind in TaskKind if kind is not TaskKind.CHECK]),
        (accepted, [TaskKind.ACCEPTANCE]),
        (lifted, [TaskKind.CONCERN]),
        (presumed, [kind for kind in TaskKind if kind is not TaskKind.DELIVER]),
    ):
        if ids:
            open_ones = Task.objects.filter(case_id__in=ids, kind__in=kinds, closed_at__isnull=True)
            open_ones.update(closed_at=now, outcome="overtaken")


def _called_again(turns: Sequence[Turn], on: date) -> frozenset[UUID]:
    """Return the cases in which somebody who has come once would be called in again: a supervisor is asked (R8.7)."""
    offered = [turn.case for turn in turns if turn.saw(Event.VISIT_OFFERED)]
    return attended_before(offered, on=on)


def _new_tasks(turn: Turn, again: Collection[UUID], now: datetime) -> Iterator[Task]:
    if turn.after.ended:
        return
    for effect in turn.route.effects:
        asked = _task_for(turn, effect, again)
        if asked is not None:
            kind, organisation, due = asked
            yield Task(
                case_id=turn.case.id,
                kind=kind,
                step=effect.step,
                organisation=organisation,
                opened_at=now,
                due_on=due,
            )


def _task_for(turn: Turn, effect: Effect, again: Collection[UUID]) -> tuple[TaskKind, str, date] | None:
    definition = turn.after.definition
    if effect.event is Event.ACCEPTANCE_ASKED and turn.after.acceptance_due and effect.until:
        return TaskKind.ACCEPTANCE, definition.organisation, look_by(turn.after, law())
    if effect.event is Event.CONCERN_RAISED and turn.after.concern:
        return TaskKind.CONCERN, definition.organisation, law().working_days(turn.after.on, 1)
    step = definition.step.get(effect.step)
    if step is None or effect.until is None or effect.event not in (Event.STEP_BEGUN, Event.VISIT_OFFERED):
        return None
    if effect.event is Event.VISIT_OFFERED and turn.case.id in again:
        return TaskKind.SECOND_VISIT, definition.organisation, law().working_days(turn.after.on, 1)
    still_open = turn.after.is_open(step) and step.mode is not Mode.AUTO
    return (TASK_OF_MODE[step.mode], step.organisation, effect.until) if still_open else None


def _new_bills(turn: Turn) -> Iterator[Bill]:
    for effect in turn.route.effects:
        if effect.event is Event.FEE_ASKED and effect.until is not None:
            owed = _owed(turn)
            yield Bill(
                number=new_number("B"), case_id=turn.case.id, amount=owed.total, currency=owed.currency,
                legal_basis=owed.lines[0].legal_basis, asked_on=turn.after.on, due_on=effect.until,
            )  # fmt: skip


def _owed(turn: Turn) -> fees.Bill:
    """Return what the case costs, as the law of fees has it (R14.1, R14.3)."""
    definition = turn.after.definition
    if definition.fee is None:
        raise ValueError(f"{definition.code} is free")
    return fees.bill_for(definition.fee, service=definition.code, currency=law().profile.currency)


def _grants(turn: Turn, now: datetime) -> Iterator[Decision]:
    """Yield the machine's grants, with their facts; where an officer decided, the decision names that officer."""
    for effect in turn.route.effects:
        if effect.event in (Event.DECIDED, Event.DEEMED_RENEWED) and effect.outcome == Verdict.GRANTED:
            yield Decision(
                case_id=turn.case.id, verdict=Verdict.GRANTED, signed_at=now, reasons=_presumed(effect),
                legal_basis="; ".join(turn.after.definition.legal_basis)[:300], facts=dict(turn.after.facts),
            )  # fmt: skip


def _presumed(effect: Effect) -> list[str]:
    """Return why a case counts as granted that nobody looked through to the end."""
    return [effect.event] if effect.event is Event.DEEMED_RENEWED else []


def _outbox(turn: Turn, now: datetime) -> Iterator[OutboxItem]:
    case_id = str(turn.case.id)
    for effect in turn.route.effects:
        if effect.event is Event.EVIDENCE_SOUGHT:
            # Of one day: what is sought anew, because an answer has run out, is another question.
            key = f"gather:{case_id}:{turn.after.on}:{','.join(effect.kinds)}"
            yield OutboxItem(kind="gather", dedup_key=key[:200], payload={"case": case_id}, due_at=now)
        step = turn.after.definition.step.get(effect.step)
        if effect.event is Event.STEP_ENDED and step is not None and _tells(step, effect):
            payload = {"case": case_id, "step": step.code, "office": step.organisation}
            yield OutboxItem(
                kind="tell", dedup_key=f"tell:{case_id}:{step.code}", payload=payload, due_at=now
            )


def _tells(step: Step, effect: Effect) -> bool:
    """Return whether the ended step is a notice to another office's records."""
    return step.mode is Mode.AUTO and not step.check and not step.days and effect.outcome == StepOutcome.DONE


def _links(turns: Sequence[Turn], now: datetime) -> Mapping[UUID, str]:
    """Return, by case with a result, the address at which its applicant may rate it once; agents get none (R9.9)."""
    own = [
        turn.case for turn in turns
        if turn.saw(Event.ISSUED) and files_for_themselves(turn.case.application)
    ]  # fmt: skip
    made = [new_link(case, Touchpoint.CASE, now, case.application.account_id) for case in own]
    RatingLink.objects.bulk_create(link for link, _ in made)
    return {link.case_id: address_of(token) for link, token in made}


def _letters(turn: Turn, again: Collection[UUID], links: Mapping[UUID, str]) -> Iterator[NewNotice]:
    for effect in turn.route.effects:
        if effect.event is Event.VISIT_OFFERED and turn.case.id in again:
            continue
        kind = _letter(turn, effect)
        if kind is not None:
            link = links.get(turn.case.id, "") if kind is NoticeKind.ISSUED else ""
            yield case_letter(turn.case, kind, written=link, **_told(turn, effect))
    if turn.asked:
        names = requirement_names(turn.after.definition, turn.asked)
        yield case_letter(turn.case, NoticeKind.EVIDENCE_ASKED, items=names)


def _letter(turn: Turn, effect: Effect) -> NoticeKind | None:
    """Return the letter that the effect sends; one that a later effect of the turn makes pointless is not sent."""
    kind = LETTERS.get(effect.event)
    pointless = kind is NoticeKind.ACCEPTED and turn.saw(Event.ISSUED)
    # One letter says that the licence goes on; that the time counts again, or the result is there, is said by it.
    presumed = turn.saw(Event.DEEMED_RENEWED) and kind in (NoticeKind.ISSUED, NoticeKind.RESUMED)
    return None if pointless or presumed else kind


def _told(turn: Turn, effect: Effect) -> dict[str, object]:
    """Return what the letter says beside the number: days, amounts, codes."""
    told: dict[str, object] = {"why": effect.outcome} if effect.outcome else {}
    if effect.until is not None:
        told["until"] = effect.until.isoformat()
    if effect.event is Event.FEE_ASKED:
        owed = _owed(turn)
        told |= {"amount": str(owed.total), "legal_basis": owed.lines[0].legal_basis}
    if effect.event is Event.DECLINED:
        told = {"reasons": [dict(REFUSAL[effect.outcome])], "referred_to": ""}
    if effect.event is Event.DEEMED_RENEWED:
        definition = turn.after.definition
        name = definition.evidence_types[definition.output.certificate].name
        told = {"name": dict(name), "until": told["until"], "legal_basis": "; ".join(definition.legal_basis)}
    if effect.event is Event.RESUMED:
        told = {"until": promised_due(turn.after, law()).on.isoformat()}
    return told
