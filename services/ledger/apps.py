"""The ledger room, as Django knows it."""

from django.apps import AppConfig


class LedgerRoom(AppConfig):
    """Who did what, when and why: entries that are only ever added, each chained to the one before."""

    name = "services.ledger"
    default_auto_field = "django.db.models.BigAutoField"
