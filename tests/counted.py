"""Figures as a count would have left them."""

from typing import Any

from services import clock
from services.cases.models import CountedFigures
from services.cases.queries.public_statistics import Counted, as_record, tell


def keep(**counted: Any) -> None:
    """Keep these figures as those counted now (see `Counted`), instead of any others."""
    told = as_record(tell(Counted(**counted)))
    CountedFigures.objects.update_or_create(id=1, defaults={"counted_at": clock.now(), "told": told})
