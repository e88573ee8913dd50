"""Bearer tokens: how a person or an officer gets one for a program, and how a request is known by one."""

from typing import Any

from allauth.idp.oidc.internal.resources import is_resources_subset
from allauth.idp.oidc.models import Token
from allauth.idp.oidc.views import AuthorizationView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from portal.api.scopes import SCOPES_OF, Scope
from services.core.states import Role


class BearerToken(BaseAuthentication):
    """Knows a request by its access token.

    The provider's own class reads the whole body to do so and lets a wrong token pass as no token at all; here a
    body is read only by whoever is let in, and a wrong token is told.
    """

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        """Return the account and the token; None where no token was sent."""
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = Token.objects.select_related("user").lookup(Token.Type.ACCESS_TOKEN, value.strip())
        if token is None or token.user is None or not token.user.is_active:
            raise AuthenticationFailed(_("This access token is not valid, or not any more."))
        meant_for = token.get_resources()
        if meant_for and not is_resources_subset([request.build_absolute_uri(request.path)], meant_for):
            raise AuthenticationFailed(_("This access token was issued for something else."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Return what to send instead of nothing."""
        return 'Bearer realm="onevisit"'


class Authorization(AuthorizationView):
    """The provider's authorization page, where nobody hands over more than their role allows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Narrow what is asked for, then ask the person as always."""
        asked = request.GET.get("scope", "").split()
        kept = [one for one in asked if _may_have(request.user, one)]
        if kept == asked:
            return super().get(request, *args, **kwargs)
        query = request.GET.copy()
        query["scope"] = " ".join(kept)
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")


def _may_have(user: Any, scope: str) -> bool:
    """Return whether the account may hand over this scope; scopes that are not ours are the provider's business."""
    if not user.is_authenticated or scope not in list(Scope):
        return True
    return scope in SCOPES_OF[Role(user.role)]
