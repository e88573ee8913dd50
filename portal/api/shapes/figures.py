"""Shapes of figures, of the legal clock, and of what is still in hand."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import FloatField

from portal.api.shapes import (
    Asked,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    ListField,
    SerializerMethodField,
    Shape,
)


class Figures(Shape):
    """The figures of one programme, or of all; what was before is assumed by the catalogue."""

    services = SerializerMethodField()
    services_resolved = SerializerMethodField(method_name="get_services_resolved")
    cases = IntegerField()
    resolved = IntegerField()
    refused = IntegerField()
    otherwise_ended = IntegerField()
    visits = IntegerField()
    second_visits = IntegerField()
    visits_before = IntegerField()
    papers_before = IntegerField()
    files = IntegerField()
    originals = IntegerField()
    statements = IntegerField()
    mean_days = FloatField(allow_null=True)
    sources = DictField(child=IntegerField())

    def get_services(self, figures) -> int:
        """Return how many services had cases."""
        return len(figures.services)

    def get_services_resolved(self, figures) -> int:
        """Return in how many services a case was granted and has ended."""
        return len(figures.services_resolved)


class Statistics(Shape):
    """Figures in all and by programme; `hidden` programmes have too few cases to be shown."""

    total = Figures()
    programmes = DictField(child=Figures())
    hidden = ListField(child=Code())


class LegalClock(Shape):
    """The legal moment and day."""

    now = DateTimeField()
    today = DateField()


class ClockMovement(Asked):
    """By how many days to move the legal clock ahead; or, once, the day on which it is to start."""

    days = IntegerField(min_value=1, max_value=366, required=False)
    start_on = DateField(required=False)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what was asked, if it is one of the two."""
        if len(asked) != 1:
            raise serializers.ValidationError(_("Say either days or startOn."))
        return asked


class WorkInHand(Shape):
    """What is still to be done today; with all of it at none, only another day brings anything."""

    today = DateField()
    cases_to_route = IntegerField()
    errands_to_run = IntegerField()
    errands_put_off = IntegerField()
    tasks_due = IntegerField()
    visitors_expected = IntegerField()
    offices_due = ListField(child=Code())
    next_due_on = DateField(allow_null=True)
    next_at = DateTimeField(allow_null=True)
