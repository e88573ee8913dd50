"""Addresses of the public pages."""

from django.urls import path

from portal.public import bundles, performance, rating, screen, sharing, sheets, verifying, views

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("services/", views.services, name="services"),
    path("services/<slug:code>/", views.service, name="service"),
    path("programmes/<slug:code>/", views.programme, name="programme"),
    path("bundles/", bundles.bundles, name="bundles"),
    path("bundles/<slug:code>/", bundles.bundle, name="bundle"),
    path("together/", bundles.plan, name="together"),
    path("together/change/", bundles.change, name="change_together"),
    path("verify/", verifying.verify, name="verify"),
    path("verify/shared/", sharing.shared, name="shared"),
    # As the square code on a certificate has it: short, and so without a slash at the end.
    path("verify/code/<str:code>", verifying.verify_code, name="verify_code"),
    path("sheet/", sheets.sheet, name="sheet"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("performance/", performance.performance, name="performance"),
    path("centres/<slug:centre>/screen/", screen.screen, name="screen"),
    path("performance/figures.csv", performance.performance_csv, name="performance_csv"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("text-size/", views.text_size, name="text_size"),
]
