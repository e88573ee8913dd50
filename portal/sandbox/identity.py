"""The identity provider: what it tells the portal about a made-up person, and how it forgets them."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from portal.sandbox.models import Resident, SigningKey

SCOPE = "identity"


class PublicPasswordHasher(PBKDF2PasswordHasher):
    """Hashes the one password everybody knows, quickly: there is nothing to protect."""

    algorithm = "public"
    iterations = 1000


class NoNewAccounts(DefaultAccountAdapter):
    """Nobody signs up here: the people are those of the made-up world."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse new accounts."""
        return False


class IdentityClaims(DefaultOIDCAdapter):
    """Adds the scope `identity`: who the person is in law."""

    scope_display = {**DefaultOIDCAdapter.scope_display, SCOPE: "See who you are in law"}

    def get_claims(
        self, purpose: str, user: Resident, client: Client, scopes: Iterable[str], **kwargs: Any
    ) -> dict[str, Any]:
        """Return the claims of the granted scopes, with the person's identity where that was granted."""
        claims = super().get_claims(purpose, user, client, scopes, **kwargs)
        claims["preferred_username"] = user.username
        if SCOPE in scopes:
            claims |= {
                "name": user.name,
                "identity_number": user.number,
                "document_kind": user.document_kind,
                "birthdate": user.birth_date.isoformat(),
            }
        return claims

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        """Name our scope and claims in the discovery document."""
        data["scopes_supported"] = [*data["scopes_supported"], SCOPE]
        data["claims_supported"] = ["sub", "name", "identity_number", "document_kind", "birthdate"]

    def list_private_keys(self, **_: bool | None) -> list[PrivateKey]:
        """Return the keys made at setup; none of them ends."""
        return [PrivateKey(pem=key.pem, issued_at=key.made_at) for key in SigningKey.objects.all()]


class ForgetWhoWasVouchedFor:
    """Signs people out once they are sent back to the portal: one browser can be several of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; after an authorization that goes back to the portal, end the session."""
        response = self.get_response(request)
        sent_back = response.get("Location", "").startswith(settings.PORTAL_URL + "/")
        if sent_back and request.path == reverse("idp:oidc:authorization"):
            logout(request)
        return response
