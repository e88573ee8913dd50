"""All addresses of the portal: one line a door."""

from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.api import tokens

urlpatterns = [
    path("", include("portal.public.urls")),
    path("", include("portal.citizen.urls")),
    path("desk/", include("portal.clerk.urls")),
    path("api/", include("portal.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("identity/o/authorize", tokens.Authorization.as_view()),
    path("", include("allauth.idp.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
