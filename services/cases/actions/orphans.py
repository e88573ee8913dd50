"""Files that no record knows, left where a process died between file and record: found, and deleted (R15.10)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from services.cases.models import PersonalCopy
from services.evidence import files
from services.evidence.models import Upload

AT_ONCE = 500
# A file is written before its record: what is younger may still get one. Files live on real time.
AGE = timedelta(days=1)
KNOWN_BY = {"evidence": Upload, "copies": PersonalCopy}


def orphan_files(*, now: datetime) -> Iterator[str]:
    """Yield the names of files that no record has known for a day. `now` is real time."""
    for folder, model in KNOWN_BY.items():
        found = files.kept_since(folder, before=now - AGE)
        while names := list(islice(found, AT_ONCE)):
            known = set(model.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
            yield from (name for name in names if name not in known)


def delete_orphans(*, now: datetime) -> int:
    """Delete those files, and return how many there were; twice is once."""
    names = list(orphan_files(now=now))
    for name in names:
        files.discard(name)
    return len(names)
