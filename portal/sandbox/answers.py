"""What a register answers: the truth of its table, or what its switch makes of it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from portal.sandbox import signing
from portal.sandbox.models import Mode, Record, Register
from portal.sandbox.names import TAKEN, keep_name

TWO_ENTRIES = "Two entries of the register do not agree."
STALE_BY = timedelta(hours=1)

Answer = dict[str, object]


def answer_of(register: Register, *, kind: str, number: str, key: str) -> Answer:
    """Return what the register says about a holder, and about one of their things where a key tells which."""
    if register.mode == Mode.EMPTY:
        return _bare("no_record")
    if register.mode == Mode.CONTRADICTION:
        return _bare("contradiction", TWO_ENTRIES)
    record = _record(register, kind, number, key)
    if record is None:
        return _bare("no_record")
    if record.contradiction:
        return _bare("contradiction", record.contradiction)
    facts = _other_facts(record) if register.mode == Mode.WRONG else record.facts
    return _found(record, facts)


def sealed(answer: Answer, *, register: Register, reference: str, now: datetime) -> str:
    """Return the answer to the question of this reference, signed by the register's office the way its switch says."""
    if register.mode == Mode.STALE:
        # What somebody kept of an earlier question, and shows again.
        now, reference = now - STALE_BY, str(uuid4())
    payload = {
        "register": register.code,
        "office": register.office,
        "reference": reference,
        "answered_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        **answer,
    }
    write = signing.forge if register.mode == Mode.LYING else signing.sign
    return write(payload, office=register.office)


def _record(register: Register, kind: str, number: str, key: str) -> Record | None:
    if register.code in TAKEN and key.strip():
        return keep_name(register, kind=kind, number=number, name=key.strip())
    return Record.objects.filter(
        register=register.code, holder_kind=kind, holder_number=number, key=key
    ).first()


def _bare(said: str, detail: str = "") -> Answer:
    return {
        "answer": said, "facts": {}, "record": "", "issued_on": None, "valid_until": None, "detail": detail
    }  # fmt: skip


def _found(record: Record, facts: dict[str, object]) -> Answer:
    return {
        "answer": "found",
        "facts": facts,
        "record": record.reference,
        "issued_on": record.issued_on and record.issued_on.isoformat(),
        "valid_until": record.valid_until and record.valid_until.isoformat(),
        "detail": "",
    }


def _other_facts(record: Record) -> dict[str, object]:
    """Return the facts of the next entry that says otherwise, as if the register had confused the two holders."""
    others = Record.objects.filter(register=record.register, holder_kind=record.holder_kind)
    others = others.exclude(facts=record.facts).order_by("pk").values_list("facts", flat=True)
    if (other := others.filter(pk__gt=record.pk).first() or others.first()) is not None:
        return other
    return {code: not value if isinstance(value, bool) else value for code, value in record.facts.items()}
