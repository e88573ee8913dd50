"""The mark on every page of a portal whose people and applications are made up."""

from django.conf import settings
from django.http import HttpRequest


def demonstration(request: HttpRequest) -> dict[str, bool]:
    """Tell templates whether this portal demonstrates itself."""
    return {"demonstration": settings.DEMONSTRATION}
