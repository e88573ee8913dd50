"""Files that no record knows, left where a process died between file and record: found, and deleted (R15.10)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Model

from services.cases.models import PersonalCopy
from services.certificates.models import Paper
from services.evidence import files
from services.evidence.models import Quarantined, SentPage, Upload

AT_ONCE = 500
# A file is written before its record: what is younger may still get one. Files live on real time.
AGE = timedelta(days=1)
# Every folder of ours, and the columns in which records name what lies there.
KNOWN_BY: Mapping[str, Sequence[tuple[type[Model], str]]] = {
    "evidence": ((Upload, "stored_as"),),
    "arriving": ((SentPage, "stored_as"),),
    "apart": ((Upload, "received_as"), (Quarantined, "stored_as")),
    "certificates": ((Paper, "stored_as"),),
    "copies": ((PersonalCopy, "stored_as"),),
}


def orphan_files(*, now: datetime) -> Iterator[str]:
    """Yield the names of files that no record has known for a day. `now` is real time."""
    for folder, columns in KNOWN_BY.items():
        found = files.kept_since(folder, before=now - AGE)
        while names := list(islice(found, AT_ONCE)):
            known = {name for model, column in columns for name in _named(model, column, names)}
            yield from (name for name in names if name not in known)


def _named(model: type[Model], column: str, names: Sequence[str]) -> Iterator[str]:
    """Yield those of the names that a record has."""
    rows = model._default_manager.filter(**{f"{column}__in": names})
    yield from rows.values_list(column, flat=True)


def delete_orphans(*, now: datetime) -> int:
    """Delete those files, and return how many there were; twice is once."""
    names = list(orphan_files(now=now))
    for name in names:
        files.discard(name)
    return len(names)
