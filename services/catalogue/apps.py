"""The catalogue room, as Django knows it."""

from django.apps import AppConfig


class CatalogueRoom(AppConfig):
    """What one can apply for: organisations, programmes, services and their published versions."""

    name = "services.catalogue"
    default_auto_field = "django.db.models.BigAutoField"
