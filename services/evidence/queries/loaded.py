"""What registers say that were loaded here from an office's file: asked like any other, and answered at once."""

from collections.abc import Iterator, Sequence

from services.core.evidence import Outcome
from services.evidence.finding import holder_index, key_index
from services.evidence.models import LoadedRecord
from services.evidence.registries import Question, RegisterAnswer
from services.evidence.registries.places import LOADED, place_of

NO_RECORD = RegisterAnswer(outcome=Outcome.NO_RECORD)


def answers_from_loaded(questions: Sequence[Question]) -> tuple[RegisterAnswer | None, ...]:
    """Return the answers in the order of the questions; None where the register itself is to be asked.

    What a loaded file does not know, the register knows perhaps, unless the file of registers says that what was
    loaded is all there is.
    """
    records = _records(questions)
    return tuple(
        _found(record, one) if (record := records.get(about)) else _without_record(one)
        for one, about in zip(questions, _abouts(questions), strict=True)
    )


def _records(questions: Sequence[Question]) -> dict[tuple[str, str, str], LoadedRecord]:
    rows = LoadedRecord.objects.filter(
        load__type__in={one.type.code for one in questions},
        load__whole_at__isnull=False,
        holder_index__in={index for _, index, _ in _abouts(questions)},
    )
    return {(row.load.type, row.holder_index, row.key_index): row for row in rows.select_related("load")}


def _abouts(questions: Sequence[Question]) -> Iterator[tuple[str, str, str]]:
    for one in questions:
        yield one.type.code, holder_index(one.holder_kind, one.number), key_index(one.key)


def _found(record: LoadedRecord, question: Question) -> RegisterAnswer:
    facts = record.facts
    return RegisterAnswer(
        outcome=Outcome.FOUND,
        facts={code: facts[code] for code in question.type.proves if facts.get(code) is not None},
        reference=record.number,
        issued_on=record.issued_on,
        valid_until=record.valid_until,
    )


def _without_record(question: Question) -> RegisterAnswer | None:
    return NO_RECORD if place_of(question.type).adapter == LOADED else None
