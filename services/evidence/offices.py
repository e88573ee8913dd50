"""Telling other offices' records: a notice over HTTP, under a reference that makes it one however often it is sent."""

import asyncio

import httpx
from django.conf import settings

from services.evidence.registries.guard import line_to
from services.evidence.registries.http_json import shown_to
from services.evidence.registries.places import office_place


def tell_office(*, organisation: str, case_number: str, service: str, step: str, reference: str) -> bool:
    """Tell an office's records what a case has come to; return whether it took the notice.

    Nothing personal is told: the office looks the case up by its number.
    """
    notice = {"case": case_number, "service": service, "step": step, "reference": reference}
    return asyncio.run(_tell(organisation, notice))


async def _tell(organisation: str, notice: dict[str, str]) -> bool:
    place = office_place(organisation)
    address = f"{place.address}/offices/{organisation}/notices"
    try:
        async with (
            asyncio.timeout(settings.REGISTRY_TIMEOUT_SECONDS),
            line_to(place, seconds=settings.REGISTRY_TIMEOUT_SECONDS) as client,
            client.stream("POST", address, json=notice, headers=shown_to(place)) as answer,
        ):
            # What else it says is not read: it may be long.
            return bool(answer.is_success)
    except (httpx.HTTPError, TimeoutError):
        return False
