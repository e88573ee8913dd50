"""The centres and windows, taken over from the catalogue."""

import tomllib
from pathlib import Path

from django.db import transaction

from services.core.centres import read_centres
from services.core.reading import DefinitionRefused
from services.core.refusal import Mistake
from services.visits.models import Centre, Window


@transaction.atomic
def load_centres(*, folder: Path) -> int:
    """Take over what the folder's `centres.toml` describes, and return how many centres are open.

    Loading again changes nothing; a centre that is no longer described is closed, its appointments stay.

    :raises DefinitionRefused: with every mistake in the file.
    """
    tables = tomllib.loads((folder / "centres.toml").read_text(encoding="utf-8"))
    mistakes: list[Mistake] = []
    centres = read_centres(tables, mistakes)
    if mistakes:
        raise DefinitionRefused(file="centres.toml", errors=mistakes)
    Centre.objects.bulk_create(
        [Centre(code=code, described=table) for code, table in tables.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["described", "is_open"],
    )
    Centre.objects.exclude(code__in=tables).update(is_open=False)
    windows = [Window(centre_id=one.code, code=window.code) for one in centres for window in one.windows]
    Window.objects.bulk_create(windows, ignore_conflicts=True)
    return len(centres)
