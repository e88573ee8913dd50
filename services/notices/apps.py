"""The notices room, as Django knows it."""

from django.apps import AppConfig


class NoticesRoom(AppConfig):
    """Letters and messages to people, in their language."""

    name = "services.notices"
    default_auto_field = "django.db.models.BigAutoField"
