"""Certificates of one's own and of the businesses one represents, each with everything that is printed on it."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.citizen.coming_in import citizen_page
from portal.downloads import download
from portal.results import papers_of
from portal.words import facts_of, office_names, proved_row
from services import clock
from services.cases.actions import handing_over
from services.cases.queries.renewals import renewal_of
from services.catalogue import queries as catalogue
from services.certificates import queries
from services.certificates.actions import papers
from services.certificates.queries import CertificateView
from services.core.facts import Holder
from services.people import queries as people
from services.people.queries import AccountView


@require_safe
@citizen_page
def certificates(request: HttpRequest, viewer: AccountView) -> HttpResponse:
    """List every certificate, by holder, one's own before those of businesses, the newest first."""
    found = queries.own_certificates(viewer=viewer, on=clock.today())
    names, holders = _names(found), _holders(viewer)
    by_holder = groupby(
        sorted(found, key=lambda one: list(holders).index(one.holder)), lambda one: one.holder
    )
    context = [
        {
            "name": holders[holder],
            "certificates": [{"view": one, "name": names[one.type]} for one in held],
        }
        for holder, held in by_holder
    ]
    return render(request, "citizen/certificates.html", {"holders": context})


@require_safe
@citizen_page
def certificate(request: HttpRequest, viewer: AccountView, certificate_id: UUID) -> HttpResponse:
    """Show one certificate: all that is printed on it, its number and its check code."""
    found = queries.own_certificate(viewer=viewer, certificate_id=certificate_id, on=clock.today())
    facts = facts_of([found.service_code])
    context = {
        "certificate": found,
        "renewal": renewal_of(found, clock.today()),
        "versions": queries.own_versions(viewer=viewer, number=found.number, on=clock.today()),
        "name": _names([found])[found.type],
        "holder": _holders(viewer)[found.holder],
        "office": office_names().get(found.organisation, found.organisation),
        "rows": [proved_row(facts[code], value) for code, value in found.content.items() if code in facts],
        "papers": papers_of(found),
    }
    return render(request, "citizen/certificate.html", context)


@require_safe
@citizen_page
def paper(request: HttpRequest, viewer: AccountView, certificate_id: UUID, language: str) -> HttpResponse:
    """Return the certificate on paper: a sealed PDF to be kept, shown and checked."""
    found = papers.open_paper(
        viewer=viewer, certificate_id=certificate_id, language=language, now=clock.now()
    )
    return download(found.content, name=found.name, kind="application/pdf")


@require_safe
@citizen_page
def result(
    request: HttpRequest, viewer: AccountView, case_id: UUID, certificate_id: UUID, language: str
) -> HttpResponse:
    """Hand over what was issued in a case: to an agent who may receive it, or to be printed at a counter."""
    found = handing_over.hand_over(
        viewer=viewer, case_id=case_id, certificate_id=certificate_id, language=language, now=clock.now()
    )
    return download(found.content, name=found.name, kind="application/pdf")


def _holders(viewer: AccountView) -> dict[Holder, str]:
    """Return what the holders are called, in the order in which they are shown."""
    names = {one.id: one.name for one in people.businesses_of(viewer.id, on=clock.today())}
    return {
        one: names.get(one.id, viewer.display_name) for one in queries.own_holders(viewer, on=clock.today())
    }


def _names(found: Sequence[CertificateView]) -> dict[str, str]:
    return catalogue.certificate_names([one.type for one in found], get_language() or "en")
