"""How the centres do, in numbers: visits, the wait at the place, and the wait for an appointment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Sum, Value
from django.db.models.functions import Greatest

from services.visits.models import Appointment, Ticket, Visit

# R6.7: nobody should wait longer at the place than this.
PROMPT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCounts:
    """One centre: visits; those called from the line, in time or not, and their minutes; appointments and their days.

    Whoever has an appointment waits from its time on, or from when they came if they are late.
    """

    visits: int = 0
    served: int = 0
    prompt: int = 0
    minutes: int = 0
    booked: int = 0
    days: int = 0


def place_counts() -> dict[str, PlaceCounts]:
    """Return the numbers of every centre that anybody came to; in three questions however many came."""
    found: dict[str, dict[str, int]] = {}
    for row in Visit.objects.values("centre_id").annotate(visits=Count("id")).order_by():
        found.setdefault(row["centre_id"], {})["visits"] = row["visits"]
    for row in _waits():
        minutes = int(row["waited"].total_seconds() // 60)
        found.setdefault(row["centre_id"], {}).update(
            served=row["served"], prompt=row["prompt"], minutes=minutes
        )
    for row in _appointments():
        found.setdefault(row["centre_id"], {}).update(booked=row["booked"], days=row["waited"].days)
    return {code: PlaceCounts(**numbers) for code, numbers in found.items()}


def _waits() -> Collection[Mapping[str, Any]]:
    waited = ExpressionWrapper(
        F("served_at") - Greatest("arrived_at", "due_at"), output_field=DurationField()
    )
    rows = Ticket.objects.filter(served_at__isnull=False).annotate(
        wait=Greatest(waited, Value(timedelta(), output_field=DurationField()))
    )
    return (
        rows.values("centre_id")
        .annotate(served=Count("id"), prompt=Count("id", filter=Q(wait__lte=PROMPT)), waited=Sum("wait"))
        .order_by()
    )


def _appointments() -> Collection[Mapping[str, Any]]:
    kept = Appointment.objects.filter(status=Appointment.Status.KEPT, legs__isnull=False).distinct()
    waited = ExpressionWrapper(F("starts_at") - F("booked_at"), output_field=DurationField())
    rows = Appointment.objects.filter(id__in=kept.values("id")).annotate(wait=waited)
    return rows.values("centre_id").annotate(booked=Count("id"), waited=Sum("wait")).order_by()


def faults_of(*, visit_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return whose mistake it was that another visit was needed, and its cause if one was said (R8.5)."""
    rows = Visit.objects.filter(id__in=visit_ids).exclude(fault="")
    return {visit_id: (fault, cause) for visit_id, fault, cause in rows.values_list("id", "fault", "cause")}
