"""The room of visits."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Names the room to Django."""

    name = "services.visits"
    label = "visits"
    verbose_name = "Visits"
