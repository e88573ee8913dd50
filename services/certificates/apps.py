"""The room of certificates."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Names the room to Django."""

    name = "services.certificates"
    label = "certificates"
    verbose_name = "Certificates"
