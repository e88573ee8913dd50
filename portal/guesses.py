"""How often what could be guessed may be tried from one address, on pages and over the API alike."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from services.core.refusal import Kind, Refusal


class TooManyGuesses(Refusal):
    """Whoever tries one number after the other is not checking what they were shown."""

    code = "too_many_guesses"
    kind = Kind.TOO_MANY
    sentence = "Too many certificates were checked from your address. Wait a minute, then check again."


class RateFromSettings(SimpleRateThrottle):
    """Takes its rate from API_RATES and keeps addresses only as keyed hashes."""

    def get_rate(self) -> str | None:
        """Return the rate, such as `60/min`; None for no limit."""
        return settings.API_RATES.get(self.scope)

    def get_ident(self, request: Request) -> str:
        """Return whom to count; an address is personal, so the cache gets a hash of it."""
        return salted_hmac("portal.api.throttles", super().get_ident(request)).hexdigest()[:32]


class GuessThrottle(RateFromSettings):
    """Counts attempts at what could be guessed, whoever makes them."""

    scope = "guess"

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Return the counter of the address."""
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def count_guess(request: HttpRequest) -> None:
    """Count an attempt made on a page.

    :raises TooManyGuesses: if there were too many in a short time.
    """
    if not GuessThrottle().allow_request(request, None):
        raise TooManyGuesses
