"""How the REST framework and its document are set up: what no installation chooses."""

from typing import Any

DOCUMENT = {
    "TITLE": "OneVisit",
    "DESCRIPTION": "Apply for, follow and decide every service of a prefecture.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}


def rest_framework(*, proxies: int) -> dict[str, Any]:
    """Return the framework's settings behind so many proxies of our own."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "portal.api.tokens.BearerToken",
            "rest_framework.authentication.SessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": [
            "rest_framework.permissions.IsAuthenticated",
            "portal.api.scopes.HasScope",
        ],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.StrictJSONParser"],
        "DEFAULT_THROTTLE_CLASSES": [
            "portal.api.throttles.AccountThrottle",
            "portal.api.throttles.AddressThrottle",
        ],
        "NUM_PROXIES": proxies,  # so that nobody escapes by inventing addresses
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "EXCEPTION_HANDLER": "portal.api.errors.answer_refusal",
        "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
        "TEST_REQUEST_DEFAULT_FORMAT": "json",
    }
