"""How often one account, or one address, may ask; beyond that the answer is 429 and says how long to wait."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

from portal.guesses import RateFromSettings


class AccountThrottle(RateFromSettings, UserRateThrottle):
    """Counts what an account asks."""

    scope = "account"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the counter of a signed-in account; nobody else is counted here."""
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class AddressThrottle(RateFromSettings, AnonRateThrottle):
    """Counts what is asked from an address without signing in."""

    scope = "address"
