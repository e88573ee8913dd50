"""The people room, as Django knows it."""

from django.apps import AppConfig


class PeopleRoom(AppConfig):
    """Persons, businesses, accounts, and who may act for whom."""

    name = "services.people"
    default_auto_field = "django.db.models.BigAutoField"
