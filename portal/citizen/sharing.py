"""A sharing code for one certificate: made, told once, handed on by its holder, taken back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from services import clock
from services.catalogue import queries as catalogue
from services.certificates import queries
from services.certificates.actions.sharing import MadeCode, make_sharing_code, revoke_sharing_code
from services.certificates.queries import CertificateView
from services.certificates.queries.sharing import sharing_codes
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def share(request: HttpRequest, viewer: AccountView, certificate_id: UUID) -> HttpResponse:
    """Say what a sharing code does, make one and tell it, or take back the one that is open (R12.3)."""
    found = queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=clock.today())
    if request.POST.get("act") == "make":
        made = make_sharing_code(viewer=viewer, certificate_id=certificate_id, now=clock.now())
        return _page(request, found, made)
    if request.POST.get("act") == "revoke":
        revoke_sharing_code(viewer=viewer, certificate_id=certificate_id, now=clock.now())
        messages.success(request, gettext("The code is taken back: it opens nothing any more."))
        return redirect("citizen:share", certificate_id=certificate_id)
    return _page(request, found)


def _page(request: HttpRequest, found: CertificateView, made: MadeCode | None = None) -> HttpResponse:
    names = catalogue.certificate_names([found.type], get_language() or "en")
    codes = sharing_codes(certificate_id=found.id, now=clock.now())
    context = {
        "certificate": found,
        "name": names[found.type],
        "made": made,
        "minutes": clock.profile().sharing_code_minutes,
        "open": next((one for one in codes if one.state == "open"), None),
        "codes": codes,
    }
    return render(request, "citizen/share.html", context)
