"""The sandbox as a Django app."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """Names the app, whose tables lie in the schema `sandbox`."""

    name = "portal.sandbox"
    label = "sandbox"
    verbose_name = "Sandbox"
