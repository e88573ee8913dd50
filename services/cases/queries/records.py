"""Is the record of a case whole: each entry as it was sealed, none missing, up to the head that the case remembers."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from services.cases.models import Case
from services.cases.queries.visibility import NoSuchCase, case_for
from services.ledger import queries as ledger
from services.ledger.queries import Break, Head
from services.people.queries import AccountView

# Cases are read so many at a time, so that memory stays flat however many there are.
SLICE = 500


@dataclass(frozen=True, slots=True)
class RecordView:
    """What was found of one case's record; `sequence` and `fault` say where it breaks first, and how."""

    number: str
    entries: int
    sequence: int | None = None
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Return whether every entry follows from the one before it, up to the last."""
        return self.sequence is None


def record_of_case(*, viewer: AccountView, case_id: UUID) -> RecordView:
    """Return whether the case's record is whole.

    :raises NoSuchCase: if there is none, or it may not be seen.
    """
    return _verified(case_for(viewer, case_id).id)


def record_by_number(*, number: str) -> RecordView:
    """Return whether the record of the case with this number is whole; for operators at the machine itself.

    :raises NoSuchCase: if there is none.
    """
    found = Case.objects.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise NoSuchCase
    return _verified(found)


def records() -> Iterator[RecordView]:
    """Yield what was found of every case, slice by slice, and then the records whose case row is gone."""
    last: UUID | None = None
    while rows := _slice(last):
        broken = ledger.verify_cases({row[0]: _head(row) for row in rows})
        for row in rows:
            # Whoever moved while it was read is read again, at rest.
            yield _verified(row[0]) if row[0] in broken else _view(row, None)
        last = rows[-1][0]
    yield from _without_a_case()


_Row = tuple[UUID, str, int, str]
_COLUMNS = ("id", "number", "ledger_sequence", "ledger_head")


def _slice(after: UUID | None) -> list[_Row]:
    rows = Case.objects.filter(id__gt=after) if after else Case.objects.all()
    return list(rows.order_by("id").values_list(*_COLUMNS)[:SLICE])


@transaction.atomic
def _verified(case_id: UUID) -> RecordView:
    """Return what is found while nobody can add to it: whoever writes an entry holds the case row first."""
    row = Case.objects.select_for_update().values_list(*_COLUMNS).get(id=case_id)
    return _view(row, ledger.verify_cases({case_id: _head(row)}).get(case_id))


def _without_a_case() -> Iterator[RecordView]:
    last: UUID | None = None
    while known := ledger.cases_with_entries(after=last, limit=SLICE):
        kept = set(Case.objects.filter(id__in=known).values_list("id", flat=True))
        yield from (RecordView(str(one), 0, 1, "no_case") for one in known if one not in kept)
        last = known[-1]


def _head(row: _Row) -> Head:
    return Head(row[2], row[3]) if row[2] else Head()


def _view(row: _Row, broken: Break | None) -> RecordView:
    return RecordView(row[1], row[2], broken.sequence if broken else None, broken.fault if broken else "")
