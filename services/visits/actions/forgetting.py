"""Forgetting who came, once the matter they came for is emptied (R15.10)."""

from collections.abc import Collection
from uuid import UUID

from services.visits.models import Appointment, Item, Visit


def forget(*, application_ids: Collection[UUID]) -> None:
    """Delete the appointments and visits of these applications; that a case had a visit stays with the case.

    Forgetting twice changes nothing.
    """
    items = Item.objects.filter(application_id__in=application_ids)
    appointments = list(items.values_list("appointment_id", flat=True))
    came = Visit.objects.filter(attendees__appointment__in=appointments) | Visit.objects.filter(
        application_id__in=application_ids
    )
    visits = list(came.values_list("id", flat=True))
    items.delete()
    # What was for another matter too stays until that one is forgotten.
    Appointment.objects.filter(id__in=appointments, items__isnull=True).delete()
    Visit.objects.filter(id__in=visits, attendees__isnull=True).delete()
