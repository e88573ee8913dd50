"""One entry of a register as an operator changes it: a field for each fact, read back as what it was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.sandbox.gate import Refused
from portal.sandbox.models import Correction, Record

FIELD = "fact:"
YES_OR_NO = {"yes": True, "no": False}
LONGEST_VALUE = 2000


@dataclass(frozen=True, slots=True)
class EditedFact:
    """A fact in its field; `choices` where it is yes or no."""

    code: str
    text: str
    choices: tuple[str, ...]


def entry_of(asked: Correction) -> Record | None:
    """Return the entry a request is about, if the register has one."""
    return Record.objects.filter(
        register=asked.register,
        holder_kind=asked.holder_kind,
        holder_number=asked.holder_number,
        key=asked.key,
    ).first()


def facts_to_edit(asked: Correction, typed: Mapping[str, str]) -> list[EditedFact]:
    """Return a field for each fact: what was typed, else what the entry says, else nothing."""
    entry, known = entry_of(asked), _known_facts(asked)
    return [
        EditedFact(
            code=code,
            text=typed.get(FIELD + code, _written(value) if entry else ""),
            choices=tuple(YES_OR_NO) if isinstance(value, bool) else (),
        )
        for code, value in known.items()
    ]


def write_entry(asked: Correction, typed: Mapping[str, str], *, today: date) -> None:
    """Change the entry to what was typed; where there is none, make one.

    :raises Refused: if a field cannot be read as what the register records there.
    """
    known = _known_facts(asked)
    facts = {code: _read(code, typed.get(FIELD + code, "").strip(), value) for code, value in known.items()}
    told = {code: value for code, value in facts.items() if value is not None}
    if not told:
        raise Refused("Write what the entry is to say.")
    entry = entry_of(asked) or Record(
        register=asked.register, holder_kind=asked.holder_kind, holder_number=asked.holder_number,
        key=asked.key, issued_on=today,
    )  # fmt: skip
    # An entry that was put right contradicts no other.
    entry.facts, entry.contradiction = told, ""
    entry.save()


def _known_facts(asked: Correction) -> dict[str, object]:
    """Return the facts the register records: those of the entry, with those of the fullest one it has."""
    entry = entry_of(asked)
    theirs = Record.objects.filter(register=asked.register, holder_kind=asked.holder_kind)
    samples = theirs.order_by("pk").values_list("facts", flat=True)[:20]
    fullest = max(samples, key=len, default={})
    return {**fullest, **(entry.facts if entry else {})}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _read(code: str, text: str, before: object) -> object:
    """Return the text as the kind of value that stood there before; nothing for nothing."""
    if not text:
        return None
    if len(text) > LONGEST_VALUE:
        raise Refused(f"What you wrote for {code} is too long.")
    if isinstance(before, bool):
        return YES_OR_NO.get(text, text)
    if isinstance(before, str):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if type(value) is not type(before):
        raise Refused(f"{code} is written like {_written(before)}.")
    return value
