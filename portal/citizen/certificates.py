"""Certificates of one's own and of the businesses one may act for, each with everything that is printed on it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.citizen.coming_in import citizen_page
from portal.words import facts_of, office_names, proved_row
from services import clock
from services.catalogue import queries as catalogue
from services.certificates import queries
from services.certificates.queries import CertificateView
from services.core.facts import Holder
from services.people import queries as people
from services.people.queries import AccountView


@require_safe
@citizen_page
def certificates(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List every certificate, by holder, the newest first."""
    found = [(name, queries.of_holder(holder=one, on=clock.today())) for one, name in _holders(viewer)]
    names = _names([one for _, held in found for one in held])
    holders = [
        {"name": name, "certificates": [{"view": one, "name": names[one.type]} for one in held]}
        for name, held in found
        if held
    ]
    return render(request, "citizen/certificates.html", {"holders": holders})


@require_safe
@citizen_page
def certificate(request: HttpRequest, viewer: AccountView, certificate_id: UUID) -> HttpResponse:
    """Show one certificate: all that is printed on it, its number and its check code."""
    found = queries.certificate(certificate_id=certificate_id, on=clock.today())
    holders = dict(_holders(viewer))
    if found is None or found.holder not in holders:
        raise Http404
    facts = facts_of([found.service_code])
    context = {
        "certificate": found,
        "name": _names([found])[found.type],
        "holder": holders[found.holder],
        "office": office_names().get(found.organisation, found.organisation),
        "rows": [proved_row(facts[code], value) for code, value in found.content.items() if code in facts],
    }
    return render(request, "citizen/certificate.html", context)


def _holders(viewer: AccountView) -> list[tuple[Holder, str]]:
    """Return whose certificates this account may see, with what they are called."""
    if viewer.person_id is None:
        return []
    businesses = people.businesses_of(viewer.id, on=clock.today())
    mine = [(Holder("person", viewer.person_id), viewer.display_name)]
    return [*mine, *((Holder("business", one.id), one.name) for one in businesses)]


def _names(found: list[CertificateView]) -> dict[str, str]:
    return catalogue.certificate_names([one.type for one in found], get_language() or "en")
