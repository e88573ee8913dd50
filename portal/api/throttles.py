"""How often one account, or one address, may ask; beyond that the answer is 429 and says how long to wait."""

from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle


class _FromSettings(SimpleRateThrottle):
    """Takes its rate from API_RATES and keeps addresses only as keyed hashes."""

    def get_rate(self) -> str | None:
        """Return the rate, such as `60/min`; None for no limit."""
        return settings.API_RATES.get(self.scope)

    def get_ident(self, request: Request) -> str:
        """Return whom to count; an address is personal, so the cache gets a hash of it."""
        return salted_hmac("portal.api.throttles", super().get_ident(request)).hexdigest()[:32]


class AccountThrottle(_FromSettings, UserRateThrottle):
    """Counts what an account asks."""

    scope = "account"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return the counter of a signed-in account; nobody else is counted here."""
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class AddressThrottle(_FromSettings, AnonRateThrottle):
    """Counts what is asked from an address without signing in."""

    scope = "address"


class GuessThrottle(_FromSettings):
    """Counts attempts at what could be guessed, whoever makes them."""

    scope = "guess"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Return the counter of the address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
