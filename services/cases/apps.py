"""The cases room as a Django app."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The uppermost room: it calls down, and lower rooms wake a case by an errand only."""

    name = "services.cases"
    label = "cases"
    verbose_name = "Cases"
    default_auto_field = "django.db.models.BigAutoField"
