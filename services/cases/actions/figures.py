"""Counting the figures that everybody may read, so that no reader makes the portal count."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from services.cases.models import CountedFigures
from services.cases.queries.counting import count_centres, count_months, count_programmes
from services.cases.queries.counting_bundles import count_bundles
from services.cases.queries.counting_ratings import public_ratings
from services.cases.queries.public_statistics import Counted, as_record, tell
from services.visits import queries as visits

# Figures this young are not counted again, however many workers are sent for them.
FRESH = timedelta(seconds=30)
# Of two workers who count at once, one goes home. The number is this lock's name.
COUNTING_LOCK = 0xC0F1


@transaction.atomic
def count_figures(*, now: datetime) -> int:
    """Count all cases and keep in the one row of figures what everybody may read of them (R15.14).

    Return 1, or 0 if they were young or are being counted.
    """
    row = CountedFigures.objects.first()
    if (row is not None and timedelta() <= now - row.counted_at < FRESH) or not _alone():
        return 0
    counted = Counted(
        programmes=count_programmes(),
        months=count_months(),
        centres=count_centres(),
        bundles=count_bundles(),
        places=visits.place_counts(),
        ratings=public_ratings(),
    )
    figures = {code: one.as_record() for code, one in counted.programmes.items()}
    known = {"counted_at": now, "figures": figures, "told": as_record(tell(counted))}
    CountedFigures.objects.update_or_create(id=1, defaults=known)
    return 1


def _alone() -> bool:
    """Return whether nobody else is counting, until the transaction ends; counting may take longer than a page."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [COUNTING_LOCK])
        return bool(cursor.fetchone()[0])
