"""Every address of the sandbox."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from portal.sandbox import control, corrections, describing, offices, registers, signing, treasury, world

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="control"), name="home"),
    path("health", lambda _: HttpResponse("ok", content_type="text/plain"), name="health"),
    path("openapi.json", describing.document, name="openapi"),
    path("docs", describing.page, name="docs"),
    path("registers/<slug:code>/query", registers.ask, name="register-ask"),
    path("registers/<slug:code>/corrections", corrections.request_correction, name="register-corrections"),
    path(
        "registers/<slug:code>/corrections/<str:reference>",
        corrections.correction,
        name="register-correction",
    ),
    path("offices/<slug:office>/keys.json", signing.keys, name="office-keys"),
    path("offices/<slug:office>/notices", offices.notice, name="office-notice"),
    path("treasury/pay/<str:token>", treasury.pay, name="treasury-pay"),
    path("treasury/payments", treasury.payments, name="treasury-payments"),
    path("control", control.board, name="control"),
    path("control/registers", control.switches, name="control-registers"),
    path("control/registers/<slug:code>", control.switch, name="control-register"),
    path("control/world", world.world, name="control-world"),
    path("control/people", world.look_up, name="control-people"),
    path("control/people/<slug:number>", world.holder, name="control-holder"),
    path("control/corrections", corrections.board, name="control-corrections"),
    path("control/corrections/<str:reference>", corrections.consider, name="control-correction"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
