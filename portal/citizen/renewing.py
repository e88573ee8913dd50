"""The renewal of a certificate: what is known already, by when to apply, and the draft that is begun with it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from portal.citizen.coming_in import citizen_page
from portal.words import language_of_texts, said
from services import clock
from services.cases.actions.renewing import NotRenewable, start_renewal
from services.cases.queries.renewals import renewal_of
from services.catalogue import queries as catalogue
from services.certificates import queries
from services.people.queries import AccountView


@require_http_methods(["GET", "POST"])
@citizen_page
def renew(request: HttpRequest, viewer: AccountView, certificate_id: UUID) -> HttpResponse:
    """Say what renews the certificate and by when, and begin it with all that stands on it (R2.25)."""
    if request.method == "POST":
        draft = start_renewal(
            viewer=viewer, certificate_id=certificate_id, language=language_of_texts(), now=clock.now()
        )
        return redirect("citizen:go_on", application_id=draft)
    found = queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=clock.today())
    renewal = renewal_of(found, clock.today())
    if renewal is None:
        raise NotRenewable
    context = {
        "certificate": found,
        "name": catalogue.certificate_names([found.type], get_language() or "en")[found.type],
        "renewal": renewal,
        "service": said(renewal.name),
        "in_time": clock.today() <= renewal.apply_by,
    }
    return render(request, "citizen/renew.html", context)
