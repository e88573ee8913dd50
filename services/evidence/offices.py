"""Telling other offices' records: a notice over HTTP, under a reference that makes it one however often it is sent."""

import httpx
from django.conf import settings


def tell_office(*, organisation: str, case_number: str, service: str, step: str, reference: str) -> bool:
    """Tell an office's records what a case has come to; return whether it took the notice.

    Nothing personal is told: the office looks the case up by its number.
    """
    notice = {"case": case_number, "service": service, "step": step, "reference": reference}
    try:
        answer = httpx.post(
            f"{settings.REGISTRY_URL}/offices/{organisation}/notices",
            json=notice,
            headers={"Authorization": f"Bearer {settings.REGISTRY_TOKEN}"},
            timeout=settings.REGISTRY_TIMEOUT_SECONDS,
            follow_redirects=False,
        )
    except httpx.HTTPError:
        return False
    return answer.is_success
