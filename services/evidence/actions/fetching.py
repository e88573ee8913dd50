"""Obtain evidence from registers, and keep what they answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from services import clock
from services.core import evidence as core
from services.core.evidence import UNANSWERED, Grade, Outcome, Source
from services.core.facts import Fact, Holder
from services.core.reference import EvidenceType
from services.evidence.actions.calling import call
from services.evidence.actions.keeping import Reader, is_reusable, key_index, last_valid_day
from services.evidence.models import Attempt, EndedAs, Evidence
from services.evidence.registries import Question, RegisterAnswer
from services.ledger.actions import NewReading, record_readings
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class Wanted:
    """Evidence to ask a register for: of which type, about whom, and about which thing of theirs.

    `forms` are the facts that the type proves, as the catalogue writes them: an answer that says others is none.
    """

    type: EvidenceType = field(hash=False)
    holder: Holder
    key: str = field(default="", repr=False)
    forms: tuple[Fact, ...] = field(default=(), hash=False, compare=False, repr=False)

    @property
    def thing(self) -> tuple[str, Holder, str]:
        """What is asked about, in the form in which it is found again."""
        return self.type.code, self.holder, key_index(self.key)


PORTAL = Reader()
Answers = Mapping[Wanted, RegisterAnswer]


def obtain(
    *,
    application_id: UUID,
    wanted: Sequence[Wanted],
    now: datetime,
    reader: Reader = PORTAL,
    afresh: bool = False,
) -> tuple[core.Attempt, ...]:
    """Ask the registers for what is wanted and not yet answered, keep it, and return how each stands.

    Called outside a transaction: registers may take their time. What is found is evidence of grade A; no
    record, a contradiction, a register that is down and one that is not trusted are kept apart. What a register has
    answered in this application is not asked again while the answer holds, also not when it is disputed; whatever was
    no answer is, and with `afresh` everything: something may have been entered since.
    """
    today = clock.legal_day(now)
    stand = {} if afresh else _standing(application_id, today)
    unasked = {one.thing: one for one in wanted if one.thing not in stand}
    answers = dict(zip(unasked.values(), _ask(application_id, list(unasked.values()), now), strict=True))
    read = {one: _in_time(one.type, answer, today) for one, answer in answers.items()}
    if read:
        _keep(application_id, read, reader, now, afresh=afresh)
    stand |= {one.thing: answer.outcome for one, answer in read.items()}
    return tuple(core.Attempt(one.type.code, one.holder, stand[one.thing], one.key) for one in wanted)


def _standing(application_id: UUID, on: date) -> dict[tuple[str, Holder, str], Outcome]:
    """Return the answers that registers have given in this application and that hold on the day."""
    rows = (
        Attempt.objects.filter(application_id=application_id, outdated_at__isnull=True)
        .exclude(outcome__in=UNANSWERED)
        .filter(Q(holds_until__isnull=True) | Q(holds_until__gte=on))
    )
    return {
        (row.type, Holder(row.holder_kind, row.holder_id), row.key_index): Outcome(row.outcome)
        for row in rows
    }


def _ask(application_id: UUID, wanted: Sequence[Wanted], now: datetime) -> tuple[RegisterAnswer, ...]:
    known = {holder: people.identity_of(holder) for holder in {one.holder for one in wanted}}
    questions = [
        Question(
            type=one.type,
            holder_kind=known[one.holder].kind,
            number=known[one.holder].number,
            key=one.key,
            matter_id=application_id,
            forms=one.forms,
        )
        for one in wanted
    ]
    return call(questions=questions, now=now)


def _in_time(kind: EvidenceType, answer: RegisterAnswer, on: date) -> RegisterAnswer:
    """Return the answer with its last valid day; a record that has expired is no record of today."""
    if answer.outcome is not Outcome.FOUND:
        return answer
    valid_until = answer.valid_until or last_valid_day(kind, answer.issued_on or on)
    if valid_until is not None and valid_until < on:
        return RegisterAnswer(outcome=Outcome.NO_RECORD, took_ms=answer.took_ms)
    return replace(answer, valid_until=valid_until)


@transaction.atomic
def _keep(application_id: UUID, answers: Answers, reader: Reader, now: datetime, *, afresh: bool) -> None:
    """Store what was answered, and that it was asked; two workers who asked at once keep one answer.

    Asked `afresh`, what a register tells now goes in place of what it told before.
    """
    Attempt.objects.bulk_create(_attempt(application_id, one, answer, now) for one, answer in answers.items())
    found = [one for one, answer in answers.items() if answer.outcome is Outcome.FOUND]
    _end_expired(application_id, found, now)
    if afresh:
        _end_changed(application_id, {one: answers[one] for one in found}, now)
    Evidence.objects.bulk_create(
        (_evidence(application_id, one, answers[one], now) for one in found), ignore_conflicts=True
    )
    asked = [one for one, answer in answers.items() if answer.asked]
    record_readings(rows=[_reading(application_id, one, reader, now) for one in asked])


def _end_expired(application_id: UUID, found: Sequence[Wanted], now: datetime) -> None:
    """Make room for what was found anew in place of answers of this application that have run out."""
    expired = Evidence.objects.filter(
        application_id=application_id,
        type__in={one.type.code for one in found},
        source=Source.REGISTRY,
        valid_until__lt=clock.legal_day(now),
        ended_at__isnull=True,
    )
    expired.update(ended_at=now, ended_as=EndedAs.REPLACED)


def _end_changed(application_id: UUID, found: Answers, now: datetime) -> None:
    """Make room for what a register tells otherwise than it did before in this application."""
    told = Evidence.objects.select_for_update().filter(
        application_id=application_id,
        type__in={one.type.code for one in found},
        source=Source.REGISTRY,
        ended_at__isnull=True,
        disputed_at__isnull=True,
    )
    now_told = {one.thing: answer for one, answer in found.items()}
    changed = [
        row.id
        for row in told
        if (answer := now_told.get((row.type, Holder(row.holder_kind, row.holder_id), row.key_index)))
        and (row.facts != dict(answer.facts) or row.valid_until != answer.valid_until)
    ]
    Evidence.objects.filter(id__in=changed).update(ended_at=now, ended_as=EndedAs.REPLACED)


def _attempt(application_id: UUID, one: Wanted, answer: RegisterAnswer, now: datetime) -> Attempt:
    return Attempt(
        application_id=application_id,
        type=one.type.code,
        register=one.type.organisation,
        holder_kind=one.holder.kind,
        holder_id=one.holder.id,
        key=one.key,
        key_index=key_index(one.key),
        basis=one.type.basis[:300],
        outcome=answer.outcome,
        asked=answer.asked,
        at=now,
        took_ms=answer.took_ms,
        holds_until=answer.valid_until,
    )


def _evidence(application_id: UUID, one: Wanted, answer: RegisterAnswer, now: datetime) -> Evidence:
    return Evidence(
        application_id=application_id,
        type=one.type.code,
        organisation=one.type.organisation,
        holder_kind=one.holder.kind,
        holder_id=one.holder.id,
        key=one.key,
        key_index=key_index(one.key),
        source=Source.REGISTRY,
        grade=Grade.A,
        facts=dict(answer.facts),
        register_reference=answer.reference,
        obtained_at=now,
        obtained_on=clock.legal_day(now),
        issued_on=answer.issued_on,
        valid_until=answer.valid_until,
        reusable=is_reusable(one.type),
    )


def _reading(application_id: UUID, one: Wanted, reader: Reader, now: datetime) -> NewReading:
    return NewReading(
        at=now,
        actor=reader.actor,
        organisation=reader.organisation,
        holder=one.holder,
        matter_kind="application",
        matter_id=application_id,
        purpose=reader.purpose,
        basis=reader.basis or one.type.basis,
        fields=one.type.proves,
        source=f"{one.type.organisation}/{one.type.code}",
    )
