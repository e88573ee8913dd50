"""Forgetting who came, once the matter they came for is emptied (R15.10)."""

from collections.abc import Collection
from uuid import UUID

from services.visits.models import Appointment, Item, Visit


def forget(*, application_ids: Collection[UUID]) -> None:
    """Delete the appointments and visits of these applications; that a case had a visit stays with the case.

    Forgetting twice changes nothing.
    """
    Item.objects.filter(application_id__in=application_ids).delete()
    # What was booked for another matter too stays until that one is forgotten.
    Appointment.objects.filter(items__isnull=True).delete()
    Visit.objects.filter(application_id__in=application_ids, attendees__isnull=True).delete()
