"""The portal as Django sees it: it holds no records, only doors and commands."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Ties the web processes to the same Celery application as the workers."""

    name = "portal"

    def ready(self) -> None:
        """Make our Celery application the current one, so that errands know where to ring."""
        import_module("portal.celery")
