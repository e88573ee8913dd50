"""Counting the figures that everybody may read, so that no reader makes the portal count."""

from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from services.cases.models import CountedFigures
from services.cases.queries.counting import count_centres, count_months, count_programmes
from services.cases.queries.counting_bundles import count_bundles
from services.cases.queries.counting_ratings import public_ratings
from services.visits import queries as visits

# Figures this young are not counted again, however many workers are sent for them.
FRESH = timedelta(seconds=30)
# Of two workers who count at once, one goes home. The number is this lock's name.
COUNTING_LOCK = 0xC0F1


@transaction.atomic
def count_figures(*, now: datetime) -> int:
    """Count all cases and keep the figures in their one row; return 1, or 0 if they were young or are being counted."""
    row = CountedFigures.objects.first()
    if (row is not None and timedelta() <= now - row.counted_at < FRESH) or not _alone():
        return 0
    counted = {
        "figures": {code: one.as_record() for code, one in count_programmes().items()},
        "months": {code: one.as_record() for code, one in count_months().items()},
        "centres": {code: one.as_record() for code, one in count_centres().items()},
        "bundles": {code: asdict(one) for code, one in count_bundles().items()},
        "places": {code: asdict(one) for code, one in visits.place_counts().items()},
        "ratings": public_ratings(),
    }
    CountedFigures.objects.update_or_create(id=1, defaults={"counted_at": now, **counted})
    return 1


def _alone() -> bool:
    """Return whether nobody else is counting, until the transaction ends; counting may take longer than a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTING_LOCK])
        return bool(cursor.fetchone()[0])
