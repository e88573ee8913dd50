"""The room of evidence."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Names the room to Django."""

    name = "services.evidence"
    label = "evidence"
    verbose_name = "Evidence"
