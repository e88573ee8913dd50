"""All addresses of the portal: one line a door."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.api import tokens

urlpatterns = [
    path("", include("portal.public.urls")),
    path("accounts/", include("allauth.urls")),
    path("identity/o/authorize", tokens.Authorization.as_view()),
    path("", include("allauth.idp.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]

# The doors stand beside the rooms: each is here from the day its addresses are.
for door, address in (("citizen", ""), ("clerk", "desk/"), ("api", "api/")):
    if find_spec(f"portal.{door}") and find_spec(f"portal.{door}.urls"):
        urlpatterns.append(path(address, include(f"portal.{door}.urls")))
