"""One turn of a batch of cases, written whole: ledger, records, tasks, letters, bills, certificates, queue and outbox.

A turn is what one transaction does to one case: perhaps an act of a person, then as much routing as the day allows.
However many cases there are, the number of statements is the same.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from services import clock, errands
from services.cases.actions import consequences
from services.cases.actions.calling_off import call_off_visits
from services.cases.actions.dependants import wake_dependants
from services.cases.actions.outcomes import tell_outcomes
from services.cases.models import Ready
from services.cases.queries.casefiles import law
from services.cases.queries.progress import progress_of
from services.cases.queries.settled import settled_as
from services.cases.turn import Turn
from services.core.clocks import first_moment
from services.core.effects import LEADS_TO, Effect
from services.core.limits import promised_due, statutory_due
from services.core.states import ENDED, CaseState
from services.ledger.actions import WORKER, Actor, Head, NewEntry, record_entries

UPDATE_CASES = """
UPDATE cases_case AS held SET
    state = new.state, received_on = new.received_on, accepted_on = new.accepted_on,
    suspended_from = new.suspended_from, suspended_until = new.suspended_until, acceptance_due = new.acceptance_due,
    promised_due = new.promised_due, statutory_due = new.statutory_due, decided_on = new.decided_on,
    ended_on = new.ended_on, verdict = new.verdict, ending = new.ending, progress = new.progress::jsonb,
    settlements = new.settlements::jsonb, determined = new.determined::jsonb, fetched = new.fetched::jsonb,
    concern = new.concern, waits_for = new.waits_for::jsonb, visits = new.visits,
    ledger_sequence = new.ledger_sequence, ledger_head = new.ledger_head, version = held.version + 1
FROM unnest(%s::uuid[], %s::text[], %s::date[], %s::date[], %s::date[], %s::date[],
            %s::date[], %s::date[], %s::date[], %s::date[], %s::date[],
            %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::int[], %s::int[], %s::text[])
  AS new (id, state, received_on, accepted_on, suspended_from, suspended_until,
          acceptance_due, promised_due, statutory_due, decided_on, ended_on,
          verdict, ending, progress, settlements, determined, fetched, concern, waits_for,
          visits, ledger_sequence, ledger_head)
WHERE held.id = new.id
"""

QUEUE_CASES = """
INSERT INTO cases_ready (case_id, due_at, attempts) SELECT *, 0 FROM unnest(%s::uuid[], %s::timestamptz[])
ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at, attempts = 0
"""


def save_turns(turns: Sequence[Turn], *, now: datetime) -> None:
    """Write the turns of a batch inside the caller's transaction; a case at rest is only put back into the queue."""
    moved = call_off_visits([turn for turn in turns if turn.changed], now=now)
    found = consequences.write(moved, now=now)
    heads = record_entries(entries=_entries(moved, found, now))
    if moved:
        _update_cases(moved, heads)
    _queue(turns)
    wake_dependants(moved, now=now)
    tell_outcomes(moved, now=now)
    for turn in moved:
        head = heads.get(turn.case.id, _head(turn))
        turn.case.ledger_sequence, turn.case.ledger_head = head.sequence, head.digest
        turn.case.state = turn.after.state
        turn.case.version += 1
    if any(effect.kinds for turn in moved for effect in turn.route.effects):
        errands.send(errands.Errand.GATHER_EVIDENCE)


def _entries(
    turns: Sequence[Turn], found: Mapping[UUID, Mapping[str, object]], now: datetime
) -> list[NewEntry]:
    entries = []
    for turn in turns:
        head = _head(turn)
        for number, act in enumerate(turn.acts, start=1):
            states = turn.states_of_acts() if number == len(turn.acts) else []
            led = {"states": states} if states else {}
            entries.append(_entry(turn, head, act.actor, act.event, {**act.detail, **led}, now))
        for effect in turn.route.effects:
            known = {"step": effect.step, "outcome": effect.outcome, "kinds": list(effect.kinds)}
            known["states"] = turn.states_of(effect)
            known["until"] = effect.until.isoformat() if effect.until else ""
            known["accepted_on"] = _accepted_on(turn, effect)
            detail = {key: value for key, value in known.items() if value} | found.get(turn.case.id, {}).get(
                effect.event, {}
            )
            entries.append(_entry(turn, head, WORKER, effect.event, detail, now))
        if turn.asked:
            asked = {"requirements": list(turn.asked)}
            entries.append(_entry(turn, head, WORKER, "evidence_asked", asked, now))
        for act in turn.follows:
            entries.append(_entry(turn, head, act.actor, act.event, act.detail, now))
    return entries


def _accepted_on(turn: Turn, effect: Effect) -> str:
    """Return since when it is accepted, where this effect accepted it: not always the day on which it was written."""
    accepted = turn.after.accepted_on if LEADS_TO.get(effect.event) is CaseState.ACCEPTED else None
    return accepted.isoformat() if accepted else ""


def _head(turn: Turn) -> Head:
    """Return where the case's part of the ledger ended before this turn."""
    return Head(turn.case.ledger_sequence, turn.case.ledger_head) if turn.case.ledger_sequence else Head()


def _entry(
    turn: Turn, head: Head, actor: Actor, event: str, detail: Mapping[str, object], now: datetime
) -> NewEntry:
    return NewEntry(case_id=turn.case.id, head=head, at=now, actor=actor, event=str(event), detail=detail)


def _update_cases(turns: Sequence[Turn], heads: Mapping[UUID, Head]) -> None:
    rows = [_row(turn, heads.get(turn.case.id, _head(turn))) for turn in turns]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_CASES, [list(column) for column in zip(*rows, strict=True)])


def _row(turn: Turn, head: Head) -> tuple[object, ...]:
    file, accepted = turn.after, turn.after.accepted_on
    ended = file.on if file.state in ENDED and turn.case.ended_on is None else turn.case.ended_on
    ending = next(
        (one.outcome for one in turn.route.effects if one.event in consequences.ENDINGS), turn.case.ending
    )
    return (
        turn.case.id, file.state, file.received_on, accepted,
        file.suspension.start if file.suspension else None, file.suspension.end if file.suspension else None,
        file.acceptance_due,
        promised_due(file, law()).on if accepted else None,
        statutory_due(file, law()).on if accepted else None,
        file.decided_on, ended, file.verdict or "", ending,
        json.dumps(progress_of(file.steps)), json.dumps(_settlements(turn)), json.dumps(dict(file.determined)),
        json.dumps(sorted(file.fetched)), file.concern or "", json.dumps(turn.waits_for),
        file.visits, head.sequence, head.digest,
    )  # fmt: skip


def _settlements(turn: Turn) -> dict[str, dict[str, object]]:
    """Return how each requirement stands; what a decision rests on stays as it was decided upon."""
    return dict(turn.case.settlements) if turn.case.verdict else settled_as(turn.after)


def _queue(turns: Sequence[Turn]) -> None:
    """Keep in the queue only what can move by itself: a case that waits for a person or has ended leaves it."""
    timed = {turn.case.id: turn.route.look_again_on for turn in turns}
    gone = [case_id for case_id, day in timed.items() if day is None]
    waiting = {case_id: first_moment(day, clock.zone()) for case_id, day in timed.items() if day is not None}
    if gone:
        Ready.objects.filter(case_id__in=gone).delete()
    if waiting:
        with connection.cursor() as cursor:
            cursor.execute(QUEUE_CASES, [list(waiting), list(waiting.values())])
