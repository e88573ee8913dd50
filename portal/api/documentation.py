"""The contract itself: the OpenAPI document, and a page to read and try it on, all of it from here."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.api.scopes import Scope, scope_for


class Document(SpectacularJSONAPIView):
    """The OpenAPI document."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class Reader(SpectacularSwaggerSplitView):
    """Swagger UI, with scripts and styles of ours."""

    url_name = "api:document"
    template_name = "api/docs.html"
    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]


class Nothing(APIView):
    """Every other address below /api."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say that there is nothing, whatever was asked of it."""
        raise NotFound


class BearerTokenInDocument(OpenApiAuthenticationExtension):
    """Tells the OpenAPI document how a token is got."""

    target_class = "portal.api.tokens.BearerToken"
    name = "token"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        """Return the scope that the operation needs."""
        scope = scope_for(auto_schema.view, auto_schema.method)
        return {self.name: [str(scope)] if scope else []}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the authorization-code flow with the scopes there are."""
        flow = {
            "authorizationUrl": "/identity/o/authorize",
            "tokenUrl": "/identity/o/api/token",
            "scopes": {str(scope): str(scope).replace(":", ", ") for scope in Scope},
        }
        return {"type": "oauth2", "flows": {"authorizationCode": flow}}
