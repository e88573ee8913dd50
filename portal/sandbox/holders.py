"""Finds made-up holders for testers: by the records they have, those they lack, and what these say."""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.sandbox.gate import Refused
from portal.sandbox.models import Business, HolderKind, Record, Resident, World

CONDITION = re.compile(r"([a-z_.]+)(<=|>=|!=|=|<|>)(.*)")
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
CHUNK = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom a tester looks for; `where` holds conditions such as `person.birth_date<1960-01-01`."""

    kind: str
    stage: str
    need: tuple[str, ...]
    lack: tuple[str, ...]
    where: tuple[str, ...]
    number: str


def find_holders(wish: Wish, *, count: int, skip: int = 0) -> list[dict[str, object]]:
    """Return the holders that fit, in a fixed order, each with all their records.

    :raises Refused: if a condition cannot be read.
    """
    conditions = [_condition(said) for said in wish.where]
    found: list[dict[str, object]] = []
    for holder, records in _with_records(_candidates(wish), wish.kind):
        facts = {code: value for record in records for code, value in record.facts.items()}
        if all(condition(facts) for condition in conditions):
            found.append(_described(holder, records))
        if len(found) >= skip + count:
            break
    return found[skip : skip + count]


def _candidates(wish: Wish) -> QuerySet:
    if wish.kind == HolderKind.PERSON:
        holders, number, order = Resident.objects.filter(stage=wish.stage), "number", "pk"
        named = Q(number=wish.number) | Q(username=wish.number)
    else:
        holders, number, order = (
            Business.objects.select_related("representative"),
            "uscc",
            "representative_id",
        )
        named = Q(uscc=wish.number)
    if wish.number:
        holders = holders.filter(named)
    ours = Record.objects.filter(holder_kind=wish.kind, holder_number=OuterRef(number))
    lasting = Q(valid_until__isnull=True) | Q(valid_until__gt=World.objects.values("world_date")[:1])
    for code in wish.need:
        holders = holders.filter(Exists(ours.filter(lasting, register=code, contradiction="")))
    for code in wish.lack:
        holders = holders.exclude(Exists(ours.filter(register=code)))
    return holders.order_by(order)


def _with_records(holders: QuerySet, kind: str) -> Iterator[tuple[Resident | Business, Sequence[Record]]]:
    """Read the records of a chunk of holders at once."""
    for start in range(0, holders.count(), CHUNK):
        chunk = list(holders[start : start + CHUNK])
        records: dict[str, list[Record]] = defaultdict(list)
        numbers = [_number_of(holder) for holder in chunk]
        for record in Record.objects.filter(holder_kind=kind, holder_number__in=numbers).order_by("pk"):
            records[record.holder_number].append(record)
        yield from ((holder, records[_number_of(holder)]) for holder in chunk)


def _number_of(holder: Resident | Business) -> str:
    return holder.number if isinstance(holder, Resident) else holder.uscc


def _described(holder: Resident | Business, records: Sequence[Record]) -> dict[str, object]:
    who = _person(holder) if isinstance(holder, Resident) else _business(holder)
    return who | {"records": [_record(record) for record in records]}


def _person(person: Resident) -> dict[str, object]:
    return {
        "kind": "person",
        "username": person.username,
        "number": person.number,
        "document_kind": person.document_kind,
        "name": person.name,
        "name_latin": person.name_latin,
        "birth_date": person.birth_date.isoformat(),
        "address": person.address,
        "phone": person.phone,
        "businesses": list(person.businesses.values_list("uscc", flat=True)),
        "lives_with": [_housemate(other) for other in at_home_with(person)],
    }


def at_home_with(person: Resident) -> QuerySet:
    """Return everybody else who lives where the person does."""
    return Resident.objects.filter(address=person.address).exclude(pk=person.pk).order_by("pk")


def _housemate(person: Resident) -> dict[str, str]:
    """Return who can be a party in the matters of somebody at home: a spouse, a child, one who died."""
    return {
        "username": person.username,
        "number": person.number,
        "name": person.name,
        "birth_date": person.birth_date.isoformat(),
        "stage": person.stage,
    }


def _business(business: Business) -> dict[str, object]:
    return {
        "kind": "business",
        "number": business.uscc,
        "name": business.name,
        "name_latin": business.name_latin,
        "business_kind": business.kind,
        "address": business.address,
        "phone": business.phone,
        "representative": {
            "username": business.representative.username,
            "number": business.representative.number,
            "name": business.representative.name,
        },
    }


def _record(record: Record) -> dict[str, object]:
    return {
        "register": record.register,
        "key": record.key,
        "facts": record.facts,
        "issued_on": record.issued_on and record.issued_on.isoformat(),
        "valid_until": record.valid_until and record.valid_until.isoformat(),
        "contradicts": bool(record.contradiction),
    }


def _condition(said: str) -> Callable[[Mapping[str, object]], bool]:
    parts = CONDITION.fullmatch(said)
    if parts is None:
        raise Refused(f'The condition "{said}" is not of the form fact=value, fact<value and the like.')
    fact, sign, wanted = parts.groups()
    return lambda facts: fact in facts and _compares(facts[fact], sign, wanted)


def _compares(known: object, sign: str, wanted: str) -> bool:
    """Compare as numbers where both are, else as text: ISO days sort as they follow."""
    text = str(known).lower() if isinstance(known, bool) else str(known)
    try:
        return COMPARISONS[sign](Decimal(text), Decimal(wanted))
    except InvalidOperation:
        return COMPARISONS[sign](text, wanted)
